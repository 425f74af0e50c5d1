/* Inodes in memory. */
#include "fs/inode.h"
#include "fs/block_map.h"
#include "fs/buffer.h"
#include "fs/dir_index.h"
#include "fs/fresh.h"
#include "fs/volume.h"
#include "kern/memory.h"
#include "lib/debug.h"
#include "lib/string.h"
#include "vm/sync.h"

#define HASH_BUCKETS 64

static struct {
  struct lock lock; /* Of rank RANK_ALLOC, but never held together with the volume's. */
  struct list hash[HASH_BUCKETS];
  struct list unused; /* Inodes without users, longest unused first. */
  uint32_t unused_count;
  /* Fixed. */
  const struct store_ops *ops;
  const struct node_ops *node_ops;
} inodes;

/* Makes the table empty: no inode's blocks are in use, no directory has an index. */
void inode_table_init(const struct store_ops *ops, const struct node_ops *node_ops) {
  inodes.ops = ops;
  inodes.node_ops = node_ops;
  block_map_init();
  lock_init(&inodes.lock, RANK_ALLOC, "inode table");
  for (unsigned i = 0; i < HASH_BUCKETS; i++) list_init(&inodes.hash[i]);
  list_init(&inodes.unused);
  inodes.unused_count = 0;
  dir_index_init();
}

/* One more user of INODE, which may have none.  Table lock held. */
static void add_user(struct inode *inode) {
  inode->uses++;
  if (inode->users++ > 0) return;
  list_remove(&inode->unused_node);
  inodes.unused_count--;
}

/* Inode NUMBER with one more user, if it is in memory; else NULL. */
static struct inode *lookup(uint32_t number) {
  struct inode *found = NULL;
  lock_acquire(&inodes.lock);
  list_for_each(node, &inodes.hash[number % HASH_BUCKETS]) {
    struct inode *inode = list_entry(node, struct inode, hash_node);
    if (inode->number != number) continue;
    add_user(inode);
    found = inode;
    break;
  }
  lock_release(&inodes.lock);
  return found;
}

/* Makes INODE, held once, known. */
static void insert(struct inode *inode) {
  lock_acquire(&inodes.lock);
  list_push_front(&inodes.hash[inode->number % HASH_BUCKETS], &inode->hash_node);
  lock_release(&inodes.lock);
}

/* Gets the buffer with the disk's inode NUMBER, at *DISK. */
static int get_disk_inode(uint32_t number, struct buffer **buffer, struct ext2_inode **disk) {
  uint32_t group = (number - 1) / volume.super.inodes_per_group;
  uint32_t index = (number - 1) % volume.super.inodes_per_group;
  uint32_t per_block = volume.block_size / volume.inode_size;
  uint32_t block = volume.groups[group].inode_table + index / per_block;
  int error = buffer_get(block, BUFFER_INODES, buffer);
  if (error != FS_OK) return error;
  *disk = (struct ext2_inode *)((*buffer)->data + index % per_block * volume.inode_size);
  return FS_OK;
}

/* Checks what the disk says of inode NUMBER. */
static int check_disk_inode(uint32_t number, const struct ext2_inode *disk) {
  uint16_t type = disk->mode & EXT2_MODE_TYPE;
  uint32_t strange = EXT2_FLAG_EXTENTS | EXT2_FLAG_INLINE;
  if (disk->links == 0 || type == 0)
    return volume_corrupt("inode %u: deleted, but referred to", (unsigned)number);
  if (disk->flags & strange)
    return volume_corrupt("inode %u: unsupported flags 0x%x", (unsigned)number,
                          (unsigned)disk->flags);
  if (type == EXT2_MODE_DIR) {
    bool good = disk->size > 0 && disk->size % volume.block_size == 0 &&
                disk->size >> volume.block_shift <= volume.super.blocks_count;
    return good ? FS_OK : volume_corrupt("directory inode %u corrupt (size)", (unsigned)number);
  }
  bool large = disk->size > EXT2_FILE_SIZE_MAX || disk->size_high != 0;
  if (type != EXT2_MODE_REGULAR || !large) return FS_OK;
  volume_say("inode %u: file of 2 GB or more not supported", (unsigned)number);
  return FS_EFBIG;
}

