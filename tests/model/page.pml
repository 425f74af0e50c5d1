/* Page state, fault, eviction, fork and exit as a model, which spin searches through all interleavings:
   `make model`, or tests/model/run.

   It follows the files of vm/ that its parts name, function by function, and has their names.  Processes
   touch any of their pages, fork and end, as often and as long as they like; a dead one's place goes to the
   next child.  Every frame that may leave may be the policy's victim.  Disks take any time, and with FAIL
   fail whenever they like.  One bit stands for the content of a page.

   An `atomic' is what happens under the VM lock, which on one processor is "no preemption": it is left only
   where the code gives the lock up, in port_wait() and unlocked().

   Properties, by the names that pan prints:

     S0  the code's own assertions hold, and what vm_check() says of pages and frames
     S1  a present entry's frame holds that page, which is RESIDENT and not in I/O
     S2  a read returns the last write; a frame or slot that was given up never shows again
     S3  a slot has one holder, and is freed once
     S4  nothing is left when all have ended
     S5  nobody waits for ever while nothing else happens: no deadlock (pan: "invalid end state")
     S6  a private page that can be written to through an entry has no other
     S7  a fault is refused a frame only when swap is full, or the pool is too small for a copy
     S8  a sync that succeeds leaves in the file what was written before it
     S9  what is written through a mapping below the file's end has blocks, so that it is not lost with the frame

   Bounds, all by -D: PROCS address spaces, VPNS pages in each, FRAMES, SLOTS; SHARED makes the last page of
   each a shared mapping of one page of a file, PAGEOUT adds the pageout thread, FAIL lets disks fail, KEEP lets
   pages that are read back keep their slots (-swap-keep).  GROWS
   has the file end amid its page, without blocks, and lets any process grow it to the page's end, once.
   -DPLANT_NAME plants an error; tests/model/run knows which property finds each.

   Where model and code differ:

   - The page of zeroes is left out: a first read makes a page.  A copy of page_zero is page_bring_in()
     of a new page, which is modelled; page_zero itself is in no frame of the pool and never leaves.
   - Clusters and read-ahead are left out, as in the code for pools below 16 and 8 frames.  What is sound for
     one page of a cluster need not be for several: not checked here, but by tests/soak/.
   - Pages that are partly file, partly zero (fill_partial), vm_lock(), frames lent to the kernel and
     -vm-stress are left out: not checked here.
   - supply_has_room() is left out: the code refuses a new page a frame, and a fork, as soon as too few pages
     could come and go, where the model still waits.  That is sooner, on the path by which the model refuses
     as well; in pools of 4 frames and more it may be before the last slot is taken, so S7 says less there.
   - The address space's lock is left out: an address space has one thread, and fork holds what only it knows.
   - fork and exit give the lock up after every entry instead of every 32: that allows more, not less.
   - An entry of the file's page stays when that leaves its frame; the code forgets it, and finds the page again.
   - Memory for pages, entries and page tables never runs out.
   - The lowest free frame and slot are taken, not the oldest or next: frames and slots are alike.
   - Only writes to page 0 change its content; by symmetry it may be any.  Others must read as zeroes, so that
     a page which got another's content still shows.
   - With GROWS the bit of the file's page is that of what was written last, in the part that was in the file last.
     It reaches the disk only if there are blocks up to there.  Blocks are never given back.
   - A transfer reads and writes its page at one moment between its begin and its end.
   - The file lives as long as any process.  The last purges its page, though it may be dirty when disks fail.
   - S7 is not asserted with FAIL: a slot or a read that failed may be the reason.
   - That a fault ends at last is not claimed here, but in turns.pml: turns are left out. */

/* Each part stands on those above it, as the files of vm/ do. */
#include "state.pml"
#include "properties.pml"
#include "port.pml"
#include "frames.pml"
#include "pages.pml"
#include "reclaim.pml"
#include "supply.pml"
#include "fault.pml"
#include "fork.pml"
#include "sync.pml"
#include "environment.pml"
