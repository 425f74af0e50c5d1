/* Mapping, unmapping, protecting. */
#include "vm/map.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/anonymous.h"
#include "vm/error.h"
#include "vm/port.h"
#include "vm/range.h"
#include "vm/stack.h"
#include "vm/store.h"
#include "vm/unmap.h"

/* Where the search for a free place starts, and where it goes on when there is none: what is
   mapped there may end up in the way of the heap. */
#define MAP_BASE   0x40000000u
#define MAP_LOWEST 0x00010000u

/* The first free run of COUNT pages from START on and below the room for the stack; 0: none. */
static vpn_t find_place(struct addrspace *as, vpn_t start, uint32_t count) {
  vpn_t end = stack_room(as);
  while (count <= end && start <= end - count) {
    struct region *region = region_at_or_after(as, start);
    if (region == NULL || region->start >= start + count) return start;
    start = region->end;
  }
  return 0;
}

/* Whether REQUEST means anything, by itself. */
static int check_request(const struct map_request *request) {
  unsigned sharing = request->flags & (MAP_PRIVATE | MAP_SHARED);
  bool anonymous = request->flags & MAP_ANONYMOUS;
  if (sharing != MAP_PRIVATE && sharing != MAP_SHARED) return VM_EINVAL;
  if (request->flags & ~(MAP_PRIVATE | MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS)) return VM_EINVAL;
  if (request->prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC)) return VM_EINVAL;
  if (anonymous != (request->store == NULL)) return VM_EINVAL;
  if (request->length == 0 || request->length > USER_END) return VM_ERANGE;
  if (request->address % VM_PAGE_SIZE != 0 || request->offset % VM_PAGE_SIZE != 0) return VM_ERANGE;
  if (request->store == NULL) return VM_OK;
  if (request->offset >= store_length(request->store)) return VM_EEOF;
  return request->length <= STORE_BYTES_MAX - request->offset ? VM_OK : VM_ERANGE;
}

/* Chooses the pages of REQUEST in AS, from *START on. */
static int choose_place(struct addrspace *as, const struct map_request *request, vpn_t *start) {
  uint32_t count = DIV_ROUND_UP(request->length, VM_PAGE_SIZE);
  *start = vpn_of(request->address);
  bool in_range = *start > 0 && *start < VPN_END && count <= VPN_END - *start;
  bool free = in_range && region_is_free(as, *start, *start + count) &&
              !stack_is_near(as, *start, *start + count);
  if (free) return VM_OK;
  if (request->flags & MAP_FIXED) return in_range ? VM_EOVERLAP : VM_ERANGE;
  *start = find_place(as, vpn_of(MAP_BASE), count);
  if (*start == 0) *start = find_place(as, vpn_of(MAP_LOWEST), count);
  return *start != 0 ? VM_OK : VM_ELIMIT;
}

/* Maps what REQUEST says into AS, whose lock is held. */
static int map_locked(struct addrspace *as, const struct map_request *request, uaddr_t *address) {
  vpn_t start;
  int error = choose_place(as, request, &start);
  if (error != VM_OK) return error;
  struct region_spec spec = {.start = start,
                             .end = start + DIV_ROUND_UP(request->length, VM_PAGE_SIZE),
                             .prot = request->prot,
                             .kind = REGION_MAPPING,
                             .shared = request->flags & MAP_SHARED,
                             .read_only = request->read_only && (request->flags & MAP_SHARED)};
  struct store *anonymous = NULL;
  if (request->store == NULL && spec.shared) {
    anonymous = anonymous_create();
    if (anonymous == NULL) return VM_ENOMEM;
  }
  spec.source.store = anonymous != NULL ? anonymous : request->store;
  if (spec.source.store != NULL) spec.source.length = (spec.end - spec.start) * VM_PAGE_SIZE;
  if (request->store != NULL) spec.source.offset = request->offset;
  error = region_add_free(as, &spec);
  if (anonymous != NULL) anonymous->ops->release(anonymous);
  *address = vpn_address(start);
  return error;
}

/* Maps what REQUEST says into AS. */
int vm_map(struct addrspace *as, const struct map_request *request, uaddr_t *address) {
  int error = check_request(request);
  if (error != VM_OK) return error;
  addrspace_lock(as);
  error = map_locked(as, request, address);
  addrspace_unlock(as);
  return error;
}

/* Unmaps LENGTH bytes at ADDRESS. */
int vm_unmap(struct addrspace *as, uaddr_t address, uint32_t length) {
  struct range range;
  int error = range_init(&range, as, address, length);
  if (error != VM_OK) return error;
  addrspace_lock(as);
  error = unmap_pages(as, range.start, range.end);
  addrspace_unlock(as);
  return error;
}

/* Whether all of RANGE, which is mapped, may be writable. */
static int check_writable(const struct range *range) {
  for (vpn_t vpn = range->start; vpn < range->end;) {
    const struct region *region = region_find(range->as, vpn);
    ASSERT(region != NULL && region->end > vpn);
    if (region->read_only) return VM_EACCESS;
    vpn = region->end;
  }
  return VM_OK;
}

/* Sets the rights of REGION to *PROT.  Its pages leave the pmap first, and come back by faults, which find the
   new rights. */
static int set_rights(struct region *region, void *prot) {
  ASSERT((*(uint8_t *)prot & PROT_WRITE) == 0 || !region->read_only);
  if (region->touched) spt_unmap(region->as, region->start, region->end);
  port_vm_lock();
  region->prot = *(uint8_t *)prot;
  region_changed(region);
  port_vm_unlock();
  return VM_OK;
}

/* Sets the rights of LENGTH bytes at ADDRESS to PROT. */
int vm_protect(struct addrspace *as, uaddr_t address, uint32_t length, uint8_t prot) {
  if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC)) return VM_EINVAL;
  struct range range;
  int error = range_init(&range, as, address, length);
  if (error != VM_OK) return error;
  addrspace_lock(as);
  error = range_check(&range);
  if (error == VM_OK && (prot & PROT_WRITE)) error = check_writable(&range);
  if (error == VM_OK) error = range_visit(&range, set_rights, &prot);
  addrspace_unlock(as);
  return error;
}
