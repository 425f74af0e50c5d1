/* Attacks at the system call's gate: where esp points, what lies there, which number it is. */
#include <string.h>
#include "tests/guest/attacks/attack.h"

/* Enters with esp there. */
static int enter_at(char *esp) {
  return call_at(esp);
}

/* From every place that is none of ours. */
static void esp_bad(void) {
  for (unsigned i = 0; i < bad_places_count; i++)
    must_die(enter_at, bad_places[i], "entering with a bad esp");
}

/* From where the number would wrap around the end of all memory. */
static void esp_wraps(void) {
  for (int distance = 1; distance <= 40; distance += 3)
    must_die(enter_at, (char *)-distance, "entering with an esp that wraps");
}

/* From the last bytes of the stack: an argument or the number itself would be the kernel's. */
static void esp_top(void) {
  for (unsigned distance = 1; distance < 4; distance++)
    must_die(enter_at, USER_END - distance, "entering with half a number");
  uint32_t *top = (uint32_t *)USER_END;
  static const unsigned calls[] = {SYSCALL_CLOSE, SYSCALL_SEEK, SYSCALL_WRITE, SYSCALL_VM_MAP};
  for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
    unsigned arguments = (unsigned)call_arguments(calls[i]);
    for (unsigned there = 0; there < arguments; there++) {
      uint32_t *esp = top - 1 - there;
      *esp = calls[i];
      must_die(enter_at, (char *)esp, "entering with arguments in the kernel");
    }
  }
}

/* From the far side of what the stack may grow by. */
static void esp_below_stack(void) {
  char *stack = (char *)((uintptr_t)&stack & ~(PAGE - 1));
  must_die(enter_at, stack - 9 * 1024 * 1024, "entering with esp below the stack's limit");
}

/* Any alignment will do where all bytes are there. */
static void esp_misaligned(void) {
  static char memory[64];
  uint32_t number = SYSCALL_GETPID;
  for (unsigned offset = 0; offset < 8; offset++) {
    memcpy(memory + offset, &number, sizeof number);
    CHECK_IS(enter_at(memory + offset), getpid());
  }
}

/* Memory that may only be read is enough; some without rights is not. */
static void esp_rights(void) {
  uint32_t *memory = (uint32_t *)map_anonymous(1);
  memory[0] = SYSCALL_GETPID;
  CHECK_IS(vm_protect(memory, PAGE, PROT_READ), VM_OK);
  CHECK_IS(enter_at((char *)memory), getpid());
  CHECK_IS(vm_protect(memory, PAGE, PROT_NONE), VM_OK);
  must_die(enter_at, (char *)memory, "entering with esp in a page without rights");
}

