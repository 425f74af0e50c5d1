/* TEST: Eight processes end at the same moment, by exit, by a bad access or killed for want of memory, while
         all frames are dirty with pages of files they share; all that they wrote is in the files; again
         and again.
   BATTERY: a hundred rounds take seconds
   ROUNDS: 100
   POOL: 40
   SWAP: 0.0625
   ALLOW: full-exit: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

#define CHILDREN 8
#define PAGES    8

/* On a page that all share. */
struct stage {
  volatile unsigned started, ready, go;
};

static const char *const names[] = {"file0", "file1", "file2", "file3"};

/* Its pages of the file that it shares with another, every second one. */
static void write_pages(unsigned number) {
  for (unsigned i = number / 4; i < PAGES; i += 2) page_fill(PAGE_AT(PLACE, i), i, number);
}

/* Dirties its pages, waits for all others, and ends. */
static int dirty_and_end(char *stage) {
  struct stage *s = (struct stage *)stage;
  unsigned number = s->started++;
  char *private = map_anonymous(200);
  map_file(names[number % 4], PLACE);
  write_pages(number);
  s->ready++;
  while (s->go == 0) yield();
  write_pages(number);
  if (number % 3 == 0) return *(volatile char *)0;
  if (number % 3 == 1)
    for (unsigned i = 0;; i++) page_fill(PAGE_AT(private, i), i, 1);
  return 5;
}

/* All at once, then what is in the files. */
static void use_up(void) {
  char *stage = map_shared(1), page[PAGE];
  struct stage *s = (struct stage *)stage;
  pid_t children[CHILDREN];
  for (int i = 0; i < CHILDREN; i++) children[i] = start_child(dirty_and_end, stage);
  while (s->ready < CHILDREN) sleep_ms(1);
  s->go = 1;
  for (int i = 0; i < CHILDREN; i++) {
    int status = wait(children[i]);
    CHECK(status == 5 || status == -1, "child %d ended with %d", i, status);
  }
  for (unsigned number = 0; number < CHILDREN; number++) {
    int fd = must_open(names[number % 4]);
    for (unsigned i = number / 4; i < PAGES; i += 2) {
      seek(fd, i * PAGE);
      CHECK_IS(read(fd, page, PAGE), PAGE);
      CHECK(page_verify(page, i, number), "page %u of child %u", i, number);
    }
    close(fd);
  }
  CHECK_IS(vm_unmap(stage, PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
    CHECK(create(names[i], PAGES * PAGE), "create");
  full_rounds(use_up);
}
