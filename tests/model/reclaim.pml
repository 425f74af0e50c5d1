/* pageout.c, reclaim.c and the policy: pages are sent home. */

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
  page_is_dirty(p);
  swap_alloc(slot);
  if
  :: slot != NONE -> taken[slot] = false /* It was a look only. */
  :: else
  fi;
  if
  :: slot == NONE && page[p].slot == NONE && !page[p].cached && found -> skip /* A dirty page that cannot go is left mapped. */
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
#ifdef PLANT_STALE_SLOT
    :: page[p].slot != NONE -> page_leave_frame(p); freed = true
#endif
    :: else ->
      page[p].state = LEAVING;
      page[p].refs++;
      if
      :: page[p].slot != NONE -> page_free_slot(p)
      :: else
      fi;
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
