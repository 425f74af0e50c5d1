/* TEST: vm_resident says page by page what is in memory, for any range; errors, and a bad buffer
         kills.
   POOL: 48
   STRESS: counts what is in memory */
#include <string.h>
#include "tests/guest/lib/memory.h"

static uint8_t bits[4000];

/* Asks for one page into a bad buffer. */
static int ask_into(char *buffer) {
  return vm_resident((void *)((uintptr_t)bits & ~(PAGE - 1)), PAGE, (uint8_t *)buffer);
}

/* Touched pages are resident, others are not. */
void test_main(void) {
  char *memory = map_anonymous(1000);
  memset(bits, 0xee, sizeof bits);
  CHECK_IS(vm_resident(memory, 1000 * PAGE, bits), VM_OK);
  for (unsigned i = 0; i < 1000; i++) CHECK(bits[i] == 0, "page %u before it is touched", i);
  CHECK(bits[1000] == 0xee, "no more than was asked for");
  for (unsigned i = 0; i < 20; i++) page_fill(PAGE_AT(memory, i * 50), i, 1);
  CHECK_IS(vm_resident(memory, 999 * PAGE + 1, bits), VM_OK);
  for (unsigned i = 0; i < 1000; i++) CHECK(bits[i] == (i % 50 == 0), "page %u", i);
  push_out();
  CHECK_IS(vm_resident(memory, 1000 * PAGE, bits), VM_OK);
  for (unsigned i = 0; i < 1000; i++) CHECK(bits[i] == 0, "page %u when it is away", i);
  CHECK(page_verify(PAGE_AT(memory, 950), 19, 1), "its content");
  CHECK_IS(vm_resident(PAGE_AT(memory, 950), 1, bits), VM_OK);
  CHECK_IS(bits[0], 1);
  CHECK_IS(vm_resident(memory + 1, PAGE, bits), VM_ERANGE);
  CHECK_IS(vm_resident(memory, 0, bits), VM_ERANGE);
  CHECK_IS(vm_resident(USER_END, PAGE, bits), VM_ERANGE);
  CHECK_IS(vm_resident((void *)0xfffff000, 3 * PAGE, bits), VM_ERANGE);
  CHECK_IS(vm_resident(PLACE, PAGE, bits), VM_ENOMAP);
  CHECK_IS(vm_resident(memory, 1001 * PAGE, bits), VM_ENOMAP);
  must_die(ask_into, NULL, "a null buffer");
  must_die(ask_into, PLACE, "an unmapped buffer");
  must_die(ask_into, USER_END, "a buffer in the kernel");
  must_die(ask_into, (char *)(uintptr_t)test_main, "a buffer in code");
}
