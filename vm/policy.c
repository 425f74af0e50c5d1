/* The policies there are. */
#include "vm/policy.h"
#include "lib/round.h"
#include "lib/string.h"

/* The first is the default. */
static const struct policy *const policies[] = {&policy_duo,     &policy_clock,  &policy_fifo,
                                                &policy_aging,   &policy_gclock, &policy_clock2q,
                                                &policy_clockpro};

/* Policy NUMBER, or NULL. */
const struct policy *policy_number(unsigned number) {
  return number < ARRAY_SIZE(policies) ? policies[number] : NULL;
}

/* The policy called NAME (NULL: the default), or NULL if there is none of that name. */
const struct policy *policy_lookup(const char *name) {
  if (name == NULL) return policies[0];
  for (unsigned i = 0; i < ARRAY_SIZE(policies); i++)
    if (strcmp(policies[i]->name, name) == 0) return policies[i];
  return NULL;
}
