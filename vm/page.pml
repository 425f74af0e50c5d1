/* Page state, fault, eviction, fork and exit as a model, which spin searches through all interleavings:
   `make model`, or tests/model/run.

   It follows page.c, frame.c, reclaim.c, swap.c, fault.c, fork.c and store.c function by function and has
   their names.  Processes touch any of their pages, fork and end, as often and as long as they like; a
   dead one's place goes to the next child.  Every frame that may leave may be the policy's victim.  Disks
   take any time, and with FAIL fail whenever they like.  One bit stands for the content of a page.

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
   each a shared mapping of one page of a file, PAGEOUT adds the pageout thread, FAIL lets disks fail.  GROWS
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
   - Memory for pages, entries and page tables never runs out.
   - The lowest free frame and slot are taken, not the oldest or next: frames and slots are alike.
   - Only writes to page 0 change its content; by symmetry it may be any.  Others must read as zeroes, so that
     a page which got another's content still shows.
   - With GROWS the bit of the file's page is that of what was written last, in the part that was in the file last.
     It reaches the disk only if there are blocks up to there.  Blocks are never given back.
   - A transfer reads and writes its page at one moment between its begin and its end.
   - The file lives as long as any process.  The last purges its page, though it may be dirty when disks fail.
   - S7 is not asserted with FAIL: a slot or a read that failed may be the reason.
   - That a fault ends at last is not claimed: two processes may take a frame from each other for ever. */

/* -- Bounds ----------------------------------------------------------------------------------- */

#ifndef PROCS
#define PROCS 2
#endif
#ifndef VPNS
#define VPNS 2
#endif
#ifndef FRAMES
#define FRAMES 2
#endif
#ifndef SLOTS
#define SLOTS 2
#endif
#ifndef PAGES
#define PAGES (PROCS * VPNS + 1)
#endif
#ifdef PAGEOUT
#define THREADS (PROCS + 1)
#else
#define THREADS PROCS
#endif

#define NONE    255
#define RUNS    0           /* The thread waits for nothing. */
#define OF(p)   ((p) + 1)   /* The channel of page P, */
#define TRANSIT (PAGES + 1) /* of frames in transit, */
#define RESERVE (PAGES + 2) /* of the pageout thread. */

/* The last page of an address space is a shared mapping of the file, the others are private. */
#ifdef SHARED
#define IS_SHARED(v) ((v) == VPNS - 1)
#else
#define IS_SHARED(v) false
#endif

/* The file's length, and what of it has blocks, in halves of its page. */
#ifdef GROWS
#define LENGTH         length
#define HAS_BLOCKS     (blocks >= length)
#define IS_IN_BLOCKS   (blocks >= length_written)
#else
#define LENGTH         1
#define HAS_BLOCKS     true
#define IS_IN_BLOCKS   true
#endif

mtype = { ABSENT, ARRIVING, RESIDENT, LEAVING };
mtype = { HOME_ZERO, HOME_FILE, HOME_SWAP };
mtype = { VM_OK, VM_RETRY, VM_EIO, VM_ENOFRAME };
mtype = { SUPPLY_WAIT, SUPPLY_RETRY };
mtype = { DEAD, MADE, ALIVE };
mtype = { IDLE, ZERO, COPY, SWAP_READ, SWAP_WRITE, FILE_READ, FILE_WRITE, FILE_SYNC, FILE_BLOCK };

/* Names that pan prints with a broken assertion; none is ever set. */
hidden byte S0_assertions_of_the_code, S1_present_is_resident, S2_read_is_last_write, S3_slot_has_one_holder,
    S4_nothing_is_left, S6_writer_is_alone, S7_frame_is_found, S8_synced_is_in_file, S9_written_has_blocks,
    BOUNDS_are_enough;

/* -- What the code keeps ---------------------------------------------------------------------- */

typedef page_t {
  bool live;
  mtype state = ABSENT;
  mtype home = HOME_ZERO;
  bool cached;
  bool syncing;
  bool dirty;
  bool unwritten;
  byte refs;
  byte frame = NONE;
  byte slot = NONE;
};
typedef frame_t {
  byte page = NONE; /* NONE: free. */
  byte pins;
};
typedef spte_t { /* With the entry of the pmap. */
  byte page = NONE; /* NONE: never touched. */
  bool mapped;
  bool writable;
  bool written; /* The processor's dirty bit. */
  byte frame = NONE;
  bit last; /* What was written last. */
};
typedef addrspace_t {
  mtype state = DEAD;
  spte_t spte[VPNS];
};
typedef transfer_t { /* What a thread waits for without the VM lock. */
  mtype what = IDLE;
  byte frame = NONE;
  byte other = NONE; /* The frame copied from, or the slot. */
  bool ok;
};

