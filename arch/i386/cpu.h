/* Single instructions that C has no words for. */
#ifndef ARCH_I386_CPU_H
#define ARCH_I386_CPU_H

#include <stdbool.h>
#include <stdint.h>

#define CR0_PE         0x00000001u /* Protected mode. */
#define CR0_MP         0x00000002u /* WAIT obeys TS. */
#define CR0_EM         0x00000004u /* Floating-point instructions raise #NM. */
#define CR0_TS         0x00000008u /* The next such instruction raises #NM, until CLTS. */
#define CR0_NE         0x00000020u /* Errors of the x87 unit raise #MF. */
#define CR0_WP         0x00010000u /* Ring 0 obeys read-only pages. */
#define CR0_PG         0x80000000u

#define CR4_PSE        0x00000010u /* 4 MB pages. */
#define CR4_PGE        0x00000080u /* Global pages. */
#define CR4_OSFXSR     0x00000200u /* SSE instructions. */
#define CR4_OSXMMEXCPT 0x00000400u /* Their errors raise #XF. */

#define EFLAGS_FIXED   0x00000002u /* Always 1. */
#define EFLAGS_IF      0x00000200u
#define EFLAGS_VM      0x00020000u /* Virtual 8086 mode. */
#define EFLAGS_ID      0x00200000u /* Can be changed where CPUID exists. */

#define CPUID_FPU      (1u << 0) /* Leaf 1, edx. */
#define CPUID_PSE      (1u << 3)
#define CPUID_PGE      (1u << 13)
#define CPUID_FXSR     (1u << 24)
#define CPUID_SSE      (1u << 25)

/* The switches of the processor, CR0_*. */
static inline uint32_t cpu_read_cr0(void) {
  uint32_t value;
  __asm__ volatile("movl %%cr0, %0" : "=r"(value));
  return value;
}
/* Sets them. */
static inline void cpu_write_cr0(uint32_t value) {
  __asm__ volatile("movl %0, %%cr0" : : "r"(value) : "memory");
}
/* Clears CR0_TS. */
static inline void cpu_clear_ts(void) {
  __asm__ volatile("clts" : : : "memory");
}
/* The address of the last page fault. */
static inline uint32_t cpu_read_cr2(void) {
  uint32_t value;
  __asm__ volatile("movl %%cr2, %0" : "=r"(value));
  return value;
}
/* The physical address of the page directory. */
static inline uint32_t cpu_read_cr3(void) {
  uint32_t value;
  __asm__ volatile("movl %%cr3, %0" : "=r"(value));
  return value;
}
/* Loads a page directory; forgets all pages that are not global. */
static inline void cpu_write_cr3(uint32_t value) {
  __asm__ volatile("movl %0, %%cr3" : : "r"(value) : "memory");
}
/* The switches of the processor's extensions, CR4_*. */
static inline uint32_t cpu_read_cr4(void) {
  uint32_t value;
  __asm__ volatile("movl %%cr4, %0" : "=r"(value));
  return value;
}
/* Sets them. */
static inline void cpu_write_cr4(uint32_t value) {
  __asm__ volatile("movl %0, %%cr4" : : "r"(value) : "memory");
}
/* The flags, EFLAGS_*. */
static inline uint32_t cpu_read_eflags(void) {
  uint32_t value;
  __asm__ volatile("pushfl; popl %0" : "=r"(value));
  return value;
}
/* Sets them, as far as POPF may. */
static inline void cpu_write_eflags(uint32_t value) {
  __asm__ volatile("pushl %0; popfl" : : "r"(value) : "memory", "cc");
}
/* Makes the processor forget what it remembers of the page at ADDRESS. */
static inline void cpu_flush_page(uint32_t address) {
  __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}
/* Turns interrupts on and sleeps until one has been served; none can come in between, because STI
   takes effect after the next instruction. */
static inline void cpu_wait_for_interrupt(void) {
  __asm__ volatile("sti; hlt" : : : "memory");
}
/* Stops for good. */
_Noreturn static inline void cpu_halt(void) {
  for (;;) __asm__ volatile("cli; hlt" : : : "memory");
}
/* Time stamp counter; under QEMU's -icount the number of instructions executed. */
static inline uint64_t cpu_read_tsc(void) {
  uint64_t value;
  __asm__ volatile("rdtsc" : "=A"(value));
  return value;
}

/* The feature bits of CPUID leaf 1 in edx, 0 where there is no CPUID. */
static inline uint32_t cpu_features(void) {
  uint32_t eflags = cpu_read_eflags();
  cpu_write_eflags(eflags ^ EFLAGS_ID);
  bool has_cpuid = ((cpu_read_eflags() ^ eflags) & EFLAGS_ID) != 0;
  cpu_write_eflags(eflags);
  if (!has_cpuid) return 0;
  uint32_t a = 1, b, c = 0, d;
  __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  return d;
}

#endif
