/* HELPER: turn-touch PROCESSES PAGES ROUNDS: processes that touch pages of their own in turn, by instructions and
   by read(), and find what they wrote. */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PROCESSES_MAX 64
#define MAGIC         "\177ELF"

static unsigned pages, rounds;

/* Adds 1 to a word of each page at MEMORY in each round, and reads the start of this program into one;
   everything must be as it was left. */
static int touch(char *memory) {
  int file = must_open("turn-touch");
  for (unsigned round = 0; round < rounds; round++) {
    for (unsigned i = 0; i < pages; i++) {
      volatile unsigned *word = (volatile unsigned *)PAGE_AT(memory, i) + i;
      if (*word != round) return 1;
      *word = round + 1;
    }
    char *place = PAGE_AT(memory, round % pages) + PAGE / 2;
    seek(file, 0);
    if (read(file, place, strlen(MAGIC)) != (int)strlen(MAGIC)) return 2;
    if (memcmp(place, MAGIC, strlen(MAGIC)) != 0) return 3;
    yield();
  }
  return 0;
}

/* Starts all and waits for all. */
int main(int argc, char *argv[]) {
  test_name = argv[0];
  CHECK(argc == 4 && atoi(argv[1]) <= PROCESSES_MAX, "turn-touch PROCESSES PAGES ROUNDS");
  unsigned count = atoi(argv[1]);
  pages = atoi(argv[2]);
  rounds = atoi(argv[3]);
  pid_t children[PROCESSES_MAX];
  for (unsigned i = 0; i < count; i++) children[i] = start_child(touch, map_anonymous(pages));
  for (unsigned i = 0; i < count; i++) CHECK_IS(wait(children[i]), 0);
  return 0;
}
