/* TEST: fork copies no page: of a process with 4 MiB resident the child takes but a few frames; it
         reads without a fault, and what neither writes is never copied.
   MEM: 8
   SWAP: 0 */
#include "tests/guest/lib/memory.h"

#define PAGES 1024

/* Reads all pages, writes four. */
static int child(char *memory) {
  struct vm_info before = figures_all();
  CHECK(before.faults_cow <= 4, "%u pages copied at once", before.faults_cow);
  check_pages(memory, PAGES, 1);
  struct vm_info read = figures_all();
  CHECK(read.faults_cow <= before.faults_cow + 2, "reading must not copy");
  CHECK(read.faults <= before.faults + 8, "reading %u pages took %u faults", PAGES,
        read.faults - before.faults);
  for (unsigned i = 0; i < 4; i++) page_fill(PAGE_AT(memory, i * 100), i, 2);
  unsigned copies = figures_all().faults_cow - read.faults_cow;
  CHECK(copies >= 4 && copies <= 6, "writing to 4 pages copied %u", copies);
  return 6;
}

/* Memory for two such processes is not there. */
void test_main(void) {
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  CHECK(figures_all().frames_free < PAGES - 100, "this test needs memory to be short");
  unsigned before = figures_all().frames_free;
  pid_t pid = start_child(child, memory);
  CHECK(before - figures_all().frames_free < 40, "fork took %u frames",
        before - figures_all().frames_free);
  CHECK_IS(wait(pid), 6);
  check_pages(memory, PAGES, 1);
}
