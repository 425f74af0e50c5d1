/* Why an access failed. */
#include "vm/explain.h"
#include "lib/printf.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/vm.h"

#define KB          1024u
#define JUST_BEHIND 16u     /* Bytes: an element or a word beyond. */
#define BEHIND_MAX  0x10000 /* Farther away it was hardly meant. */

/* A distance in words: bytes, or KiB when that is shorter. */
struct distance {
  unsigned number;
  const char *unit;
};

/* BYTES as a distance. */
static struct distance distance_of(uint32_t bytes) {
  return bytes < KB ? (struct distance){bytes, "bytes"} : (struct distance){bytes / KB, "KiB"};
}

/* What KIND of region is called. */
static const char *kind_name(int kind) {
  static const char *const names[] = {[REGION_CODE] = "code",
                                      [REGION_DATA] = "data",
                                      [REGION_STACK] = "stack",
                                      [REGION_HEAP] = "heap",
                                      [REGION_MAPPING] = "a mapping"};
  return names[kind];
}

/* What KIND of region is called behind an article. */
static const char *kind_noun(int kind) {
  return kind == REGION_MAPPING ? "mapping" : kind_name(kind);
}

/* The access was not allowed in its region. */
static void explain_rights(const struct refusal *r, char *text, size_t size) {
  const struct region *region = region_find(r->as, vpn_of(r->address));
  const char *did =
      (region->prot & PROT_READ) == 0 ? "touched the inaccessible" : "wrote to the read-only";
  snprintf(text, size, "%s page 0x%08x of `%s' (%s)", did, (unsigned)(r->address & ~VM_PAGE_MASK),
           r->program, kind_name(region->kind));
}

/* The address lies behind BELOW, of the regions around it the nearest. */
static void explain_behind(const struct refusal *r, const struct region *below, char *text,
                           size_t size) {
  uint32_t behind = r->address - vpn_address(below->end);
  struct distance d = distance_of(behind);
  if (behind < JUST_BEHIND)
    snprintf(text, size, "no memory at 0x%08x: just behind the %s", (unsigned)r->address,
             kind_noun(below->kind));
  else
    snprintf(text, size, "no memory at 0x%08x: %u %s behind the %s, which ends at 0x%08x",
             (unsigned)r->address, d.number, d.unit, kind_noun(below->kind),
             (unsigned)vpn_address(below->end));
}

/* Where a program without memory at the address may have gone astray: the nearest landmark. */
static void explain_hole(const struct refusal *r, char *text, size_t size) {
  unsigned address = r->address;
  const struct region *above = region_at_or_after(r->as, vpn_of(r->address));
  const struct region *below = region_before(r->as, vpn_of(r->address));
  uint32_t behind = below != NULL ? r->address - vpn_address(below->end) : UINT32_MAX;
  if (r->address < VM_PAGE_SIZE) {
    snprintf(text, size, "no memory at 0x%08x: a null pointer, or an offset from one", address);
  } else if (behind < BEHIND_MAX &&
             (above == NULL || behind < vpn_address(above->start) - r->address)) {
    explain_behind(r, below, text, size);
  } else if (above != NULL && above == r->as->stack) {
    bool below_esp = r->address < r->as->user_esp;
    struct distance d = distance_of(vpn_address(above->start) - r->address);
    struct distance esp = distance_of(r->as->user_esp - r->address);
    if (below_esp)
      snprintf(text, size, "no memory at 0x%08x: %u %s below the stack, %u %s below esp", address,
               d.number, d.unit, esp.number, esp.unit);
    else
      snprintf(text, size, "no memory at 0x%08x: %u %s below the stack", address, d.number, d.unit);
  } else if (above != NULL) {
    struct distance d = distance_of(vpn_address(above->start) - r->address);
    snprintf(text, size, "no memory at 0x%08x: %u %s below the %s at 0x%08x", address, d.number,
             d.unit, kind_noun(above->kind), (unsigned)vpn_address(above->start));
  } else {
    snprintf(text, size, "no memory at 0x%08x", address);
  }
}

/* The stack may not grow to the address. */
static void explain_limit(const struct refusal *r, char *text, size_t size) {
  if (USER_END - r->address > r->as->stack_limit)
    snprintf(text, size, "no memory at 0x%08x: the stack may not grow over its limit of %u KiB",
             (unsigned)r->address, (unsigned)(r->as->stack_limit / KB));
  else
    snprintf(text, size, "no memory at 0x%08x: the stack has grown down to other memory",
             (unsigned)r->address);
}

/* No frame could be freed, or the last that can be are kept for those who have pages already. */
static void explain_memory(char *text, size_t size) {
  struct vm_stats s;
  vm_get_stats(&s);
  unsigned stuck = s.frames_total - s.frames_free, gone = s.slots_used + s.slots_bad;
  if (s.slots_total == 0)
    snprintf(text, size, "out of memory: %u frames pinned or dirty, no swap", stuck);
  else
    snprintf(text, size, "out of memory: %u frames pinned or dirty, swap full (%u of %u slots%s%s)",
             stuck, gone, (unsigned)s.slots_total, s.slots_bad > 0 ? ", some of them bad" : "",
             gone < s.slots_total ? ", the rest kept for pages there are" : "");
}

/* Moves R's address to where the trouble is.  A system call is refused by the start of its range, of
   which the first pages may be fine. */
static void find_trouble(struct refusal *r) {
  uint8_t right = r->access == ACCESS_WRITE ? PROT_WRITE : PROT_READ;
  const struct region *region;
  while ((region = region_find(r->as, vpn_of(r->address))) != NULL && (region->prot & right))
    r->address = vpn_address(region->end);
  r->error = region != NULL ? VM_EACCESS : VM_ENOMAP;
}

/* Explains R, the address space's lock being held. */
static void explain_locked(struct refusal *r, char *text, size_t size) {
  if (r->error == VM_EACCESS || r->error == VM_ENOMAP) find_trouble(r);
  if (r->address >= USER_END) {
    snprintf(text, size, "touched 0x%08x, which is the kernel's", (unsigned)r->address);
    return;
  }
  switch (r->error) {
  case VM_EACCESS: explain_rights(r, text, size); break;
  case VM_ENOMAP: explain_hole(r, text, size); break;
  case VM_ERANGE:
    snprintf(text, size, "wanted memory from 0x%08x on that ends beyond user space",
             (unsigned)r->address);
    break;
  case VM_ELIMIT: explain_limit(r, text, size); break;
  case VM_ENOFRAME: explain_memory(text, size); break;
  case VM_ENOMEM: snprintf(text, size, "%s", vm_error_text(r->error)); break;
  default:
    snprintf(text, size, "page 0x%08x: %s", (unsigned)(r->address & ~VM_PAGE_MASK),
             vm_error_text(r->error));
  }
}

/* Writes one sentence about REFUSAL to TEXT. */
void vm_explain(const struct refusal *refusal, char *text, size_t size) {
  struct refusal r = *refusal;
  addrspace_lock(r.as);
  explain_locked(&r, text, size);
  addrspace_unlock(r.as);
}
