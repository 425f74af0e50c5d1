/* Regions: runs of virtual pages with one protection and one source of content.

   The regions of an address space do not overlap and stand in a tree by address.  Who looks has the address space's
   lock or the VM lock; who changes has the first, takes the second, and sleeps in region_destroy() alone. */
#ifndef VM_REGION_H
#define VM_REGION_H

#include <stdbool.h>
#include "vm/event.h"
#include "vm/readahead.h"
#include "vm/types.h"

struct addrspace;
struct store;
struct region;

/* Rights, also of our own system calls. */
enum vm_prot { PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };

enum region_kind { REGION_CODE, REGION_DATA, REGION_STACK, REGION_HEAP, REGION_MAPPING };

/* Where a region's content comes from: STORE's bytes [offset, offset+length), the rest of the
   region reading as zeroes; offset is page aligned.  A mapping shows whole pages of its store, and can be
   longer than the file.  STORE is NULL for plain zeroes. */
struct region_source {
  struct store *store;
  uint32_t offset;
  uint32_t length;
};

struct region {
  struct region *left, *right; /* Tree. */
  uint32_t priority;
  struct addrspace *as;
  vpn_t start, end; /* Pages [start, end). */
  uint8_t prot;     /* enum vm_prot bits. */
  uint8_t kind;     /* enum region_kind. */
  bool shared;      /* Writes go to the store; otherwise the first write copies. */
  bool touched;     /* There may be entries for its pages. */
  bool read_only;   /* Shared, of a file that must not be written: never gets PROT_WRITE. */
  uint8_t advice;   /* enum vm_advice (vm/map.h). */
  int mapping;      /* Id of the mapping it belongs to; 0: none. */
  struct region_source source;
  struct readahead ahead; /* Of its pages in swap.  VM lock. */
};

struct region_tree {
  struct region
      *root; /* Changed with the address space's lock and the VM lock, read with one of them. */
  struct region *
      found; /* By the last region_find(); NULL if that was removed.  Read and set with one of the two. */
};

/* What to make a region of. */
struct region_spec {
  vpn_t start, end;
  uint8_t prot, kind;
  bool shared, read_only;
  int mapping;
  struct region_source source;
};

/* The region of AS that holds VPN, or NULL: the one way from an address to its region. */
struct region *region_find(struct addrspace *as, vpn_t vpn);
/* The first region of AS that ends after VPN, or NULL. */
struct region *region_at_or_after(struct addrspace *as, vpn_t vpn);
/* The last region of AS that ends at VPN or before, or NULL. */
struct region *region_before(struct addrspace *as, vpn_t vpn);
/* Whether no region of AS reaches into pages [START, END). */
bool region_is_free(struct addrspace *as, vpn_t start, vpn_t end);
/* Rights, kind, and whether REGION is shared and read only, in a byte, for events. */
static inline uint8_t region_rights(const struct region *region) {
  return (uint8_t)(region->prot | region->kind << 3 | region->shared << 6 | region->read_only << 7);
}
/* Records how REGION is.  VM lock. */
void region_record(const struct region *region);
/* Records how REGION is from now on, if everything is recorded, for who changed it.  VM lock. */
static inline void region_changed(const struct region *region) {
  if (event_wanted()) region_record(region);
}
/* How many bytes of its store page VPN of REGION shows: VM_PAGE_SIZE for all, 0 for none.  Of a mapping
   these are all that the store's page has, wherever the file ends. */
uint32_t region_file_bytes(const struct region *region, vpn_t vpn);
/* Whether REGION maps a store whose file ends before page VPN: there is nothing to see yet. */
bool region_ends_before(const struct region *region, vpn_t vpn);
/* The index in REGION's store of the page that stands at VPN. */
uint32_t region_store_index(const struct region *region, vpn_t vpn);
/* The spec by which region_add() would make one like REGION. */
struct region_spec region_spec_of(const struct region *region);

/* Adds a region to AS after SPEC and holds its store (ops->hold).  VM_OK, VM_ENOMEM, VM_EOVERLAP or VM_ERANGE
   (empty, page 0, or not below USER_END). */
int region_add(struct addrspace *as, const struct region_spec *spec);
/* Adds a region to AS after SPEC, of which the caller knows that it lies in user space where nothing else is, and
   holds its store.  VM_OK or VM_ENOMEM. */
int region_add_free(struct addrspace *as, const struct region_spec *spec);
/* Adds the stack of AS, one page at the top of user space, which grows down on faults to LIMIT_BYTES.  VM_OK,
   VM_ENOMEM or VM_EOVERLAP. */
int region_add_stack(struct addrspace *as, uint32_t limit_bytes);
/* Moves the start of REGION down to START, where nothing else is. */
void region_extend_down(struct region *region, vpn_t start);
/* Moves the end of REGION up to END, where nothing else is. */
void region_set_end(struct region *region, vpn_t end);
/* Cuts REGION in two at VPN inside it; the new one is the upper.  False, and nothing changed, if there is no memory. */
bool region_split(struct region *region, vpn_t vpn);
/* Makes START and END boundaries between regions of AS.  False if there is no memory; one may be made then. */
bool region_cut(struct addrspace *as, vpn_t start, vpn_t end);
/* Shortens REGION by pages [START, END) at one end of it, which have no entries any more. */
void region_trim(struct region *region, vpn_t start, vpn_t end);
/* Frees REGION, which has no entries any more, and lets its store go.  May sleep. */
void region_destroy(struct region *region);

#endif