page_t page[PAGES];
frame_t frame[FRAMES];
bool taken[SLOTS], bad[SLOTS];
addrspace_t as[PROCS];
byte store_page = NONE; /* The cached page of the file. */
bool store_lost;
#ifdef GROWS
byte length = 1, blocks;
#endif
byte waiting[THREADS];
transfer_t transfer[THREADS];

/* -- What the model knows besides -------------------------------------------------------------- */

bit memory[FRAMES], slot_content[SLOTS], file_content; /* One bit for the content of a page. */
bit file_last;                                         /* What was written last to the file's page. */
#ifdef GROWS
byte length_written; /* The file's length when it was. */
#endif
byte writing_slot[THREADS] = NONE;                     /* Taken for a page that is being written. */
byte syncing[PROCS];                                   /* 1: syncs; 2: and somebody wrote since. */
byte processes = 1, running = 1;                       /* `running' counts the pageout thread too. */

/* Scratch, between no two states. */
hidden byte i, j, k, pages_found[PAGES], slots_found[SLOTS];
hidden byte in_transfer[FRAMES];

/* Asserts what must hold whenever nobody has the VM lock. */
inline check() {
  for (i : 0 .. FRAMES - 1) { in_transfer[i] = false }
  for (i : 0 .. SLOTS - 1) { slots_found[i] = 0 }
  for (i : 0 .. PAGES - 1) { pages_found[i] = 0 }
  for (i : 0 .. THREADS - 1) {
    if
    :: transfer[i].what == IDLE || transfer[i].what == FILE_SYNC
    :: transfer[i].what == FILE_BLOCK
    :: else -> in_transfer[transfer[i].frame] = true
    fi;
    if
    :: writing_slot[i] != NONE -> slots_found[writing_slot[i]]++
    :: else
    fi
  }
  for (i : 0 .. PROCS - 1) {
    for (j : 0 .. VPNS - 1) {
      if
      :: as[i].spte[j].page != NONE -> pages_found[as[i].spte[j].page]++
      :: else
      fi
    }
  }
  for (i : 0 .. PROCS - 1) {
    for (j : 0 .. VPNS - 1) {
      if
      :: as[i].spte[j].mapped ->
        k = as[i].spte[j].page;
        assert(S1_present_is_resident || page[k].state == RESIDENT);
        assert(S1_present_is_resident || page[k].frame == as[i].spte[j].frame);
        assert(S1_present_is_resident || frame[page[k].frame].page == k);
        assert(S1_present_is_resident || !in_transfer[page[k].frame]);
        assert(S6_writer_is_alone || !as[i].spte[j].writable || IS_SHARED(j) || pages_found[k] == 1);
        assert(S9_written_has_blocks || !as[i].spte[j].writable || !IS_SHARED(j) || HAS_BLOCKS)
      :: else
      fi
    }
  }
  for (i : 0 .. PAGES - 1) {
    assert(S0_assertions_of_the_code || page[i].refs >= pages_found[i]);
    if
    :: page[i].frame != NONE -> assert(S0_assertions_of_the_code || frame[page[i].frame].page == i)
    :: else -> assert(S0_assertions_of_the_code || page[i].state == ABSENT || page[i].state == ARRIVING)
    fi;
    if
    :: page[i].slot != NONE ->
      slots_found[page[i].slot]++;
      assert(S0_assertions_of_the_code || page[i].state == ABSENT || page[i].state == ARRIVING)
    :: else ->
      assert(S0_assertions_of_the_code || page[i].home != HOME_SWAP || page[i].dirty)
    fi
  }
  for (i : 0 .. FRAMES - 1) {
    assert(S0_assertions_of_the_code || frame[i].pins == 0 || page[frame[i].page].state == RESIDENT)
  }
  for (i : 0 .. SLOTS - 1) {
    assert(S3_slot_has_one_holder || slots_found[i] + bad[i] == taken[i])
  };
  i = 0
}

/* Asserts that all was given back; for the last thread that ends. */
inline check_nothing_left() {
  d_step {
    if
    :: running == 0 ->
      for (i : 0 .. PAGES - 1) { assert(S4_nothing_is_left || !page[i].live) }
      for (i : 0 .. FRAMES - 1) { assert(S4_nothing_is_left || frame[i].page == NONE) }
      for (i : 0 .. SLOTS - 1) { assert(S4_nothing_is_left || !taken[i] || bad[i]) }
    :: else
    fi;
    i = 0
  }
}

/* -- The port --------------------------------------------------------------------------------- */

inline port_wait(channel) {
  printf("%d waits on channel %d\n", me, channel);
  waiting[me] = channel;
  waiting[me] == RUNS
}

inline port_wake(channel) {
  d_step {
    for (i : 0 .. THREADS - 1) {
      waiting[i] = (waiting[i] == channel -> RUNS : waiting[i])
    };
    i = 0
  }
}

