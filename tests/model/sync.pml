/* sync.c and store.c: a file is written, grows, and goes. */

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
      page_is_dirty(at);
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