/* A struct for inode NUMBER of MODE, held once; NULL if there is no memory. */
static struct inode *inode_alloc(uint32_t number, uint16_t mode) {
  struct inode *inode = kzalloc(sizeof *inode);
  if (inode == NULL) return NULL;
  inode->number = number;
  inode->mode = mode;
  inode->users = 1;
  lock_init(&inode->lock, RANK_INODE, "inode");
  return inode;
}

/* Reads inode NUMBER from the disk, held once, into *RESULT. */
static int read_inode(uint32_t number, struct inode **result) {
  struct buffer *buffer;
  struct ext2_inode *disk;
  int error = get_disk_inode(number, &buffer, &disk);
  if (error != FS_OK) return error;
  error = check_disk_inode(number, disk);
  struct inode *inode = error == FS_OK ? inode_alloc(number, disk->mode) : NULL;
  if (inode != NULL) {
    inode->xattr_block = disk->xattr_block;
    inode->size = disk->size;
    inode->sectors = disk->sectors;
    inode->flags = disk->flags;
    inode->modify_time = disk->modify_time;
    inode->change_time = disk->change_time;
    inode->access_time = disk->access_time;
    inode->links = disk->links;
    memcpy(inode->block, disk->block, sizeof inode->block);
    for (unsigned i = 0; i < EXT2_DIRECT && disk->block[i] != 0; i++)
      inode->goal = disk->block[i] + 1;
  } else if (error == FS_OK) {
    error = FS_ENOMEM;
  }
  buffer_put(buffer);
  *result = inode;
  return error;
}

/* Makes INODE's store, and INODE known. */
static void enter_inode(struct inode *inode) {
  bool is_file = inode_type(inode) == EXT2_MODE_REGULAR;
  store_init(&inode->store, inodes.ops, is_file ? inode->size : 0);
  inode->store.number = inode->number;
  inode->node.ops = inodes.node_ops;
  inode->node.store = inode_is_dir(inode) ? NULL : &inode->store;
  insert(inode);
}

/* Inode NUMBER, held for the caller.  names_lock held, so nobody else makes one of that number.  One that
   is being dropped is in its buffer and all its pages are on disk before it is not found any more. */
int inode_get(uint32_t number, struct inode **result) {
  ASSERT(lock_is_mine(&volume.names_lock));
  bool reserved = number < volume.first_inode && number != EXT2_ROOT_INODE;
  if (reserved || number > volume.super.inodes_count)
    return volume_corrupt("bad inode number %u", (unsigned)number);
  struct inode *inode = lookup(number);
  if (inode == NULL) {
    int error = read_inode(number, &inode);
    if (error != FS_OK) return error;
    enter_inode(inode);
  } else if (inode->links == 0) {
    inode_put(inode);
    return volume_corrupt("inode %u: deleted, but referred to", (unsigned)number);
  }
  *result = inode;
  return FS_OK;
}

/* Inode NUMBER if it is in memory and has a name. */
struct inode *inode_find(uint32_t number) {
  struct inode *inode = lookup(number);
  if (inode == NULL || inode->links > 0) return inode;
  inode_put(inode);
  return NULL;
}

/* A new inode of MODE near PARENT, held for the caller.  names_lock held. */
int inode_create(struct inode *parent, uint16_t mode, uint16_t links, struct inode **result) {
  bool is_dir = (mode & EXT2_MODE_TYPE) == EXT2_MODE_DIR;
  uint32_t number = 0;
  int error = inode_number_alloc(parent->number, is_dir, &number);
  if (error != FS_OK) return error;
  struct inode *inode = inode_alloc(number, mode);
  if (inode == NULL) {
    inode_number_free(number, is_dir);
    return FS_ENOMEM;
  }
  inode->links = links;
  inode->parent = parent->number;
  inode->access_time = inode->modify_time = inode->change_time = volume_time();
  inode->goal = volume_group_first((number - 1) / volume.super.inodes_per_group);
  inode->dirty = inode->is_new = true;
  enter_inode(inode);
  *result = inode;
  return FS_OK;
}

