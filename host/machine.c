/* The simulated machine, and the host's answers to vm/port.h. */
#include "host/machine.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/threads.h"
#include "vm/error.h"
#include "vm/port.h"
#include "vm/vm.h"

#define TABLE_ENTRIES 1024
#define TABLES        (VPN_END / TABLE_ENTRIES)

/* A simulated page-table entry. */
struct entry {
  frameno_t frame;
  bool present, writable, accessed, dirty;
};

struct pmap {
  struct entry *tables[TABLES];
};

struct machine_failures machine_failures;
size_t machine_blocks;

static uint8_t *memory;
static uint8_t *swap_disk;
static struct machine_options options;
static const void *vm_lock_holder;

/* Before each block handed out, so that the machine can free what is left at its end. */
struct block_header {
  struct list_node node;
};

static struct list blocks;

/* -- Failing on demand ------------------------------------------------------------------------ */

/* Counts a call of KIND; whether it is to fail. */
static bool fails(enum fail_kind kind) {
  uint64_t call = ++machine_failures.calls[kind], at = machine_failures.fail_at[kind];
  return at != 0 && (call == at || (machine_failures.forever && call > at));
}

/* A request takes its time, in which others run. */
static void request_delay(void) {
  if (options.latency > 0) thread_delay(sim_random(options.latency) + 1);
}

/* -- Starting and ending ---------------------------------------------------------------------- */

/* A fresh machine after WANTED. */
void machine_init(const struct machine_options *wanted) {
  options = *wanted;
  threads_init(options.seed);
  memset(&machine_failures, 0, sizeof machine_failures);
  machine_blocks = 0;
  vm_lock_holder = NULL;
  memory = malloc((options.frames + 1) * VM_PAGE_SIZE);
  memset(memory, 0xa5, (options.frames + 1) * VM_PAGE_SIZE);
  swap_disk = malloc(options.slots * VM_PAGE_SIZE + 1);
  struct vm_options vm = {
      .frames = options.frames, .stack_limit = 1 << 20, .policy = options.policy};
  bool started = vm_init(&vm);
  ASSERT(started);
}

/* Frees the memory of the machine, and what the VM still has of it. */
void machine_finish(void) {
  struct list_node *node;
  while ((node = list_first(&blocks)) != NULL) port_free((struct block_header *)node + 1);
  free(memory);
  free(swap_disk);
}

/* -- vm/port.h: memory and locks -------------------------------------------------------------- */

void *port_alloc(size_t size) {
  if (fails(FAIL_ALLOC)) return NULL;
  struct block_header *header = malloc(sizeof *header + size);
  if (blocks.head.next == NULL) list_init(&blocks);
  list_push_back(&blocks, &header->node);
  machine_blocks++;
  return header + 1;
}

void port_free(void *block) {
  if (block == NULL) return;
  struct block_header *header = (struct block_header *)block - 1;
  machine_blocks--;
  list_remove(&header->node);
  free(header);
}

void port_vm_lock(void) {
  ASSERT(vm_lock_holder == NULL);
  vm_lock_holder = thread_self();
  if (vm_lock_holder == NULL) vm_lock_holder = &vm_lock_holder;
}

bool port_vm_locked(void) {
  return vm_lock_holder != NULL;
}

void port_vm_unlock(void) {
  ASSERT(vm_lock_holder != NULL);
  vm_lock_holder = NULL;
  thread_switch_point();
}

void port_wait(const void *channel, const char *reason) {
  ASSERT(vm_lock_holder != NULL);
  vm_lock_holder = NULL;
  thread_sleep_on(channel, reason);
  ASSERT(vm_lock_holder == NULL);
  vm_lock_holder = thread_self();
}

void port_wake(const void *channel) {
  thread_wake_all(channel);
}

void port_lock_init(struct port_lock *lock) {
  lock->words[0] = NULL;
}

void port_lock_acquire(struct port_lock *lock) {
  ASSERT(vm_lock_holder == NULL);
  thread_switch_point();
  while (lock->words[0] != NULL) thread_sleep_on(lock, "an address space's lock");
  lock->words[0] = thread_self() != NULL ? (void *)thread_self() : lock;
}

