/* From blocks of a file to blocks of the disk. */
#include "fs/block_map.h"
#include "dev/block.h"
#include "fs/balloc.h"
#include "fs/buffer.h"
#include "fs/fresh.h"
#include "fs/inode.h"
#include "fs/volume.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "lib/string.h"

#define LEVELS_MAX 3

/* The way to a block of a file: the slot in i_block, then one in each block of pointers. */
struct way {
  unsigned levels; /* Blocks of pointers on it. */
  uint32_t slots[LEVELS_MAX + 1];
  uint32_t relative; /* The block's number among those of its root in i_block. */
};

/* A place where a pointer stands: in i_block, or in a block of pointers. */
struct place {
  uint32_t block; /* 0: i_block. */
  uint32_t slot;
};

/* Pointers that were set, from PLACE on, and to what. */
struct undo_entry {
  struct place place;
  struct block_extent extent;
};

/* Where an undo sleeps until transfers have ended. */
static struct {
  struct lock lock; /* Of rank RANK_ALLOC, but never held together with others of it. */
  struct condition ended;
} transfers;

/* Nobody waits. */
void block_map_init(void) {
  lock_init(&transfers.lock, RANK_ALLOC, "transfers of files");
  condition_init(&transfers.ended);
}

/* Counts a transfer in INODE's present era, which is the result.  One that meets the beginning of an era is
   counted in that. */
unsigned block_map_enter(struct inode *inode) {
  for (;;) {
    unsigned era = __atomic_load_n(&inode->era, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&inode->transfers[era], 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&inode->era, __ATOMIC_SEQ_CST) == era) return era;
    block_map_leave(inode, era);
  }
}

/* Ends a transfer that began in ERA; the last wakes who waits for it. */
void block_map_leave(struct inode *inode, unsigned era) {
  bool last = __atomic_sub_fetch(&inode->transfers[era], 1, __ATOMIC_SEQ_CST) == 0;
  if (!last || !__atomic_load_n(&inode->waited_for, __ATOMIC_SEQ_CST)) return;
  lock_acquire(&transfers.lock);
  condition_broadcast(&transfers.ended, &transfers.lock);
  lock_release(&transfers.lock);
}

/* Returns when all transfers of INODE that have begun are over.  They wait for nothing that the caller may
   hold, which is INODE's lock, but no buffer.  Sleeps. */
static void wait_for_transfers(struct inode *inode) {
  unsigned old = inode->era;
  lock_acquire(&transfers.lock);
  __atomic_store_n(&inode->waited_for, true, __ATOMIC_SEQ_CST);
  __atomic_store_n(&inode->era, 1 - old, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&inode->transfers[old], __ATOMIC_SEQ_CST) > 0)
    condition_wait(&transfers.ended, &transfers.lock);
  __atomic_store_n(&inode->waited_for, false, __ATOMIC_SEQ_CST);
  lock_release(&transfers.lock);
}

/* Reads a pointer that another thread may be setting. */
static uint32_t load(const uint32_t *pointer) {
  return __atomic_load_n(pointer, __ATOMIC_RELAXED);
}

/* Sets a pointer that another thread may be reading. */
static void store(uint32_t *pointer, uint32_t block) {
  __atomic_store_n(pointer, block, __ATOMIC_RELAXED);
}

/* Finds the WAY to block INDEX; false if there is none so far out. */
static bool find_way(uint32_t index, struct way *way) {
  unsigned shift = volume.pointers_shift;
  way->levels = 0;
  way->slots[0] = index;
  way->relative = index;
  if (index < EXT2_DIRECT) return true;
  index -= EXT2_DIRECT;
  for (unsigned levels = 1; levels <= LEVELS_MAX; levels++) {
    uint32_t blocks = shift * levels < 32 ? 1u << (shift * levels) : UINT32_MAX;
    if (index >= blocks) {
      index -= blocks;
      continue;
    }
    way->levels = levels;
    way->relative = index;
    way->slots[0] = EXT2_DIRECT + levels - 1;
    for (unsigned i = 1; i <= levels; i++)
      way->slots[i] = index >> (shift * (levels - i)) & ((1u << shift) - 1);
    return true;
  }
  return false;
}

/* Complains about pointer BLOCK of INODE. */
static int bad_block(const struct inode *inode, uint32_t block) {
  return volume_corrupt("inode %u: bad block %u", (unsigned)inode->number, (unsigned)block);
}