/* Sets both times.  Who reads them meanwhile sees an old or a new one. */
void inode_touch(struct inode *inode) {
  uint32_t now = volume_time();
  __atomic_store_n(&inode->modify_time, now, __ATOMIC_RELAXED);
  __atomic_store_n(&inode->change_time, now, __ATOMIC_RELAXED);
  __atomic_store_n(&inode->dirty, true, __ATOMIC_RELAXED);
}

/* Asks the VM. */
void inode_note_mapping(struct inode *inode) {
  if (store_take_mapping_write(&inode->store)) inode_touch(inode);
}

/* Whether there may be pointers in INODE to blocks that were not written yet. */
static bool may_have_fresh(const struct inode *inode) {
  return inode->links > 0 && !inode->is_new && !inode_is_dir(inode);
}

/* Puts INODE into its buffer. */
int inode_write(struct inode *inode) {
  struct buffer *buffer;
  struct ext2_inode *disk;
  int error = may_have_fresh(inode) ? fresh_settle(fresh_in_inode(inode->number)) : FS_OK;
  if (error == FS_OK) error = get_disk_inode(inode->number, &buffer, &disk);
  if (error != FS_OK) return error;
  if (inode->is_new) {
    uint32_t generation = disk->generation + 1;
    memset(disk, 0, volume.inode_size);
    disk->generation = generation;
    disk->access_time = inode->access_time;
    inode->is_new = false;
  }
  __atomic_store_n(&inode->dirty, false,
                   __ATOMIC_RELAXED); /* Before: it may be touched meanwhile. */
  disk->mode = inode->mode;
  disk->links = inode->links;
  disk->size = inode->size;
  disk->sectors = inode->sectors;
  disk->flags = inode->flags;
  disk->modify_time = inode->modify_time;
  disk->change_time = inode->change_time;
  disk->delete_time = inode->links == 0 ? volume_time() : 0;
  disk->xattr_block = inode->xattr_block;
  memcpy(disk->block, inode->block, sizeof disk->block);
  buffer_mark_dirty(buffer);
  buffer_put(buffer);
  return FS_OK;
}

/* Whether INODE's i_block holds pointers: not in devices, nor in links short enough to stand
   there. */
static bool has_blocks(const struct inode *inode) {
  uint16_t type = inode_type(inode);
  uint32_t xattr_sectors = inode->xattr_block != 0 ? volume.block_sectors : 0;
  return type == EXT2_MODE_REGULAR || type == EXT2_MODE_DIR ||
         (type == EXT2_MODE_LINK && inode->sectors > xattr_sectors);
}

/* Gives up INODE's share in its block of extended attributes. */
static void free_xattr(const struct inode *inode) {
  struct buffer *buffer;
  uint32_t block = inode->xattr_block;
  if (block == 0) return;
  if (!volume_is_data(block, 1) || buffer_get(block, BUFFER_POINTERS, &buffer) != FS_OK) {
    volume_corrupt("inode %u: bad block %u", (unsigned)inode->number, (unsigned)block);
    return;
  }
  struct ext2_xattr_head *head = (struct ext2_xattr_head *)buffer->data;
  bool good = head->magic == EXT2_XATTR_MAGIC && head->users > 0;
  bool last = good && head->users == 1;
  if (good && !last) {
    head->users--;
    buffer_mark_dirty(buffer);
  }
  buffer_put(buffer);
  if (!good) volume_corrupt("inode %u: bad attributes", (unsigned)inode->number);
  if (!last) return;
  buffer_forget(block);
  block_free((struct block_extent){block, 1});
}

/* Takes INODE, which has no links, off the disk: first the inode, on disk, then its blocks and its
   number, so that nothing free is referred to.  After an error of the disk they stay lost.  Its lock
   is held, or nobody else has it; its memory keeps its pointers, for pages that are still mapped. */
