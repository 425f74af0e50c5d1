/* TEST: fork returns 0 in the child and its pid in the parent; both go on; the parent waits for its
         own children only, and once. */
#include "tests/guest/lib/memory.h"

/* A child of a child. */
static int have_child(char *pids) {
  ((pid_t *)pids)[0] = getpid();
  ((pid_t *)pids)[1] = start_child(read_byte, pids);
  return wait(((pid_t *)pids)[1]) == 0 ? 11 : 1;
}

/* Forks in several ways. */
void test_main(void) {
  pid_t parent = getpid();
  volatile int copy = 1;
  pid_t pid = fork();
  if (pid == 0) {
    copy = 2;
    exit(getpid() != parent && copy == 2 ? 33 : 1);
  }
  CHECK(pid > 0 && pid != parent, "the parent gets the child's pid");
  CHECK_IS(wait(pid), 33);
  CHECK_IS(wait(pid), -1);
  CHECK(copy == 1, "the child's write is the child's");
  pid_t *pids = (pid_t *)map_shared(1);
  pid = start_child(have_child, (char *)pids);
  CHECK_IS(wait(pid), 11);
  CHECK_IS(pids[0], pid);
  CHECK_IS(wait(pids[1]), -1);
  CHECK(getpid() == parent, "the parent is who it was");
}
