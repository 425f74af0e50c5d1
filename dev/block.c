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
  uint32_t sector;             /* Where the next piece goes. */
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

/* Adds up the sectors of REQUEST, as 64 bits: it may be more than any device has. */
static uint64_t request_sectors(const struct block_request *request) {
  uint64_t sectors = 0;
  for (unsigned i = 0; i < request->count; i++) {
    const struct block_run *run = &request->runs[i];
    ASSERT(run->bytes % SECTOR_SIZE == 0 && (uintptr_t)run->memory % 2 == 0);
    sectors += run->bytes / SECTOR_SIZE;
  }
  return sectors;
}

/* Has the device do PIECE, a request to BLOCK for one command. */
static int transfer_piece(struct block *block, const struct block_request *piece) {
  struct block_request request = *piece;
  request.sector += block->start;
  int error = block->ops->transfer(block->device, &request);
  count_transfer(block, piece->write, error == BLOCK_OK ? request_sectors(piece) : 0);
  return error;
}

/* Cuts the next piece off CURSOR into RUNS.  Returns the number of its runs, 0 at the end. */
static unsigned cursor_next(struct cursor *cursor, struct block_run runs[PIECE_RUNS_MAX]) {
  unsigned count = 0;
  uint32_t room = BLOCK_SECTORS_MAX * SECTOR_SIZE;
  while (cursor->left > 0 && count < PIECE_RUNS_MAX && room > 0) {
    uint32_t bytes = MIN(cursor->run->bytes - cursor->offset, room);
    if (bytes > 0)
      runs[count++] = (struct block_run){(uint8_t *)cursor->run->memory + cursor->offset, bytes};
    room -= bytes;
    cursor->offset += bytes;
    if (cursor->offset == cursor->run->bytes) {
      cursor->run++;
      cursor->left--;
      cursor->offset = 0;
    }
  }
  cursor->sector += BLOCK_SECTORS_MAX - room / SECTOR_SIZE;
  return count;
}

/* Does REQUEST in pieces, in their order; the first that fails ends it. */
static int transfer_pieces(struct block *block, const struct block_request *request) {
  struct block_run runs[PIECE_RUNS_MAX];
  struct cursor cursor = {.run = request->runs, .left = request->count, .sector = request->sector};
  for (;;) {
    struct block_request piece = {.write = request->write, .sector = cursor.sector, .runs = runs};
    piece.count = cursor_next(&cursor, runs);
    if (piece.count == 0) return BLOCK_OK;
    int error = transfer_piece(block, &piece);
    if (error != BLOCK_OK) return error;
  }
}

/* Whether some run of REQUEST is of no bytes. */
static bool has_empty_run(const struct block_request *request) {
  for (unsigned i = 0; i < request->count; i++)
    if (request->runs[i].bytes == 0) return true;
  return false;
}

/* Does REQUEST, in one command if there are BLOCK_SECTORS_MAX sectors or fewer.  BLOCK_ERANGE if
   they are not all on the device; else as the driver says.  Sleeps. */
int block_transfer(struct block *block, const struct block_request *request) {
  uint64_t sectors = request_sectors(request);
  if (request->sector > block->sectors || sectors > block->sectors - request->sector)
    return BLOCK_ERANGE;
  if (sectors == 0) return BLOCK_OK;
  if (sectors <= BLOCK_SECTORS_MAX && !has_empty_run(request))
    return transfer_piece(block, request);
  return transfer_pieces(block, request);
}

/* Reads SECTORS sectors from SECTOR on into MEMORY.  Sleeps. */
int block_read(struct block *block, uint32_t sector, void *memory, uint32_t sectors) {
  if (sectors > UINT32_MAX / SECTOR_SIZE) return BLOCK_ERANGE;
  struct block_run run = {memory, sectors * SECTOR_SIZE};
  struct block_request request = {.sector = sector, .runs = &run, .count = 1};
  return block_transfer(block, &request);
}

/* Writes SECTORS sectors from MEMORY to SECTOR on.  Sleeps. */
int block_write(struct block *block, uint32_t sector, const void *memory, uint32_t sectors) {
  if (sectors > UINT32_MAX / SECTOR_SIZE) return BLOCK_ERANGE;
  struct block_run run = {(void *)(uintptr_t)memory, sectors * SECTOR_SIZE};
  struct block_request request = {.write = true, .sector = sector, .runs = &run, .count = 1};
  return block_transfer(block, &request);
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

/* Whether A and B are parts of one disk that meet. */
bool block_overlaps(const struct block *a, const struct block *b) {
  const struct block *disk_a = a->disk != NULL ? a->disk : a;
  const struct block *disk_b = b->disk != NULL ? b->disk : b;
  if (disk_a != disk_b) return false;
  return a->start < b->start + b->sectors && b->start < a->start + a->sectors;
}
