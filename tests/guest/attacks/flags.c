/* Attacks by flags: whatever a program has set, the kernel runs with flags of its own, and others
   keep theirs. */
#include <string.h>
#include "tests/guest/attacks/attack.h"

#define FLAG_CARRY     0x00000001u
#define FLAG_TRAP      0x00000100u
#define FLAG_INTERRUPT 0x00000200u
#define FLAG_DOWN      0x00000400u
#define FLAG_IOPL      0x00003000u
#define FLAG_NESTED    0x00004000u
#define FLAG_RESUME    0x00010000u
#define FLAG_VM86      0x00020000u
#define FLAG_ALIGN     0x00040000u
#define FLAG_VIRTUAL   0x00180000u
#define FLAG_ID        0x00200000u

/* What a program can have on, without being ended by its own next instruction. */
#define FLAGS_LASTING (FLAG_DOWN | FLAG_NESTED | FLAG_ALIGN | FLAG_ID)

/* Pops the first word at STACK into the flags and goes on with the system call that the rest is;
   afterwards the flags are in *AFTER, and as C wants them. */
int flagged_call(const uint32_t *stack, uint32_t *after);
/* Sets the flags by an IRET to the INT of the system call itself; they are in *AFTER then, and as C wants them. */
int flagged_call_by_iret(const uint32_t *stack, uint32_t *after);
/* Pops FLAGS, changes a byte at ADDRESS, which may fault, and counts to ROUNDS; the flags then. */
uint32_t flagged_touch(uint32_t flags, char *address, uint32_t rounds);

__asm__(".text\n"
        "flagged_call:\n"
        "  pushl %ebx\n  pushl %esi\n  movl 12(%esp), %ecx\n  movl 16(%esp), %ebx\n"
        "  movl %esp, %esi\n"
        "  movl %ecx, %esp\n  popfl\n  int $0x30\n"
        "0: movl %esi, %esp\n  pushfl\n  popl (%ebx)\n"
        "  pushl $0x202\n  popfl\n  popl %esi\n  popl %ebx\n  ret\n"
        "flagged_call_by_iret:\n"
        "  pushl %ebx\n  pushl %esi\n  movl 12(%esp), %ecx\n  movl 16(%esp), %ebx\n"
        "  movl %esp, %esi\n"
        "  movl %ecx, %esp\n  pushl %cs\n  pushl $1f\n  iretl\n"
        "1: int $0x30\n"
        "  jmp 0b\n"
        "flagged_touch:\n"
        "  movl 8(%esp), %edx\n  movl 12(%esp), %ecx\n"
        "  pushl 4(%esp)\n  popfl\n  incb (%edx)\n"
        "2: subl $1, %ecx\n  jnz 2b\n"
        "  pushfl\n  popl %eax\n  pushl $0x202\n  popfl\n  ret\n");

static const uint32_t hostile[] = {
    FLAG_DOWN,     FLAG_NESTED,
    FLAG_ALIGN,    FLAG_ID,
    FLAG_IOPL,     FLAG_VM86,
    FLAG_VIRTUAL,  FLAG_RESUME,
    FLAGS_LASTING, FLAGS_LASTING | FLAG_IOPL | FLAG_VIRTUAL | FLAG_RESUME | FLAG_VM86,
    0xfffffeff, /* All but TF. */
};

#define HOSTILE (sizeof hostile / sizeof *hostile)

/* FLAGS, as a program has them after it set some, must give it no rights: interrupts stay on. */
static void check_flags(uint32_t flags, uint32_t set) {
  CHECK((flags & (FLAG_IOPL | FLAG_VM86 | FLAG_VIRTUAL)) == 0, "setting %x gave %x", (unsigned)set,
        (unsigned)flags);
  CHECK(flags & FLAG_INTERRUPT, "setting %x gave %x: interrupts are off", (unsigned)set,
        (unsigned)flags);
  CHECK((flags & set & FLAGS_LASTING) == (set & FLAGS_LASTING), "setting %x gave %x: lost",
        (unsigned)set, (unsigned)flags);
}

/* Makes the call that WORDS are with each set of flags, both ways; it must give RESULT. */
static void try_call(uint32_t *words, int result) {
  uint32_t after;
  for (unsigned i = 0; i < HOSTILE; i++) {
    words[0] = hostile[i];
    CHECK_IS(flagged_call(words, &after), result);
    check_flags(after, hostile[i]);
    words[0] = hostile[i] & ~FLAG_VM86; /* Where that is obeyed it is no more 32-bit code. */
    CHECK_IS(flagged_call_by_iret(words, &after), result);
    check_flags(after, hostile[i]);
  }
}

/* With them, calls that need nothing. */
static void flags_call(void) {
  uint32_t stack[16] = {0}, *words = stack + 8;
  words[1] = SYSCALL_GETPID;
  try_call(words, getpid());
  words[1] = SYSCALL_YIELD;
  try_call(words, 0);
}

