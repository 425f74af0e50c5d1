/* TEST: free, ps, pmap, vmstat and top print what /proc tells, in a pool of 32 frames; -h explains each, and arguments
         that make no sense end them with status 1.
   PUT: free ps pmap vmstat top
   POOL: 32
   OUTPUT: ^Mem: +[\d,]+ +[\d,]+ +[\d,]+ +[\d,]+ +[\d,]+ +[\d,]+$
   OUTPUT: ^Swap: +4,096 +[\d,]+ +[\d,]+$
   OUTPUT: ^ +1 +0 +(runs|sleeps) +\d+ +\d+ +\d+ +\d+:\d\d\.\d\d +(-|child) +programs-proc$
   OUTPUT: ^ +\d+ +1 +runs +\d+ +\d+ +\d+ +\d+:\d\d\.\d\d +- +ps$
   OUTPUT: ^08048000 +\d+ +\d+ +\d+ +\d+ +\d+ r-xp +/programs-proc$
   OUTPUT: ^[0-9a-f]{8} +64 +\d+ +\d+ +\d+ +\d+ rw-p +\[ anon \]$
   OUTPUT: ^[0-9a-f]+000 +\d+ +\d+ +\d+ +\d+ +\d+ rw-p +\[stack\]$
   OUTPUT: ^total +\d+ +\d+ +\d+ +\d+ +\d+ +$
   OUTPUT: ^ *\d+ +\d+ +\d+ +\d+ +\d+ +\d+ +\d+ +\d+ +\d+ +\d+ +\d+ +\d+ +\d+ +\d+ +\d+$
   OUTPUT: ^ +32 quire_frames$
   OUTPUT: ^top: 2 processes, \d+ runs?, up \d+\.\d\d s
   OUTPUT: ^ +\d+ R +\d+ +\d+ +\d+ +\d+ +\d+:\d\d\.\d\d +top$
   OUTPUT: ^pmap: 99999: there is no such process; `ps' lists all$
   ALLOW: ^(KiB|address|procs|usage| +r +b| +PID| +\d| +vmstat|[0-9a-f]{8} |[A-Z]|[a-z]).* */
#include <stdio.h>
#include "tests/guest/lib/memory.h"

#define PAGES 16

/* Runs each, well and not. */
void test_main(void) {
  static const char *const programs[] = {"free", "ps", "pmap", "vmstat", "top"};
  fill_pages(map_anonymous(PAGES), PAGES, 1);
  CHECK(run("free") == 0 && run("ps") == 0 && run("pmap %d", getpid()) == 0, "once");
  CHECK(run("vmstat 1 2") == 0 && run("vmstat -s") == 0 && run("top -n 2 -d 1") == 0, "again");
  for (unsigned i = 0; i < 5; i++) {
    CHECK(run("%s -h", programs[i]) == 0 && run("%s -x", programs[i]) == 1, "%s", programs[i]);
    CHECK(run("%s 1 2 3", programs[i]) == 1, "%s", programs[i]);
  }
  CHECK(run("pmap") == 1 && run("pmap 99999") == 1 && run("pmap ../meminfo") == 1, "pmap");
  CHECK(run("vmstat 0") == 1 && run("vmstat 1 0") == 1 && run("vmstat 1x") == 1, "vmstat");
  CHECK(run("top -n") == 1 && run("top -n 0") == 1 && run("top -d x") == 1, "top");
}
