/* TEST: Instructions that are not for programs, and exceptions of all kinds, kill the program that
         runs them and nobody else.
   PUT: child-instruction
   ABSENT: Kernel */
#include "tests/guest/lib/test.h"

/* One child for each. */
void test_main(void) {
  static const char *const kinds[] = {
      "ud2",      "cli",     "sti",      "hlt",        "int3",        "icebp",     "into",
      "divide",   "lgdt",    "lidt",     "ltr",        "cr0",         "cr3",       "dr7",
      "invlpg",   "rdmsr",   "wrmsr",    "in",         "out",         "insb",      "kernel-ds",
      "wild-ds",  "null-ss", "far-call", "far-return", "iret-kernel", "trap-flag", "nested-task",
      "sysenter", "fpu",     "lock-bad", NULL};
  check_killed("child-instruction", kinds);
}
