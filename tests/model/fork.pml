/* fork.c and exit.c: a child gets what its parent has; what a process had is given back. */

/* Whether CHILD finds page P, which stands at V of its parent, entered in its pmap. */
#ifdef PLANT_FORK_ENTERS_LEAVING
#define CHILD_MAPS(v, p) (page[p].frame != NONE)
#else
#define CHILD_MAPS(v, p) as[me].spte[v].mapped
#endif

/* Whether CHILD may write to page P without a fault. */
#ifdef PLANT_CHILD_WRITABLE
#define CHILD_WRITES(v) true
#else
#define CHILD_WRITES(v) false
#endif

/* Gives address space CHILD what the running process has at V, mapped where it is mapped there. */
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
      as[child].spte[v].mapped = CHILD_MAPS(v, at);
      as[child].spte[v].writable = CHILD_WRITES(v);
      as[child].spte[v].written = false;
      as[child].spte[v].frame = page[at].frame;
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
