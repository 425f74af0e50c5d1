/* Page tables of the simulated machine, and the processor that walks them.

   A pmap has a lock of the rig's, as the bus has for a processor: an access through an entry and the
   removal of that entry are one before the other.  Nothing else orders what user programs do with
   memory, so ThreadSanitizer sees an access that an I/O request or a copy does not wait for. */
#include <pthread.h>
#include <stdlib.h>
#include "host/machine.h"
#include "host/threads.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/port.h"

#define TABLE_ENTRIES 1024
#define GROUP         32 /* Entries whose bits are one word. */
#define TABLES        (VPN_END / TABLE_ENTRIES)
#define TOUCH_TRIES   10000
#define PATIENCE      16

/* A simulated page-table entry. */
struct entry {
  frameno_t frame;
  bool writable, accessed, dirty;
};

/* A page table; it goes with its last entry. */
struct table {
  unsigned used;
  uint32_t present[TABLE_ENTRIES / GROUP]; /* A bit for each entry. */
  struct entry entries[TABLE_ENTRIES];
};

struct pmap {
  pthread_mutex_t bus;
  unsigned low, high; /* Tables there may be: [low, high). */
  struct table *tables[TABLES];
};

/* -- vm/port.h: page tables ------------------------------------------------------------------- */

struct pmap *port_pmap_create(void) {
  if (machine_fails(FAIL_ALLOC)) return NULL;
  struct pmap *pmap = host_alloc(sizeof *pmap);
  pmap->low = TABLES;
  pthread_mutex_init(&pmap->bus, NULL);
  memory_count_table(1);
  return pmap;
}

void port_pmap_destroy(struct pmap *pmap) {
  for (int i = 0; i < (int)TABLES; i++) ASSERT(pmap->tables[i] == NULL);
  pthread_mutex_destroy(&pmap->bus);
  free(pmap);
  memory_count_table(-1);
}

/* Gives PMAP a new table INDEX. */
static void add_table(struct pmap *pmap, unsigned index) {
  struct table *table = host_alloc(sizeof *table);
  memory_count_table(1);
  pthread_mutex_lock(&pmap->bus);
  pmap->tables[index] = table;
  if (index < pmap->low) pmap->low = index;
  if (index >= pmap->high) pmap->high = index + 1;
  pthread_mutex_unlock(&pmap->bus);
}

/* The table that has the entry for VPN, or NULL. */
static struct table *table_of(const struct pmap *pmap, vpn_t vpn) {
  return pmap->tables[vpn / TABLE_ENTRIES];
}

/* The word of TABLE that has the bit of the entry for VPN. */
static uint32_t *group_of(struct table *table, vpn_t vpn) {
  return &table->present[vpn % TABLE_ENTRIES / GROUP];
}

/* The entry for VPN if it is present, else NULL, with the bus locked. */
static struct entry *lock_entry(struct pmap *pmap, vpn_t vpn) {
  pthread_mutex_lock(&pmap->bus);
  struct table *table = table_of(pmap, vpn);
  bool present = table != NULL && (*group_of(table, vpn) >> vpn % GROUP & 1) != 0;
  return present ? &table->entries[vpn % TABLE_ENTRIES] : NULL;
}

/* The counterpart of lock_entry(). */
static void unlock_entry(struct pmap *pmap) {
  pthread_mutex_unlock(&pmap->bus);
}

bool port_pmap_enter(struct pmap *pmap, vpn_t vpn, frameno_t frame, bool writable) {
  ASSERT(port_vm_locked());
  if (table_of(pmap, vpn) == NULL) {
    if (machine_fails(FAIL_ALLOC)) return false;
    add_table(pmap, vpn / TABLE_ENTRIES);
  }
  bool dirty = false;
  const struct entry *old = lock_entry(pmap, vpn);
  if (old != NULL && old->frame == frame) dirty = old->dirty;
  struct table *table = table_of(pmap, vpn);
  table->entries[vpn % TABLE_ENTRIES] =
      (struct entry){.frame = frame, .writable = writable, .accessed = true, .dirty = dirty};
  *group_of(table, vpn) |= 1u << vpn % GROUP;
  table->used += old == NULL;
  unlock_entry(pmap);
  return true;
}

