/* Page faults.

   vm_fault() runs five steps over one context until none of them says VM_RETRY:

     find_region     which region is it, and may it be accessed so?      else the stack grows
     find_page       which page of content stands there?                 else it is made
     bring_in        into a frame, from its home                         (I/O)
     make_writable   a private page of others is copied, a file's page gets a block   (I/O)
     enter           into the pmap

   The address space's lock is held throughout, so its regions and entries stay; the VM lock is held
   from find_page on and given up wherever a step sleeps.  A step that slept and cannot be sure of
   what the steps before it found says VM_RETRY. */
#include "vm/fault.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/map.h"
#include "vm/page.h"
#include "vm/pagein.h"
#include "vm/stack.h"
#include "vm/store.h"
#include "vm/supply.h"

/* So often a fault waits so long for kernel memory before the lack of it is final. */
#define STARVED_NAPS 4
#define STARVED_MS   10

struct fault {
  /* Request. */
  struct addrspace *as;
  uaddr_t address;
  enum vm_access access;
  /* Found. */
  struct region *region;
  struct spte *spte;
  vpn_t vpn;
  unsigned tries; /* That ended in VM_RETRY. */
  /* Result. */
  enum fault_kind kind;
  bool stack_grew;
  uint32_t reserved; /* Bytes of the page, from its first on, that have blocks on disk. */
};

/* Finds the region at the address, growing the stack to it if it may, and checks its rights. */
static int find_region(struct fault *f) {
  if (f->address >= USER_END) return VM_ENOMAP;
  f->region = region_find(f->as, f->vpn);
  if (f->region == NULL) {
    int error = stack_grow(f->as, f->address);
    if (error != VM_OK) return error;
    f->stack_grew = true;
    f->region = f->as->stack;
  }
  if (f->access == ACCESS_WRITE) return f->region->prot & PROT_WRITE ? VM_OK : VM_EACCESS;
  return f->region->prot != PROT_NONE ? VM_OK : VM_EACCESS;
}

/* The page that should stand at F's address when nothing was touched there yet, held. */
static int first_page(struct fault *f, struct page **result) {
  const struct region *region = f->region;
  uint32_t bytes = region_file_bytes(region, f->vpn);
  struct store *store = region->source.store;
  struct page *page;
  if (bytes == VM_PAGE_SIZE) {
    if (region->shared && region_ends_before(region, f->vpn)) return VM_EEOF;
    page = store_page(store, region_store_index(region, f->vpn));
  } else if (bytes == 0 && f->access == ACCESS_READ) {
    page = &page_zero;
    page_get(page);
  } else {
    ASSERT(!region->shared || store == NULL);
    page = page_create();
    if (page != NULL && bytes > 0) {
      page->home = HOME_FILE;
      page->store = store;
      page->index = region_store_index(region, f->vpn);
      page->length = bytes;
    }
  }
  *result = page;
  return page != NULL ? VM_OK : VM_ENOMEM;
}

/* Finds the entry at the address, or makes one with the page that belongs there; the table is looked at once. */
static int find_page(struct fault *f) {
  void *item = radix_get(&f->as->spt.blocks, f->vpn / SPT_BLOCK);
  f->spte = spt_item_get(item, f->vpn);
  if (f->spte != NULL) return VM_OK;
  if (spt_item_is_folded(item, f->vpn)) {
    f->spte = spt_unfold(f->as, f->vpn);
    return f->spte != NULL ? VM_OK : VM_ENOMEM;
  }
  struct page *page;
  int error = first_page(f, &page);
  if (error != VM_OK) return error;
  f->region->touched = true;
  f->spte = spt_add(f->as, item, f->vpn, page);
  page_put(page);
  return f->spte != NULL ? VM_OK : VM_ENOMEM;
}

/* Brings the entry's page into a frame. */
static int bring_in(struct fault *f) {
  struct page *page = f->spte->page;
  if (page->state == PAGE_RESIDENT) return VM_OK;
  if (page->state == PAGE_ABSENT)
    f->kind = page->home == HOME_ZERO   ? FAULT_ZERO
              : page->home == HOME_SWAP ? FAULT_SWAP
                                        : FAULT_FILE;
  if (f->region->advice != ADVICE_NORMAL && page->state == PAGE_ABSENT) {
    if (page->home == HOME_FILE)
      readahead_advise(&page->store->ahead, page->index, f->region->advice);
    else
      readahead_advise(&f->region->ahead, f->vpn, f->region->advice);
  }
  return page_bring_in(page);
}

