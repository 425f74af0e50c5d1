/* TEST: thirty processes can wait for each other in 4 MB, each with its own memory and open files
   MEM: 4
   SWAP: 2 */
#include <stdio.h>
#include <stdlib.h>
#include <syscall.h>
#include "tests/guest/lib/test.h"

#define DEPTH_WANTED 30
#define FILES        126

/* Opens files, then starts itself one deeper; the depth that was reached. */
static int descend(int depth) {
  char command[32];
  for (int i = 0; i < FILES; i++)
    if (open("exec-deep") < 0) break;
  snprintf(command, sizeof command, "exec-deep %d", depth + 1);
  pid_t child = exec(command);
  return child == PID_ERROR ? depth : wait(child);
}

int main(int argc, char *argv[]) {
  if (argc > 1) return descend(atoi(argv[1]));
  test_name = "exec-deep";
  int depth = descend(0);
  CHECK(depth >= DEPTH_WANTED, "reached depth %d only", depth);
  return 0;
}
