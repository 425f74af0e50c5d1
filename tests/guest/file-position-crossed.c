/* TEST: Two processes that share two open files, and write from mappings of one into the other, in few
         frames, get on; one that ends in the middle of a call leaves the file to the other.
   POOL: 10
   ROUNDS: 150
   DISK: 4
   OUTPUT: ^file-position-crossed: exit\(-1\)$ */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES 3
#define BYTES (PAGES * PAGE)

static int files[2];
static char *mappings[2];
static unsigned rounds;

/* Writes the mapping of the other file into file WHICH, reads it back into the mapping, and so on. */
static int cross(char *which) {
  unsigned own = which[0] - '0', other = 1 - own;
  for (unsigned i = 0; i < rounds; i++) {
    seek(files[own], i % 2 * BYTES);
    int count = write(files[own], mappings[other] + i % 100, BYTES / 2);
    CHECK(count == BYTES / 2, "write gave %d", count);
    count = read(files[own], mappings[other] + i % 50, BYTES / 4);
    CHECK(count >= 0, "read gave %d", count);
    mappings[own][i % PAGES * PAGE]++;
  }
  return 0;
}

/* Reads into a mapping of which the second page is wholly beyond the end of its file. */
static int die_reading(char *memory) {
  seek(files[0], 0);
  read(files[0], memory + PAGE - 10, 100);
  return 0;
}

/* Dies in a write. */
static int die_writing(char *memory) {
  write(files[0], memory + PAGE - 10, 100);
  return 0;
}

/* Both processes at once; then a child that ends in a call. */
void test_main(void) {
  char byte;
  rounds = atoi(test_argv[1]);
  make_file("a", BYTES, 1);
  make_file("b", BYTES, 2);
  make_file("short", PAGE, 3);
  for (unsigned i = 0; i < 2; i++) {
    files[i] = must_open(i == 0 ? "a" : "b");
    mappings[i] = vm_map(NULL, BYTES, READ_WRITE, MAP_SHARED, files[i], 0);
    CHECK(!vm_is_error(mappings[i]), "map");
  }
  pid_t child = start_child(cross, "0");
  cross("1");
  CHECK_IS(wait(child), 0);
  int fd = must_open("short");
  char *memory = vm_map(PLACE, 2 * PAGE, READ_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
  CHECK(memory == PLACE, "map %p", memory);
  CHECK_IS(run_child(die_reading, memory), -1);
  CHECK_IS(run_child(die_writing, memory), -1);
  seek(files[0], 5);
  CHECK_IS(tell(files[0]), 5);
  CHECK_IS(read(files[0], &byte, 1), 1);
  CHECK_IS(write(files[0], &byte, 1), 1);
}
