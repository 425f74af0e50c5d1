/* System calls that change what is mapped: mmap, munmap, sbrk, and our own. */
#include "fs/fs.h"
#include "lib/round.h"
#include "proc/fd.h"
#include "proc/syscall.h"
#include "vm/error.h"
#include "vm/heap.h"
#include "vm/map.h"
#include "vm/mmap.h"
#include "vm/region.h"
#include "vm/user.h"

/* Pages that vm_resident() looks at in one go. */
#define RESIDENT_CHUNK 128

/* The file open as FD that can be mapped, which one on disk can, or NULL. */
static struct inode *mappable(int fd) {
  struct file *file = fd_lookup(process_current()->files, fd);
  return file != NULL && !node_is_dir(file->node) ? node_inode(file->node) : NULL;
}

/* mmap(fd, address): the mapping's id, or -1.  A running program's file is mapped read-only. */
int32_t sys_mmap(const uint32_t *arguments) {
  struct inode *inode = mappable((int)arguments[0]);
  if (inode == NULL) return -1;
  uint8_t prot = inode_may_write(inode) ? PROT_READ | PROT_WRITE : PROT_READ;
  int id = mapping_add(process_current()->as, inode_store(inode), arguments[1], prot);
  return id > 0 ? id : -1;
}

/* munmap(id). */
int32_t sys_munmap(const uint32_t *arguments) {
  return mapping_remove(process_current()->as, (int)arguments[0]) == VM_OK ? 0 : -1;
}

/* sbrk(delta): the old break, or a vm_error. */
int32_t sys_sbrk(const uint32_t *arguments) {
  uaddr_t old;
  int error = heap_move(process_current()->as, (int32_t)arguments[0], &old);
  return error == VM_OK ? (int32_t)old : error;
}

/* vm_map(address, length, prot, flags, fd, offset): the address, or a vm_error. */
int32_t sys_vm_map(const uint32_t *arguments) {
  struct map_request request = {.address = arguments[0],
                                .length = arguments[1],
                                .prot = (uint8_t)arguments[2],
                                .flags = (uint8_t)arguments[3],
                                .offset = arguments[5]};
  if (arguments[2] > UINT8_MAX || arguments[3] > UINT8_MAX) return VM_EINVAL;
  if ((request.flags & MAP_ANONYMOUS) == 0) {
    struct inode *inode = mappable((int)arguments[4]);
    if (inode == NULL) return VM_EBADF;
    bool writes = (request.flags & MAP_SHARED) && (request.prot & PROT_WRITE);
    request.read_only = !inode_may_write(inode);
    if (writes && request.read_only) return VM_EACCESS;
    request.store = inode_store(inode);
  }
  uaddr_t address;
  int error = vm_map(process_current()->as, &request, &address);
  return error == VM_OK ? (int32_t)address : error;
}

/* vm_unmap(address, length). */
int32_t sys_vm_unmap(const uint32_t *arguments) {
  return vm_unmap(process_current()->as, arguments[0], arguments[1]);
}

/* vm_protect(address, length, prot). */
int32_t sys_vm_protect(const uint32_t *arguments) {
  if (arguments[2] > UINT8_MAX) return VM_EINVAL;
  return vm_protect(process_current()->as, arguments[0], arguments[1], (uint8_t)arguments[2]);
}

/* vm_advise(address, length, advice). */
int32_t sys_vm_advise(const uint32_t *arguments) {
  return vm_advise(process_current()->as, arguments[0], arguments[1], (int)arguments[2]);
}

/* vm_sync(address, length). */
int32_t sys_vm_sync(const uint32_t *arguments) {
  return vm_sync(process_current()->as, arguments[0], arguments[1]);
}

/* vm_lock(address, length). */
int32_t sys_vm_lock(const uint32_t *arguments) {
  return vm_lock(process_current()->as, arguments[0], arguments[1]);
}

/* vm_unlock(address, length). */
int32_t sys_vm_unlock(const uint32_t *arguments) {
  return vm_unlock(process_current()->as, arguments[0], arguments[1]);
}

/* vm_resident(address, length, buffer): a byte a page, bit 0 set if it is in a frame. */
int32_t sys_vm_resident(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t address = arguments[0], buffer = arguments[2];
  uint8_t result[RESIDENT_CHUNK];
  if (address % VM_PAGE_SIZE != 0 || arguments[1] == 0 || arguments[1] > USER_END) return VM_ERANGE;
  uint32_t left = DIV_ROUND_UP(arguments[1], VM_PAGE_SIZE);
  syscall_check(user_check(as, buffer, left, ACCESS_WRITE), buffer);
  while (left > 0) {
    uint32_t count = MIN(left, RESIDENT_CHUNK);
    int error = vm_resident(as, vpn_of(address), count, result);
    if (error != VM_OK) return error;
    syscall_check(user_write(as, buffer, result, count), buffer);
    address += count * VM_PAGE_SIZE;
    buffer += count;
    left -= count;
  }
  return VM_OK;
}
