/* Files of the simulated machine. */
#include "host/file.h"
#include <stdlib.h>
#include <string.h>
#include "host/machine.h"
#include "host/threads.h"
#include "lib/round.h"
#include "vm/error.h"

/* What a block holds that a page is given. */
#define STALE 0xaa
/* What a request that failed leaves in memory. */
#define SPOILT 0x5a

/* The file of STORE. */
static struct sim_file *file_of(struct store *store) {
  return container_of(store, struct sim_file, store);
}

/* How many bytes of page INDEX lie within LENGTH. */
static uint32_t bytes_in(pindex_t index, uint32_t length) {
  uint32_t offset = index * VM_PAGE_SIZE;
  return offset >= length ? 0 : MIN(length - offset, VM_PAGE_SIZE);
}

static int file_read(struct store *store, pindex_t index, unsigned count, void *const pages[]) {
  struct sim_file *file = file_of(store);
  ASSERT(!port_vm_locked());
  bool fails = machine_fails(FAIL_FILE_READ);
  for (unsigned i = 0; i < count; i++) {
    disk_delay();
    rig_lock();
    uint32_t size = bytes_in(index + i, store_length(store));
    memset(pages[i], fails ? SPOILT : 0, VM_PAGE_SIZE);
    if (!fails && size > 0 && file->has_block[index + i])
      memcpy(pages[i], file->disk + (index + i) * VM_PAGE_SIZE, size);
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
    uint32_t size = bytes_in(index + i, store_length(store));
    uint8_t *block = file->disk + (index + i) * VM_PAGE_SIZE;
    if (size > 0 && file->has_block[index + i]) {
      memset(block, fails ? SPOILT : 0, VM_PAGE_SIZE);
      if (!fails) memcpy(block, pages[i], size);
    }
    rig_unlock();
  }
  disk_delay();
  return fails ? VM_EIO : VM_OK;
}

/* Gives the pages of bytes [OFFSET, END) the blocks they have not. */
static void give_blocks(struct sim_file *file, uint32_t offset, uint32_t end) {
  for (pindex_t index = offset / VM_PAGE_SIZE; index * VM_PAGE_SIZE < end; index++) {
    if (file->has_block[index]) continue;
    rig_lock();
    memset(file->disk + index * VM_PAGE_SIZE, STALE, VM_PAGE_SIZE);
    file->has_block[index] = true;
    rig_unlock();
    disk_delay();
  }
}

/* The inode's lock is held: the pages get blocks, and with GROW the file may end later. */
static int reserve_locked(struct sim_file *file, uint32_t offset, uint32_t size, bool grow) {
  struct store *store = &file->store;
  uint32_t end = grow ? offset + size : MIN(offset + size, store_length(store));
  if (offset >= end) return VM_OK;
  if (machine_fails(FAIL_RESERVE) || end > file->capacity) return VM_ENOSPC;
  give_blocks(file, offset, end);
  if (end > store_length(store)) {
    store_clear_tail(store, store_length(store));
    store_set_length(store, end);
  }
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
  struct sim_file *file = calloc(1, sizeof *file);
  uint32_t pages = DIV_ROUND_UP(capacity, VM_PAGE_SIZE);
  file->disk = calloc(pages, VM_PAGE_SIZE);
  file->has_block = calloc(pages, sizeof *file->has_block);
  for (uint32_t i = 0; i * VM_PAGE_SIZE < length; i++) file->has_block[i] = true;
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
  file->has_block[index] = false;
}
