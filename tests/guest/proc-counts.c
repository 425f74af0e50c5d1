/* TEST: Reports count what a program did: its pages by where they are and whose, its faults, what is locked, shared, in
         swap; smaps adds up to status, and the system's to the frame table.
   POOL: 96
   STRESS: pages that leave at every chance are counted as away */
#include <report.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES 16
#define KB    4 /* Of a page. */

/* The number behind NAME in report PATH. */
static unsigned value(const char *path, const char *name) {
  char *text = report_read(path);
  CHECK(text != NULL, "%s", path);
  CHECK(report_find(text, name) != NULL, "%s has no %s", path, name);
  unsigned result = report_number(text, name);
  free(text);
  return result;
}

/* The sum of the numbers behind NAME in own smaps. */
static unsigned sum(const char *name) {
  char *text = report_read("/proc/self/smaps");
  CHECK(text != NULL, "smaps");
  unsigned result = 0;
  for (const char *line = text; line != NULL; line = report_next_line(line))
    if (strncmp(line, name, strlen(name)) == 0) result += report_number(line, name);
  free(text);
  return result;
}

/* What was counted before, and must have grown by COUNT, give or take what asking itself did. */
static unsigned before;
#define STATUS(NAME) value("/proc/self/status", NAME)
#define START(CALL)  (before = (CALL))
#define GREW(CALL, COUNT, SLACK)                                                                   \
  do {                                                                                             \
    int by = (int)((CALL)-before);                                                                 \
    CHECK(by >= (COUNT) - (SLACK) && by <= (COUNT) + (SLACK), "%s grew by %d, not by %d", #CALL,   \
          by, (int)(COUNT));                                                                       \
  } while (0)

/* Private pages, read and then written. */
static char *check_private(void) {
  char *memory = map_anonymous(PAGES);
  START(STATUS("RssAnon:"));
  for (unsigned i = 0; i < PAGES; i++) CHECK_IS(memory[i * PAGE], 0);
  GREW(STATUS("RssAnon:"), 0, 8); /* One frame of zeroes stands for all. */
  START(STATUS("RssAnon:"));
  fill_pages(memory, PAGES, 1);
  GREW(STATUS("RssAnon:"), PAGES * KB, 8);
  START(STATUS("VmSize:"));
  char *more = map_anonymous(PAGES);
  GREW(STATUS("VmSize:"), PAGES * KB, 0);
  CHECK_IS(vm_unmap(more, PAGES * PAGE), VM_OK);
  return memory;
}

/* Pages of a file, and shared ones without a file. */
static void check_shared(void) {
  make_file("file", PAGES * PAGE, 1);
  int id = map_file("file", PLACE);
  START(STATUS("RssFile:"));
  unsigned mapped = value("/proc/meminfo", "Mapped:");
  CHECK(pattern_is(PLACE, PAGES * PAGE, 0, 1), "content");
  GREW(STATUS("RssFile:"), PAGES * KB, 8);
  START(mapped);
  GREW(value("/proc/meminfo", "Mapped:"), PAGES * KB, 12);
  CHECK_IS(vm_sync(PLACE, PAGES * PAGE), VM_OK);
  START(value("/proc/meminfo", "Dirty:"));
  memset(PLACE, 1, PAGES * PAGE);
  GREW(value("/proc/meminfo", "Dirty:"), PAGES * KB, 8);
  munmap(id);
  char *memory = map_shared(PAGES);
  START(value("/proc/vmstat", "nr_shmem"));
  fill_pages(memory, PAGES, 1);
  /* A report that is open has a page of that kind. */
  GREW(value("/proc/vmstat", "nr_shmem"), PAGES, 1);
  CHECK_IS(STATUS("RssShmem:"), PAGES * KB);
  CHECK_IS(vm_unmap(memory, PAGES * PAGE), VM_OK);
}

