/* Directories.

   A change to a directory stays within one sector of its block, which a power cut writes or does not:
   a record is split, filled or joined only where all that changes lies in the same sector.  So
   whatever sectors of a block are older than the others, its records fit together.

   Directories that the buffer cache cannot hold beside other blocks have an index in memory
   (dir_index.h), which says what blocks to look at. */
#include "fs/dir.h"
#include "dev/block.h"
#include "fs/block_map.h"
#include "fs/buffer.h"
#include "fs/dir_index.h"
#include "fs/inode.h"
#include "fs/volume.h"
#include "lib/round.h"
#include "lib/string.h"

/* Bytes of the largest directory without an index. */
#define UNINDEXED_MAX (16u << 10)

/* Where a record stands. */
struct dir_place {
  uint32_t index;        /* Its block among those of the directory, */
  struct buffer *buffer; /* held. */
  struct ext2_dirent *record;
  struct ext2_dirent *previous; /* The record before it in its block, or NULL. */
};

/* Whether the bytes from FIRST up to END, which is not among them, of PLACE's block lie in one
   sector. */
static bool in_one_sector(const struct dir_place *place, const void *first, const void *end) {
  uint32_t from = (const uint8_t *)first - place->buffer->data;
  uint32_t to = (const uint8_t *)end - place->buffer->data;
  return from / SECTOR_SIZE == (to - 1) / SECTOR_SIZE;
}

/* Complains about DIR. */
static int bad_dir(const struct inode *dir) {
  return volume_corrupt("directory inode %u corrupt", (unsigned)dir->number);
}

/* Blocks of DIR. */
static uint32_t dir_blocks(const struct inode *dir) {
  return dir->size >> volume.block_shift;
}

/* The disk's block INDEX of DIR. */
static int locate_block(struct inode *dir, uint32_t index, uint32_t *block) {
  struct block_run_map map;
  int error = block_map_lookup(dir, index, 1, &map);
  if (error != FS_OK) return error;
  *block = map.block;
  return map.block == 0 ? bad_dir(dir) : FS_OK;
}

/* Gets block INDEX of DIR. */
static int read_block(struct inode *dir, uint32_t index, struct buffer **buffer) {
  uint32_t block;
  int error = locate_block(dir, index, &block);
  return error == FS_OK ? buffer_get(block, BUFFER_DIRECTORY, buffer) : error;
}

/* The record at OFFSET of the block in BUFFER; NULL if no record can be as it is. */
static struct ext2_dirent *record_at(const struct buffer *buffer, uint32_t offset) {
  uint32_t left = volume.block_size - offset;
  if (left < EXT2_DIRENT_HEAD || offset % 4 != 0) return NULL;
  struct ext2_dirent *record = (struct ext2_dirent *)(buffer->data + offset);
  if (record->record_length < EXT2_DIRENT_HEAD || record->record_length % 4 != 0) return NULL;
  if (record->record_length > left) return NULL;
  if (record->inode == 0) return record;
  if (record->name_length == 0 || record->inode > volume.super.inodes_count) return NULL;
  return EXT2_DIRENT_HEAD + record->name_length <= record->record_length ? record : NULL;
}

/* Whether RECORD is an entry called NAME. */
static bool is_called(const struct ext2_dirent *record, struct dir_name name) {
  return record->inode != 0 && record->name_length == name.length &&
         memcmp(record->name, name.text, name.length) == 0;
}

/* Bytes that RECORD needs of its length. */
static uint32_t used_bytes(const struct ext2_dirent *record) {
  return record->inode == 0 ? 0 : EXT2_DIRENT_SIZE(record->name_length);
}

/* Bytes of the largest entry for which PLACE's record has room, behind its own or in its stead: up to
   its end, or that of the sector in which the record is changed. */
static uint32_t room_in(const struct dir_place *place) {
  const struct ext2_dirent *record = place->record;
  uint32_t used = used_bytes(record);
  const uint8_t *entry = (const uint8_t *)record + used;
  const uint8_t *first = used > 0 ? (const uint8_t *)&record->record_length : entry;
  uint32_t from = first - place->buffer->data, start = entry - place->buffer->data;
  uint32_t sector_end = ROUND_DOWN(from, SECTOR_SIZE) + SECTOR_SIZE;
  uint32_t left = start < sector_end ? sector_end - start : 0;
  return MIN(record->record_length - used, left);
}

/* Looks through the block in PLACE's buffer for NAME, or, if NAME has no text, for a record with
   room for a name of its length.  FS_ENOENT if there is none. */
static int search_block(struct inode *dir, struct dir_name name, struct dir_place *place) {
  place->previous = NULL;
  for (uint32_t offset = 0; offset < volume.block_size;) {
    struct ext2_dirent *record = place->record = record_at(place->buffer, offset);
    if (record == NULL) return bad_dir(dir);
    bool found = name.text != NULL ? is_called(record, name)
                                   : room_in(place) >= EXT2_DIRENT_SIZE(name.length);
    if (found) return FS_OK;
    place->previous = record;
    offset += record->record_length;
  }
  return FS_ENOENT;
}

