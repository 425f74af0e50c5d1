"""Bugs planted in vm/, fs/, proc/, dev/ and arch/, one at a time: NAME: (file, what stands there, what stands there instead).

Each is a mistake that somebody could make: a step left out, two steps in the wrong order, one case
forgotten.  `run` refuses one whose text is not found exactly once, so that they keep up with the code. """

MUTANTS = {
    # Events.
    "eviction-to-swap-not-told": ("vm/pageout.c", "(page_belongs_to_file(page) ? 2 : 1) |", "(page_belongs_to_file(page) ? 2 : 0) |"),
    "lent-frame-not-told": ("vm/frame.c", "  if (event_wanted()) note_lent(frame);\n", ""),
    "folded-page-not-told": (
        "vm/page.c", "  event_trace(FOLD, spte->block->as->number, 0, spte->vpn, event_id(page), slot);\n", ""),
    "child-s-entries-not-told": ("vm/spt.c", "open.first, open.mask, mapped);", "open.first, open.mask & 1, mapped);"),
    "region-cut-and-not-told": ("vm/region.c", "  region->end = vpn;\n  region_changed(region);\n", "  region->end = vpn;\n"),
    "freed-slot-not-told": ("vm/swap.c", "  event_trace(SLOT_FREE, 0, 0, slot);\n", ""),
    "cached-page-not-told": ("vm/event_policy.c", " | page->cached << 5", ""),
    "unlocked-page-not-told": ("vm/spte.c", "  event_note(UNLOCK, block->as->number, 0, spte->vpn,", "  event_note(LOCK, block->as->number, 0, spte->vpn,"),
    # Turns and the reserve.
    "pageout-never-rests": ("vm/supply.c", "stuck ? frame_count() : 0", "0 * stuck"),
    "kept-frames-are-victims": ("vm/frame.c", " && !frame->kept", ""),
    "turn-survives-its-holder": ("vm/exit.c", "  turn_give_up(as);\n", ""),
    "turn-is-never-passed-on": ("vm/turn.c", "  if (next != NULL) give(", "  if (next == NULL) give("),
    "turn-has-no-end": ("vm/turn.c", "faults >= TURN_FAULTS", "faults > 1000000000"),
    "turn-ends-and-keeps": (
        "vm/turn.c", "  for (unsigned i = 0; i < TURN_PAGES; i++) release(i);\n  holder", "  holder"),
    "robbed-and-no-turn": ("vm/turn.c", "  if (as != holder) return seek(as);\n", "  if (as != holder) return (void)seek, VM_OK;\n"),
    "transfer-waits-for-no-turn": ("vm/store_copy.c", "  if (error == VM_RETRY) return pin_in_turn(t->range->as, page);\n",
        "  if (error == VM_RETRY) return (void)pin_in_turn, page_pin(page);\n"),
    "turn-ends-amid-a-fault": ("vm/turn.c", "holder != NULL && !is_in_fault) pass_on", "holder != NULL) pass_on"),
    "no-last-that-came": ("vm/policy_duo.c", "  ways = frames < SMALL ? WAYS : LAST_CAME;", "  ways = LAST_CAME;"),
    "pairs-leave-few-frames": ("vm/pageout.c", "#define CLUSTER_POOL_MIN 32", "#define CLUSTER_POOL_MIN 8"),
    "swap-priorities-ignored": ("vm/swap.c", "      if (device->priority != priority || device->failed != failed) continue;\n", "      (void)priority, (void)failed;\n"),
    "swap-not-in-turn": ("vm/swap.c", "  last = device - devices;\n", ""),
    "lost-swap-tried-first": ("vm/swap.c", "  device_of(slot)->failed = true;\n", ""),
    "own-frames-never-let-go": ("vm/supply.c", "      if (turn_let_go()) continue;\n", ""),
    "dies-for-frames-that-are-kept": ("vm/supply.c", "      if (turn_keeps_frames()) return VM_RETRY;\n", ""),
    # Pages.
    "page-dies-slot-stays": ("vm/page.c", "  if (page->slot != SLOT_NONE) swap_free(page->slot);\n", ""),
    "page-dies-still-counted": ("vm/page.c", "    if (page->frame != NULL) count_cached(page, -1);\n", ""),
    "cached-page-dies-with-its-last-user": (
        "vm/page.c", "  if (page->cached && page->frame != NULL) return;\n", ""),
    "slots-of-processes-not-counted": ("vm/page.c", "  if (change == 0) return;\n", "  return;\n"),
    "pmap-dirty-bits-ignored": ("vm/page.c", "    if (dirty) page_note_write(page);\n", "    (void)dirty;\n"),
    "arrival-wakes-nobody": (
        "vm/page.c", "count_cached(page, 1);\n  page_wake(page);\n",
        "count_cached(page, 1);\n"),
    "arrival-not-told-to-waiters-for-frames": (
        "vm/page.c", "count_cached(page, 1);\n  page_wake(page);\n  frame_settled();\n",
        "count_cached(page, 1);\n  page_wake(page);\n"),
    "leaving-wakes-nobody": (
        "vm/page.c", "  page_enter_state(page, PAGE_ABSENT);\n  page_wake(page);\n  page_put(page);\n",
        "  page_enter_state(page, PAGE_ABSENT);\n  page_put(page);\n"),
    "left-page-still-dirty": ("vm/page.c", "  page->dirty = page->unwritten = false;\n", "  page->unwritten = false;\n"),
    "partial-page-not-zeroed": (
        "vm/pagein.c", "      for (uint32_t i = page->length; i < VM_PAGE_SIZE; i++) memory[i] = 0;\n", ""),
    "partial-page-waits-with-a-pin": (
        "vm/pagein.c", "    error = supply_frame(page, SUPPLY_RETRY);", "    error = supply_frame(page, SUPPLY_WAIT);"),
    "failed-fill-keeps-the-frame": (
        "vm/page.c", "  if (page->frame != NULL) frame_free(page->frame);\n  page_enter_state",
        "  page_enter_state"),
    "failed-fill-wakes-nobody": (
        "vm/page.c", "  page_enter_state(page, PAGE_ABSENT);\n  page_wake(page);\n}",
        "  page_enter_state(page, PAGE_ABSENT);\n}"),
    # Faults.
    "copy-source-not-pinned": (
        "vm/fault.c", "  frame_pin(source->frame);\n  int error = supply_frame(copy, SUPPLY_RETRY);",
        "  frame_pin(source->frame);\n  frame_unpin(source->frame);\n  int error = supply_frame(copy, SUPPLY_RETRY);\n"
        "  if (source->frame != NULL) frame_pin(source->frame);\n  if (source->frame == NULL) return VM_EIO;"),
    "copy-waits-with-a-pin": (
        "vm/fault.c", "  int error = supply_frame(copy, SUPPLY_RETRY);", "  int error = supply_frame(copy, SUPPLY_WAIT);"),
    "copy-not-dirty": ("vm/fault.c", "    copy->dirty = true;\n", ""),
    "write-to-a-page-of-others": (
        "vm/fault.c", "  return page_is_exclusive(f->spte->page) ? VM_OK : copy_page(f);", "  return VM_OK;"),
    "shared-page-entered-writable": (
        "vm/fault.c", "!page_belongs_to_file(page) : page_is_exclusive(page);", "!page_belongs_to_file(page) : true;"),
    "file-page-writable-before-it-has-a-block": (
        "vm/fault.c", "  return f->region->shared ? !page_belongs_to_file(page) :", "  return f->region->shared ? true :"),
    "write-allowed-where-reading-is": ("vm/fault.c", "return f->region->prot & PROT_WRITE ? VM_OK", "return f->region->prot & PROT_READ ? VM_OK"),
    "pages-beyond-the-end-of-the-file": ("vm/fault.c", "    if (region->shared && region_ends_before(region, f->vpn)) return VM_EEOF;\n", ""),
    "end-of-the-file-rounded-down": (
        "vm/store.h", "  return store_length(store) / VM_PAGE_SIZE + (store_length(store) % VM_PAGE_SIZE != 0);\n", "  return store_length(store) / VM_PAGE_SIZE;\n"),
    "mapping-ends-where-its-file-ended": (
        "vm/map.c", "  if (spec.source.store != NULL) spec.source.length = (spec.end - spec.start) * VM_PAGE_SIZE;\n",
        "  if (spec.source.store != NULL) spec.source.length = (spec.end - spec.start) * VM_PAGE_SIZE;\n"
        "  if (request->store != NULL && !spec.shared)\n"
        "    spec.source.length = MIN(spec.source.length, store_length(request->store) - request->offset);\n"),
    "partial-page-shows-all-of-the-file": ("vm/fault.c", "      page->length = bytes;\n", ""),
    # Supplemental page table.
    "fork-leaves-write-access": (
        "vm/spt.c", "  if (!span->shared) port_pmap_write_protect_run(parent, run->first, mapped);\n", ""),
    "fork-enters-pages-for-writing": (
        "vm/spt.c", "  if (!port_pmap_copy_run(span->child->pmap, parent, run->first, mapped)) return 0;\n",
        "  for (uint32_t rest = mapped; rest != 0; rest &= rest - 1) {\n"
        "    unsigned i = (unsigned)__builtin_ctz(rest);\n"
        "    const struct page *page = copy->entries[i].page;\n"
        "    if (!port_pmap_enter(span->child->pmap, run->first + i, frame_number(page->frame), true)) return 0;\n  }\n"),
    "fork-does-not-count-what-it-maps": (
        "vm/spt.c", "  addrspace_count_resident(span->child, (int)word_count(mapped));\n", ""),
    "copy-forgets-what-was-written": ("vm/spt.c", "  if (spte_unmap(spte)) page_note_write(old);\n", "  spte_unmap(spte);\n"),
    "end-forgets-what-was-written": (
        "vm/spt.c", "    page_note_write(run->block->entries[__builtin_ctz(dirty)].page);\n", "    continue;\n"),
    "end-keeps-locks": ("vm/spt.c", "    spte_unlock(&spte[__builtin_ctz(locked)]);\n", "    continue;\n"),
    "blocks-of-entries-never-freed": (
        "vm/spt.c", "    radix_remove(&block->as->spt.blocks, index);\n    port_free(block);\n", ""),
    "entry-without-a-page-table": (
        "vm/fault.c", "  return spte_map(f->spte, writable) ? VM_OK : VM_ENOMEM;\n", "  spte_map(f->spte, writable);\n  return VM_OK;\n"),
    "mapped-though-there-is-no-page-table": (
        "vm/spte.c", "spte->vpn, frame, writable)) return false;\n", "spte->vpn, frame, writable)) (void)0;\n"),
    "entry-moved-stays-mapped": (
        "vm/spte.c", "  addrspace_count_resident(block->as, -1);\n  return port_pmap_remove", "  addrspace_count_resident(block->as, -1);\n  return false;\n  return port_pmap_remove"),
    # Reclaim.
    "unmapped-after-it-was-written": (
        "vm/reclaim.c", "  page_collect_dirty(page, true);\n  if (page->dirty) return pageout_dirty",
        "  page_collect_dirty(page, false);\n  if (!page->dirty) page_collect_dirty(page, true);\n"
        "  if (page->dirty) return pageout_dirty"),
    "failed-write-leaves-page-clean": (
        "vm/page.c", "  page->dirty = true;\n  event_trace(NOT_LEFT, 0, 0, event_id(page));\n",
        "  page->dirty = false;\n  event_trace(NOT_LEFT, 0, 0, event_id(page));\n"),
    "failed-write-wakes-nobody": (
        "vm/page.c", "  page_enter_state(page, PAGE_RESIDENT);\n  page_wake(page);\n  frame_settled();\n  page_put",
        "  page_enter_state(page, PAGE_RESIDENT);\n  page_put"),
    "slots-given-twice": ("vm/pageout.c", "swapped_out(cluster->pages[i], slot + i);\n    return true;", "swapped_out(cluster->pages[i], slot);\n    return true;"),
    "cluster-takes-pinned-pages": ("vm/pageout.c", "frame_is_evictable(page->frame) &&\n", "page->state == PAGE_RESIDENT &&\n"),
    "file-pages-go-to-swap": ("vm/pageout.c", "  if (page_belongs_to_file(page)) return file_out(page);\n", ""),
    "file-pages-join-a-cluster-for-swap": ("vm/pageout.c", " || page_belongs_to_file(other)) continue;", ") continue;"),
    "last-bad-slot-leaks": ("vm/pageout.c", "    if (try == WRITE_TRIES - 1) swap_free(slot);\n", ""),
    # Frames.
    "unpinned-frame-wakes-nobody": ("vm/frame.c", "  if (--frame->pins <= frame->wired) frame_settled();\n", "  frame->pins--;\n"),
    "pinned-frames-are-evicted": ("vm/frame.c", "!frame->kernel && !frame->kept && frame->pins == 0 &&", "!frame->kernel && !frame->kept &&"),
    "own-pin-counts-as-transit": (
        "vm/supply.c", "  return frame_transit_count() > held;", "  return frame_transit_count() > 0;"),
    "last-free-frame-breaks-the-queue": ("vm/frame.c", "  if (queue->first == NULL) queue->last = &queue->first;\n", ""),
    "policy-not-told-of-free-frames": ("vm/frame.c", "  frame->page->frame = NULL;\n  add_free", "  add_free"),
    # Swap.
    "slot-kept-after-reading": ("vm/pagein.c", "    swap_free(slot + i);\n    page_set_slot", "    page_set_slot"),
    "page-from-a-slot-is-clean": ("vm/pagein.c", "    run->pages[i]->dirty = true;\n", ""),
    "kept-slot-not-dropped": ("vm/pageout.c", "  if (vm_options.swap_keep) drop_slots(cluster);\n", ""),
    "page-with-a-kept-slot-is-clean-for-ever": ("vm/reclaim.c", "  if (page->dirty) return pageout_dirty(page);\n", "  if (page->dirty && page->slot == SLOT_NONE) return pageout_dirty(page);\n  page->dirty = false;\n"),
    "page-in-its-old-slot-stays-open": ("vm/pageout.c", "  else\n    spt_fold(page);\n", ""),
    "slots-kept-without-room": ("vm/pagein.c", "vm_options.swap_keep && swap_free_count() >= swap_total() / 2", "vm_options.swap_keep"),
    "room-counted-without-a-break": ("vm/supply.c", "    walk_step(&walk);\n", ""),
    "unwritten-sought-without-a-break": ("vm/reclaim.c", "    walk_step(&walk);\n", ""),
    "file-pages-that-left-are-remembered": ("vm/pageout.c", "    spt_forget(page);\n", "    (void)page;\n"),
    "forgotten-entry-leaves-its-block": ("vm/spt.c", "    if (block->present == block->folded) block_settle(block, index);\n  }\n  page_put(page);", "    (void)index;\n  }\n  page_put(page);"),
    "run-of-slots-not-all-taken": ("vm/swap.c", "bitmap_set_run(&device->taken, first, count);", "bitmap_set_run(&device->taken, first, 1);"),
    # Stores.
    "sync-passes-pages-on-their-way-out": ("vm/sync.c", "return page->state == PAGE_LEAVING || page->syncing;", "return page->syncing;"),
    "sync-passes-pages-of-another-sync": ("vm/sync.c", "return page->state == PAGE_LEAVING || page->syncing;", "return page->state == PAGE_LEAVING;"),
    "sync-cleans-after-writing": (
        "vm/page.c", "  page->syncing = false;\n",
        "  page->syncing = page->dirty = false;\n"),
    "sync-does-not-pin": (
        "vm/page.c", "  frame_pin(page->frame);\n  page->syncing = true;\n",
        "  page->syncing = true;\n"),
    "failed-sync-forgets-dirty": (
        "vm/page.c", "  if (page->unwritten) page->dirty = true;\n",
        ""),
    "second-program-starts-before-the-file-is-protected": (
        "vm/store.c", "    if (!store->is_protected) protect_all(store);\n", "    if (store->write_denials == 1) protect_all(store);\n"),
    "walks-never-let-others-on": ("vm/walk.h", "  if (++walk->visited % WALK_STEP != 0) return;\n", "  return;\n"),
    "new-block-not-written": ("vm/store.c", "  page->dirty = true;\n  if (extent", "  if (extent"),
    "tail-shows-when-the-file-grows": (
        "vm/store.c", "  memset((uint8_t *)frame_memory(page->frame) + used, 0, VM_PAGE_SIZE - used);\n", "  (void)page, (void)used;\n"),
    "growth-leaves-the-old-end-writable": ("vm/store.c", "    page_write_protect(page);\n    clear_tail(store, page);\n", "    clear_tail(store, page);\n"),
    "growth-protects-the-new-end": (
        "vm/store.c", "  struct page *page = last_page(store);\n  if (page != NULL) {\n    page_write_protect(page);\n    clear_tail(store, page);\n  }\n"
        "  forget_backed(store);\n  __atomic_store_n(&store->length, length, __ATOMIC_RELAXED);\n",
        "  struct page *page = last_page(store);\n  if (page != NULL) clear_tail(store, page);\n"
        "  forget_backed(store);\n  __atomic_store_n(&store->length, length, __ATOMIC_RELAXED);\n  page = last_page(store);\n"
        "  if (page != NULL) page_write_protect(page);\n"),
    "zeroed-ahead-without-end": ("vm/supply.c", "plenty && frame_zeroed_count() < zeroed_most && ", "plenty && "),
    "zeroed-ahead-when-short": ("vm/supply.c", "plenty && frame_zeroed_count() < zeroed_most", "frame_zeroed_count() < zeroed_most"),
    "zeroed-ahead-and-not-cleared": ("vm/frame.c", "  port_zero_page(frame_memory(frame));\n", ""),
    "zeroed-ahead-for-what-is-read": ("vm/supply.c", "page->home == HOME_ZERO && wait == SUPPLY_WAIT", "page->home != HOME_ZERO"),
    "zeroed-ahead-by-word": ("vm/frame.c", "  frame->word = zeroed ? FRAME_LENT | FRAME_ZEROED : FRAME_LENT;\n",
        "  frame->word = FRAME_LENT | FRAME_ZEROED;\n"),
    "backed-by-a-part-of-its-blocks": ("vm/store.c",
        "  if (extent->offset % VM_PAGE_SIZE == 0 && store_page_bytes(page) <= given) page->backed = true;\n",
        "  page->backed = true;\n"),
    "backed-before-the-file-grew": ("vm/store.c", "  forget_backed(store);\n", ""),
    "reserved-before-the-file-grew": ("vm/fault.c", "  if (f->reserved >= bytes) return VM_OK;\n", "  if (f->reserved > 0) return VM_OK;\n"),
    "purge-of-busy-pages": ("vm/store.c", "    if (busy || (page->frame != NULL && page->frame->pins > 0)) {", "    if (busy && index > PINDEX_LAST) {"),
    "write-leaves-page-clean": ("vm/store_copy.c", "    if (t->write) page->dirty = true;\n", ""),
    # The heap, and limits below what is in use.
    "heap-rest-not-cleared": (
        "vm/heap.c", "  memset((uint8_t *)frame_memory(spte->page->frame) + end % VM_PAGE_SIZE, 0, size);\n", ""),
    "heap-page-stays-writable": ("vm/heap.c", "    spte_unmap(spte);\n", ""),
    "heap-clears-what-is-mapped-there": (
        "vm/heap.c", "region == NULL || region->kind == REGION_MAPPING)", "region == NULL)"),
    "heap-end-not-told-beyond-the-limit": ("vm/heap.c", "  if (delta == 0) return VM_OK;\n", ""),
    "dropped-though-it-must-be-written": ("vm/store.c", "page->refs == 0 && !page->dirty && page->state", "page->refs == 0 && page->state"),
    "lock-limit-counts-what-is-locked": ("vm/advise.c", "  if (more > 0 && as->locked", "  if (as->locked"),
    # Transfers.
    "transfer-tells-an-old-error": ("vm/store_copy.c", "  src->error = VM_OK;\n", ""),
    "transfer-keeps-its-memory's-error-to-itself": (
        "vm/store_copy.c", "size, &range->error);\n  *error = range->error;\n", "size, error);\n"),
    "transfer-forgets-its-pin": ("vm/store_copy.c", "  page_unpin(page);\n  page_put(page);\n}", "  page_put(page);\n}"),
    "source-not-kept-while-the-file-grows": (
        "vm/store_copy.c", "  if (t->range == NULL || !t->write) return;\n", "  return;\n"),
    "file-grows-before-its-source-is-there": (
        "vm/store_copy.c", "    if (other == page || (other == NULL && t->write)) return false;\n", "    if (other == page) return false;\n"),
    "page-copied-onto-itself": (
        "vm/store_copy.c", "    if (other == page || (other == NULL && t->write)) return false;\n", "    if (other == NULL && t->write) return false;\n"),
    "file-grows-by-what-was-not-taken": (
        "vm/store_copy.c", "*error = move_bounce(t, taken);", "*error = move_bounce(t, size);"),
    # Reading ahead.
    "guess-from-another-slot": ("vm/readahead.c", "spte->page->slot != slot || ", ""),
    "failed-guess-keeps-its-frame": ("vm/readahead.c", "  page_not_arrived(page);\n  page_put(page);\n  if (used)",
        "  page->state = PAGE_ABSENT, port_wake(page);\n  page_put(page);\n  if (used)"),
    "run-downwards-not-turned": ("vm/readahead.c", "  if (plan->step > 0) return;\n", "  return;\n"),
    # Regions and ranges.
    "child-does-not-know-what-was-touched": ("vm/fork.c", "  copy->touched = region->touched;\n", ""),
    "child-without-a-stack": ("vm/fork.c", "  if (region->as->stack == region) child->stack = copy;\n", ""),
    "upper-part-shows-the-lower-content": ("vm/region.c", "  source.offset += bytes;\n", ""),
    "search-finds-a-dead-region": ("vm/region.c", "  remember(region->as, NULL);\n", ""),
    "trim-keeps-the-content-of-the-start": ("vm/region.c", "    region->source = source_after(region->source, (end - start) * VM_PAGE_SIZE);\n", ""),
    "end-of-a-region-not-written": ("vm/unmap.c", "  return region_sync(region, start, end);\n}\n\n/* Ends", "  return VM_OK;\n}\n\n/* Ends"),
    "new-rights-wait-for-a-fault": ("vm/map.c", "  if (region->touched) spt_unmap(region->as, region->start, region->end);\n", ""),
    "read-only-mapping-made-writable": ("vm/map.c", "    if (region->read_only) return VM_EACCESS;\n", ""),
    "fixed-mapping-over-another": ("vm/map.c", "  bool free = in_range && region_is_free(as, *start, *start + count) &&", "  bool free = in_range &&"),
    "munmap-takes-the-neighbours": ("vm/mmap.c", "    if (region->mapping != mapping->id) continue;\n", ""),
    "last-user-of-shared-memory-not-the-last": ("vm/anonymous.c", "  if (left > 0) return;\n", "  if (left > 1) return;\n"),
    # Blocks and inodes of files.
    "undone-blocks-free-while-written": ("fs/block_map.c", "  wait_for_transfers(inode);\n  for", "  (void)wait_for_transfers;\n  for"),
    "undo-waits-for-the-wrong-era": ("fs/block_map.c", "while (__atomic_load_n(&inode->transfers[old]", "while (__atomic_load_n(&inode->transfers[1 - old]"),
    "transfer-ends-in-the-wrong-era": ("fs/block_map.c", "__ATOMIC_SEQ_CST) == era) return era;", "__ATOMIC_SEQ_CST) == era) return 1 - era;"),
    # Processes, floating point and disks.
    "open-file-read-without-its-lock": ("proc/syscall_io.c",
        "  if (!lock_acquire_interruptible(&file->lock)) return -1;\n  long count = read_locked(file, &range);\n  lock_release(&file->lock);\n",
        "  long count = read_locked(file, &range);\n"),
    "open-file-written-without-its-lock": ("proc/syscall_io.c",
        "  if (!lock_acquire_interruptible(&file->lock)) return -1;\n  long count = write_locked(file, &range);\n  lock_release(&file->lock);\n",
        "  long count = write_locked(file, &range);\n"),
    "closed-block-keeps-its-slots": ("vm/spt.c",
        "  free_slots(span->as, spt_item_of(run->closed), run->mask);\n", ""),
    "page-of-others-is-folded": ("vm/page.h", "page->slot != SLOT_NONE && page->refs == 1 &&", "page->slot != SLOT_NONE &&"),
    "unfolded-entry-stays-folded": ("vm/spt.c", "  spte->block->folded &= ~spte_bit(spte);\n", ""),
    "block-closes-with-an-open-entry": ("vm/spt.c", "  if (block->present == block->folded) block_settle(block, spte->vpn / SPT_BLOCK);\n",
        "  block->folded = block->present;\n  block_settle(block, spte->vpn / SPT_BLOCK);\n"),
    # Core files.
    "core-without-what-was-touched": ("proc/core_write.c", "  if (spt_is_touched(process->as, vpn)) return true;\n", ""),
    "core-without-ebp": ("proc/core_elf.c", "      .ebp = f->ebp,\n", ""),
    "core-segments-all-in-one-place": ("proc/core_write.c", "return false;\n    offset += size;\n", "return false;\n"),
    "core-half-written-stays": ("proc/core.c", "  if (!core_write(core)) fs_remove(NULL, path);\n", "  core_write(core);\n"),
    "core-though-memory-is-out": ("proc/core.c", "core_is_out_of_time(process) ? NULL : page_alloc(1)", "page_alloc(1)"),
    "killed-goes-on-in-its-program": ("proc/mark.c", "  if (process->thread != NULL) thread_interrupt(process->thread);\n", ""),
    "end-waits-for-nobody": ("proc/terminate.c", "  while (!stop_all(self)) timer_sleep_ms(STOP_POLL_MS);\n", "  (void)stop_all;\n"),
    # Who ends when memory is out.
    "memory-out-ends-who-asks": ("proc/shortage.c", "search_all(&search);\n", "(void)search_all;\n"),
    "memory-out-ends-a-family": ("proc/terminate.c", "  if (process->killed == KILL_MEMORY) process_kill(process->shortage, 0);\n", ""),
    "memory-out-ends-small-ones": ("proc/shortage.c", "  if (is_small(&own, search)) return;\n", "  (void)is_small;\n"),
    "memory-out-ends-the-least": ("proc/shortage.c", "  return a->pages > b->pages;\n", "  return a->pages < b->pages;\n"),
    "memory-out-ends-the-parent-of-a-crowd": ("proc/shortage.c", "&& !gives_much_more(&search->own, &running.own, search->error))", "&& gives_much_more(&running.own, &search->own, search->error))"),
    "memory-out-and-the-largest-not-woken": ("proc/shortage.c", "mark_process(chosen, KILL_MEMORY)", "chosen->killed = KILL_MEMORY, (void)mark_process"),
    "memory-out-ends-one-each": ("proc/shortage.c", "  if (is_first) shortage.chooser = self;\n", ""),
    # Load control.
    "suspended-and-still-in-memory": ("vm/swapper.c", "  pageout_own(as);\n", "  (void)pageout_own;\n"),
    "suspended-with-pages-of-others": ("vm/page.h", "spte != NULL &&\n         spte->next == NULL;", "spte != NULL;"),
    "suspended-and-nothing-comes-back": ("vm/swapper.c", "  vm_advise(as, vpn_address(start)", "  if (step == 0) vm_advise(as, vpn_address(start)"),
    "thrashing-not-seen": ("proc/load.c", "state.eaten * EATEN_PART > WINDOW_TICKS", "state.eaten * EATEN_PART > WINDOW_TICKS * EATEN_PART"),
    "suspended-last-goes-on-first": ("proc/suspend.c", "list_push_back(&suspensions", "list_push_front(&suspensions"),
    "suspended-and-not-woken-to-end": ("proc/suspend.c", "  if (sema_down_interruptible(&suspension->over, \"load control\")) return;\n",
        "  sema_down(&suspension->over);\n  if (!list_node_is_listed(&suspension->node)) return;\n"),
    "open-file-awaited-to-the-end": ("kern/sync.c",
        "!wait_for_lock(lock, self, true)", "!wait_for_lock(lock, self, false)"),
    "shared-pages-are-own": ("vm/own.c", "  if (holders > 1) return;\n", ""),
    "folded-pages-are-nobodys": ("vm/own.c", "    count->own->pages++;\n", ""),
    "shared-memory-is-own": ("vm/own.c", "  if (store_lets_go(page)) count", "  (void)store_lets_go;\n  count"),
    # What is told.
    "zeroes-count-as-pages": ("vm/usage.c", "    if (page != &page_zero) count_mapped", "    count_mapped"),
    "who-maps-nothing-has-a-share": ("vm/usage.c", "    if (!mapped || spte_is_mapped(spte)) sharers++;\n", "    (void)mapped, sharers++;\n"),
    "folded-pages-are-not-in-swap": ("vm/usage.c", "    usage->swapped++;\n    usage->swap_share += VM_PAGE_SIZE;\n", ""),
    "each-region-has-all": ("proc/process_facts.c", "vm_count_usage(process->as, region->start, region->end, usage)",
        "vm_count_usage(process->as, 0, USER_END, usage)"),
    "self-is-another": ("proc/report.c", "self != NULL ? self->pid : 0", "self != NULL ? 1 : 0"),
    "processes-made-up": ("proc/report.c", "exists ? FS_OK : FS_ENOENT", "exists ? FS_OK : FS_OK"),
    "report-of-the-dead": ("proc/report.c", "&text, report->pid)) return FS_ENOENT;", "&text, report->pid)) text.length = 0;"),
    "floats-of-another-not-saved": ("arch/i386/fpu.c", "    if (owner != NULL) save(owner);\n", ""),
    "floats-of-another-not-replaced": ("arch/i386/fpu.c", "    load(state);\n", "    (void)load;\n"),
    "child-without-floats": ("proc/fpu.c", "  fpu_copy(child->fpu, parent->fpu);\n", "  fpu_state_init(child->fpu);\n"),
    "disk-request-not-repeated": ("dev/ide.c", "tries < IDE_TRIES;", "tries < 1;"),
    "who-syncs-counts-as-a-user": ("fs/inode.c", "uint32_t users = inode->users - inode->visitors;", "uint32_t users = inode->users;"),
}

