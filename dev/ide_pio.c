/* Transfers by the processor, where there is no bus master: blocks of `multiple` sectors through
   the data register, an interrupt for each. */
#include "dev/ide.h"
#include "arch/i386/io.h"
#include "lib/debug.h"
#include "lib/round.h"

#define MULTIPLE_LIMIT 16 /* Sectors a block; more gains nothing. */

static const struct ide_commands sector_commands = {.read = COMMAND_READ_SECTORS,
                                                    .read_ext = COMMAND_READ_SECTORS_EXT,
                                                    .write = COMMAND_WRITE_SECTORS,
                                                    .write_ext = COMMAND_WRITE_SECTORS_EXT};
static const struct ide_commands multiple_commands = {.read = COMMAND_READ_MULTIPLE,
                                                      .read_ext = COMMAND_READ_MULTIPLE_EXT,
                                                      .write = COMMAND_WRITE_MULTIPLE,
                                                      .write_ext = COMMAND_WRITE_MULTIPLE_EXT};

/* A request under way. */
struct transfer {
  const struct ide_request *request;
  const struct block_run *run; /* The next sector is in this run, */
  uint32_t offset;             /* at so many bytes. */
  uint32_t left;               /* Sectors that were not moved. */
};

/* Sets how many sectors DRIVE moves in a block: a power of two up to MULTIPLE_MAX, which the drive
   says, or one if it does not want that. */
void ide_pio_init(struct ide_drive *drive, unsigned multiple_max) {
  drive->multiple = 1;
  unsigned multiple = MULTIPLE_LIMIT;
  while (multiple > multiple_max) multiple /= 2;
  if (multiple < 2) return;
  struct ide_request request = {.drive = drive, .sectors = multiple};
  if (ide_command(&request, COMMAND_SET_MULTIPLE, IDE_END_PIO) != BLOCK_OK ||
      ide_channel_wait(drive->channel, IDE_LIMIT_MS) != BLOCK_OK)
    ide_channel_recover(drive->channel);
  else
    drive->multiple = multiple;
}

/* Sectors of the next block of TRANSFER. */
static uint32_t block_sectors(const struct transfer *transfer) {
  return MIN(transfer->left, transfer->request->drive->multiple);
}

/* Moves the next SECTORS sectors through the data register. */
static void move_sectors(struct transfer *transfer, uint32_t sectors) {
  uint16_t port = transfer->request->drive->channel->command_port + IDE_DATA;
  for (; sectors > 0; sectors--, transfer->left--) {
    uint8_t *memory = (uint8_t *)transfer->run->memory + transfer->offset;
    if (transfer->request->write)
      io_out16_run(port, memory, SECTOR_SIZE / 2);
    else
      io_in16_run(port, memory, SECTOR_SIZE / 2);
    transfer->offset += SECTOR_SIZE;
    if (transfer->offset == transfer->run->bytes) {
      transfer->run++;
      transfer->offset = 0;
    }
  }
}

/* Reads: an interrupt before each block.  Taking the last word of a block lets the drive go on to
   the next, so its interrupt is announced before. */
static int transfer_read(struct transfer *transfer) {
  struct ide_channel *channel = transfer->request->drive->channel;
  while (transfer->left > 0) {
    int error = ide_channel_wait(channel, IDE_LIMIT_MS);
    if (error != BLOCK_OK) return error;
    if ((channel->status & STATUS_DRQ) == 0) return BLOCK_EIO;
    uint32_t sectors = block_sectors(transfer);
    if (transfer->left > sectors) ide_channel_expect(channel, IDE_END_PIO);
    move_sectors(transfer, sectors);
  }
  return BLOCK_OK;
}

/* Writes: an interrupt after each block; the drive asks for the first without one. */
static int transfer_write(struct transfer *transfer) {
  struct ide_channel *channel = transfer->request->drive->channel;
  channel->status = ide_channel_poll(channel, IDE_LIMIT_MS);
  while (transfer->left > 0) {
    if ((channel->status & (STATUS_BSY | STATUS_ERR | STATUS_DRQ)) != STATUS_DRQ) return BLOCK_EIO;
    ide_channel_expect(channel, IDE_END_PIO);
    move_sectors(transfer, block_sectors(transfer));
    int error = ide_channel_wait(channel, IDE_LIMIT_MS);
    if (error != BLOCK_OK) return error;
  }
  return BLOCK_OK;
}

/* Does REQUEST through the data register. */
int ide_pio_transfer(const struct ide_request *request) {
  const struct ide_commands *commands =
      request->drive->multiple > 1 ? &multiple_commands : &sector_commands;
  struct transfer transfer = {.request = request, .run = request->runs, .left = request->sectors};
  int error =
      ide_command_transfer(request, commands, request->write ? IDE_END_POLLED : IDE_END_PIO);
  if (error != BLOCK_OK) return error;
  return request->write ? transfer_write(&transfer) : transfer_read(&transfer);
}
