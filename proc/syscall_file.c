/* System calls about files and directories by name, and about open files; reading and writing are
   in syscall_io.c. */
#include "fs/fs.h"
#include "kern/memory.h"
#include "lib/round.h"
#include "lib/string.h"
#include "proc/fd.h"
#include "proc/file_info.h"
#include "proc/syscall.h"
#include "proc/syscall_numbers.h"
#include "vm/error.h"
#include "vm/user.h"

/* The open file that descriptor FD of the running process stands for, or NULL. */
static struct file *file_lookup(uint32_t fd) {
  return fd_lookup(process_current()->files, (int)fd);
}

/* The user's path at ADDRESS, to be freed by page_free(); NULL if it is empty or too long.  Ends
   the process if the address is bad. */
static char *path_from_user(uint32_t address) {
  char *path;
  if (syscall_string(address, &path) && path[0] != '\0') return path;
  if (path != NULL) page_free(path, 1);
  return NULL;
}

/* Opens what the user's path at ADDRESS names, from directory START on; the node, held, or NULL. */
static struct node *node_from(struct node *start, uint32_t address) {
  char *path = path_from_user(address);
  if (path == NULL) return NULL;
  struct node *node;
  int error = fs_lookup(start, path, &node);
  page_free(path, 1);
  return error == FS_OK ? node : NULL;
}

/* The node that the user's path at ADDRESS leads to from the working directory on, held, or NULL. */
static struct node *node_from_user(uint32_t address) {
  return node_from(process_current()->cwd, address);
}

/* create(name, size): true if it was made. */
int32_t sys_create(const uint32_t *arguments) {
  char *path = path_from_user(arguments[0]);
  if (path == NULL) return false;
  int error = fs_create(process_current()->cwd, path, arguments[1]);
  page_free(path, 1);
  return error == FS_OK;
}

/* remove(name): true if it was taken out of its directory. */
int32_t sys_remove(const uint32_t *arguments) {
  char *path = path_from_user(arguments[0]);
  if (path == NULL) return false;
  int error = fs_remove(process_current()->cwd, path);
  page_free(path, 1);
  return error == FS_OK;
}

/* mkdir(name): true if it was made. */
int32_t sys_mkdir(const uint32_t *arguments) {
  char *path = path_from_user(arguments[0]);
  if (path == NULL) return false;
  int error = fs_mkdir(process_current()->cwd, path);
  page_free(path, 1);
  return error == FS_OK;
}

/* chdir(name): true if the process works there now. */
int32_t sys_chdir(const uint32_t *arguments) {
  struct process *process = process_current();
  struct node *node = node_from_user(arguments[0]);
  if (node == NULL) return false;
  if (!node_is_dir(node)) {
    node_put(node);
    return false;
  }
  if (process->cwd != NULL) node_put(process->cwd);
  process->cwd = node;
  return true;
}

/* open(name): a descriptor, or -1. */
int32_t sys_open(const uint32_t *arguments) {
  struct node *node = node_from_user(arguments[0]);
  if (node == NULL) return -1;
  int fd = fd_open(process_current()->files, node);
  if (fd < 0) node_put(node);
  return fd;
}

/* close(fd). */
int32_t sys_close(const uint32_t *arguments) {
  struct file *file = file_lookup(arguments[0]);
  if (file == NULL) return -1;
  fd_close(process_current()->files, (int)arguments[0]);
  return 0;
}

/* filesize(fd): bytes, or -1. */
int32_t sys_filesize(const uint32_t *arguments) {
  struct file *file = file_lookup(arguments[0]);
  return file != NULL ? (int32_t)node_size(file->node) : -1;
}

/* seek(fd, position): the position may lie beyond the end.  At the start what is made to be read is made anew. */
int32_t sys_seek(const uint32_t *arguments) {
  struct file *file = file_lookup(arguments[0]);
  if (file == NULL || node_is_dir(file->node)) return -1;
  if (!lock_acquire_interruptible(&file->lock)) return -1;
  int error = arguments[1] == 0 ? file->node->ops->open(&file->node) : FS_OK;
  if (error == FS_OK) file->position = arguments[1];
  lock_release(&file->lock);
  return error == FS_OK ? 0 : -1;
}

/* tell(fd): the position, or -1. */
int32_t sys_tell(const uint32_t *arguments) {
  struct file *file = file_lookup(arguments[0]);
  if (file == NULL) return -1;
  if (!lock_acquire_interruptible(&file->lock)) return -1;
  uint32_t position = file->position;
  lock_release(&file->lock);
  return (int32_t)position;
}

