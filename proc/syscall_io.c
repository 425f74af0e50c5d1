/* read() and write(). */
#include "fs/fs.h"
#include "lib/round.h"
#include "proc/fd.h"
#include "proc/syscall.h"
#include "vm/error.h"
#include "vm/store.h"
#include "vm/user.h"
#include "vm/vm.h"

#define FILE_SIZE_MAX 0x7fffffffu

/* Reads bytes of FILE, where it stands, to the user memory of RANGE; moves the position past them.  The
   bytes read, or a vm_error; RANGE's error if the memory was to blame.  FILE's lock is held. */
static long read_locked(struct file *file, struct user_range *range) {
  long count = store_read_user(file->node->store, file->position, range);
  if (count > 0) file->position += (uint32_t)count;
  return count;
}

/* Writes the user memory of RANGE to FILE, where it stands; moves the position past the bytes that it
   took.  Their number, 0 if FILE may not be written or cannot be larger, or a vm_error: VM_EBADF if FILE is not on
   disk; RANGE's error if the memory was to blame.  FILE's lock is held. */
static long write_locked(struct file *file, struct user_range *range) {
  struct inode *inode = node_inode(file->node);
  if (inode == NULL) return VM_EBADF;
  struct store *store = inode_store(inode);
  if (!inode_may_write(inode) || file->position >= FILE_SIZE_MAX) return 0;
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
  return file == NULL || node_is_dir(file->node) ? NULL : file;
}

/* read(fd, buffer, size): the bytes read, 0 at the end, or -1. */
int32_t sys_read(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t fd = arguments[0], buffer = arguments[1], size = arguments[2];
  syscall_check(user_check(as, buffer, size, ACCESS_WRITE), buffer);
  if (fd == FD_CONSOLE_IN) return size > 0 ? syscall_read_console(buffer, size) : 0;
  struct file *file = data_file(fd);
  if (file == NULL) return -1;
  struct user_range range = {.as = as, .address = buffer, .size = size};
  if (!lock_acquire_interruptible(&file->lock)) return -1;
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
  if (fd == FD_CONSOLE_OUT) return syscall_write_console(buffer, size);
  struct file *file = data_file(fd);
  if (file == NULL) return -1;
  struct user_range range = {.as = as, .address = buffer, .size = size};
  if (!lock_acquire_interruptible(&file->lock)) return -1;
  long count = write_locked(file, &range);
  lock_release(&file->lock);
  syscall_check(range.error, buffer);
  if (count == VM_ENOSPC) return 0;
  return count < 0 ? -1 : (int32_t)count;
}
