/* TEST: Directories 60 deep can be made, walked into, named by paths of hundreds of characters, and
         removed from the inside out. */
#include <path.h>
#include <stdio.h>
#include <string.h>
#include "tests/guest/lib/test.h"

#define DEPTH 60

/* Down by chdir, then from the root by one path. */
void test_main(void) {
  static char path[DEPTH * 12 + 16], found[DEPTH * 12 + 16];
  char name[16];
  for (int i = 0; i < DEPTH; i++) {
    snprintf(name, sizeof name, "level%d", i);
    CHECK(mkdir(name) && chdir(name), "%s", name);
    strlcat(path, "/", sizeof path);
    strlcat(path, name, sizeof path);
  }
  CHECK(create("bottom", 99), "create at the bottom");
  CHECK(getcwd(found, sizeof found) && strcmp(found, path) == 0, "the path is '%s'", found);
  CHECK(chdir("/"), "back to the root");
  strlcat(path, "/bottom", sizeof path);
  CHECK(filesize(must_open(path)) == 99 && remove(path), "by one path");
  for (int i = 0; i < DEPTH; i++) {
    *strrchr(path, '/') = '\0';
    CHECK(remove(path), "remove %s", path);
  }
}