/* WHAT is done without the VM lock, by device() below; whether it was is in transfer[me].ok. */
inline unlocked(operation, p, o) {
  transfer[me].frame = page[p].frame;
  transfer[me].other = o;
  transfer[me].what = operation;
  printf("%d: %e, page %d, frame %d, %d\n", me, operation, p, transfer[me].frame, o);
  transfer[me].what == IDLE
}

/* The hit of a processor: whether V can be accessed, with WRITE, as the pmap stands. */
#define hits(v, write) (as[me].spte[v].mapped && (!(write) || as[me].spte[v].writable))

inline access_memory(v, write) {
  printf("%d accesses %d (write %d), frame %d\n", me, v, write, as[me].spte[v].frame);
  d_step {
    i = as[me].spte[v].frame;
    if
    :: write && IS_SHARED(v) ->
      assert(S9_written_has_blocks || HAS_BLOCKS);
#ifdef GROWS
      length_written = length;
#endif
      file_last = 1 - file_last;
      memory[i] = file_last;
      as[me].spte[v].written = true;
      for (j : 0 .. PROCS - 1) {
        syncing[j] = (syncing[j] == 1 -> 2 : syncing[j])
      }
    :: write && !IS_SHARED(v) ->
      as[me].spte[v].last = (v == 0 -> 1 - as[me].spte[v].last : 0);
      memory[i] = as[me].spte[v].last;
      as[me].spte[v].written = true
    :: !write && IS_SHARED(v) -> assert(S2_read_is_last_write || memory[i] == file_last)
    :: !write && !IS_SHARED(v) -> assert(S2_read_is_last_write || memory[i] == as[me].spte[v].last)
    fi;
    i = 0
  }
}

/* -- swap.c, frame.c: the parts that do not wait ------------------------------------------------ */

inline swap_alloc(s) {
  d_step {
    s = 0;
    do
    :: s < SLOTS && taken[s] -> s++
    :: else -> break
    od;
    if
    :: s < SLOTS -> taken[s] = true
    :: else -> s = NONE
    fi
  }
}

inline swap_free(s) {
  assert(S3_slot_has_one_holder || taken[s]);
  taken[s] = false
}

/* Page P is in no slot any more. */
inline page_free_slot(p) {
  assert(S3_slot_has_one_holder || taken[page[p].slot]);
  taken[page[p].slot] = false;
  slot_content[page[p].slot] = 1;
  page[p].slot = NONE
}

#ifdef PLANT_EVICT_PINNED
#define IS_PINNED(f) false
#else
#define IS_PINNED(f) (frame[f].pins > 0)
#endif
#define EVICTABLE(f) (frame[f].page != NONE && !IS_PINNED(f) && page[frame[f].page].state == RESIDENT)

/* The first free frame into F, or NONE. */
inline free_first(f) {
  d_step {
    f = 0;
    do
    :: f < FRAMES && frame[f].page != NONE -> f++
    :: else -> break
    od;
    f = (f == FRAMES -> NONE : f)
  }
}

/* How many frames or pins are in transit, into `found'. */
inline count_transit() {
  d_step {
    found = 0;
    for (i : 0 .. FRAMES - 1) {
      if
      :: frame[i].page != NONE -> found = found + (page[frame[i].page].state != RESIDENT) + frame[i].pins
      :: else
      fi
    };
    i = 0
  }
}

/* Page P's frame is free again. */
inline frame_free(p) {
  assert(S0_assertions_of_the_code || frame[page[p].frame].pins == 0);
  frame[page[p].frame].page = NONE;
  memory[page[p].frame] = 1; /* Content that nobody may see again. */
  page[p].frame = NONE;
  port_wake(TRANSIT)
}

inline frame_unpin(p) {
  assert(S0_assertions_of_the_code || frame[page[p].frame].pins > 0);
  frame[page[p].frame].pins--;
  if
  :: frame[page[p].frame].pins == 0 -> port_wake(TRANSIT)
  :: else
  fi
}

/* -- page.c, spt.c: the parts that do not wait ------------------------------------------------- */

inline page_create(p) {
  d_step {
    p = 0;
    do
    :: p < PAGES && page[p].live -> p++
    :: else -> break
    od;
    assert(BOUNDS_are_enough || p < PAGES);
    page[p].live = true;
    page[p].refs = 1
  }
}

inline page_destroy(p) {
  if
  :: page[p].cached -> store_page = NONE
  :: else
  fi;
  if
  :: page[p].frame != NONE -> frame_free(p)
  :: else
  fi;
  if
  :: page[p].slot != NONE ->
#ifdef PLANT_SLOT_FREED_TWICE
    slot = page[p].slot;
    swap_free(slot);
#endif
    page_free_slot(p)
  :: else
  fi;
  d_step {
    page[p].live = false;
    page[p].state = ABSENT;
    page[p].home = HOME_ZERO;
    page[p].cached = false;
    page[p].dirty = false;
    page[p].unwritten = false
  }
}

