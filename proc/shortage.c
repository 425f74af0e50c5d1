/* Who ends when there is no memory. */
#include "proc/shortage.h"

struct shortage shortage;

/* The first takes it upon itself.  Others wait for its end. */
bool shortage_must_die(int error) {
  preempt_disable();
  bool alone = shortage.process == NULL;
  if (alone)
    shortage = (struct shortage){process_current(), error};
  else
    channel_sleep(&shortage, "a process that ends for want of memory");
  preempt_enable();
  return alone;
}

/* Wakes all who wait for the end of PROCESS. */
void shortage_end(const struct process *process) {
  preempt_disable();
  if (shortage.process == process) {
    shortage.process = NULL;
    channel_wake(&shortage);
  }
  preempt_enable();
}