/* Takes the entry for VPN, present, out of its table, and that out of PMAP with its last one.  Bus locked. */
static void end_entry(struct pmap *pmap, vpn_t vpn) {
  struct table *table = table_of(pmap, vpn);
  *group_of(table, vpn) &= ~(1u << vpn % GROUP);
  if (--table->used > 0) return;
  free(table);
  pmap->tables[vpn / TABLE_ENTRIES] = NULL;
  memory_count_table(-1);
}

bool port_pmap_remove(struct pmap *pmap, vpn_t vpn) {
  ASSERT(port_vm_locked());
  bool dirty = false;
  struct entry *entry = lock_entry(pmap, vpn);
  if (entry != NULL) {
    dirty = entry->dirty;
    end_entry(pmap, vpn);
  }
  unlock_entry(pmap);
  return dirty;
}

void port_pmap_write_protect(struct pmap *pmap, vpn_t vpn) {
  struct entry *entry = lock_entry(pmap, vpn);
  if (entry != NULL) entry->writable = false;
  unlock_entry(pmap);
}

uint32_t port_pmap_remove_run(struct pmap *pmap, vpn_t vpn, uint32_t mask) {
  uint32_t dirty = 0;
  for (; mask != 0; mask &= mask - 1) {
    unsigned i = (unsigned)__builtin_ctz(mask);
    if (port_pmap_remove(pmap, vpn + i)) dirty |= 1u << i;
  }
  return dirty;
}

void port_pmap_write_protect_run(struct pmap *pmap, vpn_t vpn, uint32_t mask) {
  for (; mask != 0; mask &= mask - 1)
    port_pmap_write_protect(pmap, vpn + (unsigned)__builtin_ctz(mask));
}

uint32_t port_pmap_drop_run(struct pmap *pmap, vpn_t vpn, uint32_t mask) {
  return port_pmap_remove_run(pmap, vpn, mask);
}

bool port_pmap_copy_run(struct pmap *pmap, struct pmap *source, vpn_t vpn, uint32_t mask) {
  for (; mask != 0; mask &= mask - 1) {
    vpn_t at = vpn + (unsigned)__builtin_ctz(mask);
    frameno_t frame;
    bool writable, found = port_pmap_lookup(source, at, &frame, &writable);
    ASSERT(found && !port_pmap_lookup(pmap, at, &frame, &writable));
    if (!port_pmap_enter(pmap, at, frame, false)) return false;
    port_pmap_take_accessed(pmap, at);
  }
  return true;
}

bool port_pmap_take_accessed(struct pmap *pmap, vpn_t vpn) {
  struct entry *entry = lock_entry(pmap, vpn);
  bool accessed = entry != NULL && entry->accessed;
  if (accessed) entry->accessed = false;
  unlock_entry(pmap);
  return accessed;
}

bool port_pmap_take_dirty(struct pmap *pmap, vpn_t vpn) {
  struct entry *entry = lock_entry(pmap, vpn);
  bool dirty = entry != NULL && entry->dirty;
  if (dirty) entry->dirty = false;
  unlock_entry(pmap);
  return dirty;
}

bool port_pmap_is_dirty(struct pmap *pmap, vpn_t vpn) {
  const struct entry *entry = lock_entry(pmap, vpn);
  bool dirty = entry != NULL && entry->dirty;
  unlock_entry(pmap);
  return dirty;
}

bool port_pmap_lookup(struct pmap *pmap, vpn_t vpn, frameno_t *frame, bool *writable) {
  const struct entry *entry = lock_entry(pmap, vpn);
  if (entry != NULL) {
    *frame = entry->frame;
    *writable = entry->writable;
  }
  unlock_entry(pmap);
  return entry != NULL;
}

