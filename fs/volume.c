/* The mounted volume: its geometry, and what is said about it. */
#include "fs/volume.h"
#include <stdarg.h>
#include "dev/block.h"
#include "dev/clock.h"
#include "fs/fs.h"
#include "kern/print.h"
#include "lib/printf.h"
#include "lib/round.h"
#include "lib/string.h"

struct volume volume;

/* Prints "ext2: DEVICE: " and LINE. */
static void say(const char *line) {
  kprintf("ext2: %s: %s\n", volume.device->name, line);
}

/* Prints a line about the volume. */
void volume_say(const char *format, ...) {
  char line[VOLUME_LINE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  say(line);
}

#define COMPLAINTS_MAX 16

/* Prints a line about a damage, unless it was the last one told too or there were many, and marks the
   volume.  Returns FS_ECORRUPT. */
int volume_corrupt(const char *format, ...) {
  char line[VOLUME_LINE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (strcmp(line, volume.last_complaint) != 0) {
    strlcpy(volume.last_complaint, line, sizeof volume.last_complaint);
    if (volume.complaints++ < COMPLAINTS_MAX) say(line);
  }
  volume.super.state |= EXT2_STATE_ERROR;
  return FS_ECORRUPT;
}

/* The first block of GROUP. */
uint32_t volume_group_first(uint32_t group) {
  return volume.super.first_data_block + group * volume.super.blocks_per_group;
}

/* How many blocks GROUP has; the last one may be short. */
uint32_t volume_group_blocks(uint32_t group) {
  return MIN(volume.super.blocks_count - volume_group_first(group), volume.super.blocks_per_group);
}

/* Whether NUMBER is a power of BASE. */
static bool is_power_of(uint32_t number, uint32_t base) {
  while (number > 1 && number % base == 0) number /= base;
  return number == 1;
}

/* Whether GROUP begins with a copy of superblock and descriptors: all groups in old volumes, 0, 1
   and the powers of 3, 5 and 7 with sparse_super.  Where sparse_super2 put its two copies only the
   bitmaps tell. */
bool volume_group_has_super(uint32_t group) {
  if (group == 0) return true;
  if (volume.super.features_compat & EXT2_COMPAT_SPARSE_SUPER2) return false;
  if (!(volume.super.features_ro_compat & EXT2_RO_COMPAT_SPARSE_SUPER)) return true;
  return is_power_of(group, 3) || is_power_of(group, 5) || is_power_of(group, 7);
}

/* Blocks that the copies of superblock and descriptors take in a group that has them. */
uint32_t volume_super_blocks(void) {
  return 1 + volume.descriptor_blocks + volume.super.reserved_gdt_blocks;
}

/* Whether [FIRST, FIRST + COUNT) and the LENGTH blocks from START on have none in common. */
bool volume_is_apart(uint32_t first, uint32_t count, uint32_t start, uint32_t length) {
  return first >= start + length || start >= first + count;
}

/* Whether blocks [BLOCK, BLOCK + COUNT) exist and hold no table of ext2. */
bool volume_is_data(uint32_t block, uint32_t count) {
  const struct ext2_super *super = &volume.super;
  if (count == 0 || block < super->first_data_block || block >= super->blocks_count) return false;
  if (count > super->blocks_count - block) return false;
  uint32_t from = (block - super->first_data_block) / super->blocks_per_group;
  uint32_t to = (block + count - 1 - super->first_data_block) / super->blocks_per_group;
  for (uint32_t group = from; group <= to; group++) {
    const struct ext2_group *g = &volume.groups[group];
    if (!volume_is_apart(block, count, volume_group_first(group), volume_super_blocks()) &&
        volume_group_has_super(group))
      return false;
    if (!volume_is_apart(block, count, g->block_bitmap, 1) ||
        !volume_is_apart(block, count, g->inode_bitmap, 1) ||
        !volume_is_apart(block, count, g->inode_table, volume.table_blocks))
      return false;
  }
  return true;
}

/* The machine's clock decides, as far as it can be right. */
uint32_t volume_time(void) {
  uint32_t now = clock_seconds();
  return now >= VOLUME_TIME_MIN ? now : volume.last_use;
}