inline page_put(p) {
  assert(S0_assertions_of_the_code || page[p].refs > 0);
  page[p].refs--;
  if
  :: page[p].refs == 0 ->
    assert(S0_assertions_of_the_code || page[p].state == ABSENT || page[p].state == RESIDENT);
    if
    :: page[p].cached && page[p].frame != NONE
    :: else -> page_destroy(p)
    fi
  :: else
  fi
}

/* SPTE V leaves the pmap; what was written through it is noted. */
inline spte_unmap(a, v, old) {
  page[old].dirty = page[old].dirty || as[a].spte[v].written;
  as[a].spte[v].mapped = false;
  as[a].spte[v].writable = false;
  as[a].spte[v].written = false;
  as[a].spte[v].frame = NONE
}

inline page_collect_dirty(p, remove) {
  d_step {
    for (i : 0 .. PROCS - 1) {
      for (j : 0 .. VPNS - 1) {
        if
        :: as[i].spte[j].page == p && as[i].spte[j].mapped ->
          if
          :: remove -> spte_unmap(i, j, p)
          :: else ->
            page[p].dirty = page[p].dirty || as[i].spte[j].written;
            as[i].spte[j].written = false
          fi
        :: else
        fi
      }
    };
    i = 0
  }
}

/* Whether page P is dirty as far as is known without unmapping it, into `found'. */
inline policy_is_dirty(p) {
  d_step {
    found = page[p].dirty;
    for (i : 0 .. PROCS - 1) {
      for (j : 0 .. VPNS - 1) {
        found = found || (as[i].spte[j].page == p && as[i].spte[j].written)
      }
    };
    i = 0
  }
}

/* Whether one spte alone uses page P, into `found'. */
inline page_is_exclusive(p) {
  d_step {
    found = 0;
    for (i : 0 .. PROCS - 1) {
      for (j : 0 .. VPNS - 1) {
        found = found + (as[i].spte[j].page == p)
      }
    }
    found = (found == 1 && !page[p].cached)
  }
}

inline page_unpin(p) {
  frame_unpin(p);
  port_wake(OF(p))
}

inline page_arrived(p) {
  page[p].state = RESIDENT;
  printf("%d: page %d is RESIDENT\n", me, p);
#ifndef PLANT_SILENT_ARRIVAL
  port_wake(OF(p));
  port_wake(TRANSIT)
#endif
}

inline page_leave_frame(p) {
  printf("%d: page %d leaves frame %d\n", me, p, page[p].frame);
  page[p].state = ABSENT;
  page[p].dirty = false;
  page[p].unwritten = false;
  frame_free(p);
  port_wake(OF(p));
  page[p].refs++;
  page_put(p)
}

/* -- reclaim.c -------------------------------------------------------------------------------- */

inline reclaim_undo(p) {
  printf("%d: page %d stays\n", me, p);
  page[p].state = RESIDENT;
  page[p].dirty = true;
  port_wake(OF(p));
  port_wake(TRANSIT);
  page_put(p)
}

inline reclaim_done(p) {
#ifdef PLANT_LATE_UNMAP
  page_collect_dirty(p, true);
#endif
  page_leave_frame(p);
#ifndef PLANT_HOLD_KEPT
  page_put(p);
#endif
  freed = true
}

/* Page P, LEAVING, goes to a slot. */
inline swap_out(p) {
  swap_alloc(slot);
  tries = 0;
  do
  :: slot == NONE -> reclaim_undo(p); break
  :: else ->
    writing_slot[me] = slot;
    unlocked(SWAP_WRITE, p, slot);
    if
    :: transfer[me].ok ->
      writing_slot[me] = NONE;
      page[p].home = HOME_SWAP;
      page[p].slot = slot;
      reclaim_done(p);
      break
    :: !transfer[me].ok && tries == 0 -> tries++ /* As a cluster; now alone. */
    :: !transfer[me].ok && tries > 0 ->
      writing_slot[me] = NONE;
      bad[slot] = true;
      swap_alloc(slot);
      if
      :: tries == 3 && slot != NONE -> swap_free(slot); slot = NONE
      :: else
      fi;
      tries++
    fi
  od
}

/* Page P, LEAVING, goes to its file. */
inline file_out(p) {
  unlocked(FILE_WRITE, p, NONE);
  page[p].unwritten = !transfer[me].ok;
  if
  :: transfer[me].ok -> reclaim_done(p)
  :: else -> reclaim_undo(p)
  fi
}

#ifdef PLANT_EARLY_SAMPLE
/* Another processor writes to page P, if it may. */
inline written_elsewhere(p) {
  d_step {
    for (i : 0 .. PROCS - 1) {
      if
      :: as[i].spte[0].page == p && as[i].spte[0].writable ->
        as[i].spte[0].last = 1 - as[i].spte[0].last;
        memory[page[p].frame] = as[i].spte[0].last;
        as[i].spte[0].written = true
      :: else
      fi
    };
    i = 0
  }
}
#endif

