/* Stores: what a file looks like to the VM, and the cache of its pages.

   A store is embedded in what the file system keeps per file (its inode).  All access to the
   file's content goes through the store's pages, so read(), write(), executables and mappings
   meet in the same frames.
   - The file system: store_init() when the inode comes into memory, store_read and store_write to
     serve read() and write(), store_sync() of vm/sync.h to put dirty pages on disk, store_purge()
     before the inode leaves memory.
   - The VM: finds pages by store_page().

   Operations are called without the VM lock and may sleep; read and write are called by faulting
   and by reclaiming threads, so they take no inode lock, wait for no frame and fault on nothing. */
#ifndef VM_STORE_H
#define VM_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/list.h"
#include "vm/radix.h"
#include "vm/readahead.h"
#include "vm/types.h"

struct store;

struct store_ops {
  /* Reads COUNT pages from INDEX on, page i into MEMORY[i] (kernel addresses); what has no block
     on disk, or lies beyond the end, reads as zeroes.  Returns VM_OK or VM_EIO. */
  int (*read)(struct store *store, pindex_t index, unsigned count, void *const memory[]);
  /* Writes COUNT pages from INDEX on, page i from MEMORY[i]; only what has a block on disk is written, and bytes beyond
     the end of the file are written as zeroes.  Returns VM_OK or VM_EIO. */
  int (*write)(struct store *store, pindex_t index, unsigned count, void *const memory[]);
  /* Makes the file hold bytes [OFFSET, OFFSET+SIZE): gives them blocks on disk, and if GROW moves
     the end of the file there (store_grow()); without GROW only blocks below the present end
     are given.  Content that had no block counts as zeroes and will be written by the caller.
     Takes the inode lock.  Returns VM_OK, VM_ENOSPC or VM_EIO; on failure nothing changed. */
  int (*reserve)(struct store *store, uint32_t offset, uint32_t size, bool grow);
  /* Makes what was written safe: all that leads to it is on disk too.  Takes the lock of file
     names.  NULL if there is nothing to do.  Returns VM_OK or VM_EIO. */
  int (*commit)(struct store *store);
  /* One more or one fewer user of the inode (a mapping, a loaded executable).  release may sleep
     and may be the end of the store. */
  void (*hold)(struct store *store);
  void (*release)(struct store *store);
};

struct store {
  const struct store_ops *ops; /* Fixed. */
  uint32_t number;             /* What the file system calls the file; 0: nothing.  Fixed. */
  uint32_t length;             /* Bytes: store_length().  Changed with the VM lock. */
  struct radix pages;          /* Cached pages by index.  VM lock. */
  uint32_t resident;           /* How many of them are in frames.  VM lock. */
  struct readahead ahead;      /* VM lock. */
  uint32_t writers;            /* Calls of write() under way.  VM lock. */
  uint32_t write_denials;      /* Programs that run from it, or are about to.  VM lock. */
  bool is_protected;           /* And so nobody has the right to write to its pages.  VM lock. */
  bool anonymous;              /* Fixed: its pages start as zeroes and go to swap, not to OPS. */
  bool lost;                   /* What was written to some page is neither on disk nor in memory any
                                  more: whatever is not in a frame cannot be had, VM_EIO.  Stays. */
  bool mapping_wrote;          /* store_take_mapping_write(). */
  struct list_node node;       /* On the list of all stores.  VM lock. */
};

#define PINDEX_LAST     0xfffffu                     /* The last page that a store can have. */
#define STORE_BYTES_MAX (PINDEX_LAST * VM_PAGE_SIZE) /* More than any file has. */

/* Makes STORE an empty cache over OPS for a file of LENGTH bytes.  Takes the VM lock.  Does not sleep. */
void store_init(struct store *store, const struct store_ops *ops, uint32_t length);

/* The bytes of STORE's file now.  It only grows while the store is in use, by store_grow(); who looks
   without the VM lock may see it move from one look to the next. */
static inline uint32_t store_length(const struct store *store) {
  return __atomic_load_n(&store->length, __ATOMIC_RELAXED);
}
/* Pages that have at least a byte of the file. */
static inline uint32_t store_pages(const struct store *store) {
  return store_length(store) / VM_PAGE_SIZE + (store_length(store) % VM_PAGE_SIZE != 0);
}
/* Whether somebody was seen to have written to STORE through a mapping since this was last asked.  Such a
   write is seen when the page is unmapped, or when its content goes to the disk, just before the store is
   asked to write it.  For the file system, which notes when a file was changed.  Needs no lock, does not sleep. */