/* Measures the run that starts with POINTERS[0], of at most LIMIT, into MAP. */
static int measure_run(const struct inode *inode, const uint32_t *pointers, uint32_t limit,
                       struct block_run_map *map) {
  uint32_t first = load(&pointers[0]), count = 1;
  uint32_t step = first == 0 ? 0 : 1;
  while (count < limit && load(&pointers[count]) == first + count * step) count++;
  *map = (struct block_run_map){first, count, 0};
  return first != 0 && !volume_is_data(first, count) ? bad_block(inode, first) : FS_OK;
}

/* Describes in MAP what is missing below a pointer of zero at LEVEL of WAY: up to LIMIT blocks, and
   the blocks of pointers that lead to them. */
static void measure_hole(const struct way *way, unsigned level, uint32_t limit,
                         struct block_run_map *map) {
  unsigned shift = volume.pointers_shift, below = way->levels - level;
  uint32_t size_mask = shift * below < 32 ? (1u << (shift * below)) - 1 : UINT32_MAX;
  uint32_t left = size_mask - (way->relative & size_mask); /* After this one. */
  uint32_t count = limit - 1 <= left ? limit : left + 1;
  uint32_t last = way->relative + (count - 1);
  *map = (struct block_run_map){0, count, 0};
  for (unsigned i = 1; i <= below; i++) {
    unsigned bits = shift * i;
    map->pointers += bits < 32 ? (last >> bits) - (way->relative >> bits) + 1 : 1;
  }
}

/* Finds block INDEX of INODE and what follows it.  Holds one buffer at a time. */
int block_map_lookup(struct inode *inode, uint32_t index, uint32_t limit,
                     struct block_run_map *map) {
  struct way way;
  ASSERT(limit > 0);
  if (!find_way(index, &way)) return FS_EFBIG;
  if (way.levels == 0)
    return measure_run(inode, &inode->block[index], MIN(limit, EXT2_DIRECT - index), map);
  uint32_t block = load(&inode->block[way.slots[0]]);
  for (unsigned level = 0;; level++) {
    if (block == 0) {
      measure_hole(&way, level, limit, map);
      return FS_OK;
    }
    if (!volume_is_data(block, 1)) return bad_block(inode, block);
    struct buffer *buffer;
    int error = buffer_get(block, BUFFER_POINTERS, &buffer);
    if (error != FS_OK) return error;
    const uint32_t *pointers = (const uint32_t *)buffer->data;
    uint32_t slot = way.slots[level + 1];
    bool is_last = level + 1 == way.levels;
    uint32_t most = MIN(limit, (1u << volume.pointers_shift) - slot);
    if (is_last) error = measure_run(inode, &pointers[slot], most, map);
    bool circular =
        is_last ? map->block != 0 && block - map->block < map->count : pointers[slot] == block;
    if (circular && error == FS_OK) error = bad_block(inode, block);
    block = pointers[slot];
    buffer_put(buffer);
    if (is_last || error != FS_OK) return error;
  }
}

/* Counts what filling the holes among blocks FIRST to LAST of INODE takes. */
int block_map_count_missing(struct inode *inode, uint32_t first, uint32_t last, uint32_t *count) {
  *count = 0;
  for (uint32_t index = first; index <= last;) {
    struct block_run_map map;
    int error = block_map_lookup(inode, index, last - index + 1, &map);
    if (error != FS_OK) return error;
    if (map.block == 0) *count += map.count + map.pointers;
    index += map.count;
  }
  return FS_OK;
}

/* Sets COUNT pointers of INODE from PLACE on to BLOCK and its followers, or all to 0.  The inode's
   lock is held. */
static int set_pointers(struct inode *inode, struct place place, struct block_extent extent) {
  struct buffer *buffer = NULL;
  uint32_t *pointers = inode->block;
  if (place.block != 0) {
    int error = buffer_get(place.block, BUFFER_POINTERS, &buffer);
    if (error != FS_OK) return error;
    pointers = (uint32_t *)buffer->data;
  }
  for (uint32_t i = 0; i < extent.count; i++)
    store(&pointers[place.slot + i], extent.block == 0 ? 0 : extent.block + i);
  if (buffer != NULL) {
    buffer_mark_dirty(buffer);
    buffer_put(buffer);
  }
  inode->dirty = true;
  return FS_OK;
}

/* A file that is being given blocks. */
struct growth {
  struct inode *inode;
  uint32_t promised; /* Blocks still promised to it. */
};

/* Makes RECORDS a block without entries: an unused record in each sector. */
static void clear_records(uint8_t *records) {
  memset(records, 0, volume.block_size);
  for (uint32_t offset = 0; offset < volume.block_size; offset += SECTOR_SIZE)
    ((struct ext2_dirent *)(records + offset))->record_length = SECTOR_SIZE;
}

