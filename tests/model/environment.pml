/* Who runs: processes, which access memory, fault, fork and end; the pageout thread; the disks. */

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
