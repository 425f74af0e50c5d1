/* HELPER: vm-bad KIND does one thing that must be punished; status 77 if it was not. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <syscall.h>
#include <vm.h>
#include "tests/guest/lib/pages.h"

static char memory[80 * PAGE];
static const char constant[] = "constant";

/* Reads a byte at ADDRESS. */
static void read_at(uint32_t address) {
  (void)*(volatile char *)(uintptr_t)address;
}

/* Writes a byte at ADDRESS. */
static void write_at(uint32_t address) {
  *(volatile char *)(uintptr_t)address = 42;
}

/* Jumps to ADDRESS. */
static void jump_to(uint32_t address) {
  __asm__ volatile("jmp *%0" : : "r"(address));
}

/* With esp at a page boundary far below the stack's pages, writes DISTANCE bytes below it. */
static void write_below_esp(uint32_t distance) {
  uint32_t boundary = ((uint32_t)(uintptr_t)__builtin_frame_address(0) & ~(PAGE - 1)) - 8 * PAGE;
  __asm__ volatile("mov %%esp, %%ebx\n\t"
                   "mov %0, %%esp\n\t"
                   "movb $1, (%1)\n\t"
                   "mov %%ebx, %%esp"
                   :
                   : "r"(boundary), "r"(boundary - distance)
                   : "ebx", "memory");
}

/* Moves esp DEPTH bytes below the top of user space and writes there. */
static void write_deep(uint32_t depth) {
  uint32_t place = 0xc0000000u - depth;
  __asm__ volatile("mov %%esp, %%ebx\n\t"
                   "mov %0, %%esp\n\t"
                   "movl $1, (%%esp)\n\t"
                   "mov %%ebx, %%esp"
                   :
                   : "r"(place)
                   : "ebx", "memory");
}

/* Runs an instruction that only the kernel may, or that traps. */
static void run_instruction(const char *kind) {
  if (strcmp(kind, "cli") == 0) __asm__ volatile("cli");
  if (strcmp(kind, "hlt") == 0) __asm__ volatile("hlt");
  if (strcmp(kind, "divide") == 0) __asm__ volatile("div %0" : : "r"(0), "a"(1), "d"(0));
  if (strcmp(kind, "ud2") == 0) __asm__ volatile("ud2");
  if (strcmp(kind, "load-cr3") == 0) __asm__ volatile("mov %0, %%cr3" : : "r"(0));
  if (strcmp(kind, "int-20") == 0) __asm__ volatile("int $0x20");
  if (strcmp(kind, "out") == 0) __asm__ volatile("outb %b0, %w1" : : "a"(0), "d"(0x501));
}

struct deed {
  const char *name;
  void (*act)(uint32_t argument);
  uint32_t argument;
};

static const struct deed deeds[] = {
    {"null-read", read_at, 0},
    {"null-write", write_at, 0},
    {"null-jump", jump_to, 0},
    {"null-page-end", read_at, 4095},
    {"unmapped-read", read_at, 0x60000000},
    {"unmapped-write", write_at, 0x60000000},
    {"unmapped-jump", jump_to, 0x60000000},
    {"below-code", read_at, 0x08047fff},
    {"kernel-read", read_at, 0xc0000000},
    {"kernel-write", write_at, 0xc0000000},
    {"kernel-text-read", read_at, 0xc0100000},
    {"kernel-text-write", write_at, 0xc0100000},
    {"kernel-jump", jump_to, 0xc0100000},
    {"last-byte", read_at, 0xffffffff},
    {"stack-33", write_below_esp, 33},
    {"stack-far", write_below_esp, 4096},
    {"stack-very-far", write_below_esp, 1024 * 1024},
    {"stack-limit", write_deep, 8 * 1024 * 1024 + 16},
    {"stack-wild", write_deep, 0x40000000},
    {"stack-32", write_below_esp, 32},
    {"stack-4", write_below_esp, 4},
    {"stack-deep", write_deep, 8 * 1024 * 1024 - 16},
    {"stack-48k", write_deep, 48 * 1024},
    {"stack-80k", write_deep, 80 * 1024},
};

/* Does what argv[1] says; status 77 if the program survives it. */
int main(int argc, char *argv[]) {
  const char *kind = argc > 1 ? argv[1] : "";
  if (strncmp(kind, "dirty-", 6) == 0) {
    for (unsigned page = 0; page < sizeof memory / PAGE; page++)
      page_fill(memory + page * PAGE, page, 1);
    kind += 6;
  }
  for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
    if (strcmp(deeds[i].name, kind) == 0) deeds[i].act(deeds[i].argument);
  if (strcmp(kind, "heap-end") == 0) {
    sbrk(10000);
    write_at(((uint32_t)(uintptr_t)sbrk(0) + 4095) & ~4095u);
  }
  if (strcmp(kind, "code-write") == 0) write_at((uint32_t)(uintptr_t)&main);
  if (strcmp(kind, "constant-write") == 0) write_at((uint32_t)(uintptr_t)constant);
  if (strcmp(kind, "read-into-code") == 0) {
    int fd = open("vm-bad");
    read(fd, (void *)(uintptr_t)&main, 16);
  }
  if (strcmp(kind, "read-below-stack") == 0) {
    int fd = open("vm-bad");
    read(fd, (char *)__builtin_frame_address(0) - 64 * 1024, 16);
  }
  run_instruction(kind);
  return 77;
}
