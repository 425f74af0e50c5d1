/* Mappings. */
#include "vm/mmap.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/port.h"
#include "vm/stack.h"
#include "vm/store.h"
#include "vm/unmap.h"

/* What mmap made.  Its regions carry the id; some may be gone by vm_unmap(). */
struct mapping {
  struct list_node node; /* In the address space's mappings. */
  int id;
  vpn_t start, end;
};

/* A record for pages [START, END) of AS, with a new id, on its list; NULL: no memory. */
static struct mapping *mapping_create(struct addrspace *as, int id, vpn_t start, vpn_t end) {
  ASSERT(id > 0 && start > 0 && start < end && end <= VPN_END);
  struct mapping *mapping = port_alloc(sizeof *mapping);
  if (mapping == NULL) return NULL;
  *mapping = (struct mapping){.id = id, .start = start, .end = end};
  list_push_back(&as->mappings, &mapping->node);
  return mapping;
}

/* Frees the record MAPPING. */
static void mapping_destroy(struct mapping *mapping) {
  list_remove(&mapping->node);
  port_free(mapping);
}

/* The mapping of AS with that ID, or NULL. */
static struct mapping *mapping_lookup(struct addrspace *as, int id) {
  list_for_each(node, &as->mappings) {
    struct mapping *mapping = list_entry(node, struct mapping, node);
    if (mapping->id == id) return mapping;
  }
  return NULL;
}

/* Adds the region SPEC and its record to AS, whose lock is held; the id or an error. */
static int add_locked(struct addrspace *as, struct region_spec *spec) {
  if (stack_is_near(as, spec->start, spec->end)) return VM_EOVERLAP;
  struct mapping *mapping = mapping_create(as, as->next_mapping, spec->start, spec->end);
  if (mapping == NULL) return VM_ENOMEM;
  spec->mapping = mapping->id;
  int error = region_add(as, spec);
  if (error != VM_OK) {
    mapping_destroy(mapping);
    return error;
  }
  return as->next_mapping++;
}

/* Maps all of STORE at ADDRESS of AS. */
int mapping_add(struct addrspace *as, struct store *store, uaddr_t address, uint8_t prot) {
  uint32_t length = store_length(store);
  if (length == 0) return VM_EINVAL;
  if (address == 0 || address % VM_PAGE_SIZE != 0 || address >= USER_END) return VM_ERANGE;
  if (length > USER_END - address) return VM_ERANGE;
  uint32_t pages = DIV_ROUND_UP(length, VM_PAGE_SIZE);
  struct region_spec spec = {.start = vpn_of(address),
                             .end = vpn_of(address) + pages,
                             .prot = prot,
                             .kind = REGION_MAPPING,
                             .shared = true,
                             .read_only = (prot & PROT_WRITE) == 0,
                             .source = {.store = store, .length = pages * VM_PAGE_SIZE}};
  addrspace_lock(as);
  int result = add_locked(as, &spec);
  addrspace_unlock(as);
  return result;
}

/* Ends the regions of MAPPING that are left. */
static int end_regions(struct addrspace *as, const struct mapping *mapping) {
  ASSERT(port_lock_is_mine(&as->lock));
  int result = VM_OK;
  vpn_t vpn = mapping->start;
  struct region *region;
  while ((region = region_at_or_after(as, vpn)) != NULL && region->start < mapping->end) {
    vpn = region->end;
    if (region->mapping != mapping->id) continue;
    int error = unmap_region(region);
    if (error != VM_OK) result = error;
  }
  return result;
}

/* Unmaps mapping ID of AS. */
int mapping_remove(struct addrspace *as, int id) {
  addrspace_lock(as);
  struct mapping *mapping = mapping_lookup(as, id);
  int result = VM_EINVAL;
  if (mapping != NULL) {
    result = end_regions(as, mapping);
    mapping_destroy(mapping);
  }
  addrspace_unlock(as);
  return result;
}

/* Gives CHILD records of all mappings of PARENT. */
int mapping_copy_all(struct addrspace *parent, struct addrspace *child) {
  ASSERT(list_is_empty(&child->mappings));
  child->next_mapping = parent->next_mapping;
  list_for_each(node, &parent->mappings) {
    const struct mapping *mapping = list_entry(node, struct mapping, node);
    if (mapping_create(child, mapping->id, mapping->start, mapping->end) == NULL) return VM_ENOMEM;
  }
  return VM_OK;
}

/* Frees the records of AS. */
void mapping_free_all(struct addrspace *as) {
  ASSERT(port_lock_is_mine(&as->lock));
  struct list_node *node;
  while ((node = list_first(&as->mappings)) != NULL)
    mapping_destroy(list_entry(node, struct mapping, node));
}
