/* TEST: A system call changes no register but eax. */
#include <string.h>
#include "tests/guest/lib/test.h"
#include "proc/syscall_numbers.h"

/* Registers before and after: ebx ecx edx esi edi ebp esp eflags, ds es fs gs. */
struct registers {
  uint32_t general[6], esp, flags, segments[4];
};

/* Named in assembler. */
static struct registers before, after;
static uint32_t stack_words[4], kept_esp __attribute__((used)), kept_ebp __attribute__((used));

/* Makes the call whose words are in stack_words with every register set to a value of its own, and
   stores all of them before and after. */
static void call_with_registers(void) {
#define STORE(WHERE)                                                                               \
  "movl %%ebx, " WHERE "\n movl %%ecx, " WHERE "+4\n movl %%edx, " WHERE "+8\n"                    \
  "movl %%esi, " WHERE "+12\n movl %%edi, " WHERE "+16\n movl %%ebp, " WHERE "+20\n"               \
  "movl %%esp, " WHERE "+24\n movw %%ds, " WHERE "+32\n movw %%es, " WHERE "+36\n"                 \
  "movw %%fs, " WHERE "+40\n movw %%gs, " WHERE "+44\n"
  __asm__ volatile("movl %%esp, kept_esp\n movl %%ebp, kept_ebp\n"
                   "movl $0x11111111, %%ebx\n movl $0x22222222, %%ecx\n"
                   "movl $0x33333333, %%edx\n movl $0x44444444, %%esi\n"
                   "movl $0x55555555, %%edi\n movl $0x66666666, %%ebp\n"
                   "pushl $0x8d5\n popfl\n pushfl\n popl before+28\n std\n" /* All status flags. */
                   "movl $stack_words, %%esp\n" STORE("before") "int $0x30\n" STORE(
                       "after") "movl kept_esp, %%esp\n"
                                "pushfl\n popl after+28\n cld\n"
                                "movl kept_ebp, %%ebp\n"
                   :
                   :
                   : "eax", "ebx", "ecx", "edx", "esi", "edi", "memory", "cc");
}

/* Compares for a call that reads files, one that sleeps, and one that fails. */
void test_main(void) {
  static const struct {
    const char *name;
    uint32_t words[4];
  } calls[] = {{"getpid", {SYSCALL_GETPID, 0, 0, 0}},
               {"write", {SYSCALL_WRITE, 1, (uint32_t) "(write) text\n", 13}},
               {"sleep_ms", {SYSCALL_SLEEP_MS, 20, 0, 0}},
               {"yield", {SYSCALL_YIELD, 0, 0, 0}},
               {"open", {SYSCALL_OPEN, (uint32_t) "call-registers", 0, 0}},
               {"close", {SYSCALL_CLOSE, 1000, 0, 0}},
               {"exec", {SYSCALL_EXEC, (uint32_t) "no-such-program", 0, 0}}};
  for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
    memcpy(stack_words, calls[i].words, sizeof stack_words);
    call_with_registers();
    before.flags |= 0x400; /* Set after they were stored. */
    CHECK(memcmp(&before, &after, sizeof before) == 0, "%s keeps all registers", calls[i].name);
  }
}
