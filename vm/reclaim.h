/* Reclaim: makes frames free, by sending the pages home that the policy proposes.

   A page is taken out of every pmap, and only then its dirty bit is looked at.  All functions: VM
   lock. */
#ifndef VM_RECLAIM_H
#define VM_RECLAIM_H

#include <stdbool.h>

/* Frees at least one frame.  VM lock on entry and on return, may be given up meanwhile; then it may sleep.  VM_OK, or
   VM_ENOFRAME if nothing can go now. */
int reclaim_frames(void);

/* The last resort before somebody dies for want of a frame: frees one whose page could not be written
   to its file.  That is tried once more; if it fails, the page is given up and its store is `lost'.
   Whether there was one.  VM lock on entry and on return, given up meanwhile.  May sleep. */
bool reclaim_unwritten(void);

/* Frees the policy's next victim if it is clean; whether it was.  VM lock, kept.  Does not sleep. */
bool reclaim_clean_frame(void);

#endif