void inode_erase(struct inode *inode) {
  struct buffer *buffer;
  struct ext2_inode *disk;
  inode->dirty = false;
  int error = get_disk_inode(inode->number, &buffer, &disk);
  if (error != FS_OK) {
    volume.was_clean = false;
    return;
  }
  uint32_t generation = disk->generation;
  memset(disk, 0, EXT2_OLD_INODE_SIZE);
  disk->generation = generation;
  disk->mode = inode->mode;
  disk->delete_time = disk->change_time = volume_time();
  buffer_mark_dirty(buffer);
  error = buffer_write(buffer);
  buffer_put(buffer);
  if (error != FS_OK) {
    volume.was_clean = false;
    return;
  }
  if (has_blocks(inode)) block_map_free(inode);
  free_xattr(inode);
  inode_number_free(inode->number, inode_is_dir(inode));
}

/* Ends the memory of INODE, which no list has any more. */
static void free_inode(struct inode *inode) {
  dir_index_drop(inode);
  store_purge(&inode->store);
  kfree(inode);
}

/* The last user of INODE, which has no links, leaves.  No name leads to it, so nobody finds it any more;
   only a visitor may be left, and ends it then. */
static void put_removed(struct inode *inode) {
  lock_acquire(&inodes.lock);
  bool last = --inode->users == 0;
  if (last) list_remove(&inode->hash_node);
  lock_release(&inodes.lock);
  if (!last) return;
  dir_index_drop(inode);
  store_purge(&inode->store);
  if (!volume.read_only) inode_erase(inode);
  kfree(inode);
}

/* One more user of INODE. */
struct inode *inode_hold(struct inode *inode) {
  lock_acquire(&inodes.lock);
  ASSERT(inode->users > 0);
  inode->users++;
  lock_release(&inodes.lock);
  return inode;
}

/* One user of INODE fewer, a visitor if VISIT. */
static void put(struct inode *inode, bool visit) {
  lock_acquire(&inodes.lock);
  ASSERT(inode->users > 0 && inode->visitors >= visit);
  inode->visitors -= visit;
  bool removed = inode->users == 1 && inode->links == 0;
  if (!removed && --inode->users == 0) {
    list_push_back(&inodes.unused, &inode->unused_node);
    inodes.unused_count++;
  }
  lock_release(&inodes.lock);
  if (removed) put_removed(inode);
}

/* One user of INODE fewer. */
void inode_put(struct inode *inode) {
  put(inode, false);
}

/* One more user of INODE, a visitor.  Table lock held. */
static void visit(struct inode *inode) {
  add_user(inode);
  inode->visitors++;
}

/* Puts INODE, without users, on disk with all its pages.  One that has lost some can be forgotten when
   all others are on disk: nobody is left who could be told. */
static int clean_inode(struct inode *inode) {
  if (volume.read_only) return FS_OK;
  int error = store_sync(&inode->store) == VM_OK ? FS_OK : FS_EIO;
  if (error != FS_OK && inode->store.lost && !store_is_dirty(&inode->store)) {
    volume_say("inode %u: what was written to it is lost", (unsigned)inode->number);
    volume.was_clean = false;
    error = FS_OK;
  }
  lock_acquire(&inode->lock);
  if (error == FS_OK && inode->dirty) error = inode_write(inode);
  lock_release(&inode->lock);
  return error;
}

/* Forgets the inode that is unused for longest, unless it cannot be written, or somebody uses it meanwhile:
   what he has changed may not be on disk.  Table lock held, given up meanwhile. */
static int drop_oldest(void) {
  struct inode *inode = list_entry(list_first(&inodes.unused), struct inode, unused_node);
  visit(inode);
  uint32_t uses = inode->uses;
  lock_release(&inodes.lock);
  int error = clean_inode(inode);
  lock_acquire(&inodes.lock);
  bool dropped = error == FS_OK && inode->users == 1 && inode->uses == uses;
  if (dropped) list_remove(&inode->hash_node);
  lock_release(&inodes.lock);
  if (dropped)
    free_inode(inode);
  else
    put(inode, true);
  lock_acquire(&inodes.lock);
  return error;
}

