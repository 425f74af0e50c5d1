/* TEST: Files are made until there is no inode, and in a directory until it cannot grow because the disk
         is full; both say so and can be made again when some are removed; again and again.
   BATTERY: a hundred rounds take seconds
   ROUNDS: 100
   POOL: 64
   DISK: 0.5 */
#include <stdio.h>
#include "tests/guest/lib/full.h"

#define FILES_MAX 1000

/* The name of file NUMBER, SIZE characters long, in NAME. */
static void name_file(char *name, unsigned number, unsigned size) {
  snprintf(name, 200, "%0*u", (int)size, number);
}

/* Makes files with names of SIZE characters until one cannot be made; how many. */
static unsigned make_all(unsigned size) {
  char name[200];
  for (unsigned i = 0; i < FILES_MAX; i++) {
    name_file(name, i, size);
    if (!create(name, 0)) return i;
  }
  fail("more than %u files", FILES_MAX);
}

/* Removes the COUNT files of make_all(). */
static void remove_all(unsigned size, unsigned count) {
  char name[200];
  for (unsigned i = 0; i < count; i++) {
    name_file(name, i, size);
    CHECK(remove(name), "remove(\"%s\")", name);
  }
}

/* Until there is no inode. */
static void use_inodes(void) {
  unsigned count = make_all(8);
  CHECK(count > 10, "%u files", count);
  CHECK(!create("other", 0) && !mkdir("other"), "there is no inode for another");
  CHECK(remove("00000003") && mkdir("other") && remove("other"), "one can be had again");
  CHECK(create("00000003", 0), "and again");
  remove_all(8, count);
}

/* Until the directory cannot grow. */
static void use_blocks(void) {
  static char buffer[PAGE];
  CHECK(create("filler", 0), "create");
  int fd = must_open("filler");
  while (write(fd, buffer, sizeof buffer) > 0) continue;
  unsigned count = make_all(150);
  CHECK(count >= 3, "%u files", count);
  remove_all(150, count);
  close(fd);
  CHECK(remove("filler"), "remove");
}

/* Both. */
static void use_up(void) {
  use_inodes();
  use_blocks();
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
