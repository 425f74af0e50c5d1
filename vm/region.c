/* Regions, in a treap: a search tree by address that is also a heap by random priorities, and so
   of logarithmic height whatever comes. */
#include "vm/region.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/event.h"
#include "vm/port.h"
#include "vm/store.h"

/* Records how REGION is. */
void region_record(const struct region *region) {
  const struct region_source *source = &region->source;
  event_note(REGION, region->as->number, region_rights(region), event_id(region), region->start,
             region->end, source->store != NULL ? event_id(source->store) : 0,
             source->offset / VM_PAGE_SIZE);
}

/* The next number of a xorshift sequence, for priorities.  VM lock. */
static uint32_t next_priority(void) {
  static uint32_t state = 2463534242u;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

/* Splits tree ROOT into what starts before VPN and the rest. */
static void split(struct region *root, vpn_t vpn, struct region **before, struct region **rest) {
  while (root != NULL) {
    if (root->start < vpn) {
      *before = root;
      before = &root->right;
      root = root->right;
    } else {
      *rest = root;
      rest = &root->left;
      root = root->left;
    }
  }
  *before = *rest = NULL;
}

/* Joins trees A and B, A before B. */
static struct region *join(struct region *a, struct region *b) {
  struct region *result;
  struct region **at = &result;
  while (a != NULL && b != NULL) {
    if (a->priority > b->priority) {
      *at = a;
      at = &a->right;
      a = a->right;
    } else {
      *at = b;
      at = &b->left;
      b = b->left;
    }
  }
  *at = a != NULL ? a : b;
  return result;
}

/* Notes that REGION is the one of AS that was found last.  Those who look may have different locks, and any region in the
   tree will do. */
static inline void remember(struct addrspace *as, struct region *region) {
  __atomic_store_n(&as->regions.found, region, __ATOMIC_RELAXED);
}

/* Enters REGION in its address space's tree, in the place of the first on its way down that has a
   lower priority.  Changes of the tree take the VM lock too, for those who walk it without the
   address space's; they find every entry in a region. */
static inline void tree_insert_locked(struct region *region) {
  struct region **at = &region->as->regions.root;
  region->priority = next_priority();
  while (*at != NULL && (*at)->priority > region->priority)
    at = region->start < (*at)->start ? &(*at)->left : &(*at)->right;
  split(*at, region->start, &region->left, &region->right);
  *at = region;
  remember(region->as, region);
  region_changed(region);
}

/* Enters REGION in its address space's tree, for those without the VM lock. */
static void tree_insert(struct region *region) {
  port_vm_lock();
  tree_insert_locked(region);
  port_vm_unlock();
}

/* Takes REGION out of its address space's tree. */
static void tree_remove(struct region *region) {
  struct region **at = &region->as->regions.root;
  port_vm_lock();
  while (*at != region) {
    ASSERT(*at != NULL);
    at = region->start < (*at)->start ? &(*at)->left : &(*at)->right;
  }
  *at = join(region->left, region->right);
  remember(region->as, NULL);
  event_trace(REGION_END, region->as->number, 0, event_id(region), region->start, region->end);
  port_vm_unlock();
}

/* The first region of AS that ends after VPN, or NULL. */
struct region *region_at_or_after(struct addrspace *as, vpn_t vpn) {
  struct region *best = NULL;
  for (struct region *at = as->regions.root; at != NULL;) {
    if (at->end > vpn) {
      best = at;
      at = at->left;
    } else {
      at = at->right;
    }
  }
  return best;
}

/* The last region of AS that ends at VPN or before, or NULL. */
struct region *region_before(struct addrspace *as, vpn_t vpn) {
  struct region *best = NULL;
  for (struct region *at = as->regions.root; at != NULL;) {
    if (at->end <= vpn) {
      best = at;
      at = at->right;
    } else {
      at = at->left;
    }
  }
  return best;
}

/* Searches the tree of AS for VPN and remembers what it finds. */
static __attribute__((noinline)) struct region *find_anew(struct addrspace *as, vpn_t vpn) {
  struct region *region = region_at_or_after(as, vpn);
  if (region == NULL || region->start > vpn) return NULL;
  remember(as, region);
  return region;
}

/* The region of AS that holds VPN, or NULL.  Most often it is the one that was found the last time.
   Whoever takes that out of the tree makes it forgotten. */
struct region *region_find(struct addrspace *as, vpn_t vpn) {
  struct region *region = __atomic_load_n(&as->regions.found, __ATOMIC_RELAXED);
  if (region != NULL && region->start <= vpn && vpn < region->end) return region;
  return find_anew(as, vpn);
}

/* Whether no region of AS touches [START, END). */
bool region_is_free(struct addrspace *as, vpn_t start, vpn_t end) {
  struct region *region = region_at_or_after(as, start);
  return region == NULL || region->start >= end;
}

/* A region of AS made after SPEC, not yet in the tree; it holds its store.  NULL: no memory. */
static struct region *region_create(struct addrspace *as, const struct region_spec *spec) {
  struct region *region = port_memory_is_low() ? NULL : port_alloc(sizeof *region);
  if (region == NULL) return NULL;
  *region = (struct region){.as = as,
                            .start = spec->start,
                            .end = spec->end,
                            .prot = spec->prot,
                            .kind = spec->kind,
                            .shared = spec->shared,
                            .read_only = spec->read_only,
                            .mapping = spec->mapping,
                            .source = spec->source};
  struct store *store = spec->source.store;
  if (store != NULL) store->ops->hold(store);
  return region;
}

/* Frees REGION, which has no pages any more. */
void region_destroy(struct region *region) {
  struct addrspace *as = region->as;
  struct store *store = region->source.store;
  tree_remove(region);
  if (as->stack == region) {
    struct region *above = region_at_or_after(as, region->end);
    as->stack = above != NULL && above->kind == REGION_STACK ? above : NULL;
  }
  port_free(region);
  if (store != NULL) store->ops->release(store);
}

/* Adds a region to AS after SPEC, where the caller knows that nothing is. */
int region_add_free(struct addrspace *as, const struct region_spec *spec) {
  struct region *region = region_create(as, spec);
  if (region == NULL) return VM_ENOMEM;
  tree_insert(region);
  return VM_OK;
}

/* Adds a region to AS after SPEC. */
int region_add(struct addrspace *as, const struct region_spec *spec) {
  ASSERT(port_lock_is_mine(&as->lock));
  ASSERT(spec->source.offset % VM_PAGE_SIZE == 0);
  if (spec->start == 0 || spec->start >= spec->end || spec->end > VPN_END) return VM_ERANGE;
  if (!region_is_free(as, spec->start, spec->end)) return VM_EOVERLAP;
  return region_add_free(as, spec);
}

/* Adds the stack of AS, one page at the top of user space, to grow to LIMIT_BYTES. */
int region_add_stack(struct addrspace *as, uint32_t limit_bytes) {
  struct region_spec spec = {
      .start = VPN_END - 1, .end = VPN_END, .prot = PROT_READ | PROT_WRITE, .kind = REGION_STACK};
  int error = region_add(as, &spec);
  if (error != VM_OK) return error;
  as->stack = region_find(as, VPN_END - 1);
  as->stack_limit = limit_bytes;
  return VM_OK;
}

/* Moves the start of REGION down to START; the order of the tree stays as it is. */
void region_extend_down(struct region *region, vpn_t start) {
  ASSERT(start <= region->start && region->source.store == NULL);
  port_vm_lock();
  region->start = start;
  region_changed(region);
  port_vm_unlock();
}

/* Moves the end of REGION up to END, where nothing else is. */
void region_set_end(struct region *region, vpn_t end) {
  ASSERT(end >= region->end);
  port_vm_lock();
  region->end = end;
  region_changed(region);
  port_vm_unlock();
}

/* How many bytes of its store page VPN of REGION shows. */
uint32_t region_file_bytes(const struct region *region, vpn_t vpn) {
  uint32_t before = (vpn - region->start) * VM_PAGE_SIZE;
  if (region->source.store == NULL || before >= region->source.length) return 0;
  return MIN(region->source.length - before, VM_PAGE_SIZE);
}

/* Whether page VPN of REGION, if that maps a file, lies wholly beyond the file's end. */
bool region_ends_before(const struct region *region, vpn_t vpn) {
  const struct store *store = region->source.store;
  return region->kind == REGION_MAPPING && store != NULL &&
         region_store_index(region, vpn) >= store_pages(store);
}

/* The page of its store that stands at VPN of REGION. */
uint32_t region_store_index(const struct region *region, vpn_t vpn) {
  return region->source.offset / VM_PAGE_SIZE + (vpn - region->start);
}

/* What REGION would be made of. */
struct region_spec region_spec_of(const struct region *region) {
  return (struct region_spec){.start = region->start,
                              .end = region->end,
                              .prot = region->prot,
                              .kind = region->kind,
                              .shared = region->shared,
                              .read_only = region->read_only,
                              .mapping = region->mapping,
                              .source = region->source};
}

/* The part of SOURCE that BYTES, whole pages, come before. */
static struct region_source source_after(struct region_source source, uint32_t bytes) {
  if (source.store == NULL) return source;
  source.offset += bytes;
  source.length -= MIN(bytes, source.length);
  return source;
}

/* Cuts REGION in two at VPN inside it; the new one is the upper. */
bool region_split(struct region *region, vpn_t vpn) {
  ASSERT(region->start < vpn && vpn < region->end);
  struct region_spec upper = region_spec_of(region);
  uint32_t below = (vpn - region->start) * VM_PAGE_SIZE;
  upper.start = vpn;
  upper.source = source_after(upper.source, below);
  struct region *created = region_create(region->as, &upper);
  if (created == NULL) return false;
  created->advice = region->advice;
  created->touched = region->touched;
  port_vm_lock();
  region->source.length = MIN(region->source.length, below);
  region->end = vpn;
  region_changed(region);
  tree_insert_locked(created);
  port_vm_unlock();
  return true;
}

/* Makes START and END boundaries between regions of AS; false if there is no memory. */
bool region_cut(struct addrspace *as, vpn_t start, vpn_t end) {
  ASSERT(port_lock_is_mine(&as->lock));
  struct region *region = region_find(as, start);
  if (region != NULL && region->start < start && !region_split(region, start)) return false;
  region = region_find(as, end);
  return region == NULL || region->start == end || region_split(region, end);
}

/* Shortens REGION by pages [START, END) at one end of it. */
void region_trim(struct region *region, vpn_t start, vpn_t end) {
  ASSERT(start == region->start || end == region->end);
  port_vm_lock();
  if (start == region->start) {
    region->source = source_after(region->source, (end - start) * VM_PAGE_SIZE);
    region->start = end;
  } else {
    region->source.length = MIN(region->source.length, (start - region->start) * VM_PAGE_SIZE);
    region->end = start;
  }
  region_changed(region);
  port_vm_unlock();
}
