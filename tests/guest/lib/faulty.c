/* Beginning and end of the faults. */
#include "tests/guest/lib/faulty.h"
#include <vm.h>
#include "tests/guest/lib/test.h"

/* Tells the host WHAT happens and waits until it answers by a line. */
static void ask(const char *what) {
  char line[8];
  msg("%s", what);
  CHECK(read(0, line, sizeof line) > 0, "no answer to `%s'", what);
}

/* Lets the faults begin.  What the sync writes comes before them. */
void faults_begin(void) {
  int fd = must_open("known");
  CHECK(fsync(fd) == VM_OK, "a sync before any fault");
  close(fd);
  ask("faults begin");
}

/* Ends them. */
void faults_end(void) {
  ask("faults end");
}
