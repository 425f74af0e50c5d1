/* TEST: A new program's registers and fresh memory show nothing of the kernel or of others: zero
         pages are zero, and segment registers are the user's. */
#include "tests/guest/lib/test.h"

static char zeroes[64 * TEST_PAGE_SIZE];

/* Looks at bss, at the untouched stack, and at the segment registers. */
void test_main(void) {
  uint32_t cs, ds, es, ss, flags;
  __asm__("movl %%cs, %0\n movl %%ds, %1\n movl %%es, %2\n movl %%ss, %3\n pushfl\n popl %4"
          : "=r"(cs), "=r"(ds), "=r"(es), "=r"(ss), "=r"(flags));
  CHECK((cs & 3) == 3 && (ss & 3) == 3, "ring of cs %x, ss %x", (unsigned)cs, (unsigned)ss);
  CHECK(ds == ss && es == ss, "ds %x, es %x, ss %x", (unsigned)ds, (unsigned)es, (unsigned)ss);
  CHECK((flags & 0x3000) == 0, "no I/O privilege, flags %x", (unsigned)flags);
  CHECK((flags & 0x200) != 0, "interrupts are on, flags %x", (unsigned)flags);
  CHECK((flags & 0x400) == 0, "string direction is upwards, flags %x", (unsigned)flags);
  for (unsigned i = 0; i < sizeof zeroes; i++) CHECK(zeroes[i] == 0, "byte %u of bss", i);
}
