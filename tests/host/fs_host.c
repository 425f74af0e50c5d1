/* What fs/ needs of the kernel, on the host. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "fs_host.h"
#include "dev/clock.h"
#include "dev/timer.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "kern/sync.h"
#include "kern/thread.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "lib/string.h"
#include "vm/error.h"
#include "vm/types.h"
#include "vm/sync.h"

/* -- Words and time --------------------------------------------------------------------------- */

bool host_quiet;

/* An assertion failed: that is what tests are for. */
void debug_panic(const char *file, int line, const char *function, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fprintf(stderr, "panic at %s:%d in %s(): ", file, line, function);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  abort();
}

/* The console is standard output. */
void kprintf(const char *format, ...) {
  va_list args;
  if (host_quiet) return;
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
}

/* Time stands still. */
uint64_t timer_ticks(void) {
  return 100;
}

uint32_t host_time = 1700000000;

/* The tests turn the clock. */
uint32_t clock_seconds(void) {
  return host_time;
}

/* As in BSD. */
size_t strlcpy(char *dst, const char *src, size_t size) {
  return (size_t)snprintf(dst, size, "%s", src);
}

/* As in BSD. */
size_t strlcat(char *dst, const char *src, size_t size) {
  size_t length = strnlen(dst, size);
  return length + (size_t)snprintf(dst + length, size - length, "%s", src);
}

/* -- Memory ----------------------------------------------------------------------------------- */

long host_alloc_fails_after;
unsigned host_kernel_pages = 160;
bool (*host_shrink)(void);
static long allocations;

/* Whether this allocation is to fail. */
static bool allocation_fails(void) {
  return host_alloc_fails_after > 0 && --host_alloc_fails_after == 0;
}

/* Memory filled with what the kernel fills it with. */
void *kmalloc(size_t size) {
  if (allocation_fails()) return NULL;
  void *block = malloc(size);
  __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED);
  return memset(block, 0xcd, size);
}

/* SIZE zero bytes. */
void *kzalloc(size_t size) {
  void *block = kmalloc(size);
  return block == NULL ? NULL : memset(block, 0, size);
}

/* Frees either. */
void kfree(void *block) {
  if (block == NULL) return;
  __atomic_sub_fetch(&allocations, 1, __ATOMIC_RELAXED);
  free(block);
}

/* Whole pages. */
void *page_alloc(size_t count) {
  if (allocation_fails()) return NULL;
  __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED);
  void *page = aligned_alloc(VM_PAGE_SIZE, count * VM_PAGE_SIZE);
  return memset(page, 0xcd, count * VM_PAGE_SIZE);
}

/* Frees them. */
void page_free(void *page, size_t count) {
  (void)count;
  kfree(page);
}

/* The last pages are never left. */
bool memory_is_low(void) {
  return false;
}

/* As much as on a machine of 4 MB. */
struct memory_stats memory_stats(void) {
  return (struct memory_stats){.pages_total = host_kernel_pages};
}

/* Who gives memory back is asked by host_shrink(). */
void memory_add_shrinker(struct shrinker *shrinker) {
  host_shrink = shrinker->shrink;
}

/* What was not freed. */
long host_allocations(void) {
  return allocations;
}

/* -- Locks ------------------------------------------------------------------------------------ */

static pthread_mutex_t big_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t big_condition = PTHREAD_COND_INITIALIZER;
static _Thread_local char self; /* Its address stands for the thread. */
static _Thread_local uint32_t ranks_held;

/* Sleeps on the one condition; a sleep of 60 seconds is a deadlock. */
static void big_wait(const char *reason) {
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += 60;
  if (pthread_cond_timedwait(&big_condition, &big_mutex, &end) == ETIMEDOUT)
    PANIC("waits for %s for ever", reason);
}

/* Takes LOCK; big_mutex is held. */
static void take_locked(struct lock *lock) {
  while (lock->holder != NULL) big_wait(lock->name);
  __atomic_store_n(&lock->holder, (struct thread *)&self, __ATOMIC_RELAXED);
  ranks_held |= 1u << lock->rank;
}

/* Gives LOCK back; big_mutex is held. */
static void give_locked(struct lock *lock) {
  ASSERT(lock_is_mine(lock));
  __atomic_store_n(&lock->holder, NULL, __ATOMIC_RELAXED);
  ranks_held &= ~(1u << lock->rank);
  pthread_cond_broadcast(&big_condition);
}

