/* fork.c and exit.c: a child gets what its parent has; what a process had is given back. */

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
