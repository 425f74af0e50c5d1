/* The supplemental page table. */
#include "vm/spt.h"
#include "lib/bitmap.h"
#include "vm/addrspace.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"

/* Entries of one block: bit i of MASK stands for that of page FIRST + i. */
struct run {
  struct spte_block *block;
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

/* Whether there is an entry at VPN of AS. */
bool spt_is_touched(struct addrspace *as, vpn_t vpn) {
  port_vm_lock();
  bool touched = spt_get(&as->spt, vpn) != NULL;
  port_vm_unlock();
  return touched;
}

/* A new block for VPN of AS, which must be used at once: none is empty.  NULL if there is no memory. */
static struct spte_block *block_create(struct addrspace *as, vpn_t vpn) {
  struct spte_block *block = port_alloc(sizeof *block);
  if (block == NULL) return NULL;
  block->as = as;
  block->present = block->mapped = block->locked = block->fresh = 0;
  if (radix_insert(&as->spt.blocks, vpn / SPT_BLOCK, block)) return block;
  port_free(block);
  return NULL;
}

/* The block that VPN of AS belongs to, made if need be; NULL if there is no memory. */
static inline struct spte_block *block_make(struct addrspace *as, vpn_t vpn) {
  struct spte_block *block = radix_get(&as->spt.blocks, vpn / SPT_BLOCK);
  return block != NULL ? block : block_create(as, vpn);
}

/* Makes SPTE, unused, the entry at VPN, in BLOCK, and of no page yet. */
static inline void spte_init(struct spte *spte, struct spte_block *block, vpn_t vpn) {
  spte->block = block;
  spte->vpn = vpn;
}

/* A new entry at VPN of AS on PAGE's list. */
struct spte *spt_add(struct addrspace *as, vpn_t vpn, struct page *page) {
  struct spte_block *block = block_make(as, vpn);
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
    run->block = radix_get(&as->spt.blocks, index);
    if (run->block == NULL) run->block = radix_next(&as->spt.blocks, &index, (end - 1) / SPT_BLOCK);
    if (run->block == NULL) return false;
    run->first = index * SPT_BLOCK;
    run->mask = run->block->present;
    if (run->first < start) run->mask &= UINT32_MAX << (start - run->first);
    if (end - run->first < SPT_BLOCK) run->mask &= (1u << (end - run->first)) - 1;
    if (run->mask != 0) return true;
    start = ++index * SPT_BLOCK;
  }
  return false;
}

/* The first entry of AS in [*VPN, END), or NULL. */
struct spte *spt_next(struct addrspace *as, vpn_t *vpn, vpn_t end) {
  struct run run;
  if (!next_run(as, *vpn, end, &run)) return NULL;
  unsigned i = (unsigned)__builtin_ctz(run.mask);
  *vpn = run.first + i;
  return &run.block->entries[i];
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

/* Gives CHILD entries for the pages of those of RUN, none of them mapped; their block, NULL if there is no
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

/* Gives SPAN's child what its parent has in RUN, to be read at once and written after a fault: what is in
   memory is mapped in both, if there is a page table for it, and if the region is private the parent may not
   write it either. */
static bool copy_run(const struct span *span, const struct run *run) {
  struct pmap *parent = span->as->pmap, *child = span->child->pmap;
  struct spte_block *copy = copy_entries(run, span->child);
  uint32_t mapped = run->block->mapped & run->mask;
  if (copy == NULL || mapped == 0) return copy != NULL;
  if (!span->shared) port_pmap_write_protect_run(parent, run->first, mapped);
  if (!port_pmap_copy_run(child, parent, run->first, mapped)) return true;
  copy->mapped |= mapped;
  addrspace_count_resident(span->child, (int)word_count(mapped));
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
static bool unmap_run(const struct span *span, const struct run *run) {
  struct addrspace *as = span->as;
  uint32_t mapped = run->block->mapped & run->mask;
  if (mapped == 0) return true;
  uint32_t dirty = as->ending ? port_pmap_drop_run(as->pmap, run->first, mapped)
                              : port_pmap_remove_run(as->pmap, run->first, mapped);
  for (; dirty != 0; dirty &= dirty - 1)
    page_note_write(run->block->entries[__builtin_ctz(dirty)].page);
  run->block->mapped &= ~mapped;
  addrspace_count_resident(as, -(int)word_count(mapped));
  return true;
}

/* Takes the entries of AS in [START, END) out of the pmap. */
void spt_unmap(struct addrspace *as, vpn_t start, vpn_t end) {
  struct span span = {.as = as, .start = start, .end = end};
  visit_runs(&span, unmap_run);
}

/* Ends the entries of SPAN in RUN. */
static bool clear_run(const struct span *span, const struct run *run) {
  unmap_run(span, run);
  struct spte *spte = run->block->entries;
  for (uint32_t locked = run->block->locked & run->mask; locked != 0; locked &= locked - 1)
    spte_unlock(&spte[__builtin_ctz(locked)]);
  for (uint32_t mask = run->mask; mask != 0; mask >>= 1, spte++)
    if (mask & 1) page_detach(spte->page, spte);
  run->block->present &= ~run->mask;
  run->block->fresh &= ~run->mask;
  if (run->block->present > 0) return true;
  radix_remove(&span->as->spt.blocks, run->first / SPT_BLOCK);
  port_free(run->block);
  return true;
}

/* Ends the entries of AS in [START, END). */
void spt_clear(struct addrspace *as, vpn_t start, vpn_t end) {
  struct span span = {.as = as, .start = start, .end = end};
  visit_runs(&span, clear_run);
}