/* Notes in DIR's index the room of the block in BUFFER, its block INDEX, and, if there are NAMES to be
   added, those.  False if it cannot be walked, or there is no index any more. */
static bool note_block(struct inode *dir, struct buffer *buffer, uint32_t index, bool names) {
  struct dir_place place = {.buffer = buffer};
  uint32_t room = 0;
  for (uint32_t offset = 0; offset < volume.block_size;) {
    const struct ext2_dirent *record = place.record = record_at(buffer, offset);
    if (record == NULL) return false;
    struct dir_name name = {record->name, record->name_length};
    if (names && record->inode != 0 && !dir_index_add(dir, name, index)) return false;
    room = MAX(room, room_in(&place));
    offset += record->record_length;
  }
  return dir_index_set_room(dir, index, room);
}

/* Gives DIR, if it is large, an index.  Where something is in the way it goes without; what is
   wrong with a block is said by who needs it. */
static void make_index(struct inode *dir) {
  if (dir->index != NULL || dir->size <= UNINDEXED_MAX || !dir_index_start(dir)) return;
  bool good = true;
  for (uint32_t index = 0; index < dir_blocks(dir) && good; index++) {
    struct buffer *buffer;
    good = read_block(dir, index, &buffer) == FS_OK;
    if (!good) break;
    good = note_block(dir, buffer, index, true);
    buffer_put(buffer);
  }
  if (!good) dir_index_drop(dir);
}

/* Looks through DIR as search_block() does; the buffer is held if it returns FS_OK. */
static int search(struct inode *dir, struct dir_name name, struct dir_place *place) {
  make_index(dir);
  for (uint32_t index = 0; (index = dir_index_next(dir, name, index)) < dir_blocks(dir); index++) {
    place->index = index;
    int error = read_block(dir, index, &place->buffer);
    if (error != FS_OK) return error;
    error = search_block(dir, name, place);
    if (error == FS_OK) return FS_OK;
    buffer_put(place->buffer);
    if (error != FS_ENOENT) return error;
  }
  return FS_ENOENT;
}

/* Finds the inode number of NAME in DIR. */
int dir_lookup(struct inode *dir, struct dir_name name, uint32_t *number) {
  struct dir_place place;
  int error = search(dir, name, &place);
  if (error != FS_OK) return error;
  *number = place.record->inode;
  buffer_put(place.buffer);
  return FS_OK;
}

/* Makes RECORD, whose length stands, an entry. */
static void fill_record(struct ext2_dirent *record, struct dir_name name,
                        const struct inode *inode) {
  bool typed = (volume.super.features_incompat & EXT2_INCOMPAT_FILETYPE) != 0;
  uint8_t type = inode_is_dir(inode) ? EXT2_TYPE_DIR : EXT2_TYPE_REGULAR;
  record->inode = inode->number;
  record->name_length = name.length;
  record->type = typed ? type : 0;
  memcpy(record->name, name.text, name.length);
}

/* Notes that DIR was changed.  Its hash index, if it has one, is not kept up: the flag goes, and
   the blocks of the index are plain blocks of unused records. */
static void note_change(struct inode *dir) {
  lock_acquire(&dir->lock);
  dir->flags &= ~(uint32_t)EXT2_FLAG_INDEX;
  inode_touch(dir);
  lock_release(&dir->lock);
}

/* Gives the caller a new last block of DIR, held, without entries, on disk. */
static int append_block(struct inode *dir, struct buffer **buffer) {
  uint32_t index = dir_blocks(dir), block = 0;
  if (dir->size > EXT2_FILE_SIZE_MAX - volume.block_size) return FS_ENOSPC;
  lock_acquire(&dir->lock);
  int error = block_map_reserve(dir, index, index);
  if (error == FS_OK) error = locate_block(dir, index, &block);
  if (error == FS_OK) error = buffer_get(block, BUFFER_DIRECTORY, buffer);
  if (error == FS_OK) dir->size += volume.block_size;
  dir->dirty = true;
  lock_release(&dir->lock);
  return error;
}

/* Enters INODE as NAME in DIR: behind an entry that leaves room, in an unused record, or in a new
   block. */
int dir_add(struct inode *dir, struct dir_name name, struct inode *inode) {
  struct dir_place place;
  int error = search(dir, (struct dir_name){NULL, name.length}, &place);
  bool appended = error == FS_ENOENT;
  if (appended) error = append_block(dir, &place.buffer);
  if (error != FS_OK) return error;
  if (appended) {
    place.index = dir_blocks(dir) - 1;
    place.record = (struct ext2_dirent *)place.buffer->data;
  }
  struct ext2_dirent *record = place.record;
  uint32_t used = used_bytes(record);
  if (used > 0) {
    struct ext2_dirent *next = (struct ext2_dirent *)((char *)record + used);
    next->record_length = record->record_length - used;
    record->record_length = used;
    record = next;
  }
  fill_record(record, name, inode);
  buffer_mark_dirty(place.buffer);
  if (!dir_index_add(dir, name, place.index) || !note_block(dir, place.buffer, place.index, false))
    dir_index_drop(dir);
  buffer_put(place.buffer);
  note_change(dir);
  return FS_OK;
}

