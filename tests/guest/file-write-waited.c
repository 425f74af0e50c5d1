/* TEST: A write() that waits for another process, which dies for want of memory, and that then finds the
         disk full, returns what it wrote: that its memory could not be had at first is no matter any more.
   POOL: 200
   SWAP: 0
   DISK: 2
   ALLOW: file-write-waited: out of memory: no frame can be freed .* */
#include "tests/guest/lib/memory.h"

#define FILES       40 /* Removed ones, whose pages the dying process has to give back. */
#define HOG_PAGES   4000
#define ROUNDS      8
#define TRIES       20000
#define STUCK_LOOKS 3

static char bytes[8192];
/* Shared: which page the hog is at, and whether it is in a fault there. */
static volatile unsigned *progress;

/* Takes all memory, and dies of it. */
static int hog(char *unused) {
  (void)unused;
  for (unsigned i = 0; i < FILES; i++) {
    CHECK(create("gone", 0), "create");
    must_open("gone");
    CHECK(remove("gone"), "remove");
  }
  char *memory = map_anonymous(HOG_PAGES);
  for (unsigned i = 0; i < HOG_PAGES; i++) {
    progress[0] = i;
    progress[1] = 1;
    *PAGE_AT(memory, i) = 1;
    progress[1] = 0;
  }
  return 0;
}

/* Fills the disk, all but what the file "exact" has. */
static void fill_disk(void) {
  make_file("exact", PAGE, 1);
  CHECK(create("big", 0), "create");
  int big = must_open("big");
  for (int size = sizeof bytes; size >= 1; size /= 2)
    while (write(big, bytes, (unsigned)size) == size) continue;
  fsync(big);
}

/* Waits until the hog has looked the same, in a fault, some times; false if it does not come to that. */
static bool hog_is_stuck(void) {
  unsigned last = 0, same = 0;
  for (unsigned tries = 0; tries < TRIES && same < STUCK_LOOKS; tries++) {
    yield();
    bool is_same = progress[0] > 50 && progress[0] == last && progress[1] == 1;
    same = is_same ? same + 1 : 0;
    last = progress[0];
  }
  return same == STUCK_LOOKS;
}

/* Writes two fresh pages to FD, where one has room, while a hog is dying.  Whether it came to that. */
static bool write_beside_hog(int fd, char *fresh) {
  progress[0] = progress[1] = 0;
  pid_t child = start_child(hog, NULL);
  bool stuck = hog_is_stuck();
  if (stuck) {
    seek(fd, 0);
    CHECK_IS(write(fd, fresh, 2 * PAGE), PAGE);
  }
  CHECK_IS(wait(child), -1);
  return stuck;
}

void test_main(void) {
  fill_disk();
  int fd = must_open("exact");
  char *fresh = map_shared(2 * ROUNDS);
  progress = (volatile unsigned *)(void *)map_shared(1);
  unsigned met = 0;
  for (unsigned i = 0; i < ROUNDS; i++) met += write_beside_hog(fd, PAGE_AT(fresh, 2 * i));
  msg("%s", met > 0 ? "waited" : "never waited");
}
