/* Free blocks and inodes. */
#include "fs/balloc.h"
#include "fs/buffer.h"
#include "fs/fresh.h"
#include "fs/fs.h"
#include "fs/volume.h"
#include "lib/bitmap.h"
#include "lib/debug.h"
#include "lib/round.h"

/* A file's blocks are looked for in a free run at least this long. */
#define RUN_WANTED 16

/* The bitmap of BUFFER, of BITS bits. */
static struct bitmap bitmap_of(struct buffer *buffer, uint32_t bits) {
  return (struct bitmap){(uint32_t *)buffer->data, bits};
}

/* Whether the COUNT bits from FIRST on are all VALUE. */
static bool run_is(const struct bitmap *bitmap, uint32_t first, uint32_t count, bool value) {
  for (uint32_t i = 0; i < count; i++)
    if (bitmap_test(bitmap, first + i) != value) return false;
  return true;
}

/* Gives away COUNT of the free blocks. */
int block_promise(uint32_t count) {
  lock_acquire(&volume.alloc_lock);
  bool fits = volume.super.free_blocks_count - volume.promised >= count;
  if (fits) volume.promised += count;
  lock_release(&volume.alloc_lock);
  return fits ? FS_OK : FS_ENOSPC;
}

/* Takes COUNT promises back. */
void block_unpromise(uint32_t count) {
  lock_acquire(&volume.alloc_lock);
  ASSERT(volume.promised >= count);
  volume.promised -= count;
  lock_release(&volume.alloc_lock);
}

/* Finds free blocks in BITMAP: at HINT, else in a long run after it, else anywhere. */
static uint32_t find_free(const struct bitmap *bitmap, uint32_t hint) {
  if (!bitmap_test(bitmap, hint)) return hint;
  uint32_t run = MIN(RUN_WANTED, bitmap->bits);
  uint32_t bit = bitmap_find_run(bitmap, hint, run, 1);
  return bit != BITMAP_NONE ? bit : bitmap_find_run(bitmap, hint, 1, 1);
}

/* Takes up to WANT free blocks of GROUP from bit HINT on.  FS_ENOSPC if its bitmap has none.
   alloc_lock held. */
static int alloc_in_group(uint32_t group, uint32_t hint, uint32_t want,
                          struct block_extent *extent) {
  struct ext2_group *g = &volume.groups[group];
  struct buffer *buffer;
  int error = buffer_get(g->block_bitmap, BUFFER_BITMAP, &buffer);
  if (error != FS_OK) return error;
  struct bitmap bitmap = bitmap_of(buffer, volume_group_blocks(group));
  uint32_t first = find_free(&bitmap, MIN(hint, bitmap.bits - 1)), count = 0;
  uint32_t most = MIN(want, g->free_blocks_count);
  while (first != BITMAP_NONE && count < most && first + count < bitmap.bits &&
         !bitmap_test(&bitmap, first + count))
    count++;
  extent->block = volume_group_first(group) + first;
  extent->count = count;
  if (count > 0 && volume_is_data(extent->block, count)) {
    bitmap_set_run(&bitmap, first, count);
    buffer_mark_dirty(buffer);
    buffer_put(buffer);
    g->free_blocks_count -= count;
    volume.super.free_blocks_count -= count;
    return FS_OK;
  }
  buffer_put(buffer);
  if (count == 0) return FS_ENOSPC;
  return volume_corrupt("group %u block bitmap corrupt", (unsigned)group);
}

/* Takes up to WANT contiguous promised blocks at GOAL, or as near after it as there are. */
int block_alloc(uint32_t goal, uint32_t want, struct block_extent *extent) {
  const struct ext2_super *super = &volume.super;
  if (goal < super->first_data_block || goal >= super->blocks_count) goal = super->first_data_block;
  uint32_t relative = goal - super->first_data_block;
  uint32_t group = relative / super->blocks_per_group;
  uint32_t hint = relative % super->blocks_per_group;
  int result = FS_ENOSPC;
  lock_acquire(&volume.alloc_lock);
  for (uint32_t i = 0; i < volume.group_count; i++) {
    int error = FS_ENOSPC;
    if (volume.groups[group].free_blocks_count > 0)
      error = alloc_in_group(group, hint, want, extent);
    if (error == FS_OK) {
      volume.promised -= extent->count;
      result = FS_OK;
      break;
    }
    if (error != FS_ENOSPC) result = error;
    hint = 0;
    group = group + 1 < volume.group_count ? group + 1 : 0;
  }
  lock_release(&volume.alloc_lock);
  return result;
}

