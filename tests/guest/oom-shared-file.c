/* TEST: One that reads a file meets a shortage amid its read, while the largest process waits to read the same open file:
         that ends at once, not after the read, and the read goes on; again and again.
   ROUNDS: 5
   POOL: 64
   SWAP: 0.25
   OUTPUT: ^oom-shared-file: out of memory: .*; it gives back the most, [0-9]+ pages$ */
#include "tests/guest/lib/full.h"

#define SPARE 20 /* Pages that the large one leaves; */
#define READ  32 /* the read needs more. */

/* On a page that all share. */
struct stage {
  volatile unsigned filled;
};

static struct stage *stage;
static unsigned fit;
static int fd;

/* Fills most of memory, then reads a byte of the shared file over and over. */
static int read_small(char *memory) {
  fill_pages(memory, fit - SPARE, 1);
  stage->filled = 1;
  while (read(fd, memory, 1) >= 0) seek(fd, 0);
  return 7;
}

/* Reads it into more new pages than there is room for. */
static int read_much(char *memory) {
  while (stage->filled == 0) sleep_ms(1);
  seek(fd, 0);
  CHECK(read(fd, memory, READ * PAGE) >= 0, "a read");
  return 5;
}

/* One each. */
static void use_up(void) {
  char *counted = full_map(200);
  stage = (struct stage *)map_shared(1);
  fit = full_measure(counted);
  fd = must_open("file");
  pid_t large = start_child(read_small, counted + PAGE),
        reads = start_child(read_much, counted + PAGE);
  CHECK_IS(wait(reads), 5);
  CHECK_IS(wait(large), -1);
  close(fd);
  CHECK_IS(vm_unmap(stage, PAGE), VM_OK);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  make_file("file", READ * PAGE, 1);
  full_rounds(use_up);
}
