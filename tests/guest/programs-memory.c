/* TEST: sort, linear, pagewalk, vmstat, nothing and true do their work in a pool of 32 frames, and
         refuse arguments that make no sense with status 1.
   PUT: sort linear pagewalk vmstat nothing true
   POOL: 32
   OUTPUT: ^check +in order, sum and parity as before$
   OUTPUT: ^ +swap, written +[\d,]+ +[\d,]+ +\d+\.\d$
   OUTPUT: ^linear: 3 passes over 100 pages in \d+ ms$
   OUTPUT: ^pagewalk: 500 touches of 100 pages in \d+ ms$
   OUTPUT: ^ r +b +used +free +cache
   OUTPUT: ^ +32 quire_frames$
   OUTPUT: ^nothing to do$
   ALLOW: ^( |sort|fill|file|dirty|page|trans|evic|time|usage|linear|procs|The|si,).*
   ABSENT: WRONG */
#include "tests/guest/lib/test.h"

/* Runs each. */
void test_main(void) {
  CHECK(run("sort 1M") == 0 && run("sort 300k 99") == 0 && run("sort 1") == 0, "sort");
  CHECK(run("sort 65M") == 1 && run("sort 0") == 1 && run("sort -1") == 1, "sizes out of range");
  CHECK(run("sort 4X") == 1 && run("sort 4M 1 2") == 1, "no sizes at all");
  CHECK(run("linear 100 3") == 0 && run("linear") == 1 && run("linear 99999") == 1, "linear");
  CHECK(run("pagewalk 100 500 3") == 0 && run("pagewalk 0") == 1, "pagewalk");
  CHECK(run("vmstat") == 0 && run("vmstat -s") == 0 && run("vmstat 0") == 1 &&
            run("nothing") == 0 && run("true") == 0,
        "the others");
}
