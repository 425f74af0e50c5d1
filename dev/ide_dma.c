/* Transfers by the bus master of the PIIX: one table of descriptors and one command for all runs.

   A descriptor is two words: a physical address, and a number of bytes (0: 64 kB) with the top bit
   set in the last one.  None may cross a 64 kB boundary, nor may the table. */
#include "dev/ide.h"
#include "arch/i386/io.h"
#include "arch/i386/pmap.h"
#include "kern/memory.h"
#include "lib/debug.h"
#include "lib/round.h"

#define MASTER_START     0x01
#define MASTER_TO_MEMORY 0x08
#define DESCRIPTOR_SPAN  0x10000u
#define DESCRIPTOR_LAST  0x80000000u
#define DESCRIPTORS_MAX  (PAGE_SIZE / 8)

/* A request of BLOCK_SECTORS_MAX runs, each across a boundary, is the worst. */
_Static_assert(2 * BLOCK_SECTORS_MAX <= DESCRIPTORS_MAX, "a page of descriptors is enough");

static const struct ide_commands dma_commands = {.read = COMMAND_READ_DMA,
                                                 .read_ext = COMMAND_READ_DMA_EXT,
                                                 .write = COMMAND_WRITE_DMA,
                                                 .write_ext = COMMAND_WRITE_DMA_EXT};

/* The descriptors of a request, as they are being made. */
struct table {
  volatile uint32_t *words;
  unsigned count;
  uint32_t start, end; /* The memory of the last one. */
};

/* Gives CHANNEL its table; false if it has no bus master or there is no memory. */
bool ide_dma_init(struct ide_channel *channel) {
  if (channel->bus_master == 0) return false;
  if (channel->descriptors == NULL) channel->descriptors = page_alloc(1);
  return channel->descriptors != NULL;
}

/* Adds BYTES at PHYSICAL, which cross no boundary: to the last descriptor if they follow it. */
static void table_add(struct table *table, uint32_t physical, uint32_t bytes) {
  bool follows = table->count > 0 && physical == table->end && physical % DESCRIPTOR_SPAN != 0;
  if (!follows) {
    ASSERT(table->count < DESCRIPTORS_MAX);
    table->count++;
    table->start = physical;
    table->words[2 * table->count - 2] = physical;
  }
  table->end = physical + bytes;
  table->words[2 * table->count - 1] = (table->end - table->start) % DESCRIPTOR_SPAN;
}

/* Adds all of RUN, cut at the boundaries. */
static void table_add_run(struct table *table, const struct block_run *run) {
  uint32_t physical = kernel_to_phys(run->memory);
  ASSERT(physical < WINDOW_BASE - KERNEL_BASE);
  for (uint32_t left = run->bytes; left > 0;) {
    uint32_t bytes = MIN(left, DESCRIPTOR_SPAN - physical % DESCRIPTOR_SPAN);
    table_add(table, physical, bytes);
    physical += bytes;
    left -= bytes;
  }
}

/* Describes the memory of REQUEST to the bus master. */
static void table_fill(const struct ide_request *request) {
  struct table table = {.words = request->drive->channel->descriptors};
  for (unsigned i = 0; i < request->count; i++) table_add_run(&table, &request->runs[i]);
  table.words[2 * table.count - 1] |= DESCRIPTOR_LAST;
}

/* Does REQUEST by bus master.  The drive gets its command before the bus master starts; the
   interrupt may come before that start returns.  The bus master is always stopped in the end, or
   it would not start again. */
int ide_dma_transfer(const struct ide_request *request) {
  struct ide_channel *channel = request->drive->channel;
  uint16_t port = channel->bus_master;
  uint8_t direction = request->write ? 0 : MASTER_TO_MEMORY;
  table_fill(request);
  __asm__ volatile("" ::: "memory"); /* The data, too, are in memory before it starts. */
  io_out32(port + MASTER_TABLE, kernel_to_phys((const void *)channel->descriptors));
  io_out8(port + MASTER_COMMAND, direction);
  io_out8(port + MASTER_STATUS, MASTER_STATUS_CLEAR);
  int error = ide_command_transfer(request, &dma_commands, IDE_END_DMA);
  if (error != BLOCK_OK) return error;
  io_out8(port + MASTER_COMMAND, direction | MASTER_START);
  error = ide_channel_wait(channel, IDE_LIMIT_MS);
  io_out8(port + MASTER_COMMAND, 0);
  __asm__ volatile("" ::: "memory");
  return error;
}