/* Frees the blocks of EXTENT, which lie in one group, in its bitmap.  alloc_lock held. */
static void free_in_group(uint32_t group, struct block_extent extent) {
  struct ext2_group *g = &volume.groups[group];
  struct buffer *buffer;
  if (buffer_get(g->block_bitmap, BUFFER_BITMAP, &buffer) != FS_OK) {
    volume.was_clean = false;
    return;
  }
  uint32_t blocks = volume_group_blocks(group);
  struct bitmap bitmap = bitmap_of(buffer, blocks);
  uint32_t first = extent.block - volume_group_first(group);
  bool good =
      run_is(&bitmap, first, extent.count, true) && g->free_blocks_count + extent.count <= blocks;
  if (good) {
    bitmap_clear_run(&bitmap, first, extent.count);
    buffer_mark_dirty(buffer);
    g->free_blocks_count += extent.count;
    volume.super.free_blocks_count += extent.count;
  }
  buffer_put(buffer);
  if (!good) volume_corrupt("block %u freed twice", (unsigned)extent.block);
}

/* Frees the blocks of EXTENT; a part in a damaged group stays lost. */
void block_free(struct block_extent extent) {
  if (!volume_is_data(extent.block, extent.count)) {
    volume_corrupt("bad block %u to be freed", (unsigned)extent.block);
    return;
  }
  fresh_forget(extent);
  lock_acquire(&volume.alloc_lock);
  while (extent.count > 0) {
    uint32_t per_group = volume.super.blocks_per_group;
    uint32_t relative = extent.block - volume.super.first_data_block;
    uint32_t left = per_group - relative % per_group;
    struct block_extent part = {extent.block, MIN(extent.count, left)};
    free_in_group(relative / per_group, part);
    extent.block += part.count;
    extent.count -= part.count;
  }
  lock_release(&volume.alloc_lock);
}

/* Where the search for an inode starts: a file's at its directory, a directory's where most blocks
   are free. */
static uint32_t first_group(uint32_t parent, bool is_dir) {
  if (!is_dir) return (parent - 1) / volume.super.inodes_per_group;
  uint32_t best = 0;
  for (uint32_t i = 1; i < volume.group_count; i++) {
    const struct ext2_group *g = &volume.groups[i];
    if (g->free_inodes_count > 0 && (volume.groups[best].free_inodes_count == 0 ||
                                     g->free_blocks_count > volume.groups[best].free_blocks_count))
      best = i;
  }
  return best;
}

/* Takes a free inode of GROUP.  FS_ENOSPC if its bitmap has none.  alloc_lock held. */
static int alloc_inode_in(uint32_t group, bool is_dir, uint32_t *number) {
  struct ext2_group *g = &volume.groups[group];
  uint32_t per_group = volume.super.inodes_per_group;
  struct buffer *buffer;
  int error = buffer_get(g->inode_bitmap, BUFFER_BITMAP, &buffer);
  if (error != FS_OK) return error;
  struct bitmap bitmap = bitmap_of(buffer, per_group);
  uint32_t bit = bitmap_find_run(&bitmap, 0, 1, 1);
  *number = group * per_group + bit + 1;
  bool good = bit != BITMAP_NONE && *number >= volume.first_inode;
  if (good) {
    bitmap_set(&bitmap, bit);
    buffer_mark_dirty(buffer);
    g->free_inodes_count--;
    volume.super.free_inodes_count--;
    if (is_dir) g->used_dirs_count++;
  }
  buffer_put(buffer);
  if (good) return FS_OK;
  if (bit == BITMAP_NONE) return FS_ENOSPC;
  return volume_corrupt("group %u inode bitmap corrupt", (unsigned)group);
}

/* Takes a free inode near PARENT. */
int inode_number_alloc(uint32_t parent, bool is_dir, uint32_t *number) {
  int result = FS_ENOSPC;
  lock_acquire(&volume.alloc_lock);
  uint32_t group = first_group(parent, is_dir);
  for (uint32_t i = 0; i < volume.group_count; i++) {
    int error = FS_ENOSPC;
    if (volume.groups[group].free_inodes_count > 0) error = alloc_inode_in(group, is_dir, number);
    if (error != FS_ENOSPC) result = error;
    if (error == FS_OK) break;
    group = group + 1 < volume.group_count ? group + 1 : 0;
  }
  lock_release(&volume.alloc_lock);
  return result;
}

