/* TEST: When memory is out the process whose end gives back the most ends, with a line that names it and its pages:
         wherever it is, asleep, waiting for a child or in a long call, and not a small one or the parent of all that
         happen to want a page; what it started goes on; again and again.
   ROUNDS: 10
   POOL: 64
   SWAP: 0.25
   OUTPUT: ^oom-largest: out of memory: .*; it gives back the most, [0-9]+ pages$ */
#include "tests/guest/lib/full.h"

#define SMALL 4  /* Pages of each bystander. */
#define SPARE 16 /* That the large one leaves. */

/* On a page that all share. */
struct stage {
  volatile unsigned filled, done, grandchild;
};

static struct stage *stage;
static unsigned fit;

/* Fills most of memory, and tells. */
static void fill_most(char *memory) {
  fill_pages(memory, fit - SPARE, 1);
  stage->filled = 1;
}

/* The large one sleeps. */
static int large_sleeps(char *memory) {
  fill_most(memory);
  sleep_ms(1000000);
  return 7;
}

/* It runs. */
static int large_runs(char *memory) {
  fill_most(memory);
  while (stage->done == 0) continue;
  return 7;
}

/* It uses all that it has, so that it is in faults, or waits for frames, most of the time. */
static int large_works(char *memory) {
  fill_most(memory);
  while (stage->done == 0) check_pages(memory, fit - SPARE, 1);
  return 7;
}

/* It reads and writes a file from what it has: calls that fault. */
static int large_writes(char *memory) {
  fill_most(memory);
  int fd = must_open("file");
  while (stage->done == 0) {
    seek(fd, 0);
    if (write(fd, memory, 20 * PAGE) != 20 * PAGE) return 8;
  }
  return 7;
}

/* It waits for a child, which shares what it does not write, and goes on when its parent is gone. */
static int large_waits(char *memory) {
  pid_t child = fork();
  if (child == 0) {
    while (stage->done == 0) sleep_ms(5);
    stage->grandchild = 2;
    exit(9);
  }
  fill_most(memory);
  wait(child);
  return 7;
}

/* Has a few pages, and wants as many as are left, and more, when memory is full. */
static int want(char *memory) {
  fill_pages(memory, SMALL, 2);
  while (stage->filled == 0) sleep_ms(1);
  fill_pages(memory, 2 * SPARE, 2);
  check_pages(memory, 2 * SPARE, 2);
  return 5;
}

/* Has a few pages and keeps them. */
static int keep(char *memory) {
  fill_pages(memory, SMALL, 3);
  while (stage->done == 0) sleep_ms(5);
  check_pages(memory, SMALL, 3);
  return 6;
}

/* A large one of the kind LARGE, a small one that wants more and one that does not. */
static void one_ends(int (*large)(char *), char *memory) {
  *stage = (struct stage){0};
  pid_t kept = start_child(keep, memory), wants = start_child(want, memory);
  pid_t ends = start_child(large, memory);
  CHECK_IS(wait(wants), 5);
  CHECK_IS(wait(ends), -1);
  stage->done = 1;
  CHECK_IS(wait(kept), 6);
}

/* Each kind. */
static void use_up(void) {
  char *counted = full_map(200);
  stage = (struct stage *)map_shared(1);
  fit = full_measure(counted);
  one_ends(large_sleeps, counted + PAGE);
  one_ends(large_runs, counted + PAGE);
  one_ends(large_works, counted + PAGE);
  one_ends(large_writes, counted + PAGE);
  one_ends(large_waits, counted + PAGE);
  while (stage->grandchild != 2) sleep_ms(1);
  CHECK_IS(vm_unmap(stage, PAGE), VM_OK);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
}

/* The parent wants a page as well. */
void test_main(void) {
  make_file("file", 20 * PAGE, 1);
  full_rounds(use_up);
}
