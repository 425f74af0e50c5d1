/* Indexes of large directories.

   A name's hash chooses a bucket; there, an entry holds 16 other bits of the hash and the number of the
   name's block.  A bucket is a chain of chunks, of which only the first has room.  What the entries say may be
   true of another name with the same bits, so the block is looked at in any case. */
#include "fs/dir_index.h"
#include "fs/ext2.h"
#include "fs/inode.h"
#include "kern/memory.h"
#include "kern/sync.h"
#include "lib/debug.h"
#include "lib/list.h"
#include "lib/string.h"
#include "vm/types.h"

#define BUCKETS       64
#define CHUNK_ENTRIES 32
#define BLOCK_BITS    16
#define BLOCKS_MAX    (1u << BLOCK_BITS)
#define ROOMS_MIN     64 /* Blocks for which there is place at first. */
#define ROOM_UNIT     4  /* Lengths of records are multiples of this. */
#define POOL_SHARE    8  /* All indexes take one in so many pages of the kernel pool. */

struct chunk {
  struct chunk *next;
  uint32_t entries[CHUNK_ENTRIES];
};

struct bucket {
  struct chunk *first; /* Not full, or all are. */
  uint32_t count;      /* Entries in all its chunks. */
};

struct dir_index {
  struct list_node node;
  struct inode *dir;
  uint32_t bytes;  /* Of kernel memory. */
  uint32_t blocks; /* Whose room is known. */
  uint32_t rooms_size;
  uint8_t *rooms; /* By block, in units of ROOM_UNIT. */
  struct bucket buckets[BUCKETS];
};

/* `lock` guards this, all indexes, and the field `index` of inodes. */
static struct {
  struct lock lock;
  struct list all; /* Most recently used first. */
  uint32_t bytes;  /* Of all. */
} table;

/* Frees INDEX.  Lock held. */
static void free_index(struct dir_index *index) {
  for (unsigned i = 0; i < BUCKETS; i++) {
    struct chunk *chunk = index->buckets[i].first;
    while (chunk != NULL) {
      struct chunk *next = chunk->next;
      kfree(chunk);
      chunk = next;
    }
  }
  kfree(index->rooms);
  table.bytes -= index->bytes;
  index->dir->index = NULL;
  list_remove(&index->node);
  kfree(index);
}

/* Frees all indexes; false if there is none, or somebody is at work on one.  Called by whoever lacks
   memory, whatever he holds. */
static bool free_all(void) {
  if (lock_is_mine(&table.lock) || !lock_try_acquire(&table.lock)) return false;
  bool any = !list_is_empty(&table.all);
  while (!list_is_empty(&table.all))
    free_index(list_entry(list_first(&table.all), struct dir_index, node));
  lock_release(&table.lock);
  return any;
}

static struct shrinker shrinker = {.shrink = free_all};

/* Starts without indexes. */
void dir_index_init(void) {
  lock_init(&table.lock, RANK_INDEX, "directory indexes");
  list_init(&table.all);
  table.bytes = 0;
  memory_add_shrinker(&shrinker);
}

/* Whether all indexes may take SIZE bytes more.  For that, others than INDEX are freed.  Lock held. */
static bool make_room(const struct dir_index *index, uint32_t size) {
  uint32_t most = memory_stats().pages_total / POOL_SHARE * VM_PAGE_SIZE;
  while (table.bytes + size > most && !list_is_empty(&table.all)) {
    struct dir_index *last = list_entry(list_last(&table.all), struct dir_index, node);
    if (last == index) return false;
    free_index(last);
  }
  return table.bytes + size <= most && !memory_is_low();
}

/* SIZE bytes of zeroes more for INDEX, or NULL.  Lock held. */
static void *allocate(struct dir_index *index, uint32_t size) {
  void *memory = make_room(index, size) ? kzalloc(size) : NULL;
  if (memory == NULL) return NULL;
  index->bytes += size;
  table.bytes += size;
  return memory;
}

/* Gives SIZE bytes of INDEX back.  Lock held. */
static void release(struct dir_index *index, void *memory, uint32_t size) {
  if (memory == NULL) return;
  kfree(memory);
  index->bytes -= size;
  table.bytes -= size;
}

/* Makes an index without blocks. */
bool dir_index_start(struct inode *dir) {
  lock_acquire(&table.lock);
  ASSERT(dir->index == NULL);
  struct dir_index own = {.bytes = 0};
  struct dir_index *index = allocate(&own, sizeof *index);
  if (index != NULL) {
    index->bytes = own.bytes;
    index->dir = dir;
    dir->index = index;
    list_push_front(&table.all, &index->node);
  }
  lock_release(&table.lock);
  return index != NULL;
}

/* Drops an index. */
void dir_index_drop(struct inode *dir) {
  lock_acquire(&table.lock);
  if (dir->index != NULL) free_index(dir->index);
  lock_release(&table.lock);
}

/* The hash of NAME; its upper bits are as good as the lower ones. */
static uint32_t hash_of(struct dir_name name) {
  uint32_t hash = 0;
  for (uint32_t i = 0; i < name.length; i++) hash = (hash ^ (uint8_t)name.text[i]) * 0x9e3779b1u;
  return hash ^ hash >> 15;
}

/* Where INDEX lists names with HASH. */
static struct bucket *bucket_of(struct dir_index *index, uint32_t hash) {
  return &index->buckets[hash % BUCKETS];
}

/* The entry of a name with HASH in BLOCK. */
static uint32_t entry_of(uint32_t hash, uint32_t block) {
  return hash >> (32 - BLOCK_BITS) << BLOCK_BITS | block;
}

