/* What the VM asks of a file: its content by pages, between frames and the disk.

   Reading and writing take no inode lock and no memory: a thread that holds an inode lock may be
   waiting for the frame that they are about to free.  They read pointers to blocks as they are, between
   block_map_enter() and block_map_leave(), so that what they lead to stays the file's. */
#include "fs/store_ops.h"
#include "dev/block.h"
#include "fs/block_map.h"
#include "fs/fresh.h"
#include "fs/sync.h"
#include "fs/volume.h"
#include "kern/memory.h"
#include "lib/debug.h"
#include "lib/string.h"
#include "vm/error.h"

#define RUNS_MAX 32

/* The last block of a file, with zeroes beyond the end, on its way to disk. */
static struct {
  struct lock lock; /* Of rank RANK_BUFFER, but never held together with the cache's. */
  uint8_t *memory;  /* A page. */
} end_block;

/* Neighbouring blocks of the disk that are collected into one transfer. */
struct batch {
  /* Request. */
  struct inode *inode;
  bool write;
  pindex_t first; /* Page of memory[0]. */
  void *const *memory;
  /* What is collected. */
  uint32_t block; /* First block. */
  uint32_t blocks;
  unsigned runs;
  struct block_run run[RUNS_MAX];
};

/* Allocates the page for ends of files; false if there is no memory. */
bool store_ops_init(void) {
  lock_init(&end_block.lock, RANK_BUFFER, "end of file");
  end_block.memory = page_alloc(1);
  return end_block.memory != NULL;
}

/* Frees it. */
void store_ops_destroy(void) {
  if (end_block.memory != NULL) page_free(end_block.memory, 1);
  end_block.memory = NULL;
}

/* Blocks in a page. */
static uint32_t page_blocks(void) {
  return VM_PAGE_SIZE >> volume.block_shift;
}

/* Where block INDEX of the file is in memory. */
static uint8_t *block_memory(const struct batch *batch, uint32_t index) {
  uint32_t position = index - batch->first * page_blocks();
  uint8_t *page = batch->memory[position / page_blocks()];
  return page + ((position % page_blocks()) << volume.block_shift);
}

/* Moves what was collected. */
static int batch_flush(struct batch *batch) {
  if (batch->blocks == 0) return VM_OK;
  struct block_request request = {.write = batch->write,
                                  .sector = batch->block * volume.block_sectors,
                                  .runs = batch->run,
                                  .count = batch->runs};
  struct block_extent extent = {batch->block, batch->blocks};
  int error =
      batch->write ? fresh_write(&request, extent) : block_transfer(volume.device, &request);
  batch->blocks = batch->runs = 0;
  return error == BLOCK_OK ? VM_OK : VM_EIO;
}

/* Adds the disk's BLOCK, which is block INDEX of the file; moves what was collected first if BLOCK
   does not follow it. */
static int batch_add(struct batch *batch, uint32_t index, uint32_t block) {
  uint8_t *memory = block_memory(batch, index);
  struct block_run *last = batch->runs > 0 ? &batch->run[batch->runs - 1] : NULL;
  bool extends = last != NULL && (uint8_t *)last->memory + last->bytes == memory;
  if (batch->blocks > 0 &&
      (block != batch->block + batch->blocks || (!extends && batch->runs == RUNS_MAX))) {
    int error = batch_flush(batch);
    if (error != VM_OK) return error;
    extends = false;
  }
  if (batch->blocks++ == 0) batch->block = block;
  if (extends)
    last->bytes += volume.block_size;
  else
    batch->run[batch->runs++] = (struct block_run){memory, volume.block_size};
  return VM_OK;
}

/* Adds the blocks of MAP, which is of the file from INDEX on.  Holes read as zeroes and are not
   written. */
static int batch_add_run(struct batch *batch, uint32_t index, const struct block_run_map *map) {
  for (uint32_t i = 0; i < map->count; i++) {
    int error = VM_OK;
    if (map->block != 0)
      error = batch_add(batch, index + i, map->block + i);
    else if (!batch->write)
      memset(block_memory(batch, index + i), 0, volume.block_size);
    if (error != VM_OK) return error;
  }
  return VM_OK;
}

/* Finds and moves blocks FIRST to END - 1 of the file. */
static int batch_move_runs(struct batch *batch, uint32_t first, uint32_t end) {
  while (first < end) {
    struct block_run_map map;
    int error = block_map_lookup(batch->inode, first, end - first, &map);
    if (error != FS_OK) return VM_EIO;
    error = batch_add_run(batch, first, &map);
    if (error != VM_OK) return error;
    first += map.count;
  }
  return batch_flush(batch);
}

/* Moves blocks FIRST to END - 1 of the file, which keeps them meanwhile. */
static int batch_move(struct batch *batch, uint32_t first, uint32_t end) {
  unsigned era = block_map_enter(batch->inode);
  int error = batch_move_runs(batch, first, end);
  block_map_leave(batch->inode, era);
  return error;
}

/* The first block of INDEX's page and the end of the COUNT pages from there on, both cut to the
   BLOCKS that the file has. */
