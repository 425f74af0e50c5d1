/* Attacks by segment registers: none but the user's can be loaded, and the kernel needs none of them
   to be right. */
#include "tests/guest/attacks/attack.h"

#define SELECTORS 0x48 /* All of the table, and some beyond it. */
#define SEL_CODE  0x1b
#define SEL_DATA  0x23

enum { DS, ES, FS, GS, SS, REGISTERS };

/* Whether SELECTOR, without its two bits of privilege, is WANT. */
static bool selects(unsigned selector, unsigned want) {
  return (selector & ~3u) == (want & ~3u);
}

/* Loads the selector in the low half of AUX into the register in its high half. */
static int load(char *aux) {
  uint32_t selector = (uintptr_t)aux & 0xffff;
  switch ((uintptr_t)aux >> 16) {
  case DS: __asm__ volatile("movl %0, %%ds; pushl %%ss; popl %%ds" : : "r"(selector)); break;
  case ES: __asm__ volatile("movl %0, %%es; pushl %%ss; popl %%es" : : "r"(selector)); break;
  case FS: __asm__ volatile("movl %0, %%fs" : : "r"(selector)); break;
  case GS: __asm__ volatile("pushl %0; popl %%gs" : : "r"(selector)); break;
  case SS: __asm__ volatile("movl %0, %%ss" : : "r"(selector)); break;
  }
  return 55;
}

/* Tries SELECTOR in every register. */
static void try_loads(unsigned selector) {
  bool data = selector <= 3 || selects(selector, SEL_CODE) || selects(selector, SEL_DATA);
  for (unsigned where = 0; where < REGISTERS; where++) {
    bool fine = where == SS ? selector == SEL_DATA : data;
    int status = run_child(load, (char *)(uintptr_t)(where << 16 | selector));
    CHECK(status == (fine ? 55 : -1), "loading %x into register %u ended with %d", selector, where,
          status);
  }
}

/* Every selector of the table, each with every privilege; the kernel's are not to be had. */
static void load_all(void) {
  for (unsigned selector = 0; selector < SELECTORS; selector++) try_loads(selector);
}

/* Far beyond the table, and in a local table, which there is none. */
static void load_wild(void) {
  for (unsigned bit = 7; bit < 16; bit++) {
    try_loads(1u << bit);
    try_loads((1u << bit) | 7);
  }
  try_loads(0xffff);
}

/* -- Working with them ---------------------------------------------------------------------------- */

/* Loads SELECTOR into DS, ES, FS and GS, makes the call that WORDS are, changes *ADDRESS by way of
   SS, which may fault, and counts to ROUNDS; puts the registers back.  Returns the result of the
   call, or -100 if a register was not kept. */
int work_with(uint32_t selector, const uint32_t *words, char *address, uint32_t rounds);

__asm__(".text\n"
        "work_with:\n"
        "  pushl %ebx\n  pushl %esi\n  pushl %edi\n  pushl %ebp\n"
        "  movl 20(%esp), %ebx\n  movl 24(%esp), %esi\n  movl 28(%esp), %edi\n"
        "  movl 32(%esp), %ecx\n  movl %esp, %ebp\n"
        "  movl %ebx, %ds\n  movl %ebx, %es\n  movl %ebx, %fs\n  movl %ebx, %gs\n"
        "  movl %esi, %esp\n  int $0x30\n  movl %ebp, %esp\n"
        "  incb %ss:(%edi)\n"
        "1: subl $1, %ecx\n  jnz 1b\n"
        "  movl %ds, %ecx\n  movl %es, %edx\n  cmpw %bx, %cx\n  jne 2f\n  cmpw %bx, %dx\n  jne 2f\n"
        "  movl %fs, %ecx\n  movl %gs, %edx\n  cmpw %bx, %cx\n  jne 2f\n  cmpw %bx, %dx\n  je 3f\n"
        "2: movl $-100, %eax\n"
        "3: pushl %ss\n  popl %ds\n  pushl %ss\n  popl %es\n"
        "  popl %ebp\n  popl %edi\n  popl %esi\n  popl %ebx\n  ret\n");

/* Null selectors 1 to 3 are left out: a return to ring 3 may turn them into 0. */
static const uint32_t strange[] = {0, 0x18, SEL_CODE, 0x20, 0x21};

#define STRANGE (sizeof strange / sizeof *strange)

