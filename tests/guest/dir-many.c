/* TEST: A directory of 400 files, more than a block holds, keeps all of them through removing and
         making half of them anew; directories made and removed leave nothing behind.
   DISK: 4 */
#include <stdio.h>
#include "tests/guest/lib/test.h"

#define FILES 400

/* The name of file NUMBER. */
static const char *name_of(int number) {
  static char name[64];
  snprintf(name, sizeof name, "dir/a-name-that-takes-some-room-%d", number);
  return name;
}

/* Makes, removes, makes again, removes all. */
void test_main(void) {
  CHECK(mkdir("dir"), "mkdir");
  for (int i = 0; i < FILES; i++) CHECK(create(name_of(i), i), "create %d", i);
  for (int i = 0; i < FILES; i += 2) CHECK(remove(name_of(i)), "remove %d", i);
  for (int i = 0; i < FILES; i++) {
    int fd = open(name_of(i));
    CHECK((fd == -1) == (i % 2 == 0), "open %d gave %d", i, fd);
    if (fd != -1) CHECK(filesize(fd) == i, "size of %d", i);
    close(fd);
  }
  for (int i = 0; i < FILES; i += 2) CHECK(create(name_of(i), i), "create %d again", i);
  for (int i = 0; i < FILES; i++) CHECK(remove(name_of(i)), "remove %d at last", i);
  CHECK(remove("dir"), "remove the directory");
}