static void block_range(pindex_t index, unsigned count, uint32_t blocks, uint32_t range[2]) {
  range[0] = MIN(index * page_blocks(), blocks);
  range[1] = MIN((index + count) * page_blocks(), blocks);
}

/* Reads COUNT pages of STORE from page INDEX on; zeroes where there is nothing. */
static int read_pages(struct store *store, pindex_t index, unsigned count, void *const memory[]) {
  struct batch batch = {.inode = store_inode(store), .first = index, .memory = memory};
  uint32_t length = store_length(store), range[2];
  block_range(index, count, DIV_ROUND_UP(length, volume.block_size), range);
  int error = batch_move(&batch, range[0], range[1]);
  for (unsigned i = 0; i < count && error == VM_OK; i++) {
    uint32_t start = (index + i) * VM_PAGE_SIZE;
    uint32_t used = start >= length ? 0 : MIN(length - start, VM_PAGE_SIZE);
    memset((uint8_t *)memory[i] + used, 0, VM_PAGE_SIZE - used);
  }
  return error;
}

/* Writes block INDEX, the last, of which the file has only the first USED bytes.  The file keeps it
   meanwhile. */
static int write_end_block(struct batch *batch, uint32_t index, uint32_t used) {
  struct block_run_map map;
  if (block_map_lookup(batch->inode, index, 1, &map) != FS_OK) return VM_EIO;
  if (map.block == 0) return VM_OK;
  lock_acquire(&end_block.lock);
  memcpy(end_block.memory, block_memory(batch, index), used);
  memset(end_block.memory + used, 0, volume.block_size - used);
  struct block_run run = {end_block.memory, volume.block_size};
  struct block_request request = {
      .write = true, .sector = map.block * volume.block_sectors, .runs = &run, .count = 1};
  int error = fresh_write(&request, (struct block_extent){map.block, 1});
  lock_release(&end_block.lock);
  return error == BLOCK_OK ? VM_OK : VM_EIO;
}

/* Writes the first USED bytes of block INDEX, the last, if it is there. */
static int write_end(struct batch *batch, uint32_t index, uint32_t used) {
  unsigned era = block_map_enter(batch->inode);
  int error = write_end_block(batch, index, used);
  block_map_leave(batch->inode, era);
  return error;
}

/* Writes COUNT pages of STORE from page INDEX on, as far as there are blocks for them. */
static int write_pages(struct store *store, pindex_t index, unsigned count, void *const memory[]) {
  struct batch batch = {
      .inode = store_inode(store), .write = true, .first = index, .memory = memory};
  uint32_t length = store_length(store), range[2];
  if (volume.read_only) return VM_EIO;
  inode_note_mapping(batch.inode);
  uint32_t used = length & (volume.block_size - 1), whole = length >> volume.block_shift;
  block_range(index, count, whole + (used > 0), range);
  int error = batch_move(&batch, range[0], MIN(range[1], whole));
  if (used > 0 && range[0] <= whole && range[1] > whole) {
    int end_error = write_end(&batch, whole, used);
    if (error == VM_OK) error = end_error;
  }
  return error;
}

/* Gives bytes OFFSET to END - 1 of INODE blocks, and with GROW moves its end to END if it is before
   it.  The inode's lock is held. */
static int reserve_locked(struct inode *inode, uint32_t offset, uint32_t end, bool grow) {
  if (volume.read_only) return FS_EIO;
  if (!grow) end = MIN(end, inode->size);
  if (offset >= end) return FS_OK;
  int error =
      block_map_reserve(inode, offset >> volume.block_shift, (end - 1) >> volume.block_shift);
  if (error != FS_OK) return error;
  if (grow) inode_touch(inode);
  inode->dirty = true;
  if (end > inode->size) {
    inode->size = end;
    store_grow(&inode->store, end);
  }
  return FS_OK;
}

/* Makes the file of STORE hold SIZE bytes at OFFSET. */
static int reserve(struct store *store, uint32_t offset, uint32_t size, bool grow) {
  struct inode *inode = store_inode(store);
  if (inode_type(inode) != EXT2_MODE_REGULAR) return VM_EIO;
  if (offset > EXT2_FILE_SIZE_MAX || size > EXT2_FILE_SIZE_MAX - offset) return VM_ENOSPC;
  lock_acquire(&inode->lock);
  int error = reserve_locked(inode, offset, offset + size, grow);
  lock_release(&inode->lock);
  if (error == FS_ENOSPC || error == FS_EFBIG) return VM_ENOSPC;
  return error == FS_OK ? VM_OK : VM_EIO;
}

/* Puts all that leads to STORE's content on disk. */
static int commit(struct store *store) {
  return sync_tables(store_inode(store)) == FS_OK ? VM_OK : VM_EIO;
}

/* One more user of STORE's inode. */
static void hold(struct store *store) {
  inode_hold(store_inode(store));
}

/* One fewer. */
static void release(struct store *store) {
  inode_put(store_inode(store));
}

const struct store_ops inode_store_ops = {.read = read_pages,
                                          .write = write_pages,
                                          .reserve = reserve,
                                          .commit = commit,
                                          .hold = hold,
                                          .release = release};
