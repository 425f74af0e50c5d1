/* TEST: A process is killed in whatever it does, now or later: computing, asleep, waiting, reading
         the console, on the way to swap and back, forking, loading programs, writing files.
   PUT: child-victim child-exit
   POOL: 96
   ROUNDS: 2
   BATTERY: a round takes seconds; guest/test_parallel.py has one on a slow disk
   ABSENT: exit\([1-9]
   ALLOW: child-exit: exit\((0|-1)\)|load: child-missing: open failed|child-victim: exit\((0|-1)\) */
#include <random.h>
#include <stdlib.h>
#include <vm.h>
#include "tests/guest/lib/test.h"

static const char *const kinds[] = {"spin", "doze",  "read", "wait", "chain", "fault", "copy",
                                    "fork", "forks", "exec", "map",  "write", "lock"};

#define KINDS (sizeof kinds / sizeof *kinds)

/* Kills a child of KIND after MS milliseconds. */
static void kill_one(const char *kind, unsigned ms) {
  pid_t pid = spawn("child-victim %s", kind);
  sleep_ms(ms);
  CHECK(kill(pid) == VM_OK, "%s cannot be killed", kind);
  CHECK(wait(pid) == -1, "%s ended otherwise", kind);
  CHECK(kill(pid) == VM_EINVAL, "%s is gone", kind);
}

/* One of each kind at the same time. */
static void kill_all(unsigned ms) {
  pid_t pids[KINDS];
  for (unsigned i = 0; i < KINDS; i++) pids[i] = spawn("child-victim %s", kinds[i]);
  sleep_ms(ms);
  for (unsigned i = 0; i < KINDS; i++) CHECK(kill(pids[i]) == VM_OK, "kill %s", kinds[i]);
  for (unsigned i = 0; i < KINDS; i++) CHECK(wait(pids[i]) == -1, "wait %s", kinds[i]);
}

/* Alone, then all. */
void test_main(void) {
  int rounds = atoi(test_argv[test_argc - 1]);
  random_init(1);
  for (int round = 0; round < rounds; round++) {
    for (unsigned i = 0; i < KINDS; i++) kill_one(kinds[i], (unsigned)random_ulong() % 60);
    kill_all((unsigned)random_ulong() % 200);
  }
  remove("mapped");
  remove("written");
}
