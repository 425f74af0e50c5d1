/* supply.c: who gets a frame, who waits for one, who is refused. */

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
