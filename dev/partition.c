/* Partitions of a disk, by its master boot record: the four primary ones, and the logical ones in
   an extended partition.

   Layout of a boot record: at byte 446 four entries of 16 bytes (status at 0, type at 4, first
   sector at 8, number of sectors at 12, little endian), then 0x55 0xaa.  A logical partition has a
   boot record of its own before it, whose first entry is the partition, relative to that record,
   and whose second leads to the next such record, relative to the extended partition.

   Nothing in a table is believed: what is not wholly on the disk, empty, or overlaps what was
   taken before is refused, and a chain of logical partitions ends after LOGICAL_MAX. */
#include "dev/block.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "lib/printf.h"
#include "lib/string.h"

#define ENTRY_COUNT   4
#define LOGICAL_MAX   16
#define LOGICAL_FIRST 5 /* The number of the first logical partition. */

#define TYPE_KERNEL   0x20
#define TYPE_FILESYS  0x21
#define TYPE_SCRATCH  0x22
#define TYPE_SWAP     0x23

struct entry {
  uint8_t status; /* 0x80: to boot from. */
  uint8_t chs_first[3];
  uint8_t type; /* 0: the entry is not in use. */
  uint8_t chs_last[3];
  uint32_t first, sectors;
} __attribute__((packed));

struct boot_record {
  uint8_t code[446];
  struct entry entries[ENTRY_COUNT];
  uint8_t signature[2];
} __attribute__((packed));

_Static_assert(sizeof(struct boot_record) == SECTOR_SIZE, "a boot record is one sector");

/* A scan under way. */
struct scan {
  struct block *disk;
  struct boot_record *record; /* A buffer. */
  uint32_t first, end;        /* Partitions must be in here. */
};

/* What TYPE is called; the role it stands for through ROLE. */
static const char *type_name(uint8_t type, enum block_role *role) {
  *role = BLOCK_RAW;
  switch (type) {
  case TYPE_KERNEL: *role = BLOCK_KERNEL; return "Pintos OS kernel";
  case TYPE_FILESYS: *role = BLOCK_FILESYS; return "Pintos file system";
  case TYPE_SCRATCH: *role = BLOCK_SCRATCH; return "Pintos scratch";
  case TYPE_SWAP: *role = BLOCK_SWAP; return "Pintos swap";
  case 0x0b:
  case 0x0c: return "FAT32";
  case 0x82: return "Linux swap";
  case 0x83: return "Linux";
  default: return "Unknown";
  }
}

/* Whether TYPE is one of those of an extended partition. */
static bool type_is_extended(uint8_t type) {
  return type == 0x05 || type == 0x0f || type == 0x85;
}

/* Reads the boot record at SECTOR.  Returns false if it cannot be read or is none: many things
   end in the signature, but only boot records have a clean status in all their entries. */
static bool record_read(struct scan *scan, uint32_t sector) {
  if (block_read(scan->disk, sector, scan->record, 1) != BLOCK_OK) return false;
  const struct boot_record *record = scan->record;
  if (record->signature[0] != 0x55 || record->signature[1] != 0xaa) return false;
  for (unsigned i = 0; i < ENTRY_COUNT; i++)
    if ((record->entries[i].status & 0x7f) != 0) return false;
  return true;
}

/* For overlap_visit(): a partition to be. */
struct extent {
  const struct block *disk;
  uint32_t first, sectors;
  bool overlaps;
};

/* Notes in AUX, a struct extent, whether BLOCK is a partition that overlaps it. */
static void overlap_visit(struct block *block, void *aux) {
  struct extent *extent = aux;
  if (block->disk != extent->disk) return;
  if (block->start < extent->first + extent->sectors &&
      extent->first < block->start + block->sectors)
    extent->overlaps = true;
}

/* The reason to refuse a partition of SECTORS sectors from FIRST on, or NULL if it is sound. */
static const char *extent_fault(const struct scan *scan, uint32_t first, uint32_t sectors) {
  if (sectors == 0) return "it is empty";
  if (first < scan->first) return "it covers a partition table";
  if (first >= scan->end || sectors > scan->end - first) return "it goes past the end";
  struct extent extent = {.disk = scan->disk, .first = first, .sectors = sectors};
  block_for_each(overlap_visit, &extent);
  return extent.overlaps ? "it overlaps another" : NULL;
}

/* Says that partition NUMBER from FIRST on is not used, and why. */
static void refuse(const struct scan *scan, unsigned number, const char *reason) {
  kprintf("%s%u: partition refused: %s\n", scan->disk->name, number, reason);
}

/* Registers partition NUMBER as ENTRY says, whose first sector counts from BASE on.  Returns false
   if it was refused. */
static bool partition_add(const struct scan *scan, unsigned number, const struct entry *entry,
                          uint32_t base) {
  const struct block *disk = scan->disk;
  uint32_t first = base + entry->first;
  if (first < base) {
    refuse(scan, number, "it goes past the end");
    return false;
  }
  const char *fault = extent_fault(scan, first, entry->sectors);
  struct block *block = fault == NULL ? kzalloc(sizeof *block) : NULL;
  if (block == NULL) {
    refuse(scan, number, fault != NULL ? fault : "no memory");
    return false;
  }
  char description[48];
  const char *name = type_name(entry->type, &block->role);
  snprintf(description, sizeof description, "%s (%02x)", name, entry->type);
  snprintf(block->name, sizeof block->name, "%s%u", disk->name, number);
  block->sectors = entry->sectors;
  block->start = first;
  block->disk = scan->disk;
  block->ops = disk->ops;
  block->device = disk->device;
  block_register(block, description);
  return true;
}

/* Follows the chain of logical partitions in the extended partition NUMBER that ENTRY is, up to the
   first that is refused: a chain that leads back to itself ends there. */
static void scan_extended(struct scan *scan, unsigned number, const struct entry *entry) {
  const char *fault = extent_fault(scan, entry->first, entry->sectors);
  if (fault != NULL) {
    refuse(scan, number, fault);
    return;
  }
  uint32_t base = entry->first, link = 0;
  struct scan inner = *scan;
  inner.end = base + entry->sectors;
  for (unsigned i = 0; i < LOGICAL_MAX; i++) {
    inner.first = base + link + 1;
    if (inner.first < base || inner.first > inner.end || !record_read(&inner, base + link)) {
      refuse(scan, LOGICAL_FIRST + i, "its table cannot be read");
      return;
    }
    const struct entry *logical = &inner.record->entries[0], *next = &inner.record->entries[1];
    if (logical->type != 0 && !partition_add(&inner, LOGICAL_FIRST + i, logical, base + link))
      return;
    if (next->type == 0) return;
    link = next->first;
  }
}

/* Registers the partitions of DISK.  A disk without a valid table stays what it is.  Sleeps. */
void partition_scan(struct block *disk) {
  struct boot_record *record = kmalloc(sizeof *record);
  struct scan scan = {.disk = disk, .record = record, .first = 1, .end = disk->sectors};
  if (record == NULL || !record_read(&scan, 0)) {
    kfree(record);
    return;
  }
  struct entry entries[ENTRY_COUNT];
  memcpy(entries, record->entries, sizeof entries);
  for (unsigned i = 0; i < ENTRY_COUNT; i++)
    if (entries[i].type != 0 && !type_is_extended(entries[i].type))
      partition_add(&scan, i + 1, &entries[i], 0);
  for (unsigned i = 0; i < ENTRY_COUNT; i++)
    if (type_is_extended(entries[i].type)) scan_extended(&scan, i + 1, &entries[i]);
  kfree(record);
}