# What must be said of some, so that the message leads to the bug.
SAYS = {
    "unmapped-after-it-was-written": "only resident pages are mapped",
    "slots-given-twice": "slot",
    "page-dies-slot-stays": "slots? (are|is) lost|no slot is lost",
    "copy-not-dirty": "is not legal",
    "page-from-a-slot-is-clean": "is not legal",
    "left-page-still-dirty": "a page ABSENT is not legal",
    "failed-fill-keeps-the-frame": "a page ABSENT is not legal",
    "sync-does-not-pin": "a page SYNCING is not legal",
    "fork-leaves-write-access": "pages of others are mapped read-only|should be|of the child holds",
}

# Those that show by a run that does not end; of all others a run that takes too long is tried once more.
HANG = {"mapping-ends-where-its-file-ended"}

# Those that only a guest finds: by which tests.
IN_GUEST = {
    "core-without-what-was-touched": ["tools/test_core.py::test_core[read-SIGSEGV]"],
    "core-without-ebp": ["tools/test_core.py::test_core[read-SIGSEGV]"],
    "core-segments-all-in-one-place": ["tools/test_core.py::test_core[read-SIGSEGV]"],
    "core-half-written-stays": ["tools/test_core.py::test_full_disk"],
    "core-though-memory-is-out": ["tools/test_core.py::test_no_memory"],
    "killed-goes-on-in-its-program": ["guest/test_guest.py::test_guest[kill-rules]"],
    "end-waits-for-nobody": ["kernel/test_ends.py::test_busy[halt-40]"],
    "floats-of-another-not-saved": ["guest/test_guest.py::test_guest[vm-float]"],
    "floats-of-another-not-replaced": ["guest/test_guest.py::test_guest[float-start]"],
    "child-without-floats": ["guest/test_guest.py::test_guest[vm-float]"],
    "open-file-read-without-its-lock": ["guest/test_guest.py::test_guest[file-position]"],
    "open-file-written-without-its-lock": ["guest/test_guest.py::test_guest[file-position]"],
    "each-region-has-all": ["guest/test_guest.py::test_guest[proc-counts]"],
    "self-is-another": ["guest/test_guest.py::test_guest[proc-counts]"],
    "processes-made-up": ["guest/test_guest.py::test_guest[proc-files]"],
    "report-of-the-dead": ["guest/test_guest.py::test_guest[proc-ended]"],
    "memory-out-ends-who-asks": ["guest/test_guest.py::test_guest[oom-largest]"],
    "memory-out-ends-a-family": ["guest/test_guest.py::test_guest[oom-largest]"],
    "memory-out-ends-small-ones": ["guest/test_guest.py::test_guest[oom-family]"],
    "memory-out-ends-the-least": ["guest/test_guest.py::test_guest[oom-hogs]"],
    "memory-out-ends-the-parent-of-a-crowd": ["guest/test_guest.py::test_guest[oom-crowd]"],
    "memory-out-and-the-largest-not-woken": ["guest/test_guest.py::test_guest[oom-largest]"],
    "memory-out-ends-one-each": ["guest/test_guest.py::test_guest[oom-hogs]"],
    "thrashing-not-seen": ["guest/test_load.py::test_suspended[kill]"],
    "suspended-last-goes-on-first": ["guest/test_load.py::test_suspended[turns]"],
    "suspended-and-not-woken-to-end": ["guest/test_load.py::test_suspended[kill]"],
    "open-file-awaited-to-the-end": ["guest/test_guest.py::test_guest[oom-shared-file]"],
    "no-last-that-came": ["sim/test_merge.py"],
    "pairs-leave-few-frames": ["sim/test_merge.py"],
    "disk-request-not-repeated": ["faults/test_faults.py::test_tries[read-1]"],
}

# `make check-all` plants these.
SHORT = ("unmapped-after-it-was-written", "slots-given-twice", "copy-not-dirty", "arrival-wakes-nobody",
         "fork-leaves-write-access", "failed-write-leaves-page-clean", "sync-passes-pages-of-another-sync",
         "copy-waits-with-a-pin", "growth-leaves-the-old-end-writable", "partial-page-waits-with-a-pin")
