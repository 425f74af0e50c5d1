/* What must be true of a volume before it is used: superblock and group descriptors. */
#include "fs/check.h"
#include "dev/block.h"
#include "fs/fs.h"
#include "kern/memory.h"
#include "lib/round.h"
#include "lib/string.h"

/* Complains about superblock field NAME. */
static int bad_field(const char *name, uint32_t value) {
  volume_say("bad superblock field %s=%u", name, (unsigned)value);
  return FS_ECORRUPT;
}

static const struct feature {
  uint32_t bit;
  const char *name;
} incompat_names[] = {{0x0001, "compression"}, {0x0004, "needs_recovery"}, {0x0008, "journal_dev"},
                      {0x0010, "meta_bg"},     {0x0040, "extents"},        {0x0080, "64bit"},
                      {0x0100, "mmp"},         {0x0200, "flex_bg"},        {0x0400, "ea_inode"},
                      {0x2000, "csum_seed"},   {0x4000, "large_dir"},      {0x8000, "inline_data"},
                      {0x10000, "encrypt"},    {0x20000, "casefold"}};

/* Complains about the incompatible features UNKNOWN by number and name. */
static int bad_features(uint32_t unknown) {
  char names[96] = "";
  for (unsigned i = 0; i < ARRAY_SIZE(incompat_names); i++) {
    if (!(unknown & incompat_names[i].bit)) continue;
    strlcat(names, " ", sizeof names);
    strlcat(names, incompat_names[i].name, sizeof names);
  }
  volume_say("unsupported features 0x%x%s", (unsigned)unknown, names);
  return FS_ECORRUPT;
}

/* Checks identity: magic number, revision, features.  Revision 0 gets the fields it lacks. */
static int check_kind(struct ext2_super *super) {
  if (super->magic != EXT2_MAGIC) {
    volume_say("no ext2 superblock (magic 0x%04x)", super->magic);
    return FS_ECORRUPT;
  }
  if (super->revision > 1) {
    volume_say("unsupported revision %u", (unsigned)super->revision);
    return FS_ECORRUPT;
  }
  if (super->revision == 0) {
    super->first_inode = EXT2_OLD_FIRST_INODE;
    super->inode_size = EXT2_OLD_INODE_SIZE;
    super->features_compat = super->features_incompat = super->features_ro_compat = 0;
    super->reserved_gdt_blocks = 0;
  }
  uint32_t unknown = super->features_incompat & ~(uint32_t)EXT2_INCOMPAT_FILETYPE;
  if (unknown != 0) return bad_features(unknown);
  unknown = super->features_ro_compat &
            ~(uint32_t)(EXT2_RO_COMPAT_SPARSE_SUPER | EXT2_RO_COMPAT_LARGE_FILE);
  if (unknown != 0) {
    volume_say("unsupported read-only features 0x%x, mounted read-only", (unsigned)unknown);
    volume.read_only = true;
  }
  return FS_OK;
}

/* Checks the sizes of blocks and inodes and derives what depends on them. */
static int check_sizes(const struct ext2_super *super) {
  if (super->log_block_size > 2) return bad_field("s_log_block_size", super->log_block_size);
  if (super->log_fragment_size != super->log_block_size)
    return bad_field("s_log_frag_size", super->log_fragment_size);
  volume.block_shift = 10 + super->log_block_size;
  volume.block_size = 1u << volume.block_shift;
  volume.block_sectors = volume.block_size / SECTOR_SIZE;
  volume.pointers_shift = volume.block_shift - 2;
  volume.inode_size = super->inode_size;
  bool is_power = (volume.inode_size & (volume.inode_size - 1)) == 0;
  if (volume.inode_size < EXT2_OLD_INODE_SIZE || !is_power ||
      volume.inode_size > volume.block_size) {
    volume_say("unsupported inode size %u", (unsigned)volume.inode_size);
    return FS_ECORRUPT;
  }
  return FS_OK;
}

/* Checks the number of blocks against the device, and how they are divided into groups. */
static int check_blocks(const struct ext2_super *super) {
  uint32_t bits = volume.block_size * 8;
  if (super->blocks_per_group == 0 || super->blocks_per_group > bits ||
      super->blocks_per_group % 8 != 0)
    return bad_field("s_blocks_per_group", super->blocks_per_group);
  if (super->first_data_block != (volume.block_size == 1024 ? 1 : 0))
    return bad_field("s_first_data_block", super->first_data_block);
  if (super->blocks_count <= super->first_data_block)
    return bad_field("s_blocks_count", super->blocks_count);
  uint32_t device_blocks = volume.device->sectors / volume.block_sectors;
  if (super->blocks_count > device_blocks) {
    volume_say("file system larger than device (%u > %u blocks)", (unsigned)super->blocks_count,
               (unsigned)device_blocks);
    return FS_ECORRUPT;
  }
  if (super->free_blocks_count > super->blocks_count)
    return bad_field("s_free_blocks_count", super->free_blocks_count);
  if (super->reserved_blocks_count > super->blocks_count)
    return bad_field("s_r_blocks_count", super->reserved_blocks_count);
  uint32_t blocks = super->blocks_count - super->first_data_block;
  volume.group_count = (blocks - 1) / super->blocks_per_group + 1;
  volume.descriptor_blocks =
      (volume.group_count - 1) / (volume.block_size / sizeof(struct ext2_group)) + 1;
  if (volume.descriptor_blocks >= super->blocks_per_group)
    return bad_field("s_blocks_per_group", super->blocks_per_group);
  return FS_OK;
}

