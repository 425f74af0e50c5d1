/* Shortens a plan that fails to a short one that still does. */
#ifndef TESTS_SOAK_SHRINK_H
#define TESTS_SOAK_SHRINK_H

#include "tests/soak/plan.h"

/* How playing a plan in a process of its own ended. */
struct verdict {
  bool failed;
  char words[2000]; /* What it said; its beginning. */
};

/* Plays PLAN in a process of its own. */
struct verdict try_plan(const struct plan *plan);
/* Leaves out of PLAN, which fails as VERDICT says, what it fails without.  Takes at most about SECONDS. */
void shrink(struct plan *plan, const struct verdict *verdict, unsigned seconds);

#endif
