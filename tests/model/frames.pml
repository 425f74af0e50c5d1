/* swap.c and frame.c: slots and frames, and who holds them. */

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