/* Makes a free LOCK. */
void lock_init(struct lock *lock, enum lock_rank rank, const char *name) {
  *lock = (struct lock){.rank = rank, .name = name};
}

/* Takes LOCK; its rank must be above all that the thread holds. */
void lock_acquire(struct lock *lock) {
  ASSERT(ranks_held >> lock->rank == 0);
  pthread_mutex_lock(&big_mutex);
  take_locked(lock);
  pthread_mutex_unlock(&big_mutex);
}

/* Takes LOCK if nobody has it. */
bool lock_try_acquire(struct lock *lock) {
  pthread_mutex_lock(&big_mutex);
  bool taken = lock->holder == NULL;
  if (taken) take_locked(lock);
  pthread_mutex_unlock(&big_mutex);
  return taken;
}

/* Gives LOCK back. */
void lock_release(struct lock *lock) {
  pthread_mutex_lock(&big_mutex);
  give_locked(lock);
  pthread_mutex_unlock(&big_mutex);
}

/* Whether this thread holds LOCK. */
bool lock_is_mine(const struct lock *lock) {
  return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED) == (struct thread *)&self;
}

/* There is only one condition under all. */
void condition_init(struct condition *condition) {
  list_init(&condition->waiters);
}

/* Sleeps until something changes somewhere. */
void condition_wait(struct condition *condition, struct lock *lock) {
  (void)condition;
  pthread_mutex_lock(&big_mutex);
  give_locked(lock);
  big_wait("a condition");
  take_locked(lock);
  pthread_mutex_unlock(&big_mutex);
}

/* Wakes all sleepers. */
void condition_broadcast(struct condition *condition, struct lock *lock) {
  (void)condition;
  ASSERT(lock_is_mine(lock));
  pthread_mutex_lock(&big_mutex);
  pthread_cond_broadcast(&big_condition);
  pthread_mutex_unlock(&big_mutex);
}

/* -- Disk ------------------------------------------------------------------------------------- */

struct host_faults host_faults;
void (*host_before_write)(void);
FILE *host_write_log;
static pthread_mutex_t disk_mutex = PTHREAD_MUTEX_INITIALIZER;
static int disk_file = -1;

/* Whether this transfer is to fail. */
static bool transfer_fails(bool write) {
  long *after = write ? &host_faults.write_after : &host_faults.read_after;
  if (*after == 0 || --*after > 0) return false;
  *after = --host_faults.repeat > 0 ? 1 : 0;
  return true;
}

/* Moves one run; logs what is written. */
static void transfer_run(bool write, uint64_t offset, const struct block_run *run) {
  ssize_t done = write ? pwrite(disk_file, run->memory, run->bytes, (off_t)offset)
                       : pread(disk_file, run->memory, run->bytes, (off_t)offset);
  ASSERT(done == (ssize_t)run->bytes);
  if (!write || host_write_log == NULL) return;
  uint32_t head[2] = {(uint32_t)(offset / SECTOR_SIZE), run->bytes};
  fwrite(head, sizeof head, 1, host_write_log);
  fwrite(run->memory, run->bytes, 1, host_write_log);
}

/* Moves RUNS; holding a lock that the disk comes before is a bug. */
int block_transfer(struct block *block, const struct block_request *request) {
  const struct block_run *runs = request->runs;
  unsigned count = request->count;
  bool write = request->write;
  uint64_t offset = (uint64_t)request->sector * SECTOR_SIZE, bytes = 0;
  ASSERT(ranks_held >> RANK_DISK == 0 && count > 0);
  for (unsigned i = 0; i < count; i++) bytes += runs[i].bytes;
  ASSERT(bytes % SECTOR_SIZE == 0 && bytes > 0);
  ASSERT(offset + bytes <= (uint64_t)block->sectors * SECTOR_SIZE);
  if (write && host_before_write != NULL) host_before_write();
  pthread_mutex_lock(&disk_mutex);
  bool fails = transfer_fails(write);
  for (unsigned i = 0; i < count && !fails; offset += runs[i++].bytes)
    transfer_run(write, offset, &runs[i]);
  if (write)
    block->sectors_written += bytes / SECTOR_SIZE;
  else
    block->sectors_read += bytes / SECTOR_SIZE;
  block->requests++;
  pthread_mutex_unlock(&disk_mutex);
  return fails ? BLOCK_EIO : BLOCK_OK;
}