/* Forgets inodes without users, longest unused first, until KEEP are left. */
int inode_drop_unused(uint32_t keep) {
  int result = FS_OK;
  lock_acquire(&inodes.lock);
  for (uint32_t tries = inodes.unused_count; tries > 0 && inodes.unused_count > keep; tries--) {
    int error = drop_oldest();
    if (error != FS_OK) result = error;
  }
  lock_release(&inodes.lock);
  return result;
}

/* The first inode in bucket INDEX or after it; NULL if there is none.  Table lock held. */
static struct inode *first_from(uint32_t index) {
  for (; index < HASH_BUCKETS; index++) {
    struct list_node *node = list_first(&inodes.hash[index]);
    if (node != NULL) return list_entry(node, struct inode, hash_node);
  }
  return NULL;
}

/* The inode after PREVIOUS (NULL: the first), or NULL.  Table lock held. */
static struct inode *inode_after(const struct inode *previous) {
  if (previous == NULL) return first_from(0);
  uint32_t index = previous->number % HASH_BUCKETS;
  struct list_node *node = previous->hash_node.next;
  bool last = node == &inodes.hash[index].head;
  return last ? first_from(index + 1) : list_entry(node, struct inode, hash_node);
}

/* Goes from PREVIOUS to the next inode. */
struct inode *inode_next(struct inode *previous) {
  lock_acquire(&inodes.lock);
  struct inode *next = inode_after(previous);
  if (next != NULL) visit(next);
  lock_release(&inodes.lock);
  if (previous != NULL) put(previous, true);
  return next;
}

/* Whether there is no inode in memory. */
bool inode_table_is_empty(void) {
  lock_acquire(&inodes.lock);
  bool empty = first_from(0) == NULL;
  lock_release(&inodes.lock);
  return empty;
}

/* Sets the number of INODE's links; its buffer knows.  names_lock held. */
void inode_set_links(struct inode *inode, uint16_t links) {
  lock_acquire(&inode->lock);
  lock_acquire(&inodes.lock);
  inode->links = links;
  lock_release(&inodes.lock);
  inode->change_time = volume_time();
  inode->dirty = true;
  if (!inode->is_new) inode_write(inode);
  lock_release(&inode->lock);
}

/* Whether INODE lives on only for those who use it. */
bool inode_is_removed(struct inode *inode) {
  lock_acquire(&inodes.lock);
  bool removed = inode->links == 0;
  lock_release(&inodes.lock);
  return removed;
}

/* How many use INODE. */
uint32_t inode_users(struct inode *inode) {
  lock_acquire(&inodes.lock);
  uint32_t users = inode->users - inode->visitors;
  lock_release(&inodes.lock);
  return users;
}

/* Whether INODE is a directory. */
bool inode_is_dir(const struct inode *inode) {
  return inode_type(inode) == EXT2_MODE_DIR;
}

/* All that can be told of INODE without changing it. */
void inode_describe(struct inode *inode, struct node_facts *facts) {
  inode_note_mapping(inode);
  lock_acquire(&inode->lock);
  *facts = (struct node_facts){.number = inode->number,
                               .is_dir = inode_is_dir(inode),
                               .size = inode->size,
                               .links = inode->links,
                               .sectors = inode->sectors,
                               .block_size = volume.block_size,
                               .modify_time = inode->modify_time,
                               .change_time = inode->change_time,
                               .access_time = inode->access_time};
  lock_release(&inode->lock);
}

/* INODE's content, as the VM sees it. */
struct store *inode_store(struct inode *inode) {
  return &inode->store;
}

/* The inode whose content STORE is. */
struct inode *store_inode(struct store *store) {
  return container_of(store, struct inode, store);
}

/* Whether INODE may be written: it is not running, nor on a read-only volume. */
bool inode_may_write(const struct inode *inode) {
  return inode->store.write_denials == 0 && !volume.read_only;
}
