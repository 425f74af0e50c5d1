/* TEST: Names of 1 to 255 characters, of any bytes but slash and zero, can be created, opened,
         listed and removed. */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Creates, finds and removes one name. */
static void check_name(const char *name) {
  char found[256];
  unsigned length = strlen(name);
  CHECK(create(name, length), "create a name of %u", length);
  CHECK(filesize(must_open(name)) == (int)length, "size of a name of %u", length);
  int fd = must_open("/dir"), seen = 0, bytes;
  while ((bytes = readdir_name(fd, found, sizeof found)) > 0)
    if (strcmp(found, name) == 0) seen++;
  close(fd);
  CHECK(seen == 1, "a name of %u is listed %d times", length, seen);
  CHECK(remove(name) && open(name) == -1, "remove a name of %u", length);
}

/* Lengths, and odd bytes. */
void test_main(void) {
  static const unsigned lengths[] = {1, 2, 3, 4, 5, 14, 15, 16, 100, 254, 255};
  char name[256];
  CHECK(mkdir("dir") && chdir("dir"), "a directory");
  for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    for (unsigned j = 0; j < lengths[i]; j++) name[j] = (char)('a' + (i + j) % 26);
    name[lengths[i]] = '\0';
    check_name(name);
  }
  check_name("with space");
  check_name("...");
  check_name(".hidden");
  check_name("-l");
  check_name("\001\377\n*");
}