vpn_t port_pmap_next(struct pmap *pmap, vpn_t vpn, vpn_t end) {
  uint32_t found = 0;
  pthread_mutex_lock(&pmap->bus);
  vpn_t last = MIN(end, pmap->high * TABLE_ENTRIES);
  vpn = MAX(vpn, pmap->low * TABLE_ENTRIES);
  while (found == 0 && vpn < last) {
    struct table *table = table_of(pmap, vpn);
    if (table != NULL) found = *group_of(table, vpn) >> vpn % GROUP;
    if (found != 0)
      vpn += (vpn_t)__builtin_ctz(found);
    else
      vpn = (vpn | ((table != NULL ? GROUP : TABLE_ENTRIES) - 1)) + 1;
  }
  pthread_mutex_unlock(&pmap->bus);
  return found != 0 ? MIN(vpn, end) : end;
}

/* -- The processor ---------------------------------------------------------------------------- */

/* One access of a processor. */
struct access {
  struct addrspace *as;
  uaddr_t address;
  enum vm_access kind;
  uint8_t *byte;
};

/* Makes AS the running thread's. */
void machine_activate(struct addrspace *as) {
  thread_set_user(as);
}

/* Carries A out if the page tables allow it right now. */
static bool access_now(const struct access *a) {
  if (a->address >= USER_END) return false;
  bool write = a->kind == ACCESS_WRITE, done = false;
  struct entry *entry = lock_entry(a->as->pmap, vpn_of(a->address));
  if (entry != NULL && (entry->writable || !write)) {
    uint8_t *at = (uint8_t *)port_frame_memory(entry->frame) + a->address % VM_PAGE_SIZE;
    uint8_t *from = write ? a->byte : at, *to = write ? at : a->byte;
    entry->accessed = true;
    if (write) entry->dirty = true;
    /* Programs may race with each other for a byte; not with a disk. */
    __atomic_store_n(to, __atomic_load_n(from, __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    done = true;
  }
  unlock_entry(a->as->pmap);
  return done;
}

/* Carries A out, with all faults.  Two that have one frame between them may take it from each other in
   step, for ever; who has tried often lets others go first for a while. */
static int access_with_faults(const struct access *a) {
  for (int tries = 0; tries < TOUCH_TRIES; tries++) {
    if (access_now(a)) return VM_OK;
    int error = vm_fault(a->as, a->address, a->kind);
    if (error != VM_OK) return error;
    if (tries > PATIENCE) thread_delay(sim_random(PATIENCE));
  }
  PANIC("a fault at 0x%x is never resolved", (unsigned)a->address);
}

/* Reads or writes *BYTE at ADDRESS of AS with all faults. */
int machine_touch(struct addrspace *as, uaddr_t address, enum vm_access access, uint8_t *byte) {
  int error = access_with_faults(&(struct access){as, address, access, byte});
  thread_got_on();
  return error;
}

/* Copies SIZE bytes as A says for the first; the bytes not copied.  With ERROR, resolves faults. */
static size_t copy(struct access a, size_t size, int *error) {
  if (error != NULL) *error = VM_OK;
  for (; size > 0; size--, a.address++, a.byte++) {
    if (access_now(&a)) continue;
    if (error == NULL) break;
    *error = access_with_faults(&a);
    if (*error != VM_OK) break;
  }
  return size;
}

size_t port_copy_from_user(void *dst, uaddr_t src, size_t size, int *error) {
  return copy((struct access){thread_user(), src, ACCESS_READ, dst}, size, error);
}

size_t port_copy_to_user(uaddr_t dst, const void *src, size_t size, int *error) {
  return copy((struct access){thread_user(), dst, ACCESS_WRITE, (uint8_t *)src}, size, error);
}

long port_copy_string(char *dst, uaddr_t src, size_t size) {
  for (size_t i = 0; i < size; i++) {
    int error;
    if (port_copy_from_user(dst + i, src + i, 1, &error) != 0) return error;
    if (dst[i] == '\0') return (long)i;
  }
  return (long)size;
}