/* Takes NAME out of DIR: its record becomes a part of the one before it, or an unused one.  On disk at
   once, so that what it referred to may be freed. */
int dir_remove(struct inode *dir, struct dir_name name) {
  struct dir_place place;
  int error = search(dir, name, &place);
  if (error != FS_OK) return error;
  struct ext2_dirent *record = place.record, *previous = place.previous;
  uint32_t number = record->inode;
  if (previous != NULL && !in_one_sector(&place, &previous->record_length, &record->inode + 1))
    previous = NULL;
  uint16_t length = previous != NULL ? previous->record_length : 0;
  record->inode = 0;
  if (previous != NULL) previous->record_length = length + record->record_length;
  buffer_mark_dirty(place.buffer);
  error = buffer_write(place.buffer);
  if (error != FS_OK) {
    record->inode = number;
    if (previous != NULL) previous->record_length = length;
  } else {
    dir_index_remove(dir, name, place.index);
    if (!note_block(dir, place.buffer, place.index, false)) dir_index_drop(dir);
  }
  buffer_put(place.buffer);
  if (error == FS_OK) note_change(dir);
  return error;
}

/* Whether RECORD is "." or "..". */
static bool is_dot(const struct ext2_dirent *record) {
  return is_called(record, (struct dir_name){".", 1}) ||
         is_called(record, (struct dir_name){"..", 2});
}

/* Finds the first entry in the block in BUFFER that starts at OFFSET or after it and is not "." or
   "..".  FS_ENOENT if there is none. */
static int next_in_block(struct inode *dir, const struct buffer *buffer, uint32_t offset,
                         const struct ext2_dirent **result) {
  for (uint32_t at = 0; at < volume.block_size;) {
    const struct ext2_dirent *record = record_at(buffer, at);
    if (record == NULL) return bad_dir(dir);
    if (at >= offset && record->inode != 0 && !is_dot(record)) {
      *result = record;
      return FS_OK;
    }
    at += record->record_length;
  }
  return FS_ENOENT;
}

/* Copies the name of the first entry of DIR at *POSITION or after it, and moves *POSITION past
   it.  Records may have come and gone since the last call: the block is walked from its start. */
int dir_next(struct inode *dir, uint32_t *position, char *name) {
  uint32_t mask = volume.block_size - 1;
  while (*position < dir->size) {
    struct buffer *buffer;
    const struct ext2_dirent *record;
    int error = read_block(dir, *position >> volume.block_shift, &buffer);
    if (error != FS_OK) return error;
    error = next_in_block(dir, buffer, *position & mask, &record);
    if (error == FS_OK) {
      memcpy(name, record->name, record->name_length);
      name[record->name_length] = '\0';
      uint32_t offset = (const uint8_t *)record - buffer->data;
      *position = (*position & ~mask) + offset + record->record_length;
    } else if (error == FS_ENOENT) {
      *position = (*position & ~mask) + volume.block_size;
    }
    buffer_put(buffer);
    if (error == FS_OK) return 1;
    if (error != FS_ENOENT) return error;
  }
  return 0;
}

/* Looks for an entry of DIR besides "." and "..". */
int dir_check_empty(struct inode *dir) {
  for (uint32_t index = 0; index < dir_blocks(dir); index++) {
    struct buffer *buffer;
    const struct ext2_dirent *record;
    int error = read_block(dir, index, &buffer);
    if (error != FS_OK) return error;
    error = next_in_block(dir, buffer, 0, &record);
    buffer_put(buffer);
    if (error == FS_OK) return FS_ENOTEMPTY;
    if (error != FS_ENOENT) return error;
  }
  return FS_OK;
}

/* Gives the new DIR its first block, on disk. */
int dir_create(struct inode *dir, const struct inode *parent) {
  struct buffer *buffer;
  int error = append_block(dir, &buffer);
  if (error != FS_OK) return error;
  struct ext2_dirent *self = (struct ext2_dirent *)buffer->data;
  self->record_length = EXT2_DIRENT_SIZE(1);
  fill_record(self, (struct dir_name){".", 1}, dir);
  struct ext2_dirent *up = (struct ext2_dirent *)(buffer->data + self->record_length);
  up->record_length = SECTOR_SIZE - self->record_length;
  fill_record(up, (struct dir_name){"..", 2}, parent);
  error = buffer_write(buffer);
  buffer_put(buffer);
  return error;
}