/* Checks the number of inodes and their tables. */
static int check_inodes(const struct ext2_super *super) {
  uint32_t per_group = super->inodes_per_group;
  if (per_group == 0 || per_group > volume.block_size * 8)
    return bad_field("s_inodes_per_group", per_group);
  if (super->inodes_count / per_group != volume.group_count || super->inodes_count % per_group != 0)
    return bad_field("s_inodes_count", super->inodes_count);
  if (super->free_inodes_count > super->inodes_count)
    return bad_field("s_free_inodes_count", super->free_inodes_count);
  if (super->first_inode < EXT2_OLD_FIRST_INODE || super->first_inode > super->inodes_count)
    return bad_field("s_first_ino", super->first_inode);
  if (super->reserved_gdt_blocks > volume.block_size / 4)
    return bad_field("s_reserved_gdt_blocks", super->reserved_gdt_blocks);
  volume.first_inode = super->first_inode;
  volume.table_blocks = DIV_ROUND_UP(per_group, volume.block_size / volume.inode_size);
  return FS_OK;
}

/* Whether the tables of GROUP lie apart from each other within it, and its counts can be. */
static bool group_is_sane(uint32_t group) {
  const struct ext2_group *g = &volume.groups[group];
  uint32_t first = volume_group_first(group), blocks = volume_group_blocks(group);
  uint32_t end = first + blocks;
  if (volume_group_has_super(group)) first += volume_super_blocks();
  if (first > end || volume.table_blocks > end - first) return false;
  if (g->block_bitmap < first || g->block_bitmap >= end || g->inode_bitmap < first ||
      g->inode_bitmap >= end || g->inode_table < first ||
      g->inode_table > end - volume.table_blocks)
    return false;
  if (g->block_bitmap == g->inode_bitmap ||
      !volume_is_apart(g->block_bitmap, 1, g->inode_table, volume.table_blocks) ||
      !volume_is_apart(g->inode_bitmap, 1, g->inode_table, volume.table_blocks))
    return false;
  return g->free_blocks_count <= blocks && g->free_inodes_count <= volume.super.inodes_per_group &&
         g->used_dirs_count <= volume.super.inodes_per_group;
}

/* Reads and checks the group descriptors; their sums stand in for the superblock's counts. */
static int read_groups(struct ext2_super *super) {
  uint32_t bytes = volume.descriptor_blocks << volume.block_shift;
  volume.groups = kmalloc(bytes);
  if (volume.groups == NULL) {
    volume_say("no memory for %u groups", (unsigned)volume.group_count);
    return FS_ENOMEM;
  }
  uint32_t sector = (super->first_data_block + 1) * volume.block_sectors;
  if (block_read(volume.device, sector, volume.groups, bytes / SECTOR_SIZE) != BLOCK_OK) {
    volume_say("group descriptors unreadable");
    return FS_EIO;
  }
  super->free_blocks_count = super->free_inodes_count = 0;
  for (uint32_t i = 0; i < volume.group_count; i++) {
    if (!group_is_sane(i)) {
      volume_say("group %u descriptor corrupt", (unsigned)i);
      return FS_ECORRUPT;
    }
    super->free_blocks_count += volume.groups[i].free_blocks_count;
    super->free_inodes_count += volume.groups[i].free_inodes_count;
  }
  return FS_OK;
}

/* Finds when the volume was last used: in the superblock. */
static void find_last_use(void) {
  const struct ext2_super *super = &volume.super;
  uint32_t latest = MAX(super->write_time, super->mount_time);
  latest = MAX(latest, super->last_check);
  volume.last_use = MAX(latest, VOLUME_TIME_MIN);
}

/* Reads superblock and group descriptors of volume.device and checks all of them. */
int volume_check(void) {
  struct ext2_super *super = &volume.super;
  uint32_t sector = EXT2_SUPER_OFFSET / SECTOR_SIZE, sectors = EXT2_SUPER_SIZE / SECTOR_SIZE;
  if (volume.device->sectors < sector + sectors) {
    volume_say("no ext2 superblock (device of %u sectors)", (unsigned)volume.device->sectors);
    return FS_ECORRUPT;
  }
  if (block_read(volume.device, sector, super, sectors) != BLOCK_OK) {
    volume_say("superblock unreadable");
    return FS_EIO;
  }
  int error = check_kind(super);
  if (error == FS_OK) error = check_sizes(super);
  if (error == FS_OK) error = check_blocks(super);
  if (error == FS_OK) error = check_inodes(super);
  if (error == FS_OK) error = read_groups(super);
  find_last_use();
  return error;
}