/* With them, calls in which the kernel copies strings and data by string instructions. */
static void flags_copy(void) {
  char buffer[512];
  uint32_t stack[16] = {0}, *words = stack + 8, after;
  make_attack_file();
  for (unsigned i = 0; i < HOSTILE; i++) {
    words[0] = hostile[i];
    words[1] = SYSCALL_OPEN;
    words[2] = (uint32_t)(uintptr_t)ATTACK_FILE;
    int fd = flagged_call(words, &after);
    CHECK(fd >= 2, "open with flags %x gave %d", (unsigned)hostile[i], fd);
    words[0] = hostile[i];
    words[1] = SYSCALL_READ;
    words[2] = (uint32_t)fd;
    words[3] = (uint32_t)(uintptr_t)buffer;
    words[4] = sizeof buffer;
    for (unsigned at = 0; at < ATTACK_FILE_SIZE - sizeof buffer; at += sizeof buffer) {
      words[0] = hostile[i];
      CHECK_IS(flagged_call(words, &after), sizeof buffer);
      CHECK(pattern_is(buffer, sizeof buffer, at, 1), "read with flags %x", (unsigned)hostile[i]);
    }
    seek(fd, 0);
    pattern_fill(buffer, sizeof buffer, 0, 1);
    words[0] = hostile[i];
    words[1] = SYSCALL_WRITE;
    CHECK_IS(flagged_call(words, &after), sizeof buffer);
    close(fd);
  }
  check_attack_file();
}

/* With them, page faults of every kind: fresh memory, a copy, memory from swap; and interrupts. */
static void flags_fault(void) {
  char *memory = map_anonymous(HOSTILE * 2);
  for (unsigned i = 0; i < HOSTILE; i++) {
    uint32_t flags = flagged_touch(hostile[i], PAGE_AT(memory, i), 1);
    check_flags(flags, hostile[i]);
    CHECK(memory_is_zero(PAGE_AT(memory, i) + 1, PAGE - 1), "a fresh page is not zero");
  }
  push_out();
  for (unsigned i = 0; i < HOSTILE; i++) {
    check_flags(flagged_touch(hostile[i], PAGE_AT(memory, i), 1000000), hostile[i]);
    CHECK(*PAGE_AT(memory, i) == 2 && memory_is_zero(PAGE_AT(memory, i) + 1, PAGE - 1),
          "the page from swap is not what it was");
  }
}

/* With them, faults that kill: the kernel ends a process whose flags are hostile. */
static int touch_nothing(char *flags) {
  flagged_touch((uint32_t)(uintptr_t)flags, NULL, 1);
  return 0;
}

/* A system call without effect, with FLAGS. */
static int call_nothing(char *flags) {
  uint32_t stack[16] = {0}, *words = stack + 8, after;
  words[0] = (uint32_t)(uintptr_t)flags;
  words[1] = SYSCALL_OPEN;
  words[2] = 0xc0000000;
  return flagged_call(words, &after);
}

/* Both with all of them, the trap flag too. */
static void flags_killed(void) {
  for (unsigned i = 0; i < HOSTILE; i++) {
    must_die(touch_nothing, (char *)(uintptr_t)hostile[i], "a bad access");
    must_die(call_nothing, (char *)(uintptr_t)hostile[i], "a bad pointer");
    must_die(touch_nothing, (char *)(uintptr_t)(hostile[i] | FLAG_TRAP), "a bad access");
    must_die(call_nothing, (char *)(uintptr_t)(hostile[i] | FLAG_TRAP), "a bad pointer");
  }
}

/* -- Single steps: the program's, never the kernel's ----------------------------------------------- */

/* Makes call NUMBER in single steps. */
static int step_call(char *number) {
  uint32_t stack[16] = {0}, *words = stack + 8, after;
  words[0] = FLAG_TRAP | FLAG_INTERRUPT;
  words[1] = (uint32_t)(uintptr_t)number;
  words[2] = (uint32_t)(uintptr_t)ATTACK_FILE;
  return flagged_call(words, &after);
}

/* The kernel serves the call at full speed; the program dies at its next instruction. */
static void step_calls(void) {
  static const unsigned numbers[] = {SYSCALL_GETPID, SYSCALL_YIELD, SYSCALL_OPEN, SYSCALL_FORK,
                                     SYSCALL_EXEC};
  make_attack_file();
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
    must_die(step_call, (char *)(uintptr_t)numbers[i], "a call in single steps");
  check_attack_file();
}

/* Faults in single steps: fresh memory, then a copy-on-write. */
static int step_fault(char *address) {
  return (int)flagged_touch(FLAG_TRAP | FLAG_INTERRUPT, address, 1);
}

/* Where memory comes from swap, too. */
static void step_faults(void) {
  char *memory = map_anonymous(2);
  memory[PAGE] = 1;
  push_out();
  must_die(step_fault, memory, "a fault in single steps");
  must_die(step_fault, memory + PAGE, "a copy in single steps");
  CHECK(memory[0] == 0 && memory[PAGE] == 1, "the child's steps changed its parent's memory");
}