static inline bool store_take_mapping_write(struct store *store) {
  return __atomic_exchange_n(&store->mapping_wrote, false, __ATOMIC_RELAXED);
}
/* Moves the end of STORE up to LENGTH.  For the file system, its inode lock held, when what it was asked
   to reserve has its blocks.  The part of the old last page that comes into the file reads as zeroes, and
   may have no blocks: who maps it faults at the next write to it, and reserves them.  Takes the VM lock.  Does not
   sleep. */
void store_grow(struct store *store, uint32_t length);
struct page;
/* How many bytes of PAGE, cached, lie in its store's file: at least one while it is mapped, and it stays
   so.  VM lock; does not sleep. */
uint32_t store_page_bytes(const struct page *page);

/* Copies up to SIZE bytes at OFFSET of STORE, ending at its length, to kernel memory DST.  No lock above RANK_ADDRSPACE is
   held; takes the VM lock.  May sleep.  The number of bytes, fewer if an error comes after the first of them, or VM_EIO,
   VM_ENOMEM, VM_ENOFRAME. */
long store_read(struct store *store, uint32_t offset, void *dst, uint32_t size);
/* Copies SIZE bytes of kernel memory SRC to OFFSET of STORE, reserving blocks and growing the file.  No lock above
   RANK_ADDRSPACE is held; takes the inode's and the VM lock.  May sleep.  The bytes written, fewer than SIZE if an error
   comes after the first of them, or VM_EIO, VM_ENOSPC, VM_ENOMEM, VM_ENOFRAME. */
long store_write(struct store *store, uint32_t offset, const void *src, uint32_t size);
struct user_range;
/* Copies what STORE has at OFFSET to DST, memory of the running process, as store_read() does to the kernel's; no address
   space's lock is held.  Whether it was DST that ended the transfer, and why, is in its error afterwards; an error of the store
   is in the result alone. */
long store_read_user(struct store *store, uint32_t offset, struct user_range *dst);
/* Copies SRC, memory of the running process, to OFFSET of STORE, as store_write() does the kernel's; no address space's lock is
   held.  Errors are told as by store_read_user(). */
long store_write_user(struct store *store, uint32_t offset, struct user_range *src);

/* Frees the frames of pages FIRST to LAST of STORE that nobody maps or holds and that need not be written.  Takes the VM
   lock, for a bounded number of pages at a time.  Does not sleep. */
void store_drop_idle(struct store *store, pindex_t first, pindex_t last);
/* Forgets every page of STORE without writing; nobody maps or uses it.  Takes the VM lock.  May sleep: it waits for
   pages on their way in or out. */
void store_purge(struct store *store);
/* Notes that a write() to STORE is under way; false if a program runs from it, whose file is not written.  Calls nest.  Takes
   the VM lock.  Does not sleep. */
bool store_start_writing(struct store *store);
/* Notes that one such write() is over.  Takes the VM lock.  Does not sleep. */
void store_stop_writing(struct store *store);
/* Notes that a program runs from STORE, or is about to: nobody writes to it from now on, not through mappings that were made
   before either.  False, and nothing changed, if a write() is under way.  Calls nest.  Takes the VM lock, for a bounded
   number of pages at a time.  Does not sleep. */
bool store_deny_writing(struct store *store);
/* Notes that one such program is gone.  Takes the VM lock.  Does not sleep. */
void store_allow_writing(struct store *store);
/* Zeroes what the last page of STORE, if it is cached, has beyond the end: what mappings wrote there is
   forgotten.  Takes the VM lock.  Does not sleep. */
void store_forget_tail(struct store *store);
/* The cached page INDEX of STORE, made ABSENT if there was none; held for the caller.  NULL if there
   is no memory.  VM lock; does not sleep. */
struct page *store_page(struct store *store, pindex_t index);
/* What a file is to have blocks for. */
struct store_extent {
  uint32_t offset, size; /* Bytes of the file. */
  bool grow;             /* The end of the file moves there. */
};
/* Makes the file of PAGE, cached and pinned, hold EXTENT, which lies in it, as ops->reserve says; PAGE is dirty then.  For
   vm/: VM lock on entry and on return, given up meanwhile.  May sleep.  VM_OK, VM_EIO, VM_ENOSPC. */
int store_reserve_page(struct page *page, const struct store_extent *extent);

#endif
