/* HELPER: vm-chain N starts vm-chain N+1, up to 40; its status is the length of the chain. */
#include <stdio.h>
#include <stdlib.h>
#include <syscall.h>

/* One link. */
int main(int argc, char *argv[]) {
  int number = argc > 1 ? atoi(argv[1]) : 40;
  char command[32];
  if (number >= 40) return number;
  snprintf(command, sizeof command, "vm-chain %d", number + 1);
  int status = wait(exec(command));
  return status < number ? number : status;
}
