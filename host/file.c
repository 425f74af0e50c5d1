/* Files of the simulated machine. */
#include "host/file.h"
#include <stdlib.h>
#include <string.h>
#include "host/machine.h"
#include "host/threads.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/page.h"

/* What a block holds that a file is given. */
#define STALE 0xaa
/* What a request that failed leaves in memory. */
#define SPOILT 0x5a

/* The file of STORE. */
static struct sim_file *file_of(struct store *store) {
  return container_of(store, struct sim_file, store);
}

/* Goes through page INDEX of a file, of LENGTH bytes, block by block. */
struct piece {
  uint32_t at;     /* In the file. */
  uint32_t size;   /* A block's. */
  uint32_t inside; /* How much of it lies in the file. */
};

/* Moves PIECE to the next block of its page that begins in the file; false if there is none.  A piece of no
   size stands before the first. */
static bool next_piece(struct piece *piece, const struct sim_file *file, uint32_t length) {
  piece->at += piece->size;
  bool left = piece->size > 0 && piece->at % VM_PAGE_SIZE == 0;
  piece->size = file->block_size;
  if (left || piece->at >= length) return false;
  piece->inside = MIN(length - piece->at, piece->size);
  return true;
}

/* Reads page INDEX of FILE into PAGE. */
static void read_page(const struct sim_file *file, pindex_t index, uint8_t *page) {
  uint32_t length = store_length(&file->store);
  memset(page, 0, VM_PAGE_SIZE);
  for (struct piece p = {.at = index * VM_PAGE_SIZE}; next_piece(&p, file, length);)
    if (file->has_block[p.at / p.size])
      memcpy(page + p.at % VM_PAGE_SIZE, file->disk + p.at, p.inside);
}

/* Writes PAGE to page INDEX of FILE; or spoils what is there. */
static void write_page(struct sim_file *file, pindex_t index, const uint8_t *page, bool fails) {
  uint32_t length = store_length(&file->store);
  for (struct piece p = {.at = index * VM_PAGE_SIZE}; next_piece(&p, file, length);) {
    if (!file->has_block[p.at / p.size]) continue;
    memset(file->disk + p.at, fails ? SPOILT : 0, p.size);
    if (!fails) memcpy(file->disk + p.at, page + p.at % VM_PAGE_SIZE, p.inside);
  }
}

static int file_read(struct store *store, pindex_t index, unsigned count, void *const pages[]) {
  struct sim_file *file = file_of(store);
  ASSERT(!port_vm_locked());
  bool fails = machine_fails(FAIL_FILE_READ);
  for (unsigned i = 0; i < count; i++) {
    disk_delay();
    rig_lock();
    if (fails)
      memset(pages[i], SPOILT, VM_PAGE_SIZE);
    else
      read_page(file, index + i, pages[i]);
    rig_unlock();
  }
  disk_delay();
  return fails ? VM_EIO : VM_OK;
}

static int file_write(struct store *store, pindex_t index, unsigned count, void *const pages[]) {
  struct sim_file *file = file_of(store);
  ASSERT(!port_vm_locked());
  bool fails = machine_fails(FAIL_FILE_WRITE);
  for (unsigned i = 0; i < count; i++) {
    disk_delay();
    rig_lock();
    write_page(file, index + i, pages[i], fails);
    rig_unlock();
  }
  disk_delay();
  return fails ? VM_EIO : VM_OK;
}

/* Gives bytes [OFFSET, END) the blocks they have not. */
static void give_blocks(struct sim_file *file, uint32_t offset, uint32_t end) {
  uint32_t size = file->block_size;
  for (uint32_t block = offset / size; block * size < end; block++) {
    if (file->has_block[block]) continue;
    rig_lock();
    memset(file->disk + block * size, STALE, size);
    file->has_block[block] = true;
    rig_unlock();
    disk_delay();
  }
}

