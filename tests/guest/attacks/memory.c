/* Attacks on memory: the kernel's, code, pages that are shared until written. */
#include <string.h>
#include "tests/guest/attacks/attack.h"

#define KERNEL_STEP (4u << 20) /* What one entry of the page directory covers. */

static const char constant[] = "a constant";

/* Jumps there. */
static int jump_to(char *address) {
  __asm__ volatile("xorl %%eax, %%eax; jmp *%0" : : "r"(address) : "eax", "memory");
  return 0;
}

/* Changes a byte there in one locked instruction. */
static int add_byte(char *address) {
  __asm__ volatile("lock addb $1, (%0)" : : "r"(address) : "memory");
  return 0;
}

/* Makes each kind of access to all of the kernel's memory, a page for each 4 MB. */
static void sweep(int (*access)(char *), const char *what) {
  for (uint32_t address = 0xc0000000; address >= 0xc0000000; address += KERNEL_STEP) {
    must_die(access, (char *)(uintptr_t)address, what);
    must_die(access, (char *)(uintptr_t)(address + KERNEL_STEP - 1), what);
  }
}

/* Reading all of it. */
static void kernel_read(void) {
  sweep(read_byte, "reading kernel memory");
}

/* Writing all of it. */
static void kernel_write(void) {
  sweep(write_byte, "writing kernel memory");
}

/* Running all of it. */
static void kernel_jump(void) {
  sweep(jump_to, "jumping into the kernel");
}

/* Instructions that touch memory in other ways than a plain load or store; all must die. */
static void kernel_strange(void) {
  must_die(add_byte, USER_END, "a locked addition in the kernel");
  must_die(add_byte, USER_END + 0x100000, "a locked addition to kernel code");
}

/* A word whose first bytes are the user's and whose last are the kernel's. */
static void straddle_read(void) {
  __asm__ volatile("movl 0xbffffffe, %%eax" : : : "eax");
}

/* Writes a word across the border of user space. */
static void straddle_write(void) {
  __asm__ volatile("movl $0, 0xbffffffe" : : : "memory");
}

/* A word that begins at the last byte of all and ends at the first. */
static void straddle_zero(void) {
  __asm__ volatile("movl $0, 0xfffffffe" : : : "memory");
}

/* Copies from its own stack on into the kernel. */
static void copy_into_kernel(void) {
  __asm__ volatile("cld; rep movsb" : : "S"(0x08048000), "D"(0xbffffff0), "c"(4096) : "memory");
}

/* Pushes with a stack pointer in the kernel. */
static void push_in_kernel(void) {
  __asm__ volatile("movl $0xc0000010, %esp; pushl $0");
}

/* Pushes below address 0. */
static void push_wraps(void) {
  __asm__ volatile("movl $0, %esp; pushl $0");
}

/* Pushes eight words, of which the first two are the kernel's. */
static void pusha_in_kernel(void) {
  __asm__ volatile("movl $0xc0000008, %esp; pushal");
}

/* Calls, so that the processor itself writes the return address. */
static void call_wraps(void) {
  __asm__ volatile("movl $2, %esp; call 1f; 1:");
}

/* Runs address 0. */
static void jump_null(void) {
  jump_to(NULL);
}

/* What looks like code there adds to address 0. */
static void jump_data(void) {
  static char zeroes[64];
  jump_to(zeroes);
}

/* Writes to every page of code and constants. */
static void write_text(void) {
  for (char *page = PROGRAM_START; page < _data; page += PAGE) {
    must_die(write_byte, page, "writing code");
    must_die(add_byte, page + PAGE - 1, "a locked addition to code");
  }
}

/* Reads a file to ADDRESS. */
static int read_to(char *address) {
  return read(must_open(ATTACK_FILE), address, 16);
}

/* The kernel may not write there for a program, either; what is there stays. */
static void read_into_text(void) {
  make_attack_file();
  for (char *page = PROGRAM_START; page < _data; page += PAGE)
    must_die(read_to, page + 100, "read() into code");
  must_die(read_to, (char *)constant, "read() into a constant");
  char *end = (char *)((uintptr_t)_data - 8);
  must_die(read_to, end, "read() from the end of constants on");
  CHECK(strcmp(constant, "a constant") == 0, "the constant changed");
  check_attack_file();
}

/* Other calls that write do not write there, either: vm_info(). */
static int info_to(char *address) {
  return vm_info((struct vm_info *)address, 16);
}

/* getrlimit() writes to ADDRESS. */
static int limit_to(char *address) {
  return getrlimit(LIMIT_STACK, (uint32_t *)address);
}

/* By process_info(). */
static int process_to(char *address) {
  return process_info(0, (struct process_info *)address, 40);
}

/* By vm_resident(). */
static int resident_to(char *address) {
  return vm_resident(_data, PAGE, (uint8_t *)address);
}

