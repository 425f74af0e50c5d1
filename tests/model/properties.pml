/* What must hold: S0, S1, S3, S6 and S9 whenever nobody has the VM lock, S4 at the end, S7 at a refusal.  S2 stands in
   environment.pml, where memory is read; S8 in sync.pml; S5 is what spin looks for by itself. */

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
#ifndef KEEP
      assert(S0_assertions_of_the_code || page[i].state == ABSENT || page[i].state == ARRIVING)
#endif
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