/* How many entries the first chunk of BUCKET holds. */
static uint32_t first_count(const struct bucket *bucket) {
  return bucket->count == 0 ? 0 : (bucket->count - 1) % CHUNK_ENTRIES + 1;
}

/* The lowest block from FROM on with a name of HASH.  Lock held. */
static uint32_t next_name(struct dir_index *index, uint32_t hash, uint32_t from) {
  const struct bucket *bucket = bucket_of(index, hash);
  uint32_t lowest = entry_of(hash, from), highest = entry_of(hash, BLOCKS_MAX - 1);
  uint32_t count = first_count(bucket), best = DIR_INDEX_NONE;
  if (from >= BLOCKS_MAX) return DIR_INDEX_NONE;
  for (const struct chunk *chunk = bucket->first; chunk != NULL; chunk = chunk->next) {
    for (uint32_t i = 0; i < count; i++) {
      uint32_t entry = chunk->entries[i];
      if (entry >= lowest && entry <= highest && entry % BLOCKS_MAX < best)
        best = entry % BLOCKS_MAX;
    }
    count = CHUNK_ENTRIES;
  }
  return best;
}

/* The lowest block from FROM on with room for a record of SIZE bytes.  Lock held. */
static uint32_t next_room(const struct dir_index *index, uint32_t size, uint32_t from) {
  for (uint32_t block = from; block < index->blocks; block++)
    if (index->rooms[block] >= size / ROOM_UNIT) return block;
  return DIR_INDEX_NONE;
}

/* The next block worth looking at. */
uint32_t dir_index_next(struct inode *dir, struct dir_name name, uint32_t from) {
  lock_acquire(&table.lock);
  struct dir_index *index = dir->index;
  uint32_t block = from;
  if (index != NULL) {
    list_remove(&index->node);
    list_push_front(&table.all, &index->node);
    block = name.text != NULL ? next_name(index, hash_of(name), from)
                              : next_room(index, EXT2_DIRENT_SIZE(name.length), from);
  }
  lock_release(&table.lock);
  return block;
}

/* Adds ENTRY to BUCKET of INDEX; false if there is no memory.  Lock held. */
static bool add_entry(struct dir_index *index, struct bucket *bucket, uint32_t entry) {
  uint32_t place = bucket->count % CHUNK_ENTRIES;
  if (place == 0) {
    struct chunk *chunk = allocate(index, sizeof *chunk);
    if (chunk == NULL) return false;
    chunk->next = bucket->first;
    bucket->first = chunk;
  }
  bucket->first->entries[place] = entry;
  bucket->count++;
  return true;
}

/* Notes a name, or forgets all. */
bool dir_index_add(struct inode *dir, struct dir_name name, uint32_t block) {
  uint32_t hash = hash_of(name);
  lock_acquire(&table.lock);
  struct dir_index *index = dir->index;
  bool done = index != NULL && block < BLOCKS_MAX &&
              add_entry(index, bucket_of(index, hash), entry_of(hash, block));
  if (!done && index != NULL) free_index(index);
  lock_release(&table.lock);
  return done;
}

/* Takes one ENTRY out of BUCKET of INDEX: the last of the first chunk gets its place.  Lock held. */
static void remove_entry(struct dir_index *index, struct bucket *bucket, uint32_t entry) {
  struct chunk *first = bucket->first, *chunk = first;
  uint32_t count = first_count(bucket), last = count - 1;
  for (; chunk != NULL; chunk = chunk->next, count = CHUNK_ENTRIES) {
    uint32_t i = 0;
    while (i < count && chunk->entries[i] != entry) i++;
    if (i == count) continue;
    chunk->entries[i] = first->entries[last];
    bucket->count--;
    if (last > 0) return;
    bucket->first = first->next;
    release(index, first, sizeof *first);
    return;
  }
}

/* Forgets a name. */
void dir_index_remove(struct inode *dir, struct dir_name name, uint32_t block) {
  uint32_t hash = hash_of(name);
  lock_acquire(&table.lock);
  if (dir->index != NULL)
    remove_entry(dir->index, bucket_of(dir->index, hash), entry_of(hash, block));
  lock_release(&table.lock);
}

/* Makes place in INDEX for the room of twice as many blocks; false if there is no memory.  Lock held. */
static bool grow_rooms(struct dir_index *index) {
  uint32_t size = index->rooms_size == 0 ? ROOMS_MIN : 2 * index->rooms_size;
  uint8_t *rooms = size <= BLOCKS_MAX ? allocate(index, size) : NULL;
  if (rooms == NULL) return false;
  if (index->rooms != NULL) memcpy(rooms, index->rooms, index->blocks);
  release(index, index->rooms, index->rooms_size);
  index->rooms = rooms;
  index->rooms_size = size;
  return true;
}

/* Notes a block's room, or forgets all. */
bool dir_index_set_room(struct inode *dir, uint32_t block, uint32_t room) {
  lock_acquire(&table.lock);
  struct dir_index *index = dir->index;
  bool done = index != NULL && (block < index->rooms_size || grow_rooms(index));
  if (done) {
    ASSERT(block <= index->blocks);
    if (block == index->blocks) index->blocks++;
    uint32_t units = room / ROOM_UNIT;
    index->rooms[block] = units < UINT8_MAX ? units : UINT8_MAX;
  } else if (index != NULL) {
    free_index(index);
  }
  lock_release(&table.lock);
  return done;
}