/* The inode's lock is held: the bytes get blocks, and with GROW the file may end later. */
static int reserve_locked(struct sim_file *file, uint32_t offset, uint32_t size, bool grow) {
  struct store *store = &file->store;
  uint32_t end = grow ? offset + size : MIN(offset + size, store_length(store));
  if (offset >= end) return VM_OK;
  if (machine_fails(FAIL_RESERVE) || end > file->capacity) return VM_ENOSPC;
  give_blocks(file, offset, end);
  if (end > store_length(store)) store_grow(store, end);
  return VM_OK;
}

static int file_reserve(struct store *store, uint32_t offset, uint32_t size, bool grow) {
  struct sim_file *file = file_of(store);
  port_lock_acquire(&file->inode);
  int error = reserve_locked(file, offset, size, grow);
  port_lock_release(&file->inode);
  return error;
}

static void file_hold(struct store *store) {
  rig_lock();
  file_of(store)->users++;
  rig_unlock();
}

static void file_release(struct store *store) {
  rig_lock();
  ASSERT(file_of(store)->users > 0);
  file_of(store)->users--;
  rig_unlock();
}

static const struct store_ops file_ops = {.read = file_read,
                                          .write = file_write,
                                          .reserve = file_reserve,
                                          .hold = file_hold,
                                          .release = file_release};

/* A file of LENGTH bytes that may grow to CAPACITY, its content zeroes. */
struct sim_file *file_create(uint32_t length, uint32_t capacity) {
  struct sim_file *file = host_alloc(sizeof *file);
  uint32_t pages = DIV_ROUND_UP(capacity, VM_PAGE_SIZE);
  file->block_size = machine_options.block_size > 0 ? machine_options.block_size : VM_PAGE_SIZE;
  file->disk = host_alloc(pages * VM_PAGE_SIZE);
  file->has_block = host_alloc(pages * (VM_PAGE_SIZE / file->block_size) * sizeof *file->has_block);
  for (uint32_t i = 0; i * file->block_size < length; i++) file->has_block[i] = true;
  file->capacity = capacity;
  port_lock_init(&file->inode);
  store_init(&file->store, &file_ops, length);
  return file;
}

/* Ends FILE, which nobody maps. */
void file_destroy(struct sim_file *file) {
  ASSERT(file->users == 0);
  store_purge(&file->store);
  free(file->has_block);
  free(file->disk);
  free(file);
}

/* Makes page INDEX of FILE a hole. */
void file_make_hole(struct sim_file *file, pindex_t index) {
  uint32_t blocks = VM_PAGE_SIZE / file->block_size;
  for (uint32_t i = 0; i < blocks; i++) file->has_block[index * blocks + i] = false;
}

/* What FILE has on disk at OFFSET. */
uint8_t file_disk_byte(const struct sim_file *file, uint32_t offset) {
  return file->has_block[offset / file->block_size] ? file->disk[offset] : 0;
}

/* Whether somebody may write to PAGE without a fault.  VM lock. */
static bool is_writable(const struct page *page) {
  for (const struct spte *spte = page->sptes; spte != NULL; spte = spte->next) {
    frameno_t frame;
    bool writable;
    if (port_pmap_lookup(spte->block->as->pmap, spte->vpn, &frame, &writable) && writable)
      return true;
  }
  return false;
}

/* Whether what FILE has of page INDEX has blocks. */
static bool has_blocks(const struct sim_file *file, pindex_t index) {
  bool all = true;
  rig_lock();
  struct piece p = {.at = index * VM_PAGE_SIZE};
  while (next_piece(&p, file, store_length(&file->store)))
    if (!file->has_block[p.at / p.size]) all = false;
  rig_unlock();
  return all;
}

/* Whether FILE's pages that can be written have blocks. */
bool file_is_reserved(struct sim_file *file) {
  uint32_t index = 0;
  const struct page *page;
  bool all = true;
  port_vm_lock();
  for (; (page = radix_next(&file->store.pages, &index, PINDEX_LAST)) != NULL; index++)
    if (is_writable(page) && !has_blocks(file, index)) all = false;
  port_vm_unlock();
  return all;
}