/* Reads SECTORS from SECTOR on into MEMORY. */
int block_read(struct block *block, uint32_t sector, void *memory, uint32_t sectors) {
  struct block_run run = {memory, sectors * SECTOR_SIZE};
  struct block_request request = {.sector = sector, .runs = &run, .count = 1};
  return block_transfer(block, &request);
}

/* Writes SECTORS from SECTOR on from MEMORY. */
int block_write(struct block *block, uint32_t sector, const void *memory, uint32_t sectors) {
  struct block_run run = {(void *)(uintptr_t)memory, sectors * SECTOR_SIZE};
  struct block_request request = {.write = true, .sector = sector, .runs = &run, .count = 1};
  return block_transfer(block, &request);
}

/* The file is safe enough. */
int block_flush(struct block *block) {
  (void)block;
  return BLOCK_OK;
}

/* Opens PATH. */
struct block *host_disk_open(const char *path) {
  static struct block disk;
  struct stat status;
  disk_file = open(path, O_RDWR);
  if (disk_file < 0 || fstat(disk_file, &status) != 0) {
    perror(path);
    exit(2);
  }
  disk = (struct block){.name = "hda2", .role = BLOCK_FILESYS};
  disk.sectors = (uint32_t)(status.st_size / SECTOR_SIZE);
  return &disk;
}

/* Closes it. */
void host_disk_close(struct block *block) {
  (void)block;
  close(disk_file);
}

/* -- The page cache --------------------------------------------------------------------------- */

/* One mutex stands for all that vm/ does to keep threads apart.  It is taken again by the thread
   that has it when fs/ calls back. */
struct cached_page {
  struct cached_page *next;
  struct store *store;
  pindex_t index;
  bool dirty;
  uint8_t *content;
};

unsigned host_cache_pages = 64;
static pthread_mutex_t vm_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static struct cached_page *pages;
static unsigned page_count;
static unsigned random_state = 1;

/* Begins work on pages: fs/ may hold nothing that its callbacks take. */
static void vm_enter(void) {
  ASSERT(ranks_held >> RANK_ALLOC == 0);
  pthread_mutex_lock(&vm_mutex);
}

/* Ends it. */
static void vm_leave(void) {
  pthread_mutex_unlock(&vm_mutex);
}

/* Pages in the cache. */
long host_pages(void) {
  return page_count;
}

/* The page INDEX of STORE, or NULL. */
static struct cached_page *lookup_page(struct store *store, pindex_t index) {
  struct cached_page *page = pages;
  while (page != NULL && (page->store != store || page->index != index)) page = page->next;
  return page;
}

/* Takes PAGE off the list. */
static void drop_page(struct cached_page *page) {
  struct cached_page **link = &pages;
  while (*link != page) link = &(*link)->next;
  *link = page->next;
  free(page->content);
  free(page);
  page_count--;
}

/* Writes the dirty pages of STORE from INDEX on that follow each other, up to 8. */
static int write_run(struct store *store, pindex_t index) {
  void *memory[8];
  struct cached_page *run[8], *page;
  unsigned count = 0;
  while (count < 8 && (page = lookup_page(store, index + count)) != NULL && page->dirty) {
    run[count] = page;
    memory[count++] = page->content;
  }
  int error = store->ops->write(store, index, count, memory);
  for (unsigned i = 0; i < count; i++)
    if (error == VM_OK) run[i]->dirty = false;
  return error;
}

/* Drops a page that was chosen at random. */
static void reclaim(void) {
  unsigned choice = (unsigned)rand_r(&random_state) % page_count;
  struct cached_page *page = pages;
  while (choice-- > 0) page = page->next;
  if (page->dirty && write_run(page->store, page->index) != VM_OK) return;
  drop_page(page);
}

/* Makes room for, and adds, page INDEX of STORE, unread. */
static struct cached_page *add_page(struct store *store, pindex_t index) {
  for (unsigned tries = 0; page_count >= host_cache_pages && tries < 10; tries++) reclaim();
  struct cached_page *page = malloc(sizeof *page);
  *page = (struct cached_page){.store = store, .index = index, .next = pages};
  page->content = aligned_alloc(VM_PAGE_SIZE, VM_PAGE_SIZE);
  memset(page->content, 0xa5, VM_PAGE_SIZE);
  pages = page;
  page_count++;
  return page;
}

