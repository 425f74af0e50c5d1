/* TEST: readdir gives every name of a directory but . and .. once, cut to 14 characters, and false
         at the end; of a file it gives false. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/lib/test.h"

#define FILES 60

/* Counts in SEEN the files that directory FD lists; anything else is wrong. */
static void read_all(int fd, int *seen) {
  char name[READDIR_MAX_LEN + 1];
  while (readdir(fd, name)) {
    int number = 0;
    CHECK(strncmp(name, "file", 4) == 0, "unknown name '%s'", name);
    for (const char *digit = name + 4; *digit != '\0'; digit++) number = number * 10 + *digit - '0';
    CHECK(number < FILES, "unknown name '%s'", name);
    seen[number]++;
  }
}

/* Lists an empty directory, many files, half of them, and long names. */
void test_main(void) {
  char name[80];
  int seen[FILES] = {0};
  CHECK(mkdir("dir"), "mkdir");
  int fd = must_open("dir");
  CHECK(!readdir(fd, name), "an empty directory");
  close(fd);
  for (int i = 0; i < FILES; i++) {
    snprintf(name, sizeof name, "dir/file%d", i);
    CHECK(create(name, i), "create %s", name);
  }
  read_all(must_open("dir"), seen);
  for (int i = 0; i < FILES; i++) CHECK(seen[i] == 1, "file%d was seen %d times", i, seen[i]);
  for (int i = 0; i < FILES; i += 2) {
    snprintf(name, sizeof name, "dir/file%d", i);
    CHECK(remove(name), "remove %s", name);
  }
  read_all(must_open("dir"), seen);
  for (int i = 0; i < FILES; i++) CHECK(seen[i] == 1 + i % 2, "file%d: %d times", i, seen[i]);
  CHECK(mkdir("long") && create("long/a-name-of-more-than-14", 0), "a long name");
  fd = must_open("long");
  CHECK(readdir(fd, name) && strcmp(name, "a-name-of-more") == 0, "it is cut: '%s'", name);
  CHECK(!readdir(fd, name), "and the only one");
  CHECK(!readdir(must_open("dir-read"), name), "a file");
}