/* Sends page P home. */
inline reclaim_page(p) {
  policy_is_dirty(p);
  swap_alloc(slot);
  if
  :: slot != NONE -> taken[slot] = false /* It was a look only. */
  :: else
  fi;
  if
  :: slot == NONE && !page[p].cached && found -> skip /* A dirty page that cannot go is left mapped. */
  :: page[p].unwritten
  :: else ->
#if defined(PLANT_LATE_UNMAP)
    page_collect_dirty(p, false);
#elif defined(PLANT_EARLY_SAMPLE)
    written_elsewhere(p);
    found = found || page[p].dirty;
    page_collect_dirty(p, true);
    page[p].dirty = found;
#else
    page_collect_dirty(p, true);
#endif
    if
    :: !page[p].dirty -> page_leave_frame(p); freed = true
    :: else ->
      page[p].state = LEAVING;
      page[p].refs++;
      if
      :: page[p].cached -> file_out(p)
      :: else -> swap_out(p)
      fi
    fi
  fi
}

/* Any policy: every evictable frame may be the victim. */
inline policy_victim(p) {
  if
  :: EVICTABLE(0) -> p = frame[0].page
#if FRAMES > 1
  :: EVICTABLE(1) -> p = frame[1].page
#endif
#if FRAMES > 2
  :: EVICTABLE(2) -> p = frame[2].page
#endif
#if FRAMES > 3
  :: EVICTABLE(3) -> p = frame[3].page
#endif
  :: else -> p = NONE
  fi
}

/* Whether a frame became free is in `freed'. */
inline reclaim_frames() {
  freed = false;
  chances = FRAMES;
  do
  :: freed || chances == 0 -> break
  :: else ->
    policy_victim(victim);
    if
    :: victim == NONE -> break
    :: else -> reclaim_page(victim); chances--
    fi
  od
}

/* Page P, the file's, goes although it could not be written. */
inline reclaim_unwritten(p) {
  p = store_page;
  if
  :: p != NONE && page[p].unwritten && page[p].state == RESIDENT && frame[page[p].frame].pins == 0 ->
    page_collect_dirty(p, true);
    page[p].state = LEAVING;
    page[p].refs++;
    unlocked(FILE_WRITE, p, NONE);
    store_lost = store_lost || !transfer[me].ok;
    reclaim_done(p)
  :: else
  fi
}

/* Asserts that nothing could go: swap is full, or the pool is the caller's own page. */
inline check_refusal(how) {
  d_step {
    k = 0;
    for (i : 0 .. SLOTS - 1) { k = k + !taken[i] };
    i = 0;
#ifndef FAIL
    assert(S7_frame_is_found || k == 0 || (FRAMES == 1 && how == SUPPLY_RETRY))
#endif
  }
}

/* -- frame.c: the parts that wait ------------------------------------------------------------- */

inline supply_frame(p, how) {
  error = VM_OK;
  do
  :: free_first(f);
    if
    :: f != NONE -> break
    :: else
    fi;
    reclaim_frames();
    free_first(f);
    if
    :: freed || f != NONE
    :: else ->
      count_transit();
      if
      :: found <= (how == SUPPLY_RETRY) ->
        reclaim_unwritten(victim);
        if
        :: freed
        :: else -> check_refusal(how); error = VM_ENOFRAME; break
        fi
      :: found > (how == SUPPLY_RETRY) && how == SUPPLY_RETRY -> error = VM_RETRY; break
#ifdef PLANT_REFUSED_EARLY
      :: found > (how == SUPPLY_RETRY) && how == SUPPLY_WAIT -> check_refusal(how); error = VM_ENOFRAME; break
#else
      :: found > (how == SUPPLY_RETRY) && how == SUPPLY_WAIT -> port_wait(TRANSIT)
#endif
      fi
    fi
  od;
  if
  :: error == VM_OK ->
    frame[f].page = p;
    page[p].frame = f;
#ifdef PAGEOUT
    port_wake(RESERVE)
#endif
  :: else
  fi
}

inline supply_wait() {
  free_first(f);
  count_transit();
  if
  :: f == NONE && found > 0 -> port_wait(TRANSIT)
  :: else
  fi
}

/* -- page.c: the parts that wait -------------------------------------------------------------- */

/* Lends page P a frame and fills it. */
inline page_fill(p) {
  if
  :: page[p].home == HOME_FILE && store_lost -> error = VM_EIO
  :: else -> supply_frame(p, SUPPLY_WAIT)
  fi;
  if
  :: error == VM_OK && page[p].home == HOME_SWAP ->
    slot = page[p].slot;
    unlocked(SWAP_READ, p, slot);
    if
    :: transfer[me].ok ->
#ifdef PLANT_SLOT_KEPT
      page[p].slot = NONE;
#else
      page_free_slot(p);
#endif
      page[p].dirty = true
    :: else -> error = VM_EIO
    fi
  :: error == VM_OK && page[p].home == HOME_FILE ->
    unlocked(FILE_READ, p, NONE);
    error = (transfer[me].ok -> VM_OK : VM_EIO)
  :: error == VM_OK && page[p].home == HOME_ZERO -> unlocked(ZERO, p, NONE)
  :: else
  fi
}

