/* HELPER: load-many WHAT COPIES PAGES: processes that need PAGES pages each at the same time, more than there are, so that load
   control suspends some.  WHAT:

     turns   each works until each has been suspended and has gone on; between two pieces of its work no more others have gone on
             in their turn than there are
     kill    the last who is suspended is killed, and ends before its turn
     leave   their parent ends while some are suspended */
#include <process_info.h>
#include <random.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define COPIES_MAX 32
#define ROUNDS     3 /* So often each has gone on, on the average. */

/* What all can see. */
static volatile struct {
  bool starts, ends, ready[COPIES_MAX];
  unsigned away[COPIES_MAX]; /* The most that went on while a copy did not. */
} * shared;
static unsigned copies, pages;

/* Touches pages at random until that is over, and notes for how long it could not. */
static void work(unsigned copy, char *memory) {
  unsigned seen = figures_all().resumptions;
  while (!shared->ends) {
    unsigned page = random_ulong() % pages;
    CHECK(*(unsigned *)PAGE_AT(memory, page) == page, "page %u of copy %u is another", page, copy);
    ((unsigned *)PAGE_AT(memory, page))[1]++;
    unsigned now = figures_all().resumptions;
    if (now - seen > shared->away[copy]) shared->away[copy] = now - seen;
    seen = now;
  }
}

/* A copy: all take their pages by turns, so that none has all of them when the work begins. */
static int run_copy(char *number) {
  unsigned copy = atoi(number);
  char *memory = map_anonymous(pages);
  random_init(copy);
  for (unsigned i = 0; i < pages; i++) {
    *(unsigned *)PAGE_AT(memory, i) = i;
    yield();
  }
  shared->ready[copy] = true;
  while (!shared->starts) sleep_ms(10);
  work(copy, memory);
  return 0;
}

/* Starts all of them; their PIDS. */
static void start_all(pid_t pids[]) {
  char number[8];
  for (unsigned i = 0; i < copies; i++) {
    snprintf(number, sizeof number, "%u", i);
    pids[i] = start_child(run_copy, number);
  }
  for (unsigned i = 0; i < copies; i++)
    while (!shared->ready[i]) sleep_ms(10);
  shared->starts = true;
}

/* Waits until COUNT are suspended. */
static void await_suspended(unsigned count) {
  while (figures_all().suspended < count) sleep_ms(10);
}

/* Whether PID is suspended. */
static bool is_suspended(pid_t pid) {
  struct process_info info = {0};
  CHECK_IS(process_info(pid - 1, &info, sizeof info), pid); /* The first above the one given. */
  return info.state == PROCESS_SLEEPING && strcmp(info.waits_for, "load control") == 0;
}

/* Everybody gets on, and nobody is passed over. */
static void check_turns(pid_t pids[]) {
  unsigned before = figures_all().resumptions;
  while (figures_all().resumptions - before < ROUNDS * copies) sleep_ms(100);
  shared->ends = true;
  for (unsigned i = 0; i < copies; i++) CHECK_IS(wait(pids[i]), 0);
  for (unsigned i = 0; i < copies; i++)
    CHECK(shared->away[i] <= copies + 1, "%u others went on while copy %u did not", shared->away[i],
          i);
  msg("%u suspended", (unsigned)figures_all().suspensions);
}

/* The one that was suspended last is killed. */
static void check_kill(pid_t pids[]) {
  await_suspended(3);
  unsigned last = copies;
  while (last == copies)
    for (unsigned i = 0; i < copies; i++)
      if (is_suspended(pids[i])) last = i;
  unsigned before = figures_all().resumptions;
  CHECK_IS(kill(pids[last]), 0);
  CHECK_IS(wait(pids[last]), -1);
  unsigned went_on = figures_all().resumptions - before;
  CHECK(went_on <= 1, "%u others went on before it ended", went_on);
  shared->ends = true;
  for (unsigned i = 0; i < copies; i++)
    if (i != last) CHECK_IS(wait(pids[i]), 0);
}

/* As it says above. */
int main(int argc, char *argv[]) {
  pid_t pids[COPIES_MAX];
  test_name = argv[0];
  CHECK(argc == 4 && atoi(argv[2]) <= COPIES_MAX, "load-many WHAT COPIES PAGES");
  copies = atoi(argv[2]);
  pages = atoi(argv[3]);
  shared = (void *)map_shared(1);
  start_all(pids);
  if (strcmp(argv[1], "turns") == 0) check_turns(pids);
  if (strcmp(argv[1], "kill") == 0) check_kill(pids);
  if (strcmp(argv[1], "leave") == 0) await_suspended(2);
  return 0;
}
