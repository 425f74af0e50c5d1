/* TEST: A system call takes its number and arguments from wherever esp points, up to the last valid
         byte, and leaves that memory as it was. */
#include <string.h>
#include "tests/guest/lib/test.h"
#include "proc/syscall_numbers.h"

/* Calls with the stack pointer at the end of the data. */
void test_main(void) {
  int *end = (int *)data_end();
  end[-1] = SYSCALL_GETPID;
  CHECK(call_at(end - 1) == getpid(), "a number that is the last valid word");
  end[-2] = SYSCALL_TELL;
  end[-1] = 99;
  CHECK(call_at(end - 2) == -1, "a number and an argument that are the last valid words");
  CHECK(end[-2] == SYSCALL_TELL && end[-1] == 99, "they are as they were");
  char bytes[16];
  int words[3] = {SYSCALL_TELL, 99, 0};
  memcpy(bytes + 1, words, sizeof words);
  CHECK(call_at(bytes + 1) == -1, "a stack pointer that is not aligned");
}
