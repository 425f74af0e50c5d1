/* child-instruction KIND: runs an instruction that must end it. */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/test.h"

struct instruction {
  const char *kind;
  unsigned char code[16];
};

/* Each begins with its bytes, as an assembler would put them. */
static const struct instruction instructions[] = {
    {"ud2", {0x0f, 0x0b}},
    {"cli", {0xfa}},
    {"sti", {0xfb}},
    {"hlt", {0xf4}},
    {"int3", {0xcc}},
    {"icebp", {0xf1}},
    {"into", {0xb0, 0x7f, 0x04, 0x7f, 0xce}}, /* mov al, 127; add al, 127; into */
    {"divide", {0x31, 0xc9, 0xf7, 0xf1}},     /* xor ecx, ecx; div ecx */
    {"lgdt", {0x0f, 0x01, 0x10}},             /* lgdt [eax] */
    {"lidt", {0x0f, 0x01, 0x18}},             /* lidt [eax] */
    {"ltr", {0x31, 0xc0, 0x0f, 0x00, 0xd8}},  /* xor eax, eax; ltr ax */
    {"cr0", {0x0f, 0x20, 0xc0}},              /* mov eax, cr0 */
    {"cr3", {0x0f, 0x22, 0xd8}},              /* mov cr3, eax */
    {"dr7", {0x0f, 0x23, 0xf8}},              /* mov dr7, eax */
    {"invlpg", {0x0f, 0x01, 0x38}},           /* invlpg [eax] */
    {"rdmsr", {0x0f, 0x32}},
    {"wrmsr", {0x0f, 0x30}},
    {"in", {0xe4, 0x60}},                                  /* in al, 0x60 */
    {"out", {0xe6, 0x80}},                                 /* out 0x80, al */
    {"insb", {0x66, 0xba, 0xf8, 0x03, 0x6c}},              /* mov dx, 0x3f8; insb */
    {"kernel-ds", {0x66, 0xb8, 0x10, 0x00, 0x8e, 0xd8}},   /* mov ax, 0x10; mov ds, ax */
    {"wild-ds", {0x66, 0xb8, 0xf8, 0xff, 0x8e, 0xd8}},     /* mov ax, 0xfff8; mov ds, ax */
    {"null-ss", {0x31, 0xc0, 0x8e, 0xd0}},                 /* xor eax, eax; mov ss, ax */
    {"far-call", {0x9a, 0, 0, 0, 0, 0x08, 0x00}},          /* call 0x08:0 */
    {"far-return", {0x6a, 0x08, 0x6a, 0x00, 0xcb}},        /* push 8; push 0; retf */
    {"iret-kernel", {0x9c, 0x6a, 0x08, 0x6a, 0x00, 0xcf}}, /* pushf; push 8; push 0; iret */
    {"trap-flag", {0x68, 0x02, 0x01, 0, 0, 0x9d, 0x90}},   /* push 0x102; popf; nop */
    {"nested-task", {0x68, 0x02, 0x40, 0, 0, 0x9d, 0xcf}}, /* push 0x4002; popf; iret */
    {"sysenter", {0x0f, 0x34}},
    /* push 0x37b; fldcw [esp]; fld1; fldz; fdivp; fwait: a division by 0 that is not masked */
    {"fpu", {0x68, 0x7b, 3, 0, 0, 0xd9, 0x2c, 0x24, 0xd9, 0xe8, 0xd9, 0xee, 0xde, 0xf9, 0x9b}},
    {"lock-bad", {0xf0, 0x90}}, /* lock nop */
};

/* Runs CODE, which is in writable memory. */
static void run_code(const void *code, size_t size) {
  static unsigned char buffer[32];
  memcpy(buffer, code, size);
  buffer[size] = 0xc3; /* ret */
  __asm__ volatile("pushal; call *%0; popal" : : "r"(buffer) : "memory");
}

/* Runs the instruction that argv[1] names, or "int=N". */
int main(int argc, char *argv[]) {
  test_name = "child-instruction";
  CHECK(argc == 2, "usage: child-instruction KIND");
  if (strncmp(argv[1], "int=", 4) == 0) {
    unsigned char code[2] = {0xcd, (unsigned char)atoi(argv[1] + 4)};
    run_code(code, sizeof code);
    return 1;
  }
  for (size_t i = 0; i < sizeof instructions / sizeof *instructions; i++)
    if (strcmp(instructions[i].kind, argv[1]) == 0) {
      run_code(instructions[i].code, sizeof instructions[i].code);
      return 1;
    }
  fail("unknown kind %s", argv[1]);
}
