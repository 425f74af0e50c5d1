/* The buffer cache. */
#include "fs/buffer.h"
#include "dev/block.h"
#include "fs/fresh.h"
#include "fs/fs.h"
#include "kern/memory.h"
#include "kern/sync.h"
#include "lib/debug.h"
#include "lib/string.h"
#include "vm/types.h"

#define CACHE_PAGES  16
#define HASH_BUCKETS 32

static struct cache {
  /* Fixed while mounted. */
  struct block *device;
  uint32_t block_size;
  uint32_t count;
  struct buffer *buffers;
  uint8_t *pages[CACHE_PAGES];

  struct lock lock;
  struct condition changed; /* Some buffer is busy no more. */
  struct list hash[HASH_BUCKETS];
  struct list lru; /* Buffers that are not busy, least recently used first. */
} cache;

/* Allocates the memory of COUNT buffers; false, with the rest still to be freed, if there is not
   enough. */
static bool allocate(uint32_t count) {
  cache.buffers = kzalloc(count * sizeof *cache.buffers);
  if (cache.buffers == NULL) return false;
  uint32_t per_page = VM_PAGE_SIZE / cache.block_size;
  for (uint32_t i = 0; i < CACHE_PAGES; i++) {
    cache.pages[i] = page_alloc(1);
    if (cache.pages[i] == NULL) return false;
    for (uint32_t j = 0; j < per_page; j++)
      cache.buffers[i * per_page + j].data = cache.pages[i] + j * cache.block_size;
  }
  return true;
}

/* Makes the cache for DEVICE; false if there is no memory. */
bool buffer_cache_init(struct block *device, uint32_t block_size) {
  memset(&cache, 0, sizeof cache);
  cache.device = device;
  cache.block_size = block_size;
  cache.count = CACHE_PAGES * (VM_PAGE_SIZE / block_size);
  lock_init(&cache.lock, RANK_BUFFER, "buffer cache");
  condition_init(&cache.changed);
  list_init(&cache.lru);
  for (uint32_t i = 0; i < HASH_BUCKETS; i++) list_init(&cache.hash[i]);
  if (!allocate(cache.count)) {
    buffer_cache_destroy();
    return false;
  }
  for (uint32_t i = 0; i < cache.count; i++) list_push_back(&cache.lru, &cache.buffers[i].lru_node);
  return true;
}

/* Frees the cache's memory; nothing is written. */
void buffer_cache_destroy(void) {
  for (uint32_t i = 0; i < CACHE_PAGES; i++)
    if (cache.pages[i] != NULL) page_free(cache.pages[i], 1);
  kfree(cache.buffers);
  memset(&cache, 0, sizeof cache);
}

/* Where BLOCK is listed. */
static struct list *bucket(uint32_t block) {
  return &cache.hash[block % HASH_BUCKETS];
}

/* The buffer that stands for BLOCK, or NULL.  Cache lock held. */
static struct buffer *lookup(uint32_t block) {
  list_for_each(node, bucket(block)) {
    struct buffer *buffer = list_entry(node, struct buffer, hash_node);
    if (buffer->block == block) return buffer;
  }
  return NULL;
}

/* Makes BUFFER, which is not busy, the caller's.  Cache lock held. */
static void take(struct buffer *buffer) {
  ASSERT(!buffer->busy);
  buffer->busy = true;
  list_remove(&buffer->lru_node);
}

/* Ends the caller's hold of BUFFER; what stands for no block is the first to be used again.
   Cache lock held. */
static void give_back(struct buffer *buffer) {
  ASSERT(buffer->busy);
  buffer->busy = false;
  if (list_node_is_listed(&buffer->hash_node))
    list_push_back(&cache.lru, &buffer->lru_node);
  else
    list_push_front(&cache.lru, &buffer->lru_node);
  condition_broadcast(&cache.changed, &cache.lock);
}

/* Sleeps until some buffer is busy no more.  Cache lock held, given up meanwhile. */
static void wait_for_change(void) {
  condition_wait(&cache.changed, &cache.lock);
}

/* Moves BUFFER's block between memory and the device.  Called without the cache lock. */
static int transfer(struct buffer *buffer, bool write) {
  uint32_t sectors = cache.block_size / SECTOR_SIZE, first = buffer->block * sectors;
  int error = write ? block_write(cache.device, first, buffer->data, sectors)
                    : block_read(cache.device, first, buffer->data, sectors);
  return error == BLOCK_OK ? FS_OK : FS_EIO;
}

static int write_class_locked(enum buffer_class class);

/* Writes BUFFER, held by the caller, after what has to be on disk before it: the bitmaps, which may
   have changed since they were written last, the inodes that names lead to, and what its pointers lead
   to.  Gives up the cache lock meanwhile. */
static int write_locked(struct buffer *buffer) {
  int error = FS_OK;
  if (buffer->class == BUFFER_DIRECTORY) error = write_class_locked(BUFFER_INODES);
  if (buffer->class != BUFFER_BITMAP && error == FS_OK) error = write_class_locked(BUFFER_BITMAP);
  lock_release(&cache.lock);
  if (error == FS_OK && buffer->class == BUFFER_POINTERS)
    error = fresh_settle(fresh_in_block(buffer->block));
  if (error == FS_OK) error = transfer(buffer, true);
  lock_acquire(&cache.lock);
  buffer->failed = error != FS_OK;
  if (error == FS_OK) buffer->dirty = false;
  return error;
}

