/* TEST: Four processes want all memory at once, which three can have: just one of them is killed, and
         until it has given its memory back, which it does after a file that was removed while it had
         it open, the others wait; they have all that they wrote; again and again.
   BATTERY: a hundred rounds take seconds
   ROUNDS: 100
   POOL: 64
   SWAP: 0.25
   ALLOW: full-one-kill: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

#define CHILDREN   4
#define FILE_PAGES 8
#define WAITS      2000

/* On a page that all share. */
struct stage {
  volatile unsigned started, ready, go;
};

static const char *const names[CHILDREN] = {"file0", "file1", "file2", "file3"};
static unsigned share, alone; /* Pages for each; threads without children. */

/* Fills its share, waits for the others, and checks it. */
static int fill_share(char *stage) {
  struct stage *s = (struct stage *)stage;
  char *memory = map_anonymous(share);
  const char *name = names[s->started++];
  CHECK(create(name, FILE_PAGES * PAGE) && must_open(name) && remove(name), "a removed file");
  fill_pages(memory, share, 1);
  s->ready++;
  while (s->go == 0) sleep_ms(5);
  check_pages(memory, share, 1);
  return 5;
}

/* All at once; who is left goes on when one is gone. */
static void use_up(void) {
  char *counted = full_map(400);
  share = full_measure(counted) * 2 / 7; /* Three of them take six parts of seven. */
  struct stage *stage = (struct stage *)counted;
  pid_t children[CHILDREN];
  *stage = (struct stage){0};
  int killed = 0;
  for (int i = 0; i < CHILDREN; i++) children[i] = start_child(fill_share, counted);
  unsigned wait_count = 0;
  while (stage->ready < CHILDREN - 1 || figures_all().threads > alone + CHILDREN - 1) {
    CHECK(wait_count++ < WAITS, "%u of %d had room", stage->ready, CHILDREN);
    sleep_ms(5);
  }
  stage->go = 1;
  for (int i = 0; i < CHILDREN; i++) killed += wait(children[i]) != 5;
  CHECK(killed == 1, "%d were killed", killed);
  CHECK_IS(vm_unmap(counted, 401 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  alone = figures_all().threads;
  full_rounds(use_up);
}
