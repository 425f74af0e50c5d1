/* Who ends when there is no memory. */
#include "proc/shortage.h"

struct shortage shortage;

/* The first takes it upon itself.  Others wait for its end, or try again if they had looked before another's. */
bool shortage_must_die(int error, uint32_t ends) {
  preempt_disable();
  bool alone = shortage.process == NULL && shortage.ends == ends;
  if (alone)
    shortage = (struct shortage){process_current(), error, ends};
  else if (shortage.process != NULL)
    channel_sleep(&shortage, "a process that ends for want of memory");
  preempt_enable();
  return alone;
}

/* Wakes all who wait for the end of PROCESS. */
void shortage_end(const struct process *process) {
  preempt_disable();
  if (shortage.process == process) {
    shortage.process = NULL;
    shortage.ends++;
    channel_wake(&shortage);
  }
  preempt_enable();
}
