/* child-stack KIND: makes a system call with a bad stack pointer or number, which must end it. */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/test.h"
#include "proc/syscall_numbers.h"

/* Puts NUMBER into the last bytes of valid memory and returns where, BYTES of it being valid. */
static void *at_the_end(int number, unsigned bytes) {
  char *start = data_end() - bytes;
  memcpy(start, &number, bytes < sizeof number ? bytes : sizeof number);
  return start;
}

/* Makes the call numbered by what comes after "number=". */
static int call_number(int number) {
  int stack[4] = {number, 0, 0, 0};
  return call_at(stack);
}

/* Makes the call; must not come back. */
int main(int argc, char *argv[]) {
  test_name = "child-stack";
  CHECK(argc == 2, "usage: child-stack KIND");
  const char *kind = argv[1];
  int result = 0;
  if (strncmp(kind, "number=", 7) == 0)
    result = call_number(atoi(kind + 7));
  else if (strcmp(kind, "null") == 0)
    result = call_at(NULL);
  else if (strcmp(kind, "hole") == 0)
    result = call_at((void *)0x20000000);
  else if (strcmp(kind, "kernel") == 0)
    result = call_at(USER_END);
  else if (strcmp(kind, "last-word") == 0)
    result = call_at((void *)-4);
  else if (strcmp(kind, "half-number") == 0)
    result = call_at(at_the_end(SYSCALL_GETPID, 2));
  else if (strcmp(kind, "no-argument") == 0)
    result = call_at(at_the_end(SYSCALL_CLOSE, 4));
  else if (strcmp(kind, "half-argument") == 0)
    result = call_at(at_the_end(SYSCALL_CLOSE, 6));
  else if (strcmp(kind, "last-argument") == 0)
    result = call_at(at_the_end(SYSCALL_WRITE, 12));
  else if (strcmp(kind, "top-of-stack") == 0)
    result = call_at(USER_END - 4);
  else
    fail("unknown kind %s", kind);
  msg("%s came back with %d", kind, result);
  return 1;
}
