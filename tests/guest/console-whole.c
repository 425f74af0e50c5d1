/* TEST: One write to the console up to a few hundred bytes is never mixed with that of others.
   PUT: child-chatter
   OUTPUT: ^\(a{300}\)$
   OUTPUT: ^\(d{300}\)$
   ABSENT: \((a{2,}[^a)]|b{2,}[^b)]|c{2,}[^c)]|d{2,}[^d)]) */
#include "tests/guest/lib/test.h"

/* Four that print at once. */
void test_main(void) {
  pid_t pids[4];
  for (int i = 0; i < 4; i++) pids[i] = spawn("child-chatter %c", 'a' + i);
  for (int i = 0; i < 4; i++) CHECK(wait(pids[i]) == 0, "child %d", i);
}
