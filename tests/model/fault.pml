/* pagein.c and fault.c: a page is brought in, copied if need be, and entered. */

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
#ifdef KEEP
    :: transfer[me].ok /* There is room: the slot stays. */
#endif
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
