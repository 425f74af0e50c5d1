/* page.c and spte.c: what changes a page without waiting. */

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
inline page_is_dirty(p) {
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
