/* The supplemental page table. */
#include "vm/spt.h"
#include "lib/bitmap.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/event.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/swap.h"

/* Entries of one block, which is open or closed: bit i of MASK stands for that of page FIRST + i. */
struct run {
  struct spte_block *block;
  struct spte_closed *closed; /* Or NULL; one of the two is. */
  vpn_t first;
  uint32_t mask;
};

/* A visit to the entries of AS in [START, END), run by run in their order. */
struct span {
  struct addrspace *as;
  vpn_t start, end;
  struct addrspace *child; /* For copy_run(): who gets them, */
  bool shared;             /* and what kind of region it is. */
};

/* What is done to the entries of RUN; false ends the visit. */
typedef bool visit(const struct span *span, const struct run *run);

/* Runs visited before the VM lock is given up for a moment. */
#define RUNS_LOCKED 2

/* A new open block of AS, of no table yet; NULL if there is no memory. */
static struct spte_block *block_alloc(struct addrspace *as) {
  struct spte_block *block = port_alloc(sizeof *block);
  if (block == NULL) return NULL;
  block->as = as;
  block->present = block->folded = block->mapped = block->locked = block->locking = 0;
  return block;
}

/* A new block for VPN of AS, which must be used at once: none is empty.  NULL if there is no memory. */
static struct spte_block *block_create(struct addrspace *as, vpn_t vpn) {
  struct spte_block *block = block_alloc(as);
  if (block == NULL) return NULL;
  if (radix_insert(&as->spt.blocks, vpn / SPT_BLOCK, block)) return block;
  port_free(block);
  return NULL;
}

/* Opens CLOSED, the block that VPN of AS belongs to; NULL if there is no memory. */
static struct spte_block *block_open(struct addrspace *as, vpn_t vpn, struct spte_closed *closed) {
  ASSERT(port_vm_locked() && closed->present != 0);
  struct spte_block *block = block_alloc(as);
  if (block == NULL) return NULL;
  block->present = block->folded = closed->present;
  for (uint32_t mask = closed->present; mask != 0; mask &= mask - 1) {
    unsigned i = (unsigned)__builtin_ctz(mask);
    block->entries[i].block = block;
    block->entries[i].vpn = ROUND_DOWN(vpn, SPT_BLOCK) + i;
    block->entries[i].slot = closed->slots[i];
  }
  radix_replace(&as->spt.blocks, vpn / SPT_BLOCK, block);
  port_free(closed);
  return block;
}

/* BLOCK, open, lost an entry or has one folded more: it ends if it is empty, and closes if all are folded and there
   is memory for that. */
static void block_settle(struct spte_block *block, uint32_t index) {
  ASSERT((block->folded & ~block->present) == 0);
  if (block->present == 0) {
    radix_remove(&block->as->spt.blocks, index);
    port_free(block);
    return;
  }
  if (block->present != block->folded) return;
  ASSERT((block->mapped | block->locked) == 0);
  struct spte_closed *closed = port_alloc(sizeof *closed);
  if (closed == NULL) return;
  closed->present = block->present;
  for (uint32_t mask = block->present; mask != 0; mask &= mask - 1)
    closed->slots[__builtin_ctz(mask)] = block->entries[__builtin_ctz(mask)].slot;
  radix_replace(&block->as->spt.blocks, index, spt_item_of(closed));
  port_free(block);
}

/* The block that VPN of AS belongs to, for which the table has ITEM, made or opened if need be; NULL if there is no
   memory. */
static inline struct spte_block *block_make_of(struct addrspace *as, void *item, vpn_t vpn) {
  if (item == NULL) return block_create(as, vpn);
  return spt_closed(item) == NULL ? item : block_open(as, vpn, spt_closed(item));
}

/* The block that VPN of AS belongs to, likewise. */
static inline struct spte_block *block_make(struct addrspace *as, vpn_t vpn) {
  return block_make_of(as, radix_get(&as->spt.blocks, vpn / SPT_BLOCK), vpn);
}

/* Unfolds SPTE; false if there is no memory. */
static inline bool unfold(struct spte *spte) {
  if (page_unfold(spte->slot, spte) == NULL) return false;
  spte->block->folded &= ~spte_bit(spte);
  return true;
}

/* Unfolds the entry at VPN of AS. */
struct spte *spt_unfold(struct addrspace *as, vpn_t vpn) {
  struct spte_block *block = block_make(as, vpn);
  if (block == NULL) return NULL;
  struct spte *spte = &block->entries[vpn % SPT_BLOCK];
  ASSERT((block->folded & spte_bit(spte)) != 0);
  return unfold(spte) ? spte : NULL;
}

