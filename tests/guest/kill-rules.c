/* TEST: kill() ends the caller's descendants with all that they started, also those whose parents
         have ended, and nobody else; the status of one that has ended stays what it was.
   PUT: child-orphan child-exit child-victim
   ALLOW: child-orphan: exit\(\d+\) */
#include <process_info.h>
#include <vm.h>
#include "tests/guest/lib/test.h"

/* How many processes there are. */
static int count_processes(void) {
  struct process_info info;
  int count = 0;
  for (pid_t pid = 0; (pid = process_info(pid, &info, sizeof info)) != 0;) count++;
  return count;
}

/* Waits until there are COUNT processes. */
static void await_count(int count) {
  for (int i = 0; count_processes() != count; i++) {
    CHECK(i < 400, "%d processes, not %d", count_processes(), count);
    sleep_ms(10);
  }
}

/* A grandchild whose parent is gone cannot be waited for, but killed. */
static void kill_orphan(void) {
  pid_t orphan = run("child-orphan 1000000");
  CHECK(orphan > 0, "the orphan's pid is %d", orphan);
  CHECK(wait(orphan) == -1, "it is nobody's to wait for");
  CHECK(kill(orphan) == VM_OK, "it is ours to kill");
  await_count(1);
}

/* A child kills itself, and fails to kill its parent and its sibling. */
static void kill_from_child(pid_t parent) {
  pid_t sibling = spawn("child-victim doze");
  pid_t pid = fork();
  if (pid == 0) {
    if (kill(parent) != VM_EINVAL || kill(sibling) != VM_EINVAL) exit(1);
    kill(getpid());
    exit(2);
  }
  CHECK(wait(pid) == -1, "it killed itself");
  CHECK(kill(sibling) == VM_OK && wait(sibling) == -1, "the sibling lived");
}

/* What is no process, one that has ended, families. */
void test_main(void) {
  CHECK(kill(0) == VM_EINVAL && kill(-1) == VM_EINVAL && kill(0x7fffffff) == VM_EINVAL, "nobody");
  pid_t pid = spawn("child-exit 5");
  sleep_ms(200);
  while (kill(pid) == VM_OK) fail("child-exit was still there");
  CHECK(wait(pid) == 5, "its status");
  pid = spawn("child-victim chain");
  await_count(6);
  CHECK(kill(pid) == VM_OK && wait(pid) == -1, "a family");
  await_count(1);
  kill_orphan();
  kill_from_child(getpid());
}