/* Counts in a child that has all of its parent's pages at first. */
static int count_shared(char *memory) {
  check_pages(memory, PAGES, 1);
  CHECK_IS(STATUS("Pid:"), getpid());
  CHECK(sum("Shared_Dirty:") >= PAGES * KB, "shared: %u kB", sum("Shared_Dirty:"));
  unsigned whole = sum("Rss:"), share = sum("Pss:");
  CHECK(share + PAGES * KB / 2 <= whole, "a share of %u in %u kB", share, whole);
  START(sum("Private_Dirty:"));
  fill_pages(memory, PAGES, 2);
  GREW(sum("Private_Dirty:"), PAGES * KB, 12);
  return 5;
}

/* Locked pages, and those in swap. */
static void check_places(char *memory) {
  CHECK_IS(vm_lock(memory, PAGES * PAGE), VM_OK);
  CHECK_IS(STATUS("VmLck:"), PAGES * KB);
  CHECK_IS(sum("Locked:"), PAGES * KB);
  CHECK_IS(value("/proc/meminfo", "Mlocked:"), PAGES * KB);
  CHECK_IS(vm_unlock(memory, PAGES * PAGE), VM_OK);
  START(value("/proc/vmstat", "pswpout"));
  push_out();
  CHECK(STATUS("VmSwap:") >= PAGES * KB, "in swap: %u kB", STATUS("VmSwap:"));
  CHECK(value("/proc/vmstat", "pswpout") - before >= PAGES, "written");
  CHECK_IS(sum("Swap:"), sum("SwapPss:"));
  START(value("/proc/vmstat", "pgmajfault"));
  CHECK_IS(vm_advise(memory, PAGES * PAGE, ADVICE_RANDOM), VM_OK);
  check_pages(memory, PAGES, 1);
  CHECK(value("/proc/vmstat", "pgmajfault") - before >= PAGES, "read back");
}

/* Every frame is somewhere, and what the calls tell is what stands there. */
static void check_system(void) {
  struct vm_info info = figures_all();
  char *text = report_read("/proc/vmstat");
  unsigned frames = report_number(text, "quire_frames");
  unsigned sum_of = report_number(text, "nr_free_pages") + report_number(text, "nr_anon_pages") +
                    report_number(text, "nr_file_pages") +
                    report_number(text, "quire_frames_kernel");
  CHECK(frames == info.frames_total && frames == sum_of, "%u frames, %u counted", frames, sum_of);
  CHECK(report_number(text, "pswpin") - info.swap_reads <= 8, "read from swap");
  CHECK(report_number(text, "pswpout") - info.swap_writes <= 16, "written to swap");
  CHECK(report_number(text, "pgsteal") - info.evictions_clean - info.evictions_dirty <= 16, "gone");
  free(text);
  CHECK_IS(value("/proc/meminfo", "SwapTotal:"), info.slots_total * KB);
  CHECK_IS(value("/proc/meminfo", "MemTotal:"), (info.frames_total + info.kernel_pages_total) * KB);
  CHECK_IS(value("/proc/policy", "frames"), info.frames_total);
}

/* What stands in one report is what stands in another. */
static void check_sums(void) {
  static char *const pairs[][2] = {
      {"Rss:", "VmRSS:"}, {"Size:", "VmSize:"}, {"Anonymous:", "RssAnon:"}};
  for (unsigned i = 0; i < 3; i++) {
    START(STATUS(pairs[i][1]));
    GREW(sum(pairs[i][0]), 0, 16);
  }
  START(sum("Rss:"));
  GREW(sum("Shared_Clean:") + sum("Shared_Dirty:") + sum("Private_Clean:") + sum("Private_Dirty:"),
       0, 32);
  unsigned faults = figures_all().faults;
  START(faults - figures_all().faults_error);
  char *text = report_read("/proc/self/stat");
  unsigned field = 1, minor = 0, major = 0;
  for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "), field++) {
    if (field == 1) CHECK_IS(atoi(word), getpid());
    if (field == 10) minor = (unsigned)atoi(word);
    if (field == 12) major = (unsigned)atoi(word);
  }
  CHECK_IS(field - 1, 52);
  GREW(minor + major, 0, 8);
  free(text);
}

/* One after the other. */
void test_main(void) {
  char *memory = check_private();
  check_shared();
  CHECK_IS(run_child(count_shared, memory), 5);
  check_system();
  check_sums();
  check_places(memory);
}