/* The slot of the entry for VPN in ITEM, which is folded. */
static inline slot_t item_slot(void *item, vpn_t vpn) {
  ASSERT(spt_item_is_folded(item, vpn));
  const struct spte_closed *closed = spt_closed(item);
  unsigned i = vpn % SPT_BLOCK;
  return closed != NULL ? closed->slots[i] : ((struct spte_block *)item)->entries[i].slot;
}

/* The slot at VPN, if the entry is folded. */
static slot_t folded_slot(struct spt *spt, vpn_t vpn) {
  void *item = radix_get(&spt->blocks, vpn / SPT_BLOCK);
  return spt_item_is_folded(item, vpn) ? item_slot(item, vpn) : SLOT_NONE;
}

/* Whether there is an entry at VPN of AS. */
bool spt_is_touched(struct addrspace *as, vpn_t vpn) {
  port_vm_lock();
  bool touched = spt_get(&as->spt, vpn) != NULL || folded_slot(&as->spt, vpn) != SLOT_NONE;
  port_vm_unlock();
  return touched;
}

/* The entry at VPN of AS, if its page is in SLOT. */
struct spte *spt_get_in_slot(struct addrspace *as, vpn_t vpn, slot_t slot) {
  void *item = radix_get(&as->spt.blocks, vpn / SPT_BLOCK);
  if (!spt_item_is_folded(item, vpn)) return spt_item_get(item, vpn);
  return item_slot(item, vpn) == slot ? spt_unfold(as, vpn) : NULL;
}

/* Folds the entry of PAGE, if it is the only one. */
void spt_fold(struct page *page) {
  if (!page_can_fold(page)) return;
  struct spte *spte = page->sptes;
  struct spte_block *block = spte->block;
  spte->slot = page_fold(page);
  block->folded |= spte_bit(spte);
  if (block->present == block->folded) block_settle(block, spte->vpn / SPT_BLOCK);
}

/* Ends all entries of PAGE, and with them PAGE. */
void spt_forget(struct page *page) {
  ASSERT(port_vm_locked() && page->state == PAGE_ABSENT && page_belongs_to_file(page));
  struct spte *spte;
  page_get(page);
  while ((spte = page->sptes) != NULL) {
    struct spte_block *block = spte->block;
    uint32_t index = spte->vpn / SPT_BLOCK;
    ASSERT(!spte_is_mapped(spte) && !spte_is_locked(spte));
    block->present &= ~spte_bit(spte);
    event_trace(CLEAR_RUN, block->as->number, 0, ROUND_DOWN(spte->vpn, SPT_BLOCK), spte_bit(spte));
    page_detach(page, spte);
    if (block->present == block->folded) block_settle(block, index);
  }
  page_put(page);
}

/* Makes SPTE, unused, the entry at VPN, in BLOCK, and of no page yet. */
static inline void spte_init(struct spte *spte, struct spte_block *block, vpn_t vpn) {
  spte->block = block;
  spte->vpn = vpn;
}

/* A new entry at VPN of AS on PAGE's list. */
struct spte *spt_add(struct addrspace *as, void *item, vpn_t vpn, struct page *page) {
  struct spte_block *block = block_make_of(as, item, vpn);
  if (block == NULL) return NULL;
  struct spte *spte = &block->entries[vpn % SPT_BLOCK];
  spte_init(spte, block, vpn);
  ASSERT((block->present & spte_bit(spte)) == 0);
  block->present |= spte_bit(spte);
  page_attach(page, spte);
  return spte;
}

/* The first entries of AS in [START, END) that stand in one block; false if there is none. */
static bool next_run(struct addrspace *as, vpn_t start, vpn_t end, struct run *run) {
  uint32_t index = start / SPT_BLOCK;
  while (start < end) {
    void *item = radix_get(&as->spt.blocks, index);
    if (item == NULL) item = radix_next(&as->spt.blocks, &index, (end - 1) / SPT_BLOCK);
    if (item == NULL) return false;
    run->closed = spt_closed(item);
    run->block = run->closed == NULL ? item : NULL;
    run->first = index * SPT_BLOCK;
    run->mask = run->closed != NULL ? run->closed->present : run->block->present;
    if (run->first < start) run->mask &= UINT32_MAX << (start - run->first);
    if (end - run->first < SPT_BLOCK) run->mask &= (1u << (end - run->first)) - 1;
    if (run->mask != 0) return true;
    start = ++index * SPT_BLOCK;
  }
  return false;
}