/* isdir(fd). */
int32_t sys_isdir(const uint32_t *arguments) {
  struct file *file = file_lookup(arguments[0]);
  return file != NULL && node_is_dir(file->node);
}

/* inumber(fd): the inode number, or -1. */
int32_t sys_inumber(const uint32_t *arguments) {
  struct file *file = file_lookup(arguments[0]);
  return file != NULL ? (int32_t)node_number(file->node) : -1;
}

/* Reads the next name of directory FD into NAME, FS_NAME_MAX + 1 bytes.  Its length, 0 at the end, or
   -1 if FD is no directory, cannot be read, or the name does not fit SIZE bytes, whereupon the next call
   gives it again. */
static int next_name(uint32_t fd, char *name, uint32_t size) {
  struct file *file = file_lookup(fd);
  if (file == NULL || !node_is_dir(file->node)) return -1;
  if (!lock_acquire_interruptible(&file->lock)) return -1;
  uint32_t position = file->position;
  int result = fs_readdir(file->node, &position, name);
  int length = result > 0 ? (int)strlen(name) : result < 0 ? -1 : 0;
  if (length > 0 && (uint32_t)length >= size) length = -1;
  if (length >= 0) file->position = position;
  lock_release(&file->lock);
  return length;
}

/* readdir(fd, name): true if there was another name, which is cut to what NAME holds. */
int32_t sys_readdir(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t buffer = arguments[1];
  char name[FS_NAME_MAX + 1];
  syscall_check(user_check(as, buffer, READDIR_NAME_SIZE, ACCESS_WRITE), buffer);
  if (next_name(arguments[0], name, sizeof name) <= 0) return false;
  name[READDIR_NAME_SIZE - 1] = '\0';
  syscall_check(user_write(as, buffer, name, strlen(name) + 1), buffer);
  return true;
}

/* readdir_name(fd, buffer, size): the length of the next name, 0 if there is none, -1 for a bad
   descriptor or a name of SIZE bytes or more, which the next call gives again. */
int32_t sys_readdir_name(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t buffer = arguments[1], size = arguments[2];
  char name[FS_NAME_MAX + 1];
  syscall_check(user_check(as, buffer, size, ACCESS_WRITE), buffer);
  int length = next_name(arguments[0], name, size);
  if (length <= 0) return length;
  syscall_check(user_write(as, buffer, name, length + 1), buffer);
  return length;
}

/* The node, held, that file_info() is asked for by FD and PATH; NULL if there is none. */
static struct node *node_asked_for(uint32_t fd, uint32_t path) {
  if (path != 0 && fd == UINT32_MAX) return node_from_user(path);
  struct file *file = file_lookup(fd);
  if (file == NULL) return NULL;
  return path != 0 ? node_from(file->node, path) : node_hold(file->node);
}

/* file_info(fd, path, buffer, size): fills in as much of struct file_info as SIZE allows; the bytes filled
   in, or -1 if there is no such file. */
int32_t sys_file_info(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t buffer = arguments[2], size = MIN(arguments[3], (uint32_t)sizeof(struct file_info));
  struct node_facts facts;
  syscall_check(user_check(as, buffer, size, ACCESS_WRITE), buffer);
  struct node *node = node_asked_for(arguments[0], arguments[1]);
  if (node == NULL) return -1;
  node->ops->describe(node, &facts);
  node_put(node);
  struct file_info info = {.inode = facts.number,
                           .type = facts.is_dir ? FILE_TYPE_DIRECTORY : FILE_TYPE_REGULAR,
                           .size = facts.size,
                           .links = facts.links,
                           .blocks = facts.sectors,
                           .block_size = facts.block_size,
                           .modify_time = facts.modify_time,
                           .change_time = facts.change_time,
                           .access_time = facts.access_time};
  syscall_check(user_write(as, buffer, &info, size), buffer);
  return (int32_t)size;
}

/* fsync(fd): returns when the file is safe on disk. */
int32_t sys_fsync(const uint32_t *arguments) {
  struct file *file = file_lookup(arguments[0]);
  struct inode *inode = file != NULL ? node_inode(file->node) : NULL;
  if (inode == NULL || inode_is_dir(inode)) return VM_EBADF;
  return inode_sync(inode) == FS_OK ? VM_OK : VM_EIO;
}
