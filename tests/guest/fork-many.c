/* TEST: fork returns -1 when the kernel has no memory for another process; the parent is unharmed,
         and can fork again when children are gone.
   ALLOW: ^fork-many: out of memory: .*$ */
#include "tests/guest/lib/memory.h"

#define CHILDREN_MAX 400

static pid_t children[CHILDREN_MAX];
static volatile char *stage;

/* Waits until told. */
static int wait_for_stage(char *unused) {
  (void)unused;
  while (*stage == 0) sleep_ms(1000);
  return 9;
}

/* Forks until it cannot. */
static int fork_all(void) {
  int count = 0;
  for (; count < CHILDREN_MAX; count++) {
    children[count] = fork();
    if (children[count] == PID_ERROR) break;
    if (children[count] == 0) exit(wait_for_stage(NULL));
  }
  return count;
}

/* Twice. */
void test_main(void) {
  char *memory = map_anonymous(20);
  stage = map_shared(1);
  fill_pages(memory, 20, 1);
  for (int round = 0; round < 2; round++) {
    *stage = 0;
    int count = fork_all();
    CHECK(count >= 4 && count < CHILDREN_MAX, "%d children", count);
    check_pages(memory, 20, 1);
    *stage = 1;
    for (int i = 0; i < count; i++) {
      int status = wait(children[i]);
      CHECK(status == 9 || status == -1, "child %d ended with %d", i, status);
    }
    fill_pages(memory, 20, 1);
  }
}
