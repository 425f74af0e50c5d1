/* Attacks by single instructions: interrupts, what only the kernel may, ports. */
#include <string.h>
#include "tests/guest/attacks/attack.h"

#define CODE_MAX 15

/* An instruction with what must come before it; zeroes at its end do not count. */
struct code {
  const char *name;
  unsigned char bytes[CODE_MAX];
};

/* push 55; push SYSCALL_EXIT; int 0x30. */
static const unsigned char exit_55[] = {0x6a, 55, 0x6a, SYSCALL_EXIT, 0xcd, 0x30};
#define SURVIVED 55

/* Runs the CODE_MAX bytes at AUX, then ends with SURVIVED. */
static int run_code(char *aux) {
  static unsigned char buffer[CODE_MAX + sizeof exit_55];
  memcpy(buffer, aux, CODE_MAX);
  memcpy(buffer + CODE_MAX, exit_55, sizeof exit_55);
  __asm__ volatile(
      "movl $0x1f0, %%edx; movl $2, %%ecx; movl %1, %%edi; movl %1, %%esi; movl %1, %%eax;"
      "jmp *%0"
      :
      : "b"(buffer), "r"(buffer)
      : "memory", "eax", "ecx", "edx", "esi", "edi");
  return 0;
}

/* Copies SIZE bytes of CODE to BYTES and fills them up with NOPs. */
static void fill_up(unsigned char *bytes, const unsigned char *code, unsigned size) {
  memset(bytes, 0x90, CODE_MAX);
  memcpy(bytes, code, size);
}

/* How a child ends that runs CODE. */
static int try_code(const struct code *code) {
  unsigned char bytes[CODE_MAX];
  unsigned size = CODE_MAX;
  while (code->bytes[size - 1] == 0) size--;
  fill_up(bytes, code->bytes, size);
  return run_child(run_code, (char *)bytes);
}

/* Each of CODES must end with STATUS. */
static void try_codes(const struct code *codes, unsigned count, int wanted) {
  for (unsigned i = 0; i < count; i++) {
    int status = try_code(&codes[i]);
    CHECK(status == wanted, "%s must end with %d, ended with %d", codes[i].name, wanted, status);
  }
}

#define TRY(CODES, STATUS) try_codes(CODES, sizeof(CODES) / sizeof *(CODES), STATUS)

/* INT of every vector: only the system call's comes back. */
static void all_interrupts(void) {
  for (unsigned vector = 0; vector < 256; vector++) {
    unsigned char bytes[CODE_MAX], code[] = {0x6a, SYSCALL_YIELD, 0xcd, (unsigned char)vector};
    fill_up(bytes, code, sizeof code);
    int status = run_child(run_code, (char *)bytes), wanted = vector == 0x30 ? SURVIVED : -1;
    CHECK(status == wanted, "int 0x%x ended with %d", vector, status);
  }
}

/* What changes or tells the machine's state. */
static const struct code privileged[] = {
    {"clts", {0x0f, 0x06}},
    {"lmsw", {0x0f, 0x01, 0xf0}},
    {"lldt", {0x31, 0xc0, 0x0f, 0x00, 0xd0}},
    {"ltr 0x28", {0x66, 0xb8, 0x28, 0x00, 0x0f, 0x00, 0xd8}},
    {"mov cr2", {0x0f, 0x22, 0xd0}},
    {"mov cr4", {0x0f, 0x22, 0xe0}},
    {"mov from cr2", {0x0f, 0x20, 0xd0}},
    {"mov from cr4", {0x0f, 0x20, 0xe0}},
    {"mov cr1", {0x0f, 0x22, 0xc8}},
    {"mov cr8", {0x0f, 0x22, 0xc0 | 7 << 3}},
    {"mov dr0", {0x0f, 0x23, 0xc0}},
    {"mov from dr6", {0x0f, 0x21, 0xf0}},
    {"mov from dr7", {0x0f, 0x21, 0xf8}},
    {"rdpmc", {0x0f, 0x33}},
    {"syscall", {0x0f, 0x05}},
    {"sysret", {0x0f, 0x07}},
    {"sysexit", {0x0f, 0x35}},
    {"rsm", {0x0f, 0xaa}},
    {"getsec", {0x0f, 0x37}},
    {"vmcall", {0x0f, 0x01, 0xc1}},
    {"vmrun", {0x0f, 0x01, 0xd8}},
    {"vmmcall", {0x0f, 0x01, 0xd9}},
    {"stgi", {0x0f, 0x01, 0xdc}},
    {"clgi", {0x0f, 0x01, 0xdd}},
    {"skinit", {0x0f, 0x01, 0xde}},
    {"invlpga", {0x0f, 0x01, 0xdf}},
    {"monitor", {0x0f, 0x01, 0xc8}},
    {"mwait", {0x0f, 0x01, 0xc9}},
    {"xsetbv", {0x0f, 0x01, 0xd1}},
    {"swapgs", {0x0f, 0x01, 0xf8}},
    {"lgdt", {0x0f, 0x01, 0x17}},
    {"lidt", {0x0f, 0x01, 0x1f}},
    {"invlpg", {0x0f, 0x01, 0x3f}},
};

