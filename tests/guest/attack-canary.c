/* HELPER: attack-canary looks whether a new program finds all as it should be: registers, memory,
   arithmetic, floating point, files, and no descriptor of its parent's.  With the name of a file it goes on looking as
   long as that is there. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/lib/float.h"
#include "tests/guest/lib/memory.h"

#define PAGES    6
#define PATIENCE 3000 /* Tries, 10 ms each. */

/* What the registers were at the first instruction: eax, ebx, ecx, edx, esi, edi, ebp, flags, ds, es,
   fs, gs, cs, ss. */
extern uint32_t first_registers[14];

int main(int argc, char *argv[]);
void start_main(int argc, char *argv[]) NO_RETURN;

/* In the place of the library's: saves the registers before C changes them. */
__asm__(".text\n.globl _start\n_start:\n"
        "  movl %eax, %ss:first_registers\n"
        "  movl %ebx, first_registers + 4\n  movl %ecx, first_registers + 8\n"
        "  movl %edx, first_registers + 12\n  movl %esi, first_registers + 16\n"
        "  movl %edi, first_registers + 20\n  movl %ebp, first_registers + 24\n"
        "  pushfl\n  popl first_registers + 28\n"
        "  movl %ds, %eax\n  movl %eax, first_registers + 32\n"
        "  movl %es, %eax\n  movl %eax, first_registers + 36\n"
        "  movl %fs, %eax\n  movl %eax, first_registers + 40\n"
        "  movl %gs, %eax\n  movl %eax, first_registers + 44\n"
        "  movl %cs, %eax\n  movl %eax, first_registers + 48\n"
        "  movl %ss, %eax\n  movl %eax, first_registers + 52\n"
        "  jmp start_main\n"
        ".bss\n.balign 4\nfirst_registers: .skip 56\n.text\n");

/* What the library's does then. */
void start_main(int argc, char *argv[]) {
  exit(main(argc, argv));
}

/* Where the linker script puts the end of the program. */
extern char _end[];

static char zeroes[PAGES * PAGE];
static uint32_t data[] = {1, 2, 3, 5, 7, 11};

/* Registers hold nothing of others'; flags and segments are the usual. */
static void check_registers(void) {
  static const uint32_t segments[] = {0x23, 0x23, 0x23, 0x23, 0x1b, 0x23};
  for (unsigned i = 0; i < 7; i++)
    CHECK(first_registers[i] == 0, "register %u was %x at the start", i,
          (unsigned)first_registers[i]);
  CHECK(first_registers[7] == 0x202, "flags were %x", (unsigned)first_registers[7]);
  for (unsigned i = 0; i < 6; i++)
    CHECK(first_registers[8 + i] == segments[i], "segment register %u was %x", i,
          (unsigned)first_registers[8 + i]);
}

/* The floating-point unit is clean, counts, and keeps what it is given over a while. */
static void check_floats(void) {
  floats_check_clean("at the start");
  volatile double sum = 0;
  for (int i = 1; i <= 10; i++) sum += 1.0 / i;
  CHECK(sum > 2.928968 && sum < 2.928969, "the sum is %f", sum);
  floats_load((uint32_t)getpid());
  yield();
  floats_check((uint32_t)getpid(), "after others ran");
}

/* A bomb may have left so little memory that mapping and opening are refused for a while: waits until
   they are not. */
static void wait_for_memory(void) {
  for (unsigned tries = 0; tries < PATIENCE; tries++) {
    char *memory = vm_map(0, PAGES * PAGE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!vm_is_error(memory)) {
      CHECK_IS(vm_unmap(memory, PAGES * PAGE), VM_OK);
      return;
    }
    CHECK_IS((int)memory, VM_ENOMEM);
    sleep_ms(10);
  }
}

/* Memory: all kinds of it are as they should be. */
static void check_memory(void) {
  wait_for_memory();
  char *memory = map_anonymous(PAGES), *heap = sbrk(2 * PAGE);
  uint32_t sum = 0;
  CHECK(memory_is_zero(zeroes, sizeof zeroes), "bss is not zero");
  CHECK(memory_is_zero(memory, PAGES * PAGE), "new memory is not zero");
  CHECK(memory_is_zero(heap, 2 * PAGE), "new heap is not zero");
  CHECK(memory_is_zero(_end, (size_t)(data_end() - _end)), "the rest of bss is not zero");
  fill_pages(memory, PAGES, 1);
  fill_pages(zeroes, PAGES, 2);
  check_pages(memory, PAGES, 1);
  check_pages(zeroes, PAGES, 2);
  for (unsigned i = 0; i < 6; i++) sum = sum * 31 + data[i];
  CHECK(sum == 30570599, "arithmetic: %u", (unsigned)sum);
  CHECK_IS(vm_unmap(memory, PAGES * PAGE), VM_OK);
  memset(zeroes, 0, sizeof zeroes);
}

/* Files: a new one of this process's own. */
static void check_files(void) {
  char name[32];
  snprintf(name, sizeof name, "canary-%d", (int)getpid());
  wait_for_memory();
  make_file(name, 3000, 4);
  check_file(name, 3000, 4);
  CHECK(remove(name), "remove");
}

/* No descriptor is open. */
static void check_descriptors(void) {
  for (int fd = 2; fd < 200; fd++) CHECK(filesize(fd) == -1 && inumber(fd) == -1, "%d is open", fd);
}

/* Whether there is a file called NAME. */
static bool is_there(const char *name) {
  int fd = open(name);
  close(fd);
  return fd >= 0;
}

/* All of it, once or for a while. */
int main(int argc, char *argv[]) {
  test_name = argv[0];
  check_registers();
  if (argc != 2) check_floats();
  check_descriptors();
  check_memory();
  if (argc != 2) check_files();
  while (argc == 2 && is_there(argv[1])) {
    check_memory();
    sleep_ms(10);
  }
  return 0;
}