/* Frees inode NUMBER, which nothing refers to. */
void inode_number_free(uint32_t number, bool is_dir) {
  uint32_t per_group = volume.super.inodes_per_group;
  struct ext2_group *g = &volume.groups[(number - 1) / per_group];
  struct buffer *buffer;
  lock_acquire(&volume.alloc_lock);
  if (buffer_get(g->inode_bitmap, BUFFER_BITMAP, &buffer) != FS_OK) {
    volume.was_clean = false;
  } else {
    struct bitmap bitmap = bitmap_of(buffer, per_group);
    uint32_t bit = (number - 1) % per_group;
    bool good = bitmap_test(&bitmap, bit) && g->free_inodes_count < per_group;
    if (good) {
      bitmap_clear(&bitmap, bit);
      buffer_mark_dirty(buffer);
      g->free_inodes_count++;
      volume.super.free_inodes_count++;
      if (is_dir && g->used_dirs_count > 0) g->used_dirs_count--;
    }
    buffer_put(buffer);
    if (!good) volume_corrupt("inode %u freed twice", (unsigned)number);
  }
  lock_release(&volume.alloc_lock);
}

/* The number of clear bits in BITMAP; the disk's bits beyond its end are set. */
static uint32_t count_clear(const struct bitmap *bitmap) {
  struct bitmap words = {bitmap->words, ROUND_DOWN(bitmap->bits, 32)};
  uint32_t clear = words.bits - bitmap_count(&words);
  for (uint32_t bit = words.bits; bit < bitmap->bits; bit++) clear += !bitmap_test(bitmap, bit);
  return clear;
}

/* Whether the block BITMAP of GROUP has the tables that lie there in use. */
static bool tables_are_used(uint32_t group, const struct bitmap *bitmap) {
  const struct ext2_group *g = &volume.groups[group];
  uint32_t first = volume_group_first(group);
  return bitmap_test(bitmap, g->block_bitmap - first) &&
         bitmap_test(bitmap, g->inode_bitmap - first) &&
         run_is(bitmap, g->inode_table - first, volume.table_blocks, true) &&
         (!volume_group_has_super(group) || run_is(bitmap, 0, 1 + volume.descriptor_blocks, true));
}

/* Counts what is free in the bitmaps of GROUP; FS_ECORRUPT if they cannot be right. */
static int count_group(uint32_t group, uint16_t *blocks, uint16_t *inodes) {
  const struct ext2_group *g = &volume.groups[group];
  struct buffer *buffer;
  int error = buffer_get(g->block_bitmap, BUFFER_BITMAP, &buffer);
  if (error != FS_OK) return error;
  struct bitmap bitmap = bitmap_of(buffer, volume_group_blocks(group));
  bool good = tables_are_used(group, &bitmap);
  *blocks = count_clear(&bitmap);
  buffer_put(buffer);
  if (!good) return volume_corrupt("group %u block bitmap corrupt", (unsigned)group);
  error = buffer_get(g->inode_bitmap, BUFFER_BITMAP, &buffer);
  if (error != FS_OK) return error;
  bitmap = bitmap_of(buffer, volume.super.inodes_per_group);
  good = group > 0 || run_is(&bitmap, 0, MIN(volume.first_inode - 1, bitmap.bits), true);
  *inodes = count_clear(&bitmap);
  buffer_put(buffer);
  return good ? FS_OK : volume_corrupt("group %u inode bitmap corrupt", (unsigned)group);
}

/* Makes the counts be what the bitmaps say: after an unclean shutdown they may be older.  That a
   clean volume's differ is worth a line.  Called at mount, before anything else. */
int balloc_recount(void) {
  struct ext2_super *super = &volume.super;
  super->free_blocks_count = super->free_inodes_count = 0;
  for (uint32_t i = 0; i < volume.group_count; i++) {
    struct ext2_group *g = &volume.groups[i];
    uint16_t blocks = 0, inodes = 0;
    int error = count_group(i, &blocks, &inodes);
    if (error != FS_OK) return error;
    if (volume.was_clean && (blocks != g->free_blocks_count || inodes != g->free_inodes_count)) {
      volume_say("group %u bitmaps corrupt or counts wrong: run e2fsck", (unsigned)i);
      volume.was_clean = false;
    }
    g->free_blocks_count = blocks;
    g->free_inodes_count = inodes;
    super->free_blocks_count += blocks;
    super->free_inodes_count += inodes;
  }
  return FS_OK;
}