void port_lock_acquire_child(struct port_lock *lock) {
  port_lock_acquire(lock);
}

void port_lock_release(struct port_lock *lock) {
  ASSERT(lock->words[0] != NULL);
  lock->words[0] = NULL;
  thread_wake_all(lock);
}

bool port_lock_is_mine(const struct port_lock *lock) {
  return lock->words[0] != NULL;
}

void *port_frame_memory(frameno_t frameno) {
  ASSERT(frameno <= options.frames);
  return memory + frameno * VM_PAGE_SIZE;
}

void port_zero_page(void *page) {
  memset(page, 0, VM_PAGE_SIZE);
}

void port_copy_page(void *dst, const void *src) {
  memcpy(dst, src, VM_PAGE_SIZE);
}

/* -- vm/port.h: page tables ------------------------------------------------------------------- */

struct pmap *port_pmap_create(void) {
  return fails(FAIL_ALLOC) ? NULL : calloc(1, sizeof(struct pmap));
}

void port_pmap_destroy(struct pmap *pmap) {
  for (int i = 0; i < (int)TABLES; i++) {
    for (int j = 0; pmap->tables[i] != NULL && j < TABLE_ENTRIES; j++)
      ASSERT(!pmap->tables[i][j].present);
    free(pmap->tables[i]);
  }
  free(pmap);
}

bool port_pmap_prepare(struct pmap *pmap, vpn_t vpn) {
  struct entry **table = &pmap->tables[vpn / TABLE_ENTRIES];
  if (*table != NULL) return true;
  if (!fails(FAIL_ALLOC)) *table = calloc(TABLE_ENTRIES, sizeof **table);
  return *table != NULL;
}

/* The entry for VPN, or NULL if it has no table. */
static struct entry *entry_at(struct pmap *pmap, vpn_t vpn) {
  struct entry *table = pmap->tables[vpn / TABLE_ENTRIES];
  return table != NULL ? &table[vpn % TABLE_ENTRIES] : NULL;
}

void port_pmap_enter(struct pmap *pmap, vpn_t vpn, frameno_t frame, bool writable) {
  ASSERT(vm_lock_holder != NULL);
  struct entry *entry = entry_at(pmap, vpn);
  bool same = entry->present && entry->frame == frame;
  entry->dirty = same && entry->dirty;
  entry->present = true;
  entry->accessed = true;
  entry->frame = frame;
  entry->writable = writable;
}

bool port_pmap_remove(struct pmap *pmap, vpn_t vpn, bool *accessed) {
  ASSERT(vm_lock_holder != NULL);
  struct entry *entry = entry_at(pmap, vpn);
  if (entry == NULL || !entry->present) return false;
  entry->present = false;
  if (accessed != NULL) *accessed = entry->accessed;
  return entry->dirty;
}

void port_pmap_write_protect(struct pmap *pmap, vpn_t vpn) {
  struct entry *entry = entry_at(pmap, vpn);
  if (entry != NULL) entry->writable = false;
}

uint32_t port_pmap_remove_run(struct pmap *pmap, vpn_t vpn, uint32_t mask, unsigned *count) {
  uint32_t dirty = 0;
  *count = 0;
  for (unsigned i = 0; i < 32; i++) {
    if ((mask >> i & 1) == 0) continue;
    const struct entry *entry = entry_at(pmap, vpn + i);
    *count += entry != NULL && entry->present;
    if (port_pmap_remove(pmap, vpn + i, NULL)) dirty |= 1u << i;
  }
  return dirty;
}

void port_pmap_write_protect_run(struct pmap *pmap, vpn_t vpn, uint32_t mask) {
  for (unsigned i = 0; i < 32; i++)
    if (mask >> i & 1) port_pmap_write_protect(pmap, vpn + i);
}

/* Takes the flag at FLAG away and returns what it was. */
static bool take(bool *flag) {
  bool was = *flag;
  *flag = false;
  return was;
}

bool port_pmap_take_accessed(struct pmap *pmap, vpn_t vpn) {
  struct entry *entry = entry_at(pmap, vpn);
  return entry != NULL && entry->present && take(&entry->accessed);
}