/* Makes new BLOCK one of pointers, or of a directory, with nothing in it, on disk before anything
   refers to it. */
static int clear_block(uint32_t block, enum buffer_class class) {
  struct buffer *buffer;
  int error = buffer_get_fresh(block, class, &buffer);
  if (error != FS_OK) return error;
  if (class == BUFFER_DIRECTORY) clear_records(buffer->data);
  error = buffer_write(buffer);
  buffer_put(buffer);
  if (error != FS_OK) buffer_forget(block);
  return error;
}

/* Makes the new blocks of EXTENT, to be named by INODE's pointers at PLACE, ones that may be
   referred to: they hold POINTERS, or content, which counts as fresh until it is written. */
static int prepare(const struct inode *inode, struct place place, struct block_extent extent,
                   bool pointers) {
  int error = FS_OK;
  if (!pointers && inode_type(inode) != EXT2_MODE_DIR)
    return fresh_add(place.block != 0 ? fresh_in_block(place.block) : fresh_in_inode(inode->number),
                     extent);
  for (uint32_t i = 0; i < extent.count && error == FS_OK; i++)
    error = clear_block(extent.block + i, pointers ? BUFFER_POINTERS : BUFFER_DIRECTORY);
  return error;
}

/* Takes promised blocks for up to WANT pointers at ENTRY's place and sets them; ENTRY tells which.
   They hold content, or POINTERS. */
static int fill(struct growth *growth, struct undo_entry *entry, uint32_t want, bool pointers) {
  struct inode *inode = growth->inode;
  struct block_extent *extent = &entry->extent;
  int error = block_alloc(inode->goal, want, extent);
  if (error != FS_OK) return error;
  growth->promised -= extent->count;
  error = prepare(inode, entry->place, *extent, pointers);
  if (error == FS_OK) error = set_pointers(inode, entry->place, *extent);
  if (error != FS_OK) {
    block_free(*extent);
    return error;
  }
  inode->goal = extent->block + extent->count;
  inode->sectors += extent->count * volume.block_sectors;
  return FS_OK;
}

/* Reads the pointer of INODE at PLACE into *BLOCK. */
static int get_pointer(struct inode *inode, struct place place, uint32_t *block) {
  struct buffer *buffer;
  if (place.block == 0) {
    *block = inode->block[place.slot];
    return FS_OK;
  }
  int error = buffer_get(place.block, BUFFER_POINTERS, &buffer);
  if (error != FS_OK) return error;
  *block = ((const uint32_t *)buffer->data)[place.slot];
  buffer_put(buffer);
  return FS_OK;
}

/* Makes the blocks of pointers on the WAY to a block that are missing; *PLACE is where the block's
   own pointer stands. */
static int make_way(struct growth *growth, const struct way *way, struct place *place) {
  *place = (struct place){0, way->slots[0]};
  for (unsigned level = 0; level < way->levels; level++) {
    struct undo_entry entry = {.place = *place};
    int error = get_pointer(growth->inode, *place, &entry.extent.block);
    if (error == FS_OK && entry.extent.block == 0)
      error = fill(growth, &entry, 1, true);
    else if (error == FS_OK && !volume_is_data(entry.extent.block, 1))
      error = bad_block(growth->inode, entry.extent.block);
    if (error != FS_OK) return error;
    *place = (struct place){entry.extent.block, way->slots[level + 1]};
  }
  return FS_OK;
}

/* Fills the beginning of the hole of up to COUNT blocks at INDEX; ENTRY tells how much. */
static int fill_hole(struct growth *growth, uint32_t index, uint32_t count,
                     struct undo_entry *entry) {
  struct way way;
  if (!find_way(index, &way)) return FS_EFBIG;
  uint32_t slots = way.levels == 0 ? EXT2_DIRECT : 1u << volume.pointers_shift;
  int error = make_way(growth, &way, &entry->place);
  if (error != FS_OK) return error;
  return fill(growth, entry, MIN(count, slots - way.slots[way.levels]), false);
}

/* Sets COUNT pointers of INODE from PLACE on to 0; on disk if they may have been there, so that the
   blocks can be freed. */
static int clear_pointers(struct inode *inode, struct place place, uint32_t count) {
  struct buffer *buffer;
  int error = set_pointers(inode, place, (struct block_extent){0, count});
  if (error != FS_OK || place.block == 0) return error;
  error = buffer_get(place.block, BUFFER_POINTERS, &buffer);
  if (error != FS_OK) return error;
  error = buffer_write(buffer);
  buffer_put(buffer);
  return error;
}

/* Takes what LOG has of INODE back: pointers to 0, blocks free, once nobody moves data there who has seen
   the pointers before.  Blocks of pointers stay, and so do blocks of which the pointers could not be
   cleared. */
