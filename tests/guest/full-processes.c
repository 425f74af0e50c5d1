/* TEST: A process forks until it is refused; two hundred children end unwaited and are waited for later;
         a program starts itself over and over until that fails; again and again.
   BATTERY: eight rounds take minutes
   ROUNDS: 8
   PUT: vm-chain
   ALLOW: load: vm-chain: .*
   ALLOW: full-processes: out of memory: .*
   ALLOW: vm-chain: out of memory: .* */
#include "tests/guest/lib/full.h"

#define CHILDREN_MAX 400
#define ZOMBIES      200

static pid_t children[CHILDREN_MAX];

/* Waits until told. */
static int wait_for(char *done) {
  while (*(volatile char *)done == 0) sleep_ms(10);
  return 6;
}

/* Forks until that is refused, tells the children and waits for them. */
static int fork_all(char *done) {
  int count = 0;
  for (; count < CHILDREN_MAX; count++) {
    children[count] = fork();
    if (children[count] == 0) exit(wait_for(done));
    if (children[count] == PID_ERROR) break;
  }
  *done = 1;
  CHECK(count > 5 && count < CHILDREN_MAX, "%d children", count);
  for (int i = 0; i < count; i++) {
    int status = wait(children[i]);
    CHECK(status == 6 || status == -1, "child %d ended with %d", i, status);
  }
  return 5;
}

/* Forks children that end at once, and waits for all of them when they have, and once more. */
static int make_zombies(char *count) {
  volatile int *ended = (volatile int *)count;
  *ended = 0;
  for (int i = 0; i < ZOMBIES; i++) {
    children[i] = fork();
    CHECK(children[i] != PID_ERROR, "child %d", i);
    if (children[i] == 0) exit((*ended)++ % 100);
    while (*ended == i) yield();
  }
  for (int i = ZOMBIES - 1; i >= 0; i--) CHECK_IS(wait(children[i]), i % 100);
  for (int i = 0; i < ZOMBIES; i++) CHECK_IS(wait(children[i]), -1);
  return 7;
}

/* Each. */
static void use_up(void) {
  char *done = map_shared(1);
  int status = run_child(fork_all, done); /* It may be the one that is killed. */
  CHECK(status == 5 || status == -1, "who forks ended with %d", status);
  *done = 1;
  CHECK_IS(run_child(make_zombies, done), 7);
  int length = run("vm-chain 1");
  CHECK(length >= 8, "the chain is %d long", length);
  CHECK_IS(vm_unmap(done, PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
