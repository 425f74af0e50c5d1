/* Makes the SSE registers available to memory.S. */
#include "arch/i386/memory.h"

#include <stdbool.h>

#include "arch/i386/cpu.h"

extern bool page_use_sse;

/* Without CR4.OSFXSR the instructions do not exist.  CR0.EM stays set: they do not for ring 3. */
void memory_init_sse(void) {
  uint32_t needed = CPUID_SSE | CPUID_FXSR;
  if ((cpu_features() & needed) != needed) return;
  cpu_write_cr4(cpu_read_cr4() | CR4_OSFXSR);
  page_use_sse = true;
}
