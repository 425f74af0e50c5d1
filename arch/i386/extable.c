/* The table of instructions that may fault on user memory. */
#include "arch/i386/usercopy.h"

/* One entry, as usercopy.S makes them. */
struct exception_entry {
  uint32_t eip;
  uint32_t go_on;
};

/* Set by the linker script. */
extern const struct exception_entry extable_start[];
extern const char extable_end[];

/* Three entries: a search through all is the fastest. */
bool usercopy_fixup(struct trap_frame *frame, int error) {
  const struct exception_entry *entry = extable_start;
  for (; (uintptr_t)entry < (uintptr_t)extable_end; entry++) {
    if (entry->eip == frame->eip) {
      frame->eip = entry->go_on;
      frame->eax = (uint32_t)error;
      return true;
    }
  }
  return false;
}