/* Writes all dirty buffers of CLASS.  Waits for those that are busy: who holds a bitmap waits for
   no other buffer, who holds an inode for none but bitmaps.  Cache lock held, given up meanwhile. */
static int write_class_locked(enum buffer_class class) {
  int result = FS_OK;
  for (uint32_t i = 0; i < cache.count;) {
    struct buffer *buffer = &cache.buffers[i];
    if (!buffer->dirty || buffer->class != class) {
      i++;
    } else if (buffer->busy) {
      wait_for_change();
    } else {
      take(buffer);
      int error = write_locked(buffer);
      give_back(buffer);
      if (error != FS_OK) result = error;
      i++;
    }
  }
  return result;
}

/* The buffer to be used for another block: the least recently used that nobody holds; one that could
   not be written only if there is no other.  NULL if all are held.  Cache lock held. */
static struct buffer *choose_victim(void) {
  list_for_each(node, &cache.lru) {
    struct buffer *buffer = list_entry(node, struct buffer, lru_node);
    if (!buffer->failed) return buffer;
  }
  if (list_is_empty(&cache.lru)) return NULL;
  return list_entry(list_first(&cache.lru), struct buffer, lru_node);
}

/* Writes VICTIM, dirty.  FS_EIO if that fails as it did before.  Cache lock held,
   given up meanwhile. */
static int write_victim(struct buffer *victim) {
  bool failed_before = victim->failed;
  take(victim);
  int error = write_locked(victim);
  give_back(victim);
  return failed_before ? error : FS_OK;
}

/* Finds a clean buffer that nobody holds, writing dirty ones if need be, and takes it for BLOCK.
   NULL in *RESULT: the lock was given up, look anew.  Cache lock held.  FS_EIO if nothing can be
   written. */
static int evict(uint32_t block, struct buffer **result) {
  struct buffer *victim = choose_victim();
  *result = NULL;
  if (victim == NULL) {
    wait_for_change();
    return FS_OK;
  }
  if (victim->dirty) return write_victim(victim);
  take(victim);
  if (list_node_is_listed(&victim->hash_node)) list_remove(&victim->hash_node);
  victim->block = block;
  list_push_back(bucket(block), &victim->hash_node);
  *result = victim;
  return FS_OK;
}

/* Takes the buffer of BLOCK into *RESULT; *FOUND tells whether it holds its content.  Cache lock
   held. */
static int obtain(uint32_t block, struct buffer **result, bool *found) {
  for (;;) {
    struct buffer *buffer = lookup(block);
    *found = buffer != NULL;
    if (buffer == NULL) {
      int error = evict(block, result);
      if (error != FS_OK || *result != NULL) return error;
    } else if (buffer->busy) {
      wait_for_change();
    } else {
      take(buffer);
      *result = buffer;
      return FS_OK;
    }
  }
}

/* Gives the buffer of BLOCK, read if it was not cached, to the caller. */
int buffer_get(uint32_t block, enum buffer_class class, struct buffer **result) {
  bool found;
  lock_acquire(&cache.lock);
  int error = obtain(block, result, &found);
  if (error == FS_OK && !found) {
    lock_release(&cache.lock);
    error = transfer(*result, false);
    lock_acquire(&cache.lock);
    if (error != FS_OK) {
      list_remove(&(*result)->hash_node);
      give_back(*result);
    }
  }
  if (error == FS_OK) (*result)->class = class;
  lock_release(&cache.lock);
  return error;
}

/* Gives a buffer of zeroes for the new BLOCK to the caller. */
int buffer_get_fresh(uint32_t block, enum buffer_class class, struct buffer **result) {
  bool found;
  lock_acquire(&cache.lock);
  int error = obtain(block, result, &found);
  if (error == FS_OK) {
    (*result)->class = class;
    (*result)->dirty = true;
    memset((*result)->data, 0, cache.block_size);
  }
  lock_release(&cache.lock);
  return error;
}

/* Ends the caller's hold of BUFFER. */
void buffer_put(struct buffer *buffer) {
  lock_acquire(&cache.lock);
  give_back(buffer);
  lock_release(&cache.lock);
}

/* Notes that the caller changed BUFFER, which he holds. */
void buffer_mark_dirty(struct buffer *buffer) {
  lock_acquire(&cache.lock);
  ASSERT(buffer->busy);
  buffer->dirty = true;
  lock_release(&cache.lock);
}

/* Writes BUFFER, which the caller holds, now. */
int buffer_write(struct buffer *buffer) {
  lock_acquire(&cache.lock);
  int error = write_locked(buffer);
  lock_release(&cache.lock);
  return error;
}

/* Drops what is cached of BLOCK. */
void buffer_forget(uint32_t block) {
  struct buffer *buffer;
  lock_acquire(&cache.lock);
  while ((buffer = lookup(block)) != NULL && buffer->busy) wait_for_change();
  if (buffer != NULL) {
    take(buffer);
    list_remove(&buffer->hash_node);
    buffer->dirty = buffer->failed = false;
    give_back(buffer);
  }
  lock_release(&cache.lock);
}

/* Writes all dirty buffers; goes on after errors and returns the last. */
int buffer_sync(void) {
  int result = FS_OK;
  lock_acquire(&cache.lock);
  for (unsigned class = 0; class < BUFFER_CLASSES; class ++) {
    int error = write_class_locked(class);
    if (error != FS_OK) result = error;
  }
  lock_release(&cache.lock);
  return result;
}