/* The entries of RUN that are folded. */
static uint32_t folded_of(const struct run *run) {
  return run->closed != NULL ? run->mask : run->mask & run->block->folded;
}

/* The first entry of AS in [*VPN, END) that is not folded, or NULL. */
struct spte *spt_next(struct addrspace *as, vpn_t *vpn, vpn_t end) {
  struct run run;
  for (vpn_t at = *vpn; next_run(as, at, end, &run); at = run.first + SPT_BLOCK) {
    uint32_t mask = run.mask & ~folded_of(&run);
    if (mask == 0) continue;
    *vpn = run.first + (unsigned)__builtin_ctz(mask);
    return &run.block->entries[__builtin_ctz(mask)];
  }
  return NULL;
}

/* The first folded entry of AS in [*VPN, END). */
slot_t spt_next_folded(struct addrspace *as, vpn_t *vpn, vpn_t end) {
  struct run run;
  ASSERT(port_vm_locked());
  for (vpn_t at = *vpn; next_run(as, at, end, &run); at = run.first + SPT_BLOCK) {
    if (folded_of(&run) == 0) continue;
    *vpn = run.first + (unsigned)__builtin_ctz(folded_of(&run));
    return folded_slot(&as->spt, *vpn);
  }
  return SLOT_NONE;
}

/* Visits the entries of SPAN, of a bounded number of runs under the VM lock, until a visit fails, before
   which SPAN starts then; whether none did. */
__attribute__((always_inline)) static inline bool visit_runs(struct span *span, visit *visit) {
  bool more = true, done = true;
  while (more && span->start < span->end) {
    struct run run;
    port_vm_lock();
    for (int i = 0; i < RUNS_LOCKED && more && span->start < span->end; i++) {
      more = next_run(span->as, span->start, span->end, &run);
      if (more) more = done = visit(span, &run);
      if (done) span->start = run.first + SPT_BLOCK;
    }
    port_vm_unlock();
  }
  return done;
}

/* Opens the block of RUN, of AS, and unfolds its entries; false if there is no memory. */
static bool unfold_run(struct addrspace *as, struct run *run) {
  ASSERT(run->mask != 0);
  if (run->closed != NULL) run->block = block_open(as, run->first, run->closed);
  if (run->block == NULL) return false;
  run->closed = NULL;
  for (uint32_t mask = folded_of(run); mask != 0; mask &= mask - 1)
    if (!unfold(&run->block->entries[__builtin_ctz(mask)])) return false;
  return true;
}

/* Gives CHILD entries for the pages of those of RUN, open, none of them mapped; their block, NULL if there is no
   memory. */
static struct spte_block *copy_entries(const struct run *run, struct addrspace *child) {
  struct spte_block *copy = block_make(child, run->first);
  if (copy == NULL) return NULL;
  ASSERT((copy->present & run->mask) == 0);
  copy->present |= run->mask;
  struct spte *model = run->block->entries, *spte = copy->entries;
  for (uint32_t mask = run->mask; mask != 0; mask >>= 1, model++, spte++) {
    if ((mask & 1) == 0) continue;
    spte_init(spte, copy, model->vpn);
    page_attach_at(model->page, spte, &model->next);
  }
  return copy;
}

/* Maps what SPAN's parent maps of RUN, open, in the child as well, to be read, in COPY, if there is a page table for it;
   if the region is private the parent may not write it either.  Which pages. */
static uint32_t share_run(const struct span *span, const struct run *run, struct spte_block *copy) {
  struct pmap *parent = span->as->pmap;
  uint32_t mapped = run->block->mapped & run->mask;
  if (mapped == 0) return 0;
  if (!span->shared) port_pmap_write_protect_run(parent, run->first, mapped);
  if (!port_pmap_copy_run(span->child->pmap, parent, run->first, mapped)) return 0;
  copy->mapped |= mapped;
  addrspace_count_resident(span->child, (int)word_count(mapped));
  return mapped;
}

/* Gives SPAN's child what its parent has in RUN, to be read at once and written after a fault; false if there is no
   memory. */
static bool copy_run(const struct span *span, const struct run *run) {
  struct run open = *run;
  if (folded_of(run) != 0 && !unfold_run(span->as, &open)) return false;
  struct spte_block *copy = copy_entries(&open, span->child);
  if (copy == NULL) return false;
  uint32_t mapped = share_run(span, &open, copy);
  event_trace(COPY_RUN, span->as->number, 0, span->child->number, open.first, open.mask, mapped);
  return true;
}

