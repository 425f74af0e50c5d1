/* Long walks under the VM lock: in steps, so that nobody is kept out for longer than a few entries take.

   A walk knows where it stands by a number (a virtual page, an index of a store, a frame), never by a
   pointer, and says walk_step() after each entry that it has visited.  Every WALK_STEP entries the VM lock is
   given up for a moment.  So what lies behind may change before the walk is over: who relies on all of it at
   once first sees to it that nothing there changes back. */
#ifndef VM_WALK_H
#define VM_WALK_H

#include "vm/port.h"

#define WALK_STEP 64 /* Entries visited in one hold of the VM lock, at most. */

struct walk {
  unsigned visited;
};

/* One more entry of WALK was visited.  VM lock, which may be given up and taken again; pointers that it guards
   are void afterwards.  May let others run. */
static inline void walk_step(struct walk *walk) {
  if (++walk->visited % WALK_STEP != 0) return;
  port_vm_unlock();
  port_vm_lock();
}

#endif
