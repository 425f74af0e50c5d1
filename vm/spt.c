/* The supplemental page table. */
#include "vm/spt.h"
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

/* The entry at VPN of AS, or NULL. */
struct spte *spt_get(struct addrspace *as, vpn_t vpn) {
  struct spte_block *block = radix_get(&as->spt.blocks, vpn / SPT_BLOCK);
  if (block == NULL || (block->present >> vpn % SPT_BLOCK & 1) == 0) return NULL;
  return &block->entries[vpn % SPT_BLOCK];
}

/* The block that VPN of AS belongs to, or NULL if there is no memory.  One that was made must be used
   at once: none is empty. */
static struct spte_block *block_make(struct addrspace *as, vpn_t vpn) {
  struct spte_block *block = radix_get(&as->spt.blocks, vpn / SPT_BLOCK);
  if (block != NULL) return block;
  block = port_alloc(sizeof *block);
  if (block == NULL) return NULL;
  block->present = 0;
  if (radix_insert(&as->spt.blocks, vpn / SPT_BLOCK, block)) return block;
  port_free(block);
  return NULL;
}

/* Makes SPTE, unused, the entry at VPN of AS on PAGE's list. */
static inline void spte_init(struct spte *spte, struct addrspace *as, vpn_t vpn,
                             struct page *page) {
  *spte = (struct spte){.as = as, .vpn = vpn};
  page_attach(page, spte);
}

/* A new entry at VPN of AS on PAGE's list. */
struct spte *spt_add(struct addrspace *as, vpn_t vpn, struct page *page) {
  struct spte_block *block = block_make(as, vpn);
  if (block == NULL) return NULL;
  uint32_t bit = 1u << vpn % SPT_BLOCK;
  ASSERT((block->present & bit) == 0);
  block->present |= bit;
  struct spte *spte = &block->entries[vpn % SPT_BLOCK];
  spte_init(spte, as, vpn, page);
  return spte;
}

/* The first entries of AS in [START, END) that stand in one block; false if there is none. */
static bool next_run(struct addrspace *as, vpn_t start, vpn_t end, struct run *run) {
  uint32_t index = start / SPT_BLOCK;
  while (start < end) {
    run->block = radix_next(&as->spt.blocks, &index, (end - 1) / SPT_BLOCK);
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

/* Gives CHILD entries for the pages of those of RUN; false if there is no memory. */
static bool copy_run(const struct run *run, struct addrspace *child) {
  struct spte_block *copy = block_make(child, run->first);
  if (copy == NULL) return false;
  ASSERT((copy->present & run->mask) == 0);
  copy->present |= run->mask;
  const struct spte *model = run->block->entries;
  struct spte *spte = copy->entries;
  vpn_t vpn = run->first;
  for (uint32_t mask = run->mask; mask != 0; mask >>= 1, model++, spte++, vpn++)
    if (mask & 1) spte_init(spte, child, vpn, model->page);
  return true;
}

/* Gives CHILD what its parent has in REGION. */
bool spt_copy(const struct region *region, struct addrspace *child) {
  struct addrspace *parent = region->as;
  bool found = true, copied = true;
  for (vpn_t vpn = region->start; found && copied && vpn < region->end;) {
    struct run run;
    port_vm_lock();
    found = next_run(parent, vpn, region->end, &run);
    if (found) {
      if (!region->shared) port_pmap_write_protect_run(parent->pmap, run.first, run.mask);
      copied = copy_run(&run, child);
      vpn = run.first + SPT_BLOCK;
    }
    port_vm_unlock();
  }
  return copied;
}

/* Lets SPTE stand for PAGE, a copy of the old one, locked if that was; what it wrote to that is noted
   there. */
void spte_move(struct spte *spte, struct page *page) {
  struct page *old = spte->page;
  ASSERT(old != page && page->state == PAGE_RESIDENT);
  if (spte->locked) frame_move_wire(old->frame, page->frame);
  if (spte_unmap(spte)) page_note_write(old);
  page_detach(old, spte);
  page_attach(page, spte);
}

/* Lets the pages of all entries of RUN go where they like. */
static void unlock_run(const struct run *run) {
  for (uint32_t mask = run->mask; mask != 0; mask &= mask - 1)
    spte_unlock(&run->block->entries[__builtin_ctz(mask)]);
}

/* Ends the entries of RUN in AS.  They leave the pmap first, then what was written is noted. */
static void clear_run(struct addrspace *as, const struct run *run) {
  unsigned mapped;
  uint32_t dirty = port_pmap_remove_run(as->pmap, run->first, run->mask, &mapped);
  for (; dirty != 0; dirty &= dirty - 1)
    page_note_write(run->block->entries[__builtin_ctz(dirty)].page);
  addrspace_count_resident(as, -(int)mapped);
  if (as->locked > 0) unlock_run(run);
  struct spte *spte = run->block->entries;
  for (uint32_t mask = run->mask; mask != 0; mask >>= 1, spte++)
    if (mask & 1) page_detach(spte->page, spte);
  run->block->present &= ~run->mask;
  if (run->block->present > 0) return;
  radix_remove(&as->spt.blocks, run->first / SPT_BLOCK);
  port_free(run->block);
}

/* Ends all entries of AS in [START, END). */
void spt_clear(struct addrspace *as, vpn_t start, vpn_t end) {
  bool found = true;
  while (found && start < end) {
    struct run run;
    port_vm_lock();
    found = next_run(as, start, end, &run);
    if (found) {
      clear_run(as, &run);
      start = run.first + SPT_BLOCK;
    }
    port_vm_unlock();
  }
}