/* Gives CHILD what its parent has in REGION. */
bool spt_copy(const struct region *region, struct addrspace *child) {
  struct span span = {.as = region->as,
                      .start = region->start,
                      .end = region->end,
                      .child = child,
                      .shared = region->shared};
  while (!visit_runs(&span, copy_run))
    if (!port_memory_make()) return false;
  return true;
}

/* Lets SPTE stand for PAGE, a copy of the old one, locked if that was; what it wrote to that is noted
   there. */
void spte_move(struct spte *spte, struct page *page) {
  struct page *old = spte->page;
  ASSERT(old != page && page->state == PAGE_RESIDENT);
  if (spte_is_locked(spte)) frame_move_wire(old->frame, page->frame);
  if (spte_unmap(spte)) page_note_write(old);
  page_detach(old, spte);
  page_attach(page, spte);
}

/* Takes what SPAN has in RUN out of the pmap, and notes then what was written. */
static inline void take_out(const struct span *span, const struct run *run) {
  struct addrspace *as = span->as;
  uint32_t mapped = run->closed != NULL ? 0 : run->block->mapped & run->mask;
  if (mapped == 0) return;
  uint32_t dirty = as->ending ? port_pmap_drop_run(as->pmap, run->first, mapped)
                              : port_pmap_remove_run(as->pmap, run->first, mapped);
  for (; dirty != 0; dirty &= dirty - 1)
    page_note_write(run->block->entries[__builtin_ctz(dirty)].page);
  run->block->mapped &= ~mapped;
  addrspace_count_resident(as, -(int)word_count(mapped));
}

/* A visit that takes what SPAN has in RUN out of the pmap. */
static bool unmap_run(const struct span *span, const struct run *run) {
  take_out(span, run);
  event_trace(UNMAP_RUN, span->as->number, 0, run->first, run->mask);
  return true;
}

/* Takes the entries of AS in [START, END) out of the pmap. */
void spt_unmap(struct addrspace *as, vpn_t start, vpn_t end) {
  struct span span = {.as = as, .start = start, .end = end};
  visit_runs(&span, unmap_run);
}

/* Frees the slots of the entries of ITEM, of AS, that MASK names: they are folded. */
static void free_slots(struct addrspace *as, void *item, uint32_t mask) {
  addrspace_count_swapped(as, -(int)word_count(mask));
  for (; mask != 0; mask &= mask - 1) swap_free(item_slot(item, (vpn_t)__builtin_ctz(mask)));
}

/* Ends the entries of SPAN in RUN, whose block is closed. */
static void clear_closed(const struct span *span, const struct run *run) {
  ASSERT((run->mask & ~run->closed->present) == 0);
  free_slots(span->as, spt_item_of(run->closed), run->mask);
  run->closed->present &= ~run->mask;
  if (run->closed->present > 0) return;
  radix_remove(&span->as->spt.blocks, run->first / SPT_BLOCK);
  port_free(run->closed);
}

/* Takes SPTE off its page.  Who is left alone with a page in a slot folds it. */
static inline void clear_entry(struct spte *spte) {
  struct page *page = spte->page;
  bool may_fold = page->slot != SLOT_NONE && page->refs > 1;
  page_detach(page, spte);
  if (may_fold) spt_fold(page);
}

/* Ends the entries of SPAN in RUN. */
static bool clear_run(const struct span *span, const struct run *run) {
  struct spte_block *block = run->block;
  event_trace(CLEAR_RUN, span->as->number, 0, run->first, run->mask);
  if (run->closed != NULL) {
    clear_closed(span, run);
    return true;
  }
  take_out(span, run);
  struct spte *spte = block->entries;
  for (uint32_t locked = block->locked & run->mask; locked != 0; locked &= locked - 1)
    spte_unlock(&spte[__builtin_ctz(locked)]);
  uint32_t folded = folded_of(run);
  if (folded != 0) free_slots(span->as, block, folded);
  for (uint32_t mask = run->mask & ~folded; mask != 0; mask >>= 1, spte++)
    if (mask & 1) clear_entry(spte);
  block->present &= ~run->mask;
  block->folded &= ~run->mask;
  block->locking &= ~run->mask;
  block_settle(block, run->first / SPT_BLOCK);
  return true;
}

/* Ends the entries of AS in [START, END). */
void spt_clear(struct addrspace *as, vpn_t start, vpn_t end) {
  struct span span = {.as = as, .start = start, .end = end};
  visit_runs(&span, clear_run);
}
