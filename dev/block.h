/* Block devices: disks and their partitions, in sectors of 512 bytes.

   All transfers sleep.  They return BLOCK_OK or one of the errors below; nothing of a failed
   transfer may be relied upon.  The driver has tried again what may go well the second time, so an
   error is one that stays.  Memory is kernel memory below 4 GB, at even addresses. */
#ifndef DEV_BLOCK_H
#define DEV_BLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/list.h"

#define SECTOR_SIZE       512
#define BLOCK_SECTORS_MAX 256 /* The most that block_ops.transfer is asked for at once. */

enum block_error {
  BLOCK_OK = 0,
  BLOCK_EIO = -32,   /* The device reports that it could not do it, or did not answer. */
  BLOCK_ERANGE = -33 /* The request goes past the end of the device. */
};

/* What a partition holds, by its MBR type. */
enum block_role {
  BLOCK_RAW,     /* A whole disk, or an unknown type. */
  BLOCK_KERNEL,  /* 0x20 */
  BLOCK_FILESYS, /* 0x21 */
  BLOCK_SCRATCH, /* 0x22 */
  BLOCK_SWAP     /* 0x23 */
};

/* A run of memory of a scatter/gather transfer: BYTES is a multiple of SECTOR_SIZE. */
struct block_run {
  void *memory;
  uint32_t bytes;
};

/* Moves the COUNT runs of memory at RUNS to (WRITE) or from the device, from SECTOR on. */
struct block_request {
  bool write;
  uint32_t sector;
  const struct block_run *runs;
  unsigned count;
};

struct block;
struct block_ops {
  /* Does REQUEST, in one command where the device can.  Its runs are not empty, lie within the
     device and are BLOCK_SECTORS_MAX sectors at most. */
  int (*transfer)(void *device, const struct block_request *request);
  /* Returns when all that was written is safe. */
  int (*flush)(void *device);
};

struct block {
  struct list_node node;
  char name[8]; /* "hda", "hda2". */
  enum block_role role;
  uint32_t sectors;
  uint32_t start;     /* First sector on the disk. */
  struct block *disk; /* The disk it is a partition of, whose ops and device it shares; or NULL. */
  const struct block_ops *ops;
  void *device;
  uint64_t sectors_read, sectors_written; /* Counted for the statistics. */
  uint64_t requests;                      /* Transfers, as the device got them, and flushes. */
  unsigned repeats;                       /* Of a disk: transfers that its driver tried again. */
};

/* Moves data between the device and any number of runs of memory; the other two, one run. */
int block_transfer(struct block *block, const struct block_request *request);
int block_read(struct block *block, uint32_t sector, void *memory, uint32_t sectors);
int block_write(struct block *block, uint32_t sector, const void *memory, uint32_t sectors);
int block_flush(struct block *block);

/* The device called NAME, the first of role ROLE, or NULL. */
struct block *block_by_name(const char *name);
struct block *block_by_role(enum block_role role);
const char *block_role_name(enum block_role role);

/* Whether A and B have sectors in common. */
bool block_overlaps(const struct block *a, const struct block *b);

/* For drivers: makes a device known, and the partitions of DISK.  Both say a line for each. */
void block_register(struct block *block, const char *description);
void partition_scan(struct block *disk);

/* Runs VISIT over all devices in the order of their registration. */
void block_for_each(void (*visit)(struct block *, void *aux), void *aux);

/* Finds the IDE disks and their partitions. */
void ide_init(void);

#endif
