/* Reclaim: makes frames free by sending pages home.

   The policy proposes a frame; its page is taken out of every pmap, then its dirty bit is sampled;
   clean pages just go, dirty ones are written home in clusters.  Reclaim allocates no memory and
   waits for no lock that a faulting thread can hold.  VM lock. */
#ifndef VM_RECLAIM_H
#define VM_RECLAIM_H

#include <stdbool.h>
#include "vm/policy.h"
#include "vm/types.h"

/* Chooses the policy and sizes clusters and reserve to FRAMES; false if there is no memory. */
bool reclaim_init(const struct policy *policy, frameno_t frames);
const struct policy *reclaim_policy(void);

/* Frees at least one frame: VM_OK.  VM_ENOFRAME if nothing can go now.  May give the VM lock up. */
int reclaim_frames(void);

/* The last resort before somebody dies for want of a frame: frees one whose page could not be written
   to its file.  That is tried once more; if it fails, the page is given up and its store is `lost'.
   Whether there was one.  May give the VM lock up. */
bool reclaim_unwritten(void);

/* Frees the policy's next victim if it is clean; whether it was.  Keeps the VM lock. */
bool reclaim_clean_frame(void);

/* The pageout thread: keeps a reserve of free frames, never returns.  Called without the lock. */
void reclaim_thread(void *unused);
/* Whether the pool is large enough for a reserve. */
bool reclaim_wants_thread(void);
/* Tells the pageout thread that FREE frames are left. */
void reclaim_wake_if_low(frameno_t free);

#endif