/* Calls, faults and interrupts with null segments, and with code where data should be. */
static void segments_strange(void) {
  char *memory = map_anonymous(STRANGE);
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  for (unsigned i = 0; i < STRANGE; i++) {
    char buffer[100];
    uint32_t pid_call[] = {SYSCALL_GETPID}, yield_call[] = {SYSCALL_YIELD};
    uint32_t read_call[] = {SYSCALL_READ, (uint32_t)fd, (uint32_t)(uintptr_t)buffer, sizeof buffer};
    CHECK_IS(work_with(strange[i], pid_call, PAGE_AT(memory, i), 1000000), getpid());
    CHECK_IS(work_with(strange[i], yield_call, PAGE_AT(memory, i), 1), 0);
    seek(fd, 200);
    CHECK_IS(work_with(strange[i], read_call, PAGE_AT(memory, i), 1), sizeof buffer);
    CHECK(pattern_is(buffer, sizeof buffer, 200, 1), "what was read with selector %x",
          (unsigned)strange[i]);
    CHECK(*PAGE_AT(memory, i) == 3, "the fault with selector %x", (unsigned)strange[i]);
  }
  check_attack_file();
}

/* A call that copies into a page that is in a slot, with null segments. */
static void segments_swapped(void) {
  char *memory = map_anonymous(STRANGE);
  fill_pages(memory, STRANGE, 1);
  push_out();
  for (unsigned i = 0; i < STRANGE; i++) {
    uint32_t words[] = {SYSCALL_GETRLIMIT, LIMIT_STACK, (uint32_t)(uintptr_t)PAGE_AT(memory, i)};
    CHECK_IS(work_with(strange[i], words, PAGE_AT(memory, i) + 8, 1), VM_OK);
  }
}

/* Dies with them: by a fault through a null DS, and by a bad pointer. */
static int die_null(char *aux) {
  uint32_t words[] = {aux == NULL ? SYSCALL_GETPID : SYSCALL_OPEN, 0xc0000000};
  work_with((uint32_t)(uintptr_t)aux & 3, words, NULL, 1);
  return 0;
}

/* All ways. */
static void segments_killed(void) {
  for (unsigned i = 0; i < 4; i++) must_die(die_null, (char *)(uintptr_t)i, "null segments");
}

/* Two processes with different segments keep theirs while they take turns. */
static int spin_null(char *stop) {
  char *memory = map_anonymous(1);
  uint32_t words[] = {SYSCALL_YIELD};
  while (*(volatile char *)stop == 0) CHECK_IS(work_with(0, words, memory, 100000), 0);
  return 0;
}

/* One of them sees nothing of the other's. */
static void segments_of_others(void) {
  char *stop = map_shared(1), *memory = map_anonymous(1);
  uint32_t words[] = {SYSCALL_YIELD};
  pid_t child = start_child(spin_null, stop);
  for (unsigned i = 0; i < 50; i++) CHECK_IS(work_with(SEL_CODE, words, memory, 100000), 0);
  *stop = 1;
  CHECK_IS(wait(child), 0);
}

/* -- Far transfers -------------------------------------------------------------------------------- */

/* Where transfers lead that succeed. */
void arrived(void);
__asm__(".text\narrived:\n  pushl $55\n  pushl $1\n  int $0x30\n");

enum { JUMP, CALL_FAR, RETURN, INTERRUPT_RETURN, WAYS };

/* Goes to ARRIVED by the selector in the low half of AUX, in the way of its high half. */
static int transfer(char *aux) {
  uint32_t selector = (uintptr_t)aux & 0xffff;
  struct {
    void (*offset)(void);
    uint32_t selector;
  } target = {arrived, selector};
  switch ((uintptr_t)aux >> 16) {
  case JUMP: __asm__ volatile("ljmpl *(%0)" : : "r"(&target) : "memory"); break;
  case CALL_FAR: __asm__ volatile("lcall *(%0)" : : "r"(&target) : "memory"); break;
  case RETURN:
    __asm__ volatile("pushl %0; pushl $arrived; lretl" : : "r"(selector) : "memory");
    break;
  case INTERRUPT_RETURN:
    __asm__ volatile("pushfl; pushl %0; pushl $arrived; iretl" : : "r"(selector) : "memory");
    break;
  }
  return 1;
}

/* Every selector by every way: the kernel's code, its data, its task states.  Only the user's code
   may be reached; a return also looks at the selector's privilege. */
static void transfers(void) {
  for (unsigned selector = 0; selector < SELECTORS; selector++)
    for (unsigned way = 0; way < WAYS; way++) {
      bool returns = way == RETURN || way == INTERRUPT_RETURN;
      bool fine = returns ? selector == SEL_CODE : selects(selector, SEL_CODE);
      int status = run_child(transfer, (char *)(uintptr_t)(way << 16 | selector));
      CHECK(status == (fine ? 55 : -1), "going to %x by way %u ended with %d", selector, way,
            status);
    }
}

const struct attack segment_attacks[] = {
    {"load-all", load_all, REFUSED},
    {"load-wild", load_wild, REFUSED},
    {"segments-strange", segments_strange, REFUSED},
    {"segments-swapped", segments_swapped, REFUSED},
    {"segments-killed", segments_killed, REFUSED},
    {"segments-of-others", segments_of_others, REFUSED},
    {"transfers", transfers, REFUSED},
    {NULL, NULL, KILLED},
};