/* A load of SS holds back the trap until after the next instruction: here INT. */
static void step_after_ss(void) {
  __asm__ volatile("pushl $%c0\n\t"
                   "movl %%ss, %%edx\n\t"
                   "pushl $0x302\n\t"
                   "popfl\n\t"
                   "movl %%edx, %%ss\n\t"
                   "int $0x30\n\t"
                   "nop"
                   :
                   : "i"(SYSCALL_GETPID)
                   : "eax", "edx", "memory");
}

/* A single step into an instruction after a change of ss that is an exception of its own. */
static void undefined_after_ss(void) {
  __asm__ volatile("movl %%ss, %%edx\n\tpushl $0x302\n\tpopfl\n\tmovl %%edx, %%ss\n\tud2"
                   :
                   :
                   : "edx", "memory");
}

/* POP SS from memory that is not there, and then INT. */
static void pop_ss_fault(void) {
  __asm__ volatile("movl $0x20000000, %esp\n\tpopl %ss\n\tint $0x30");
}

/* Single steps through a string instruction that goes from page to page. */
static void step_string(void) {
  char *memory = map_anonymous(2);
  __asm__ volatile("pushl $0x302\n\tpopfl\n\trep stosb"
                   :
                   : "D"(memory + PAGE - 2), "c"(8), "a"(1)
                   : "memory");
}

/* -- Rights that flags would give ------------------------------------------------------------------ */

/* Tries CLI with FLAGS set, by POPF or IRET. */
static int cli_with(char *flags) {
  __asm__ volatile("pushl %0\n\tpopfl\n\tcli" : : "r"(flags) : "memory");
  return 0;
}

/* OUT after an IRET that sets FLAGS. */
static int out_with(char *flags) {
  __asm__ volatile("pushl %0\n\tpushl %%cs\n\tpushl $1f\n\tiretl\n"
                   "1:\tmovw $0x501, %%dx\n\toutb %%al, %%dx"
                   :
                   : "r"(flags)
                   : "memory", "edx");
  return 0;
}

/* IRET as the return from a nested task. */
static int iret_nested(char *unused) {
  (void)unused;
  __asm__ volatile("pushl $0x4202\n\tpopfl\n\tpushl $0x202\n\tpushl %%cs\n\tpushl $1f\n\tiretl\n1:"
                   :
                   :
                   : "memory");
  return 0;
}

/* IRET into virtual 8086 mode, with a frame as long as that needs. */
static int iret_vm86(char *unused) {
  (void)unused;
  __asm__ volatile("pushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0x1000\n\t"
                   "pushl $0x20202\n\tpushl $0\n\tpushl $0x1000\n\tiretl"
                   :
                   :
                   : "memory");
  return 0;
}

/* None of them. */
static void flags_rights(void) {
  static const uint32_t sets[] = {FLAG_IOPL | FLAG_INTERRUPT, FLAG_IOPL, 0xfffffeff, FLAG_VM86};
  for (unsigned i = 0; i < sizeof sets / sizeof *sets; i++) {
    must_die(cli_with, (char *)(uintptr_t)sets[i], "CLI after POPF");
    must_die(out_with, (char *)(uintptr_t)sets[i], "OUT after IRET");
  }
  must_die(iret_nested, NULL, "IRET with NT");
  must_die(iret_vm86, NULL, "IRET into virtual 8086 mode");
}

/* Spins with hostile flags until *STOP. */
static int spin_hostile(char *stop) {
  while (*(volatile char *)stop == 0) flagged_touch(FLAGS_LASTING | FLAG_CARRY, stop + 64, 100000);
  return 0;
}

/* While others spin with hostile flags, this process's own never change. */
static void flags_of_others(void) {
  char *stop = map_shared(1);
  pid_t first = start_child(spin_hostile, stop), second = start_child(spin_hostile, stop);
  for (unsigned i = 0; i < 40; i++) {
    uint32_t flags = flagged_touch(FLAG_INTERRUPT, stop + 128, 300000);
    CHECK((flags & (FLAGS_LASTING | FLAG_IOPL)) == 0, "flags of others came in: %x",
          (unsigned)flags);
    yield();
  }
  *stop = 1;
  CHECK_IS(wait(first), 0);
  CHECK_IS(wait(second), 0);
}

const struct attack flags_attacks[] = {
    {"flags-call", flags_call, REFUSED},
    {"flags-copy", flags_copy, REFUSED},
    {"flags-fault", flags_fault, REFUSED},
    {"flags-killed", flags_killed, REFUSED},
    {"flags-rights", flags_rights, REFUSED},
    {"flags-of-others", flags_of_others, REFUSED},
    {"step-calls", step_calls, REFUSED},
    {"step-faults", step_faults, REFUSED},
    {"step-after-ss", step_after_ss, KILLED},
    {"step-string", step_string, KILLED},
    {"undefined-after-ss", undefined_after_ss, KILLED},
    {"pop-ss-fault", pop_ss_fault, KILLED},
    {NULL, NULL, KILLED},
};
