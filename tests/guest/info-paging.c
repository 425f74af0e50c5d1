/* TEST: vm_info fills in as many bytes as asked, never more, and its figures fit together. */
#include <string.h>
#include <vm_info.h>
#include "tests/guest/lib/test.h"

static volatile char touched[10 * TEST_PAGE_SIZE] __attribute__((aligned(TEST_PAGE_SIZE)));

/* Before and after touching ten pages. */
void test_main(void) {
  struct vm_info before, after;
  char bytes[sizeof before + 64];
  memset(bytes, 0x5a, sizeof bytes);
  CHECK(vm_info((struct vm_info *)bytes, 8) == 8, "8 bytes");
  for (unsigned i = 8; i < sizeof bytes; i++) CHECK(bytes[i] == 0x5a, "byte %u", i);
  CHECK(vm_info((struct vm_info *)bytes, 0) == 0, "no bytes");
  CHECK(vm_info((struct vm_info *)bytes, sizeof bytes) == sizeof before, "all there is");
  for (unsigned i = sizeof before; i < sizeof bytes; i++) CHECK(bytes[i] == 0x5a, "byte %u", i);
  vm_info(&before, sizeof before);
  for (unsigned i = 0; i < 10; i++) touched[i * TEST_PAGE_SIZE] = 1;
  vm_info(&after, sizeof after);
  CHECK(after.faults - before.faults == 10, "%u faults", (unsigned)(after.faults - before.faults));
  CHECK(after.faults_zero - before.faults_zero == 10, "all for fresh pages");
  CHECK(after.resident - before.resident == 10, "all resident");
  CHECK(before.frames_free - after.frames_free == 10, "ten frames");
  CHECK(after.frames_free < after.frames_total && after.slots_used <= after.slots_total, "totals");
}