/* By readdir_name(). */
static int name_to(char *address) {
  return readdir_name(must_open("/"), address, 200);
}

/* Each of them, to constants and to places that are nobody's. */
static void results_into_text(void) {
  static int (*const calls[])(char *) = {info_to, limit_to, process_to, resident_to, name_to};
  for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
    must_die(calls[i], (char *)constant, "a result into a constant");
    for (unsigned place = 0; place < bad_places_count; place++)
      must_die(calls[i], bad_places[place], "a result into a bad place");
  }
  CHECK(strcmp(constant, "a constant") == 0, "the constant changed");
}

/* A page without rights that the kernel may not touch for a program. */
static int use_forbidden(char *memory) {
  return open(memory);
}

/* Protects, and lets children try. */
static void forbidden_page(void) {
  char *memory = map_anonymous(2);
  strlcpy(memory, ATTACK_FILE, PAGE);
  make_attack_file();
  CHECK_IS(vm_protect(memory, PAGE, PROT_NONE), VM_OK);
  must_die(use_forbidden, memory, "a path in a page without rights");
  must_die(read_to, memory, "read() into a page without rights");
  must_die(read_byte, memory, "reading a page without rights");
  CHECK_IS(vm_protect(memory, PAGE, PROT_READ), VM_OK);
  must_die(read_to, memory, "read() into a page that may only be read");
  CHECK(strcmp(memory, ATTACK_FILE) == 0, "the page changed");
  check_attack_file();
}

/* -- The kernel writes to a page that others have, too -------------------------------------------- */

/* The child has what is in the file, in memory of its own. */
static int read_over(char *memory) {
  int fd = must_open(ATTACK_FILE);
  for (int page = 0; page < 4; page++) CHECK_IS(read(fd, PAGE_AT(memory, page) + 100, 500), 500);
  return pattern_is(memory + 100, 500, 0, 1) ? 5 : 6;
}

/* Has MEMORY, 4 pages of version 3, written over by a child's read(). */
static void check_sibling(char *memory) {
  make_attack_file();
  CHECK_IS(run_child(read_over, memory), 5);
  check_pages(memory, 4, 3);
  check_attack_file();
}

/* When the pages are in memory. */
static void cow_read(void) {
  char *memory = map_anonymous(4);
  fill_pages(memory, 4, 3);
  check_sibling(memory);
}

/* A child looks for what its sibling wrote to shared pages that are in slots. */
static void cow_swapped(void) {
  char *memory = map_anonymous(4);
  fill_pages(memory, 4, 3);
  push_out();
  check_sibling(memory);
}

/* All untouched memory is one page of zeroes: it must stay zero. */
static void cow_zero(void) {
  char *memory = map_anonymous(4);
  CHECK(memory_is_zero(memory, 4 * PAGE), "new memory is not zero");
  make_attack_file();
  CHECK_IS(run_child(read_over, memory), 5);
  CHECK(memory_is_zero(memory, 4 * PAGE), "the child's read() came through");
  CHECK(memory_is_zero(map_anonymous(4), 4 * PAGE), "the page of zeroes changed");
  check_attack_file();
}

/* A private mapping of a file, and the file. */
static void cow_file(void) {
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  char *memory = vm_map(0, PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
  CHECK(!vm_is_error(memory), "vm_map gave %ld", (long)memory);
  seek(fd, 1000);
  CHECK_IS(read(fd, memory, 700), 700);
  CHECK(pattern_is(memory, 700, 1000, 1), "what was read");
  check_attack_file();
}

const struct attack memory_attacks[] = {
    {"kernel-read", kernel_read, REFUSED},
    {"kernel-write", kernel_write, REFUSED},
    {"kernel-jump", kernel_jump, REFUSED},
    {"kernel-strange", kernel_strange, REFUSED},
    {"straddle-read", straddle_read, KILLED},
    {"straddle-write", straddle_write, KILLED},
    {"straddle-zero", straddle_zero, KILLED},
    {"copy-into-kernel", copy_into_kernel, KILLED},
    {"push-in-kernel", push_in_kernel, KILLED},
    {"push-wraps", push_wraps, KILLED},
    {"pusha-in-kernel", pusha_in_kernel, KILLED},
    {"call-wraps", call_wraps, KILLED},
    {"jump-null", jump_null, KILLED},
    {"jump-data", jump_data, KILLED},
    {"write-text", write_text, REFUSED},
    {"read-into-text", read_into_text, REFUSED},
    {"results-into-text", results_into_text, REFUSED},
    {"forbidden-page", forbidden_page, REFUSED},
    {"cow-read", cow_read, REFUSED},
    {"cow-swapped", cow_swapped, REFUSED},
    {"cow-zero", cow_zero, REFUSED},
    {"cow-file", cow_file, REFUSED},
    {NULL, NULL, KILLED},
};