static void undo(struct inode *inode, struct undo_entry log[], unsigned count) {
  for (unsigned i = count; i-- > 0;) {
    if (clear_pointers(inode, log[i].place, log[i].extent.count) == FS_OK) continue;
    volume.was_clean = false;
    log[i].extent.count = 0;
  }
  wait_for_transfers(inode);
  for (unsigned i = count; i-- > 0;) {
    if (log[i].extent.count == 0) continue;
    block_free(log[i].extent);
    inode->sectors -= log[i].extent.count * volume.block_sectors;
  }
}

/* Fills the holes among the up to BLOCK_MAP_ATOMIC blocks from FIRST to LAST.  On errors of the
   disk takes back what it gave. */
static int fill_holes(struct growth *growth, uint32_t first, uint32_t last) {
  struct undo_entry log[BLOCK_MAP_ATOMIC];
  unsigned entries = 0;
  for (uint32_t index = first; index <= last;) {
    struct block_run_map map;
    int error = block_map_lookup(growth->inode, index, last - index + 1, &map);
    if (error == FS_OK && map.block == 0) {
      error = fill_hole(growth, index, map.count, &log[entries]);
      if (error == FS_OK) map.count = log[entries++].extent.count;
    }
    if (error != FS_OK) {
      undo(growth->inode, log, entries);
      return error;
    }
    index += map.count;
  }
  return FS_OK;
}

/* Gives blocks FIRST to LAST of INODE a place on disk: makes sure that there is room for all before
   it takes any. */
int block_map_reserve(struct inode *inode, uint32_t first, uint32_t last) {
  struct growth growth = {.inode = inode};
  int error = block_map_count_missing(inode, first, last, &growth.promised);
  if (error != FS_OK || growth.promised == 0) return error;
  error = block_promise(growth.promised);
  if (error != FS_OK) return error;
  for (uint32_t from = first, to; error == FS_OK; from = to + 1) {
    to = MIN(last, from + (BLOCK_MAP_ATOMIC - 1));
    error = fill_holes(&growth, from, to);
    if (to == last) break;
  }
  block_unpromise(growth.promised);
  return error;
}

/* Frees EXTENT of INODE; directory blocks may be in the buffer cache. */
static void free_extent(const struct inode *inode, struct block_extent extent) {
  if (extent.count == 0) return;
  if (inode_type(inode) == EXT2_MODE_DIR)
    for (uint32_t i = 0; i < extent.count; i++) buffer_forget(extent.block + i);
  block_free(extent);
}

/* Finds the next run of pointers that are not 0 in block BLOCK of pointers, from *SLOT on, at most
   LIMIT of them; *SLOT is set past it.  No run: count 0. */
static struct block_extent next_run(uint32_t block, uint32_t *slot, uint32_t limit) {
  struct block_extent extent = {0, 0};
  struct buffer *buffer;
  uint32_t slots = 1u << volume.pointers_shift;
  if (buffer_get(block, BUFFER_POINTERS, &buffer) != FS_OK) {
    volume.was_clean = false;
    return extent;
  }
  const uint32_t *pointers = (const uint32_t *)buffer->data;
  while (*slot < slots && pointers[*slot] == 0) ++*slot;
  if (*slot < slots) {
    extent.block = pointers[*slot];
    while (*slot < slots && extent.count < limit &&
           pointers[*slot] == extent.block + extent.count) {
      extent.count++;
      ++*slot;
    }
  }
  buffer_put(buffer);
  return extent;
}

/* Frees BLOCK of INODE, which has LEVELS levels of pointers below it, and all they lead to. */
static void free_tree(const struct inode *inode, uint32_t block, unsigned levels) {
  uint32_t slot = 0;
  if (block == 0) return;
  if (!volume_is_data(block, 1)) {
    bad_block(inode, block);
    return;
  }
  while (levels > 0) {
    struct block_extent extent = next_run(block, &slot, levels == 1 ? UINT32_MAX : 1);
    if (extent.count == 0) break;
    if (levels == 1)
      free_extent(inode, extent);
    else
      free_tree(inode, extent.block, levels - 1);
  }
  if (levels > 0) buffer_forget(block);
  free_extent(inode, (struct block_extent){block, 1});
}

/* Frees all blocks of INODE.  Damaged pointers are reported and skipped. */
void block_map_free(struct inode *inode) {
  for (unsigned i = 0; i < EXT2_POINTERS; i++)
    free_tree(inode, inode->block[i], i < EXT2_DIRECT ? 0 : i - EXT2_DIRECT + 1);
}