/* Fills COPY, ARRIVING, with the content of SOURCE, RESIDENT; the VM lock is given up meanwhile. */
static int fill_copy(struct page *copy, struct page *source) {
  ASSERT(copy->state == PAGE_ARRIVING && source->state == PAGE_RESIDENT);
  page_get(source);
  frame_pin(source->frame);
  int error = supply_frame(copy, SUPPLY_RETRY);
  if (error == VM_OK) {
    port_vm_unlock();
    port_copy_page(frame_memory(copy->frame), frame_memory(source->frame));
    port_vm_lock();
    copy->dirty = true;
    copy->home = HOME_SWAP;
  }
  page_unpin(source);
  page_put(source);
  return error;
}

/* The only copy-on-write: gives the entry a page of its own, with the content of the one it stands
   for.  A copy of the zero page is just a page of zeroes. */
static int copy_page(struct fault *f) {
  struct page *source = f->spte->page;
  struct page *copy = page_create();
  if (copy == NULL) return VM_ENOMEM;
  int error;
  if (source == &page_zero) {
    f->kind = FAULT_ZERO;
    error = page_bring_in(copy);
  } else {
    f->kind = FAULT_COW;
    page_start_arriving(copy);
    error = fill_copy(copy, source);
    if (error == VM_OK)
      page_arrived(copy, CAME_COPY);
    else
      page_not_arrived(copy);
  }
  if (error == VM_OK) spte_move(f->spte, copy);
  page_put(copy);
  if (error == VM_RETRY) supply_wait();
  return error;
}

/* A page of a shared mapping is going to be written: makes sure that what the file has of it has blocks on
   disk, so that writing it back cannot fail for want of space.  Often that is known.  If the file has grown into more
   of the page meanwhile, that needs blocks too. */
static int reserve_block(struct fault *f) {
  struct page *page = f->spte->page;
  if (!page_belongs_to_file(page)) return VM_OK;
  ASSERT(page->state == PAGE_RESIDENT);
  if (page->store->write_denials > 0) return VM_EACCESS;
  if (page->backed) return VM_OK;
  uint32_t bytes = store_page_bytes(page);
  if (f->reserved >= bytes) return VM_OK;
  struct store_extent extent = {.offset = page->index * VM_PAGE_SIZE, .size = VM_PAGE_SIZE};
  frame_pin(page->frame);
  int error = store_reserve_page(page, &extent);
  page_unpin(page);
  f->reserved = bytes;
  return error == VM_OK ? VM_RETRY : error;
}

/* Makes the entry's page one that F's process may write to. */
static int make_writable(struct fault *f) {
  if (f->region->shared) return reserve_block(f);
  return page_is_exclusive(f->spte->page) ? VM_OK : copy_page(f);
}

/* Whether nothing needs to be done at the first write to the entry's page, which was read. */
static bool may_be_written(const struct fault *f) {
  const struct page *page = f->spte->page;
  if ((f->region->prot & PROT_WRITE) == 0) return false;
  return f->region->shared ? !page_belongs_to_file(page) : page_is_exclusive(page);
}

/* Enters the page in the pmap: writable if nothing needs to be done at the first write. */
static int enter(struct fault *f) {
  bool writable = f->access == ACCESS_WRITE || may_be_written(f);
  return spte_map(f->spte, writable) ? VM_OK : VM_ENOMEM;
}

/* Counts F, of KIND, for its process and in total. */
static void count(const struct fault *f, enum fault_kind kind) {
  struct vm_counters *own = &f->as->counters, *total = &vm_stats.totals;
  own->faults_of[kind]++;
  total->faults_of[kind]++;
  if (!f->stack_grew) return;
  own->faults_stack++;
  total->faults_stack++;
}

/* A fault of AS at ADDRESS for ACCESS ends with ERROR. */
static __attribute__((noinline)) void note_failure(struct addrspace *as, uaddr_t address,
                                                   enum vm_access access, int error) {
  event_note(FAULT_FAILED, as->number, access == ACCESS_WRITE, address, (uint32_t)error);
}

/* F ends with ERROR. */
static void fail(const struct fault *f, int error) {
  note_failure(f->as, f->address, f->access, error);
  count(f, FAULT_ERROR);
  turn_give_up(f->as);
}