bool port_pmap_take_dirty(struct pmap *pmap, vpn_t vpn) {
  struct entry *entry = entry_at(pmap, vpn);
  return entry != NULL && entry->present && take(&entry->dirty);
}

bool port_pmap_is_dirty(struct pmap *pmap, vpn_t vpn) {
  struct entry *entry = entry_at(pmap, vpn);
  return entry != NULL && entry->present && entry->dirty;
}

bool port_pmap_lookup(struct pmap *pmap, vpn_t vpn, frameno_t *frame, bool *writable) {
  struct entry *entry = entry_at(pmap, vpn);
  if (entry == NULL || !entry->present) return false;
  *frame = entry->frame;
  *writable = entry->writable;
  return true;
}

vpn_t port_pmap_next(struct pmap *pmap, vpn_t vpn, vpn_t end) {
  for (; vpn < end; vpn++) {
    struct entry *entry = entry_at(pmap, vpn);
    if (entry == NULL)
      vpn |= TABLE_ENTRIES - 1;
    else if (entry->present)
      return vpn;
  }
  return end;
}

/* -- The processor ---------------------------------------------------------------------------- */

/* Makes AS the running thread's. */
void machine_activate(struct addrspace *as) {
  thread_set_user(as);
}

/* Where the byte at ADDRESS is if AS may access it right now, its bits set; else NULL. */
static uint8_t *translate(struct addrspace *as, uaddr_t address, enum vm_access access) {
  struct entry *entry = address < USER_END ? entry_at(as->pmap, vpn_of(address)) : NULL;
  if (entry == NULL || !entry->present) return NULL;
  if (access == ACCESS_WRITE && !entry->writable) return NULL;
  entry->accessed = true;
  if (access == ACCESS_WRITE) entry->dirty = true;
  return (uint8_t *)port_frame_memory(entry->frame) + address % VM_PAGE_SIZE;
}

/* Reads or writes *BYTE at ADDRESS of AS with all faults. */
int machine_touch(struct addrspace *as, uaddr_t address, enum vm_access access, uint8_t *byte) {
  for (int tries = 0; tries < 1000; tries++) {
    uint8_t *at = translate(as, address, access);
    if (at != NULL) {
      if (access == ACCESS_WRITE)
        *at = *byte;
      else
        *byte = *at;
      return VM_OK;
    }
    int error = vm_fault(as, address, access);
    if (error != VM_OK) return error;
  }
  PANIC("a fault at 0x%x is never resolved", (unsigned)address);
}

/* A copy between kernel and user memory. */
struct user_copy {
  uaddr_t user;
  uint8_t *kernel;
  bool to_user, may_fault;
};

/* Carries C out for SIZE bytes; the bytes not copied. */
static size_t copy(const struct user_copy *c, size_t size) {
  struct addrspace *as = thread_user();
  enum vm_access access = c->to_user ? ACCESS_WRITE : ACCESS_READ;
  for (size_t i = 0; i < size; i++) {
    if (translate(as, c->user + i, access) == NULL && !c->may_fault) return size - i;
    if (machine_touch(as, c->user + i, access, &c->kernel[i]) != VM_OK) return size - i;
  }
  return 0;
}

size_t port_copy_from_user(void *dst, uaddr_t src, size_t size, bool may_fault) {
  return copy(&(struct user_copy){src, dst, false, may_fault}, size);
}

size_t port_copy_to_user(uaddr_t dst, const void *src, size_t size, bool may_fault) {
  return copy(&(struct user_copy){dst, (uint8_t *)src, true, may_fault}, size);
}

long port_copy_string(char *dst, uaddr_t src, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (port_copy_from_user(dst + i, src + i, 1, true) != 0) return -1;
    if (dst[i] == '\0') return i;
  }
  return size;
}

/* -- Swap ------------------------------------------------------------------------------------- */

slot_t port_swap_slots(void) {
  return options.slots;
}

int port_swap_read(slot_t slot, unsigned count, void *const pages[]) {
  ASSERT(vm_lock_holder == NULL && slot + count <= options.slots);
  request_delay();
  if (fails(FAIL_SWAP_READ)) return VM_EIO;
  for (unsigned i = 0; i < count; i++)
    memcpy(pages[i], swap_disk + (slot + i) * VM_PAGE_SIZE, VM_PAGE_SIZE);
  return VM_OK;
}