/* None is for programs. */
static void privileged_codes(void) {
  TRY(privileged, -1);
}

/* A processor ends who runs these two. QEMU from version 10 on passes them over: it has no caches to lose. */
static const struct code caches[] = {
    {"invd", {0x0f, 0x08}},
    {"wbinvd", {0x0f, 0x09}},
};

/* Either way nothing comes of them. */
static void cache_codes(void) {
  for (unsigned i = 0; i < sizeof caches / sizeof *caches; i++) {
    int status = try_code(&caches[i]);
    CHECK(status == -1 || status == SURVIVED, "%s ended with %d", caches[i].name, status);
  }
}

/* What is no instruction at all, or longer than one may be, or known to have hung processors. */
static const struct code undefined[] = {
    {"ud1", {0x0f, 0xb9, 0xc0}},
    {"0f ff", {0x0f, 0xff, 0xc0}},
    {"lock cmpxchg8b eax", {0xf0, 0x0f, 0xc7, 0xc8}},
    {"lock ud2", {0xf0, 0x0f, 0x0b}},
    {"mov cs", {0x8e, 0xc8}},
    {"lea register", {0x8d, 0xc0}},
    {"les register", {0xc4, 0xc0, 0xc0}},
    {"call 7", {0xff, 0xff}},
    {"fifteen prefixes",
     {0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66}},
    {"divide by zero", {0x31, 0xc9, 0xf7, 0xf9}},
    {"divide overflow", {0x31, 0xc0, 0xba, 0xff, 0xff, 0xff, 0x7f, 0xb1, 1, 0xf7, 0xf9}},
    {"aam 0", {0xd4, 0x00, 0xf4}},
    {"bound", {0x31, 0xc0, 0x48, 0x62, 0x07}},
};

/* All are exceptions. */
static void undefined_codes(void) {
  TRY(undefined, -1);
}

/* IN and OUT of every width, string forms too, on ports of devices and others. */
static void all_ports(void) {
  static const uint16_t ports[] = {0x00,  0x20,  0x21, 0x40,  0x43,  0x60,   0x64,  0x70,  0x80,
                                   0x92,  0xa0,  0xa1, 0xcf8, 0xcfc, 0x1f0,  0x1f7, 0x3f6, 0x3f8,
                                   0x501, 0x604, 0xb2, 0xf4,  0x170, 0xc000, 0xffff};
  static const unsigned char forms[][2] = {{0xec, 0x90}, {0xed, 0x90}, {0x66, 0xed}, {0xee, 0x90},
                                           {0xef, 0x90}, {0x66, 0xef}, {0x6c, 0x90}, {0x6d, 0x90},
                                           {0x6e, 0x90}, {0x6f, 0x90}, {0xf3, 0x6c}, {0xf3, 0x6e}};
  for (unsigned i = 0; i < sizeof ports / sizeof *ports; i++)
    for (unsigned k = i % 3; k < sizeof forms / sizeof *forms; k += 3) {
      unsigned char code[] = {0x66,          0xba,        (unsigned char)ports[i],
                              ports[i] >> 8, forms[k][0], forms[k][1]};
      unsigned char bytes[CODE_MAX];
      fill_up(bytes, code, sizeof code);
      must_die(run_code, (char *)bytes, "a port");
    }
}

/* INT3, INTO, ICEBP and the like are their own kill, with what comes after them never run. */
static const struct code traps[] = {
    {"int3", {0xcc}},
    {"int 3", {0xcd, 3}},
    {"icebp", {0xf1}},
    {"int 4", {0xcd, 4}},
    {"int 5", {0xcd, 5}},
    {"lock int3", {0xf0, 0xcc}},
    {"rep icebp", {0xf3, 0xf1}},
};

/* All kill. */
static void trap_codes(void) {
  TRY(traps, -1);
}

/* What any program may ask is answered, and changes nothing. */
static const struct code harmless[] = {
    {"rdtsc", {0x0f, 0x31}},
    {"cpuid", {0x31, 0xc0, 0x0f, 0xa2}},
    {"pause", {0xf3, 0x90}},
    {"smsw", {0x0f, 0x01, 0xe0}},
    {"str", {0x0f, 0x00, 0xc8}},
    {"sldt", {0x0f, 0x00, 0xc0}},
    {"lar 0x10", {0x6a, 0x10, 0x58, 0x0f, 0x02, 0xc0}},
};

/* All come back. */
static void harmless_codes(void) {
  TRY(harmless, SURVIVED);
}

const struct attack cpu_attacks[] = {
    {"all-interrupts", all_interrupts, REFUSED}, {"privileged-codes", privileged_codes, REFUSED},
    {"cache-codes", cache_codes, REFUSED},       {"undefined-codes", undefined_codes, REFUSED},
    {"all-ports", all_ports, REFUSED},           {"trap-codes", trap_codes, REFUSED},
    {"harmless-codes", harmless_codes, REFUSED}, {NULL, NULL, KILLED},
};
