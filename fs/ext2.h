/* What ext2 looks like on disk: superblock, group descriptors, inodes, directory records.

   All numbers are little-endian, as on the machine; every field is naturally aligned.  The asserts
   pin the offsets that a file system made by mke2fs shows. */
#ifndef FS_EXT2_H
#define FS_EXT2_H

#include <stddef.h>
#include <stdint.h>

#define EXT2_MAGIC           0xef53
#define EXT2_SUPER_OFFSET    1024 /* Bytes from the start of the device. */
#define EXT2_SUPER_SIZE      1024
#define EXT2_ROOT_INODE      2
#define EXT2_OLD_INODE_SIZE  128
#define EXT2_OLD_FIRST_INODE 11
#define EXT2_BLOCK_SIZE_MIN  1024
#define EXT2_BLOCK_SIZE_MAX  4096
#define EXT2_LINKS_MAX       32000
#define EXT2_FILE_SIZE_MAX   0x7fffffffu
#define EXT2_XATTR_MAGIC     0xea020000

/* s_state */
#define EXT2_STATE_VALID 1
#define EXT2_STATE_ERROR 2

/* s_feature_compat */
#define EXT2_COMPAT_SPARSE_SUPER2 0x0200
/* s_feature_incompat */
#define EXT2_INCOMPAT_FILETYPE 0x0002
/* s_feature_ro_compat */
#define EXT2_RO_COMPAT_SPARSE_SUPER 0x0001
#define EXT2_RO_COMPAT_LARGE_FILE   0x0002

struct ext2_super {
  uint32_t inodes_count;
  uint32_t blocks_count;
  uint32_t reserved_blocks_count;
  uint32_t free_blocks_count;
  uint32_t free_inodes_count;
  uint32_t first_data_block;
  uint32_t log_block_size; /* Block size is 1024 << this. */
  uint32_t log_fragment_size;
  uint32_t blocks_per_group;
  uint32_t fragments_per_group;
  uint32_t inodes_per_group;
  uint32_t mount_time;
  uint32_t write_time;
  uint16_t mount_count;
  uint16_t max_mount_count;
  uint16_t magic;
  uint16_t state;
  uint16_t errors;
  uint16_t minor_revision;
  uint32_t last_check;
  uint32_t check_interval;
  uint32_t creator_os;
  uint32_t revision;
  uint16_t reserved_uid;
  uint16_t reserved_gid;
  /* From here on only in revision 1. */
  uint32_t first_inode;
  uint16_t inode_size;
  uint16_t block_group;
  uint32_t features_compat;
  uint32_t features_incompat;
  uint32_t features_ro_compat;
  uint8_t uuid[16];
  char volume_name[16];
  char last_mounted[64];
  uint32_t algorithm_bitmap;
  uint8_t prealloc_blocks;
  uint8_t prealloc_dir_blocks;
  uint16_t reserved_gdt_blocks; /* Kept after the descriptors for growing. */
  uint8_t unused[EXT2_SUPER_SIZE - 208];
};
_Static_assert(sizeof(struct ext2_super) == EXT2_SUPER_SIZE, "superblock size");
_Static_assert(offsetof(struct ext2_super, magic) == 56, "superblock layout");
_Static_assert(offsetof(struct ext2_super, revision) == 76, "superblock layout");
_Static_assert(offsetof(struct ext2_super, features_incompat) == 96, "superblock layout");
_Static_assert(offsetof(struct ext2_super, reserved_gdt_blocks) == 206, "superblock layout");

struct ext2_group {
  uint32_t block_bitmap;
  uint32_t inode_bitmap;
  uint32_t inode_table;
  uint16_t free_blocks_count;
  uint16_t free_inodes_count;
  uint16_t used_dirs_count;
  uint16_t flags;
  uint32_t unused[3];
};
_Static_assert(sizeof(struct ext2_group) == 32, "group descriptor size");
_Static_assert(offsetof(struct ext2_group, used_dirs_count) == 16, "group descriptor layout");

/* i_block: twelve data blocks, then the roots of one, two and three levels of pointers. */
#define EXT2_DIRECT   12
#define EXT2_POINTERS 15

struct ext2_inode {
  uint16_t mode;
  uint16_t uid;
  uint32_t size;
  uint32_t access_time;
  uint32_t change_time;
  uint32_t modify_time;
  uint32_t delete_time;
  uint16_t gid;
  uint16_t links;
  uint32_t sectors; /* Of 512 bytes, with all pointer blocks. */
  uint32_t flags;
  uint32_t os_dependent_1;
  uint32_t block[EXT2_POINTERS];
  uint32_t generation;
  uint32_t xattr_block;
  uint32_t size_high;
  uint32_t fragment;
  uint32_t os_dependent_2[3];
};
_Static_assert(sizeof(struct ext2_inode) == EXT2_OLD_INODE_SIZE, "inode size");
_Static_assert(offsetof(struct ext2_inode, links) == 26, "inode layout");
_Static_assert(offsetof(struct ext2_inode, block) == 40, "inode layout");
_Static_assert(offsetof(struct ext2_inode, size_high) == 108, "inode layout");

/* i_mode */
#define EXT2_MODE_TYPE        0xf000
#define EXT2_MODE_DIR         0x4000
#define EXT2_MODE_REGULAR     0x8000
#define EXT2_MODE_LINK        0xa000
#define EXT2_MODE_RIGHTS_FILE 0644
#define EXT2_MODE_RIGHTS_DIR  0755

/* i_flags */
#define EXT2_FLAG_COMPRESSED 0x00000004
#define EXT2_FLAG_INDEX      0x00001000 /* Directory with a hash index, which we do not keep up. */
#define EXT2_FLAG_EXTENTS    0x00080000
#define EXT2_FLAG_INLINE     0x10000000

/* The head of a block of extended attributes. */
struct ext2_xattr_head {
  uint32_t magic;
  uint32_t users;
};

/* A directory record: NAME of name_length bytes, then padding up to record_length. */
struct ext2_dirent {
  uint32_t inode; /* 0: unused. */
  uint16_t record_length;
  uint8_t name_length;
  uint8_t type;
  char name[];
};
#define EXT2_DIRENT_HEAD         8
#define EXT2_DIRENT_SIZE(LENGTH) ((EXT2_DIRENT_HEAD + (LENGTH) + 3u) & ~3u)
_Static_assert(offsetof(struct ext2_dirent, name) == EXT2_DIRENT_HEAD, "directory record layout");

/* Types in directory records, with the feature "filetype". */
#define EXT2_TYPE_REGULAR 1
#define EXT2_TYPE_DIR     2

#endif