inline page_bring_in(p) {
  error = VM_OK;
  if
  :: page[p].state == RESIDENT
  :: page[p].state == ARRIVING || page[p].state == LEAVING -> port_wait(OF(p)); error = VM_RETRY
  :: page[p].state == ABSENT ->
    page[p].state = ARRIVING;
    page_fill(p);
    if
    :: error == VM_OK -> page_arrived(p)
    :: else ->
      page[p].state = ABSENT;
      if
      :: page[p].frame != NONE -> frame_free(p)
      :: else
      fi;
      port_wake(OF(p))
    fi
  fi
}

/* -- fault.c ---------------------------------------------------------------------------------- */

/* The page of spte V of the running process, made at the first touch, into P. */
inline find_page(v, p) {
  p = as[me].spte[v].page;
  if
  :: p == NONE && IS_SHARED(v) && store_page != NONE ->
    p = store_page;
    page[p].refs++;
    as[me].spte[v].page = p
  :: p == NONE && !(IS_SHARED(v) && store_page != NONE) ->
    page_create(p);
    as[me].spte[v].page = p;
    if
    :: IS_SHARED(v) -> page[p].home = HOME_FILE; page[p].cached = true; store_page = p
    :: else
    fi
  :: else
  fi
}

/* Gives spte V, which stands for SOURCE, a page of its own. */
inline copy_page(v, source) {
  page_create(copy);
  page[copy].state = ARRIVING;
  page[source].refs++;
#ifndef PLANT_SOURCE_UNPINNED
  frame[page[source].frame].pins++;
#endif
#ifdef PLANT_WAIT_PINNED
  supply_frame(copy, SUPPLY_WAIT);
#else
  supply_frame(copy, SUPPLY_RETRY);
#endif
  if
  :: error == VM_OK ->
    f = page[source].frame;
    assert(S0_assertions_of_the_code || f != NONE);
    unlocked(COPY, copy, f);
    page[copy].dirty = true;
    page[copy].home = HOME_SWAP
  :: else
  fi;
#ifndef PLANT_SOURCE_UNPINNED
  page_unpin(source);
#endif
  page_put(source);
  if
  :: error == VM_OK ->
    page_arrived(copy);
    spte_unmap(me, v, source);
    as[me].spte[v].page = copy;
    page[copy].refs++;
    page_put(source);
  :: else -> page[copy].state = ABSENT
  fi;
  page_put(copy);
  if
  :: error == VM_RETRY -> supply_wait()
  :: else
  fi
}

#ifdef PLANT_RESERVED_ONCE
#define IS_RESERVED (reserved > 0)
#else
#define IS_RESERVED (reserved >= LENGTH)
#endif

/* What the file has of its page gets blocks on disk before it is written to; again if the file grew meanwhile. */
inline reserve_block(p) {
  if
  :: IS_RESERVED
  :: else ->
    frame[page[p].frame].pins++;
    reserved = LENGTH;
    unlocked(FILE_BLOCK, p, reserved);
    page[p].dirty = page[p].dirty || transfer[me].ok;
    page_unpin(p);
    error = (transfer[me].ok -> VM_RETRY : VM_EIO)
  fi
}

inline enter(v) {
  printf("%d enters page %d at %d\n", me, as[me].spte[v].page, v);
  at = as[me].spte[v].page;
  page_is_exclusive(at);
  d_step {
    assert(S0_assertions_of_the_code || page[at].state == RESIDENT);
    if
#ifndef PLANT_DIRTY_FORGOTTEN
    :: as[me].spte[v].mapped && as[me].spte[v].frame == page[at].frame
#endif
    :: else -> as[me].spte[v].written = false
    fi;
    as[me].spte[v].mapped = true;
    as[me].spte[v].frame = page[at].frame;
    as[me].spte[v].writable = (IS_SHARED(v) -> write : found)
  }
}

/* One run through the steps of a fault at V; its result is in `error'. */
inline resolve(v) {
  printf("%d faults at %d (write %d)\n", me, v, write);
  find_page(v, at);
  page_bring_in(at);
  if
  :: error == VM_OK && write ->
    page_is_exclusive(at);
    if
    :: IS_SHARED(v) -> reserve_block(at)
    :: !IS_SHARED(v) && !found -> copy_page(v, at)
    :: else
    fi
  :: else
  fi;
  if
  :: error == VM_OK -> enter(v)
  :: else
  fi
}

/* -- Fork and exit ---------------------------------------------------------------------------- */

