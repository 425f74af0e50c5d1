/* A policy whose decisions are recorded: it stands before another one while everything is recorded, so that the
   others, and the frames, need not know. */
#ifndef VM_EVENT_POLICY_H
#define VM_EVENT_POLICY_H

#include "vm/policy.h"

/* POLICY with its decisions recorded.  There is one at a time. */
const struct policy *event_policy(const struct policy *policy);

#endif
