/* The list of block devices, and what is the same for all: bounds, partitions, statistics, and
   requests cut to what one command can move. */
#include "dev/block.h"
#include "kern/print.h"
#include "kern/thread.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "lib/string.h"

/* Runs of one piece of a request that is too large to go as it is. */
#define PIECE_RUNS_MAX 32

/* Where a request stands that goes in pieces. */
struct cursor {
  const struct block_run *run; /* The next to move, */
  unsigned left;               /* so many with it, */
  uint32_t offset;             /* and so many bytes of it were moved already. */
};

/* Devices are registered at boot, by one thread, and stay for ever. */
static struct list devices = {.head = {&devices.head, &devices.head}};

/* Counts a command that moved SECTORS sectors, for BLOCK and the disk it is on.  Threads count at
   the same time, and 64 bits are more than one instruction. */
static void count_transfer(struct block *block, bool write, uint32_t sectors) {
  preempt_disable();
  for (; block != NULL; block = block->disk) {
    block->requests++;
    *(write ? &block->sectors_written : &block->sectors_read) += sectors;
  }
  preempt_enable();
}

/* Adds up the sectors of COUNT RUNS, as 64 bits: it may be more than any device has. */
static uint64_t runs_sectors(const struct block_run *runs, unsigned count) {
  uint64_t sectors = 0;
  for (unsigned i = 0; i < count; i++) {
    ASSERT(runs[i].bytes % SECTOR_SIZE == 0 && (uintptr_t)runs[i].memory % 2 == 0);
    sectors += runs[i].bytes / SECTOR_SIZE;
  }
  return sectors;
}

/* Has the device move COUNT RUNS of SECTORS in all from or to SECTOR of BLOCK, in one command. */
static int transfer_piece(struct block *block, bool write, uint32_t sector,
                          const struct block_run *runs, unsigned count) {
  uint32_t sectors = runs_sectors(runs, count);
  int error = block->ops->transfer(block->device, write, block->start + sector, runs, count);
  count_transfer(block, write, error == BLOCK_OK ? sectors : 0);
  return error;
}

/* Cuts the next piece off CURSOR into PIECE.  Returns the number of its runs, 0 at the end; gives
   its sectors through SECTORS. */
static unsigned cursor_next(struct cursor *cursor, struct block_run piece[PIECE_RUNS_MAX],
                            uint32_t *sectors) {
  unsigned count = 0;
  uint32_t room = BLOCK_SECTORS_MAX * SECTOR_SIZE;
  while (cursor->left > 0 && count < PIECE_RUNS_MAX && room > 0) {
    uint32_t bytes = MIN(cursor->run->bytes - cursor->offset, room);
    if (bytes > 0)
      piece[count++] = (struct block_run){(uint8_t *)cursor->run->memory + cursor->offset, bytes};
    room -= bytes;
    cursor->offset += bytes;
    if (cursor->offset == cursor->run->bytes) {
      cursor->run++;
      cursor->left--;
      cursor->offset = 0;
    }
  }
  *sectors = BLOCK_SECTORS_MAX - room / SECTOR_SIZE;
  return count;
}

/* Moves a request in pieces, in their order; the first that fails ends it. */
static int transfer_pieces(struct block *block, bool write, uint32_t sector,
                           struct cursor *cursor) {
  struct block_run piece[PIECE_RUNS_MAX];
  uint32_t sectors;
  for (unsigned count; (count = cursor_next(cursor, piece, &sectors)) > 0; sector += sectors) {
    int error = transfer_piece(block, write, sector, piece, count);
    if (error != BLOCK_OK) return error;
  }
  return BLOCK_OK;
}

/* Moves COUNT RUNS from or to SECTOR of BLOCK on, in one command if there are BLOCK_SECTORS_MAX
   sectors or fewer.  BLOCK_ERANGE if they are not all on the device; else as the driver says.
   Sleeps. */
int block_transfer(struct block *block, bool write, uint32_t sector, const struct block_run *runs,
                   unsigned count) {
  uint64_t sectors = runs_sectors(runs, count);
  if (sector > block->sectors || sectors > block->sectors - sector) return BLOCK_ERANGE;
  if (sectors == 0) return BLOCK_OK;
  bool has_empty_run = false;
  for (unsigned i = 0; i < count; i++) has_empty_run |= runs[i].bytes == 0;
  if (sectors <= BLOCK_SECTORS_MAX && !has_empty_run)
    return transfer_piece(block, write, sector, runs, count);
  struct cursor cursor = {.run = runs, .left = count};
  return transfer_pieces(block, write, sector, &cursor);
}

/* Reads SECTORS sectors from SECTOR on into MEMORY.  Sleeps. */
int block_read(struct block *block, uint32_t sector, void *memory, uint32_t sectors) {
  if (sectors > UINT32_MAX / SECTOR_SIZE) return BLOCK_ERANGE;
  struct block_run run = {memory, sectors * SECTOR_SIZE};
  return block_transfer(block, false, sector, &run, 1);
}

/* Writes SECTORS sectors from MEMORY to SECTOR on.  Sleeps. */
int block_write(struct block *block, uint32_t sector, const void *memory, uint32_t sectors) {
  if (sectors > UINT32_MAX / SECTOR_SIZE) return BLOCK_ERANGE;
  struct block_run run = {(void *)(uintptr_t)memory, sectors * SECTOR_SIZE};
  return block_transfer(block, true, sector, &run, 1);
}

/* Returns when all that was written to BLOCK is safe.  Sleeps. */
int block_flush(struct block *block) {
  count_transfer(block, true, 0);
  return block->ops->flush(block->device);
}

/* The device called NAME, or NULL. */
struct block *block_by_name(const char *name) {
  list_for_each(node, &devices) {
    struct block *block = list_entry(node, struct block, node);
    if (strcmp(block->name, name) == 0) return block;
  }
  return NULL;
}

/* The first device of role ROLE, or NULL. */
struct block *block_by_role(enum block_role role) {
  list_for_each(node, &devices) {
    struct block *block = list_entry(node, struct block, node);
    if (block->role == role) return block;
  }
  return NULL;
}

/* What ROLE is called in reports. */
const char *block_role_name(enum block_role role) {
  static const char *const names[] = {[BLOCK_RAW] = "raw",
                                      [BLOCK_KERNEL] = "kernel",
                                      [BLOCK_FILESYS] = "filesys",
                                      [BLOCK_SCRATCH] = "scratch",
                                      [BLOCK_SWAP] = "swap"};
  ASSERT(role < ARRAY_SIZE(names));
  return names[role];
}

/* Makes BLOCK known, and says so in a line that ends in DESCRIPTION. */
void block_register(struct block *block, const char *description) {
  uint32_t kb = block->sectors / (1024 / SECTOR_SIZE);
  bool in_kb = kb < 1024;
  kprintf("%s: %'u sectors (%'u %s), %s\n", block->name, (unsigned)block->sectors,
          (unsigned)(in_kb ? kb : kb / 1024), in_kb ? "kB" : "MB", description);
  list_push_back(&devices, &block->node);
}

/* Runs VISIT over all devices in the order of their registration. */
void block_for_each(void (*visit)(struct block *, void *aux), void *aux) {
  list_for_each(node, &devices) visit(list_entry(node, struct block, node), aux);
}
