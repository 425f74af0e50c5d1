/* HELPER: starts one program that waits for a slow disk and one that has all it needs in memory;
   the exit lines tell which was done first. */
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* The quick one runs once before, so that its pages are in memory. */
int main(void) {
  test_name = "vm-overlap";
  CHECK(RUN_CHILD("vm-worker 60 1 3") == 3, "the quick one runs");
  pid_t slow = exec("vm-sharer"), quick = exec("vm-worker 60 1 4");
  CHECK(slow != PID_ERROR && quick != PID_ERROR, "both start");
  CHECK(wait(slow) == 50 && wait(quick) == 4, "both end well");
  return 0;
}