/* Gives address space CHILD what the running process has at V. */
inline spt_copy(v, child) {
  printf("%d gives %d its entry %d\n", me, child, v);
  d_step {
    at = as[me].spte[v].page;
    if
    :: at != NONE ->
#ifndef PLANT_FORK_WRITABLE
      as[me].spte[v].writable = as[me].spte[v].writable && IS_SHARED(v);
#endif
      as[child].spte[v].page = at;
      as[child].spte[v].last = as[me].spte[v].last;
      page[at].refs++
    :: else
    fi
  }
}

inline spt_clear(v) {
  printf("%d ends its entry %d\n", me, v);
  at = as[me].spte[v].page;
  if
  :: at != NONE ->
    spte_unmap(me, v, at);
    as[me].spte[v].page = NONE;
    as[me].spte[v].last = 0;
    page_put(at)
  :: else
  fi
}

#ifdef PLANT_SYNC_IN_PASSING
#define IS_SYNCING(p) false
#else
#define IS_SYNCING(p) page[p].syncing
#endif

/* Writes the file's page if it is dirty. */
inline store_sync() {
  syncing[me] = 1;
  error = VM_OK;
  do
  :: store_page == NONE -> break
  :: else ->
    at = store_page;
    if
    :: page[at].state == LEAVING || IS_SYNCING(at) -> port_wait(OF(at))
    :: page[at].state == ABSENT || page[at].state == ARRIVING -> break
    :: page[at].state == RESIDENT && !IS_SYNCING(at) ->
      policy_is_dirty(at);
      if
      :: found ->
        page_collect_dirty(at, false);
        page[at].dirty = false;
        page[at].syncing = true;
        page[at].refs++;
        frame[page[at].frame].pins++;
        unlocked(FILE_SYNC, at, NONE);
        error = (transfer[me].ok -> VM_OK : VM_EIO);
        page[at].unwritten = !transfer[me].ok;
        page[at].dirty = page[at].dirty || page[at].unwritten;
        page[at].syncing = false;
        page_unpin(at);
        page_put(at)
      :: else
      fi;
      break
    fi
  od;
  assert(S8_synced_is_in_file || error != VM_OK || syncing[me] == 2 || store_lost || file_content == file_last);
  syncing[me] = 0
}

#ifdef GROWS
/* The file gets the rest of its page, which nobody may write to before it has blocks. */
inline store_grow() {
  printf("%d grows the file\n", me);
  d_step {
#ifndef PLANT_GROWN_WRITABLE
    for (i : 0 .. PROCS - 1) { as[i].spte[VPNS - 1].writable = false };
    i = 0;
#endif
    length = 2
  }
}
#endif

/* Drops the file's page, unwritten. */
inline store_purge() {
  do
  :: store_page == NONE -> break
  :: else ->
    at = store_page;
    if
    :: page[at].state == ARRIVING || page[at].state == LEAVING -> port_wait(OF(at))
    :: page[at].state == RESIDENT && frame[page[at].frame].pins > 0 -> port_wait(OF(at))
    :: else ->
      assert(S0_assertions_of_the_code || page[at].refs == 0);
      page_destroy(at)
    fi
  od
}

/* -- Who runs --------------------------------------------------------------------------------- */

/* A process: does whatever it likes as long as it likes.  When it is dead its place may be taken by
   a child of another. */
active [PROCS] proctype process() {
  byte me = _pid, vpn, at, copy, victim, slot, f, child, tries, chances, found;
  byte reserved; /* Halves of the file's page, by this fault. */
  bool write, freed, retries;
  mtype error;

  if
  :: me == 0 -> as[0].state = ALIVE
  :: else
  fi;
end_dead:
  do
  :: atomic { as[me].state == ALIVE -> error = VM_OK };
    do
    /* Touches a page; what it faults on may be touched again, or not. */
    :: atomic {
        if
        :: retries
        :: !retries -> select(vpn : 0 .. VPNS - 1); select(write : 0 .. 1); reserved = 0
        fi;
        if
        :: hits(vpn, write) && !retries -> access_memory(vpn, write)
        :: else -> resolve(vpn)
        fi;
        retries = (error == VM_RETRY);
        at = 0; copy = 0; transfer[me].ok = false;
        victim = 0; slot = 0; f = 0; tries = 0; chances = 0; found = 0; freed = false;
        if
        :: !retries -> vpn = 0; write = false; reserved = 0
        :: else
        fi;
        if
        :: error == VM_EIO || error == VM_ENOFRAME -> break
        :: else -> error = VM_OK
        fi
       }
    /* Forks. */
    :: atomic {
        !retries && processes < PROCS ->
        child = 0;
        do
        :: as[child].state != DEAD -> child++
        :: else -> break
        od;
        as[child].state = MADE;
        processes++;
        running++
       };
      do
      :: atomic { vpn < VPNS -> spt_copy(vpn, child); at = 0; vpn++ }
      :: atomic { vpn == VPNS -> as[child].state = ALIVE; child = 0; vpn = 0; break }
      od
#ifdef GROWS
    /* Grows the file. */
    :: atomic { !retries && length == 1 -> store_grow() }
#endif
    /* Ends. */
    :: !retries -> break
    od;
    do
    :: atomic { vpn < VPNS -> spt_clear(vpn); at = 0; vpn++ }
    :: atomic { vpn == VPNS -> vpn = 0; break }
    od;
    atomic {
#ifdef SHARED
      store_sync();
      processes--;
      if
      :: processes == 0 -> store_purge()
      :: else
      fi;
#else
      processes--;
#endif
      at = 0;
      error = 0;
      as[me].state = DEAD;
      running--;
      check_nothing_left()
    }
  od
}