/* Beyond the end of the file that is mapped there. */
static void esp_beyond_file(void) {
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  char *memory = vm_map(0, 4 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
  CHECK(!vm_is_error(memory), "vm_map gave %ld", (long)memory);
  must_die(enter_at, PAGE_AT(memory, 2), "entering with esp beyond the end of a file");
  must_die(enter_at, PAGE_AT(memory, 2) - 2, "entering with half a number beyond it");
  CHECK_IS(vm_unmap(memory, 4 * PAGE), VM_OK);
  check_attack_file();
}

/* -- Numbers and arguments that go on in a hole ---------------------------------------------------- */

/* A page that is followed by a hole. */
static char *before_hole(void) {
  char *memory = map_anonymous(2);
  CHECK_IS(vm_unmap(memory + PAGE, PAGE), VM_OK);
  return memory;
}

/* For each call: each number of bytes of its words that may be missing. */
static void words_cut(void) {
  char *end = before_hole() + PAGE;
  for (unsigned number = 0; number < SYSCALL_COUNT; number++) {
    uint32_t words[8] = {number};
    for (int cut = 1; cut <= 4 * call_arguments(number); cut += 2) {
      unsigned size = 4 + 4 * (unsigned)call_arguments(number) - (unsigned)cut;
      memcpy(end - size, words, size);
      must_die(enter_at, end - size, "arguments that end in a hole");
    }
  }
}

/* Where nothing is missing the same calls come back, though their words lie in two pages. */
static void words_straddle(void) {
  char *middle = map_anonymous(2) + PAGE;
  for (unsigned before = 0; before <= 12; before++) {
    uint32_t words[] = {SYSCALL_VM_PROTECT, (uint32_t)(uintptr_t)middle, PAGE, READ_WRITE};
    memcpy(middle - before, words, sizeof words);
    push_out();
    CHECK_IS(enter_at(middle - before), VM_OK);
    CHECK(memcmp(middle - before, words, sizeof words) == 0, "the words changed");
  }
}

/* -- Numbers -------------------------------------------------------------------------------------- */

/* Makes the call whose number is AUX. */
static int call_number(char *aux) {
  return CALL((uint32_t)(uintptr_t)aux);
}

/* There is no such call. */
static void no_call(uint32_t number) {
  must_die(call_number, (char *)(uintptr_t)number, "an unknown call");
}

/* All numbers near those in use, and every power of two with its neighbours: as an index into the
   kernel's table they would reach all of memory. */
static void numbers_unknown(void) {
  for (uint32_t number = 0; number < SYSCALL_COUNT + 40; number++)
    if (call_arguments(number) < 0) no_call(number);
  for (unsigned bit = 7; bit < 32; bit++) {
    no_call(1u << bit);
    no_call((1u << bit) - 1);
    no_call(-(1u << bit));
    no_call((1u << bit) + SYSCALL_GETPID);
  }
  no_call(0xffffffff);
}

/* Registers are no way in: whatever they hold, the call is the same and they are kept. */
static void registers_kept(void) {
  static const uint32_t values[] = {0, 0xc0100000, 0xffffffff, 0x12345678};
  for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
    uint32_t value = values[i], words[] = {SYSCALL_GETPID, 0};
    uint32_t b, c, d, si, di, bp;
    __asm__ volatile("pushl %%ebp\n\t"
                     "pushl %[words]\n\t"
                     "movl %%eax, %%ebx\n\tmovl %%eax, %%ecx\n\tmovl %%eax, %%edx\n\t"
                     "movl %%eax, %%esi\n\tmovl %%eax, %%edi\n\tmovl %%eax, %%ebp\n\t"
                     "movl %%esp, save_esp\n\tpopl %%esp\n\tint $0x30\n\tmovl save_esp, %%esp\n\t"
                     "movl %%ebp, (%%esp)\n\tpopl %%eax\n\tpopl %%ebp\n\t"
                     ".pushsection .bss\nsave_esp: .long 0\n.popsection"
                     : "=a"(bp), "=b"(b), "=c"(c), "=d"(d), "=S"(si), "=D"(di)
                     : [words] "1"(words), "a"(value)
                     : "memory");
    CHECK(b == value && c == value && d == value && si == value && di == value && bp == value,
          "registers were %x, are %x %x %x %x %x %x", (unsigned)value, (unsigned)b, (unsigned)c,
          (unsigned)d, (unsigned)si, (unsigned)di, (unsigned)bp);
  }
}

const struct attack entry_attacks[] = {
    {"esp-bad", esp_bad, REFUSED},
    {"esp-wraps", esp_wraps, REFUSED},
    {"esp-top", esp_top, REFUSED},
    {"esp-below-stack", esp_below_stack, REFUSED},
    {"esp-misaligned", esp_misaligned, REFUSED},
    {"esp-rights", esp_rights, REFUSED},
    {"esp-beyond-file", esp_beyond_file, REFUSED},
    {"words-cut", words_cut, REFUSED},
    {"words-straddle", words_straddle, REFUSED},
    {"numbers-unknown", numbers_unknown, REFUSED},
    {"registers-kept", registers_kept, REFUSED},
    {NULL, NULL, KILLED},
};
