/* HELPER: swap-lost: one process needs what lies in swap while swap is lost, another reads a file, and at the end
   a third needs memory of its own.  Says how they ended, and how often the file was read meanwhile. */
#include <stdlib.h>
#include "tests/guest/lib/faulty.h"
#include "tests/guest/lib/memory.h"

#define PAGES       120
#define STATUS_GOOD 5

/* What the processes tell each other. */
static volatile struct board {
  bool is_filled, go, stop;
  unsigned reads;
} * board;

static char buffer[PAGE];

/* Fills pages, and checks them when it is told to go on. */
static int need(char *unused) {
  (void)unused;
  char *memory = map_anonymous(PAGES);
  stay_resident();
  fill_pages(memory, PAGES, 1);
  board->is_filled = true;
  while (!board->go) sleep_ms(1);
  check_pages(memory, PAGES, 1);
  return STATUS_GOOD;
}

/* Reads a file that is larger than memory until it is told to stop. */
static int read_on(char *unused) {
  (void)unused;
  stay_resident();
  int fd = must_open("known");
  for (; !board->stop; board->reads++) {
    seek(fd, (board->reads * PAGE) % (unsigned)filesize(fd));
    CHECK(read(fd, buffer, PAGE) > 0, "the file cannot be read");
    sleep_ms(1);
  }
  return STATUS_GOOD;
}

/* Fills pages and checks them. */
static int use(char *unused) {
  (void)unused;
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 2);
  check_pages(memory, PAGES, 2);
  return STATUS_GOOD;
}

/* Watches them. */
int main(void) {
  test_name = "swap-lost";
  board = (volatile struct board *)map_shared(1);
  stay_resident();
  CHECK_IS(setrlimit(LIMIT_LOCKED, 1 << 20), VM_OK);
  CHECK_IS(vm_lock((void *)board, PAGE), VM_OK);
  pid_t needy = start_child(need, NULL), reader = start_child(read_on, NULL);
  while (!board->is_filled || board->reads == 0) sleep_ms(1);
  push_out();
  faults_begin();
  unsigned reads = board->reads;
  board->go = true;
  int status = wait(needy);
  reads = board->reads - reads;
  board->stop = true;
  msg("needy: %d", status);
  msg("reader: %d, %u reads meanwhile", wait(reader), reads);
  faults_end();
  msg("third: %d", run_child(use, NULL));
  return 0;
}
