/* The floating-point unit (IA-32 manual, volume 1, chapters 8 to 10; volume 3, "System programming for
   instruction set extensions"). */
#include "arch/i386/fpu.h"

#include <stddef.h>

#include "arch/i386/cpu.h"
#include "arch/i386/memory.h"
#include "lib/debug.h"
#include "lib/string.h"

/* What FNINIT puts into the control word: all exceptions masked, 64 bits of precision. */
#define CONTROL_START 0x037f
/* All SSE exceptions masked, rounding to nearest. */
#define MXCSR_START 0x1f80
/* Every register is empty, in the tags of FNSAVE. */
#define TAGS_EMPTY 0xffff

/* The beginning of what FXSAVE stores; its tags are 0 for an empty register. */
struct fxsave_image {
  uint16_t control, status;
  uint8_t tags, reserved;
  uint16_t opcode;
  uint32_t instruction[2], operand[2];
  uint32_t mxcsr, mxcsr_mask;
};
_Static_assert(offsetof(struct fxsave_image, mxcsr) == 24, "the layout that the processor knows");

/* The beginning of what FNSAVE stores. */
struct fnsave_image {
  uint32_t control, status, tags;
};

static bool exists, has_fxsave;
/* Whose registers the unit has; NULL: nobody's.  Preemption disabled. */
static struct fpu_state *owner;
bool fpu_is_open;

/* CR0.NE makes errors of the x87 unit exceptions rather than interrupts.  Without CR4.OSFXSR there are
   no SSE instructions, and with CR4.OSXMMEXCPT their errors are told from undefined instructions.
   Where there is no unit, CR0.EM stays set, and its instructions stay exceptions. */
void fpu_init(void) {
  uint32_t features = cpu_features();
  uint32_t sse = CPUID_FXSR | CPUID_SSE;
  exists = (features & CPUID_FPU) != 0;
  if (!exists) return;
  cpu_write_cr0((cpu_read_cr0() & ~CR0_EM) | CR0_NE | CR0_MP | CR0_TS);
  has_fxsave = (features & CPUID_FXSR) != 0;
  if (has_fxsave) cpu_write_cr4(cpu_read_cr4() | CR4_OSFXSR);
  if ((features & sse) != sse) return;
  cpu_write_cr4(cpu_read_cr4() | CR4_OSXMMEXCPT);
  memory_set_sse(SSE_FREE);
}

/* False on a processor without a unit, and on one too old to tell. */
bool fpu_exists(void) {
  return exists;
}

/* The parts of STATE that are not 0 depend on who will load it. */
void fpu_state_init(struct fpu_state *state) {
  ASSERT((uintptr_t)state % _Alignof(struct fpu_state) == 0);
  memset(state, 0, sizeof *state);
  if (has_fxsave) {
    struct fxsave_image image = {.control = CONTROL_START, .mxcsr = MXCSR_START};
    memcpy(state, &image, sizeof image);
  } else {
    struct fnsave_image image = {.control = CONTROL_START, .tags = TAGS_EMPTY};
    memcpy(state, &image, sizeof image);
  }
}

/* Saves the unit's registers to STATE.  FNSAVE leaves it as FNINIT does, so something must be loaded, or
   nobody's registers be in it, afterwards. */
static void save(struct fpu_state *state) {
  if (has_fxsave)
    __asm__ volatile("fxsave %0" : "=m"(*state));
  else
    __asm__ volatile("fnsave %0" : "=m"(*state));
}

/* Loads the unit's registers from STATE.  Some processors' FXRSTOR leaves the addresses of the last
   instruction and its operand as they were, which are another program's: FNINIT clears them.  It also
   drops an error that is still to be raised, which would be raised here. */
static void load(const struct fpu_state *state) {
  __asm__ volatile("fninit");
  if (has_fxsave)
    __asm__ volatile("fxrstor %0" : : "m"(*state));
  else
    __asm__ volatile("frstor %0" : : "m"(*state));
}

/* Makes the registers in the unit those of STATE, or nobody's; the kernel's own copies must know. */
static void set_owner(struct fpu_state *state) {
  owner = state;
  if (memory_has_sse()) memory_set_sse(state == NULL ? SSE_FREE : SSE_TAKEN);
}

/* A STATE that owns the unit has its registers there already. */
void fpu_open(struct fpu_state *state) {
  cpu_clear_ts();
  if (owner != state) {
    if (owner != NULL) save(owner);
    load(state);
    set_owner(state);
  }
  fpu_is_open = true;
}

/* The next use raises an exception.  The registers stay. */
void fpu_close(void) {
  cpu_write_cr0(cpu_read_cr0() | CR0_TS);
  fpu_is_open = false;
}

/* Without an owner nobody may use the unit. */
void fpu_forget(struct fpu_state *state) {
  if (owner != state) return;
  set_owner(NULL);
  fpu_close();
}

/* SOURCE gets its registers back when it uses them next. */
void fpu_copy(struct fpu_state *copy, struct fpu_state *source) {
  if (owner == source) {
    cpu_clear_ts();
    save(source);
    fpu_forget(source);
  }
  memcpy(copy, source, sizeof *copy);
}