int port_swap_write(slot_t slot, unsigned count, void *const pages[]) {
  ASSERT(vm_lock_holder == NULL && slot + count <= options.slots);
  request_delay();
  if (fails(FAIL_SWAP_WRITE)) return VM_EIO;
  for (unsigned i = 0; i < count; i++)
    memcpy(swap_disk + (slot + i) * VM_PAGE_SIZE, pages[i], VM_PAGE_SIZE);
  return VM_OK;
}

/* -- Files ------------------------------------------------------------------------------------ */

static int file_read(struct store *store, pindex_t index, unsigned count, void *const pages[]) {
  struct sim_file *file = (struct sim_file *)store;
  ASSERT(vm_lock_holder == NULL);
  request_delay();
  if (fails(FAIL_FILE_READ)) return VM_EIO;
  for (unsigned i = 0; i < count; i++) {
    uint32_t offset = (index + i) * VM_PAGE_SIZE;
    uint32_t size = offset >= store->length ? 0 : MIN(store->length - offset, VM_PAGE_SIZE);
    memset(pages[i], 0, VM_PAGE_SIZE);
    if (!file->hole || index + i > 0) memcpy(pages[i], file->disk + offset, size);
  }
  return VM_OK;
}

static int file_write(struct store *store, pindex_t index, unsigned count, void *const pages[]) {
  struct sim_file *file = (struct sim_file *)store;
  ASSERT(vm_lock_holder == NULL);
  request_delay();
  if (fails(FAIL_FILE_WRITE)) return VM_EIO;
  for (unsigned i = 0; i < count; i++) {
    uint32_t offset = (index + i) * VM_PAGE_SIZE;
    uint32_t size = offset >= store->length ? 0 : MIN(store->length - offset, VM_PAGE_SIZE);
    memcpy(file->disk + offset, pages[i], size);
  }
  return VM_OK;
}

static int file_reserve(struct store *store, uint32_t offset, uint32_t size, bool grow) {
  struct sim_file *file = (struct sim_file *)store;
  thread_switch_point();
  if (fails(FAIL_RESERVE)) return VM_ENOSPC;
  if (file->hole && offset == 0) {
    memset(file->disk, 0xaa, VM_PAGE_SIZE);
    file->hole = false;
    request_delay();
  }
  if (!grow || offset + size <= store->length) return VM_OK;
  if (offset + size > file->capacity) return VM_ENOSPC;
  store_clear_tail(store, store->length);
  memset(file->disk + store->length, 0, offset + size - store->length);
  store->length = offset + size;
  return VM_OK;
}

static void file_hold(struct store *store) {
  ((struct sim_file *)store)->users++;
}

static void file_release(struct store *store) {
  struct sim_file *file = (struct sim_file *)store;
  ASSERT(file->users > 0);
  file->users--;
}

static const struct store_ops file_ops = {.read = file_read,
                                          .write = file_write,
                                          .reserve = file_reserve,
                                          .hold = file_hold,
                                          .release = file_release};

/* A file of LENGTH bytes that may grow to CAPACITY, its content zeroes. */
struct sim_file *file_create(uint32_t length, uint32_t capacity) {
  struct sim_file *file = calloc(1, sizeof *file);
  file->disk = calloc(1, ROUND_UP(capacity, VM_PAGE_SIZE));
  file->capacity = capacity;
  store_init(&file->store, &file_ops, length);
  return file;
}

/* Ends FILE, which nobody maps. */
void file_destroy(struct sim_file *file) {
  ASSERT(file->users == 0);
  store_purge(&file->store);
  free(file->disk);
  free(file);
}

void port_yield(void) {
  thread_switch_point();
}

void port_sleep_ms(uint32_t ms) {
  thread_delay(ms);
}

/* -- Words ------------------------------------------------------------------------------------ */

void port_print(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
}

_Noreturn void debug_panic(const char *file, int line, const char *function, const char *format,
                           ...) {
  va_list args;
  va_start(args, format);
  printf("%s:%d in %s(): ", file, line, function);
  vprintf(format, args);
  printf("\n");
  threads_report();
  fflush(stdout);
  abort();
}
