/* TEST: A process maps, touches and unmaps a page at 600 places, none near another: an empty page table is
   given back, so all of it takes no memory of the kernel, also when eviction empties the table.
   SWAP: 4 */
#include "tests/guest/lib/memory.h"
#include <vm_info.h>

#define PLACES   600
#define DISTANCE 0x400000u /* What one page table spans. */
#define SLACK    8         /* Pages of the kernel for this and that. */

/* Pages of the kernel in use. */
static unsigned kernel_pages(void) {
  struct vm_info info;
  vm_info(&info, sizeof info);
  return (unsigned)(info.kernel_pages_total - info.kernel_pages_free + info.frames_kernel);
}

/* Maps the page at place I and touches it. */
static char *touch(unsigned i) {
  char *page =
      vm_map((char *)0x10000000 + i * DISTANCE, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);
  CHECK(!vm_is_error(page), "map %u: %d", i, (int)page);
  *page = 1;
  return page;
}

void test_main(void) {
  unsigned before = kernel_pages();
  for (unsigned i = 0; i < PLACES; i++) CHECK_IS(vm_unmap(touch(i), PAGE), VM_OK);
  unsigned after = kernel_pages();
  CHECK(after <= before + SLACK, "%u pages of the kernel in use, %u before", after, before);
}