#ifdef PAGEOUT
/* The pageout thread: keeps a frame free. */
active proctype pageout() {
  byte me = PROCS, victim, slot, f, tries, chances, found;
  bool freed;

  waiting[me] = RESERVE;
end:
  do
  :: atomic {
      waiting[me] == RUNS ->
      running++;
      do
      :: free_first(f);
        if
        :: f != NONE -> break
        :: else -> reclaim_frames()
        fi;
        if
        :: !freed -> break
        :: else
        fi
      od;
      transfer[me].ok = false;
        victim = 0; slot = 0; f = 0; tries = 0; chances = 0; found = 0; freed = false;
      waiting[me] = RESERVE;
      running--;
      check_nothing_left()
     }
  od
}
#endif

inline end_transfer(t) {
  printf("%d: %e is over\n", t, transfer[t].what);
  transfer[t].what = IDLE;
  transfer[t].frame = NONE;
  transfer[t].other = NONE;
  transfer[t].ok = false
}

/* Disks fail as often as they like; memory does not. */
#define FAILS(t) (transfer[t].what != IDLE && transfer[t].what != ZERO && transfer[t].what != COPY)

/* Does the transfer that thread T waits for. */
inline serve(t) {
  if
  :: transfer[t].what == ZERO -> memory[transfer[t].frame] = 0
  :: transfer[t].what == COPY -> memory[transfer[t].frame] = memory[transfer[t].other]
  :: transfer[t].what == SWAP_READ -> memory[transfer[t].frame] = slot_content[transfer[t].other]
  :: transfer[t].what == SWAP_WRITE -> slot_content[transfer[t].other] = memory[transfer[t].frame]
  :: transfer[t].what == FILE_READ -> memory[transfer[t].frame] = file_content
  :: transfer[t].what == FILE_WRITE || transfer[t].what == FILE_SYNC ->
    file_content = (IS_IN_BLOCKS -> memory[transfer[t].frame] : file_content)
  :: transfer[t].what == FILE_BLOCK ->
#ifdef GROWS
    blocks = (transfer[t].other > blocks -> transfer[t].other : blocks)
#else
    skip
#endif
  fi;
  end_transfer(t);
  transfer[t].ok = true
}

/* Whether somebody has something to do: whoever checks all the time must not hide a deadlock. */
#define RUNS_ON(t)     (transfer[t].what != IDLE || (as[t].state == ALIVE && waiting[t] == RUNS))
#ifdef PAGEOUT
#define PAGEOUT_RUNS_ON (transfer[PROCS].what != IDLE || waiting[PROCS] == RUNS)
#else
#define PAGEOUT_RUNS_ON false
#endif
#if PROCS == 1
#define SOMEBODY_RUNS_ON (PAGEOUT_RUNS_ON || RUNS_ON(0))
#elif PROCS == 2
#define SOMEBODY_RUNS_ON (PAGEOUT_RUNS_ON || RUNS_ON(0) || RUNS_ON(1))
#else
#define SOMEBODY_RUNS_ON (PAGEOUT_RUNS_ON || RUNS_ON(0) || RUNS_ON(1) || RUNS_ON(2))
#endif

/* Disks, and the processor when it copies: what was asked for is done at some time, in any order. */
active proctype device() {
end:
  do
  :: d_step { SOMEBODY_RUNS_ON -> check() }
  :: d_step { transfer[0].what != IDLE -> serve(0) }
#ifdef FAIL
  :: d_step { FAILS(0) -> end_transfer(0) }
#endif
#if THREADS > 1
  :: d_step { transfer[1].what != IDLE -> serve(1) }
#ifdef FAIL
  :: d_step { FAILS(1) -> end_transfer(1) }
#endif
#endif
#if THREADS > 2
  :: d_step { transfer[2].what != IDLE -> serve(2) }
#ifdef FAIL
  :: d_step { FAILS(2) -> end_transfer(2) }
#endif
#endif
#if THREADS > 3
  :: d_step { transfer[3].what != IDLE -> serve(3) }
#ifdef FAIL
  :: d_step { FAILS(3) -> end_transfer(3) }
#endif
#endif
  od
}
