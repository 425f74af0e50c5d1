/* read() and write(). */
#include "dev/console.h"
#include "fs/fs.h"
#include "kern/memory.h"
#include "lib/round.h"
#include "proc/fd.h"
#include "proc/syscall.h"
#include "vm/error.h"
#include "vm/store.h"
#include "vm/user.h"
#include "vm/vm.h"

#define CHUNK_SIZE       4096u /* What the console takes or gives in one piece. */
#define SMALL_CHUNK_SIZE 256u  /* The same where it must fit the kernel stack. */
#define FILE_SIZE_MAX    0x7fffffffu

/* Moves SIZE bytes, up to CHUNK_SIZE, from user memory at ADDRESS to the console by way of MEMORY.
   VM_OK or a vm_error. */
static int console_copy_out(uint32_t address, char *memory, uint32_t size) {
  int error = user_read(process_current()->as, memory, address, size);
  if (error == VM_OK) console_write(memory, size);
  return error;
}

/* Writes a few bytes of user memory to the console, without need of other memory. */
static int console_write_small(uint32_t address, uint32_t size) {
  char memory[SMALL_CHUNK_SIZE];
  return console_copy_out(address, memory, size);
}

/* Writes SIZE bytes of user memory at ADDRESS to the console, as a whole up to a page (a few
   hundred bytes if memory is short).  The bytes written. */
static int32_t write_console(uint32_t address, uint32_t size) {
  uint32_t done = 0;
  int error = VM_OK;
  char *memory = size > SMALL_CHUNK_SIZE ? page_alloc(1) : NULL;
  while (done < size && error == VM_OK) {
    uint32_t chunk = MIN(size - done, memory != NULL ? CHUNK_SIZE : SMALL_CHUNK_SIZE);
    error = memory != NULL ? console_copy_out(address + done, memory, chunk)
                           : console_write_small(address + done, chunk);
    if (error == VM_OK) done += chunk;
  }
  if (memory != NULL) page_free(memory, 1);
  syscall_check(error, address + done);
  return (int32_t)done;
}

/* Reads what was typed, up to SIZE bytes, to user memory at ADDRESS; 0 at the end of the input. */
static int32_t read_console(uint32_t address, uint32_t size) {
  char *memory = page_alloc(1);
  if (memory == NULL) return -1;
  uint32_t count = console_read(memory, MIN(size, CHUNK_SIZE));
  int error = user_write(process_current()->as, address, memory, count);
  page_free(memory, 1);
  syscall_check(error, address);
  return (int32_t)count;
}

/* Reads bytes of FILE, where it stands, to the user memory of RANGE; moves the position past them.  The
   bytes read, or a vm_error; RANGE's error if the memory was to blame.  FILE's lock is held. */
static long read_locked(struct file *file, struct user_range *range) {
  long count = store_read_user(inode_store(file->inode), file->position, range);
  if (count > 0) file->position += (uint32_t)count;
  return count;
}

/* Writes the user memory of RANGE to FILE, where it stands; moves the position past the bytes that it
   took.  Their number, 0 if FILE may not be written or cannot be larger, or a vm_error; RANGE's error if
   the memory was to blame.  FILE's lock is held. */
static long write_locked(struct file *file, struct user_range *range) {
  struct store *store = inode_store(file->inode);
  if (!inode_may_write(file->inode) || file->position >= FILE_SIZE_MAX) return 0;
  if (!store_start_writing(store)) return 0;
  range->size = MIN(range->size, FILE_SIZE_MAX - file->position);
  long count = store_write_user(store, file->position, range);
  store_stop_writing(store);
  if (count > 0) file->position += (uint32_t)count;
  return count;
}

/* The open file FD if bytes can be read and written there, or NULL. */
static struct file *data_file(uint32_t fd) {
  struct file *file = fd_lookup(process_current()->files, (int)fd);
  return file == NULL || inode_is_dir(file->inode) ? NULL : file;
}

/* read(fd, buffer, size): the bytes read, 0 at the end, or -1. */
int32_t sys_read(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t fd = arguments[0], buffer = arguments[1], size = arguments[2];
  syscall_check(user_check(as, buffer, size, ACCESS_WRITE), buffer);
  if (fd == FD_CONSOLE_IN) return size > 0 ? read_console(buffer, size) : 0;
  struct file *file = data_file(fd);
  if (file == NULL) return -1;
  struct user_range range = {.as = as, .address = buffer, .size = size};
  lock_acquire(&file->lock);
  long count = read_locked(file, &range);
  lock_release(&file->lock);
  syscall_check(range.error, buffer);
  return count < 0 ? -1 : (int32_t)count;
}

/* write(fd, buffer, size): the bytes written, or -1. */
int32_t sys_write(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t fd = arguments[0], buffer = arguments[1], size = arguments[2];
  syscall_check(user_check(as, buffer, size, ACCESS_READ), buffer);
  if (fd == FD_CONSOLE_OUT) return write_console(buffer, size);
  struct file *file = data_file(fd);
  if (file == NULL) return -1;
  struct user_range range = {.as = as, .address = buffer, .size = size};
  lock_acquire(&file->lock);
  long count = write_locked(file, &range);
  lock_release(&file->lock);
  syscall_check(range.error, buffer);
  if (count == VM_ENOSPC) return 0;
  return count < 0 ? -1 : (int32_t)count;
}