/* There was no kernel memory for a fault.  Whether it may try again: when some was made, or after a while, as somebody
   may have taken the last who is refused the rest and gives all back.  *NAPS counts the whiles. */
static bool may_try_again(unsigned *naps) {
  if (port_memory_make()) return true;
  if (++*naps > STARVED_NAPS) return false;
  port_sleep_ms(STARVED_MS);
  return true;
}

/* A fault of AS at ADDRESS has found SPTE; TRY is twice its number, and 1 more if it writes.  For those who watch; by
   values, so that the record of a fault stays in registers.  VM_OK or VM_RETRY, as turn_fault(). */
static __attribute__((noinline)) int watch_start(struct addrspace *as, const struct spte *spte,
                                                 uaddr_t address, unsigned try) {
  const struct page *page = spte->page;
  event_trace(FAULT_START, as->number,
              (try & 1) | DETAIL_HOME(page->home) | DETAIL_STATE(page->state), address,
              event_id(page), try / 2, page->store != NULL ? event_id(page->store) : 0,
              page->index);
  return turn_is_watched ? turn_fault(as, spte, try / 2) : VM_OK;
}

/* It has mapped the page of SPTE; RESULT is the detail of event FAULT. */
static __attribute__((noinline)) void watch_end(struct addrspace *as, const struct spte *spte,
                                                uaddr_t address, unsigned result) {
  const struct page *page = spte->page;
  event_trace(FAULT, as->number, result, address, event_id(page), frame_number(page->frame));
  if (turn_is_watched) turn_fault_done(as, spte);
}

/* One run through the steps. */
static int resolve(struct fault *f) {
  f->vpn = vpn_anew(f->vpn);
  int error = find_region(f);
  port_vm_lock();
  if (error == VM_OK) error = find_page(f);
  if (error == VM_OK && vm_faults_watched)
    error = watch_start(f->as, f->spte, f->address, f->tries * 2 + (f->access == ACCESS_WRITE));
  if (error == VM_OK) error = bring_in(f);
  if (error == VM_OK && f->access == ACCESS_WRITE) error = make_writable(f);
  if (error == VM_OK) error = enter(f);
  if (error == VM_OK) {
    count(f, f->kind);
    if (vm_faults_watched)
      watch_end(f->as, f->spte, f->address,
                f->kind | (f->access == ACCESS_WRITE ? DETAIL_BY_WRITE : 0) |
                    (f->stack_grew ? DETAIL_STACK_GREW : 0));
  } else if (error != VM_RETRY && error != VM_ENOMEM) {
    fail(f, error);
  }
  port_vm_unlock();
  return error;
}

/* Makes ADDRESS of AS, whose lock is held, accessible for ACCESS. */
int vm_fault_locked(struct addrspace *as, uaddr_t address, enum vm_access access) {
  struct fault f = {.as = as, .address = address, .access = access, .vpn = vpn_of(address)};
  unsigned naps = 0;
  int error;
  while ((error = resolve(&f)) == VM_RETRY || (error == VM_ENOMEM && may_try_again(&naps)))
    f.tries++;
  if (error == VM_ENOMEM) {
    port_vm_lock();
    fail(&f, error);
    port_vm_unlock();
  }
  return error;
}

/* Makes ADDRESS of AS accessible until its page is mapped at a moment when nobody can take it away.  Between the fault and
   that moment it may have left, and its entry folded. */
int vm_fault_mapped(struct addrspace *as, uaddr_t address, enum vm_access access,
                    struct spte **spte) {
  ASSERT(port_lock_is_mine(&as->lock));
  for (;;) {
    int error = vm_fault_locked(as, address, access);
    if (error != VM_OK) return error;
    port_vm_lock();
    *spte = spt_get(&as->spt, vpn_of(address));
    if (*spte != NULL && spte_is_mapped(*spte)) return VM_OK;
    port_vm_unlock();
  }
}

/* Makes ADDRESS of AS accessible for ACCESS. */
__attribute__((noinline, used)) int vm_fault(struct addrspace *as, uaddr_t address,
                                             enum vm_access access) {
  port_lock_acquire(&as->lock);
  int error = vm_fault_locked(as, address, access);
  port_lock_release(&as->lock);
  return error;
}
