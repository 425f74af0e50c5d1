/* TEST: process_info() tells of every process once, by rising pids: parent, state, pages, time, what
         it waits for.
   PUT: child-victim child-exit */
#include <process_info.h>
#include <string.h>
#include <vm.h>
#include "tests/guest/lib/test.h"

/* What there is to know about PID. */
static struct process_info about(pid_t pid) {
  struct process_info info;
  memset(&info, 0x55, sizeof info);
  CHECK(process_info(pid - 1, &info, sizeof info) == pid, "process %d is there", pid);
  CHECK(info.pid == pid, "its pid is %d", (int)info.pid);
  return info;
}

/* This process itself. */
static void check_own(void) {
  struct process_info info = about(getpid());
  CHECK(info.parent == 0 && info.state == PROCESS_RUNNING, "parent %d, state %u", (int)info.parent,
        (unsigned)info.state);
  CHECK(strcmp(info.name, "process-info") == 0 && info.waits_for[0] == '\0', "name %s", info.name);
  CHECK(info.resident > 0, "it has pages");
}

/* A child that computes uses time, one that sleeps waits for it, one that has ended has nothing. */
static void check_children(void) {
  pid_t spin = spawn("child-victim spin"), doze = spawn("child-victim doze");
  pid_t ended = spawn("child-exit 3");
  sleep_ms(300);
  struct process_info info = about(spin);
  CHECK(info.state == PROCESS_READY && info.ticks > 0 && info.parent == getpid(), "spin");
  info = about(doze);
  CHECK(info.state == PROCESS_SLEEPING && strcmp(info.waits_for, "time") == 0, "doze: %s",
        info.waits_for);
  info = about(ended);
  CHECK(info.state == PROCESS_ENDED && info.resident == 0, "ended: state %u", (unsigned)info.state);
  CHECK(process_info(ended, &info, sizeof info) == 0, "nothing comes after the last");
  CHECK(kill(spin) == VM_OK && kill(doze) == VM_OK, "kill");
  CHECK(wait(spin) == -1 && wait(doze) == -1 && wait(ended) == 3, "wait");
}

/* Sizes too small and too large; no process. */
static void check_sizes(void) {
  unsigned char buffer[sizeof(struct process_info) + 8];
  memset(buffer, 0x55, sizeof buffer);
  CHECK(process_info(0, (struct process_info *)(void *)buffer, 4) == getpid(), "the pid alone");
  CHECK(buffer[4] == 0x55, "no more than asked for");
  CHECK(process_info(0, (struct process_info *)(void *)buffer, sizeof buffer) == getpid(), "all");
  CHECK(buffer[sizeof(struct process_info)] == 0x55, "no more than there is");
  CHECK(process_info(0, NULL, 0) == getpid(), "nothing but the answer");
  CHECK(process_info(0x7fffffff, (struct process_info *)(void *)buffer, 4) == 0, "none");
}

/* Alone, then with children. */
void test_main(void) {
  check_own();
  check_sizes();
  check_children();
}