/* Page INDEX of STORE, read with up to three neighbours if it is not there; NULL after an error. */
static struct cached_page *bring_in(struct store *store, pindex_t index) {
  void *memory[4];
  struct cached_page *run[4];
  unsigned count = 0, most = 1 + (unsigned)rand_r(&random_state) % 4;
  struct cached_page *page = lookup_page(store, index);
  if (page != NULL) return page;
  while (page_count + most > host_cache_pages && page_count > 0) reclaim();
  while (count < most && lookup_page(store, index + count) == NULL) {
    run[count] = add_page(store, index + count);
    memory[count] = run[count]->content;
    count++;
  }
  int error = store->ops->read(store, index, count, memory);
  for (unsigned i = error == VM_OK ? 1 : 0; i < count; i++)
    if (error != VM_OK || (index + i) * VM_PAGE_SIZE >= store_length(store)) drop_page(run[i]);
  return error == VM_OK ? run[0] : NULL;
}

/* An empty cache. */
void store_init(struct store *store, const struct store_ops *ops, uint32_t length) {
  *store = (struct store){.ops = ops, .length = length};
}

/* Moves bytes page by page between STORE and MEMORY; growing as vm/ does: the page first, then its
   blocks. */
static long transfer(struct store *store, uint32_t offset, uint8_t *memory, uint32_t size,
                     bool write) {
  long done = 0;
  int error = VM_OK;
  while (done < (long)size) {
    uint32_t at = offset % VM_PAGE_SIZE, chunk = MIN(size - done, VM_PAGE_SIZE - at);
    struct cached_page *page = bring_in(store, offset / VM_PAGE_SIZE);
    if (page == NULL) error = VM_EIO;
    if (page != NULL && write) error = store->ops->reserve(store, offset, chunk, true);
    if (error != VM_OK) break;
    if (write)
      memcpy(page->content + at, memory + done, chunk);
    else
      memcpy(memory + done, page->content + at, chunk);
    if (write) page->dirty = true;
    done += chunk;
    offset += chunk;
  }
  return done > 0 ? done : error;
}

/* Reads through the cache. */
long store_read(struct store *store, uint32_t offset, void *dst, uint32_t size) {
  vm_enter();
  uint32_t left = offset < store_length(store) ? store_length(store) - offset : 0;
  long result = transfer(store, offset, dst, MIN(size, left), false);
  vm_leave();
  return result;
}

/* Writes into the cache. */
long store_write(struct store *store, uint32_t offset, const void *src, uint32_t size) {
  vm_enter();
  long result = transfer(store, offset, (uint8_t *)(uintptr_t)src, size, true);
  vm_leave();
  return result;
}

/* Writes the dirty pages of STORE. */
int store_sync(struct store *store) {
  int result = VM_OK;
  vm_enter();
  for (struct cached_page *page = pages; page != NULL; page = page->next) {
    if (page->store != store || !page->dirty) continue;
    int error = write_run(store, page->index);
    if (error != VM_OK) result = error;
  }
  vm_leave();
  return result;
}

/* Whether some page of STORE is dirty. */
bool store_is_dirty(struct store *store) {
  bool dirty = false;
  vm_enter();
  for (struct cached_page *page = pages; page != NULL; page = page->next)
    if (page->store == store && page->dirty) dirty = true;
  vm_leave();
  return dirty;
}

/* Drops the pages of STORE. */
void store_purge(struct store *store) {
  vm_enter();
  for (struct cached_page *page = pages, *next; page != NULL; page = next) {
    next = page->next;
    if (page->store == store) drop_page(page);
  }
  vm_leave();
}

/* Zeroes the old last page behind the old end, and moves that. */
void store_grow(struct store *store, uint32_t length) {
  vm_enter();
  uint32_t used = store_length(store) % VM_PAGE_SIZE;
  struct cached_page *page = lookup_page(store, store_length(store) / VM_PAGE_SIZE);
  if (page != NULL && used > 0) memset(page->content + used, 0, VM_PAGE_SIZE - used);
  __atomic_store_n(&store->length, length, __ATOMIC_RELAXED);
  vm_leave();
}
