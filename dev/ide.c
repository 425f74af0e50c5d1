/* IDE disks: finds them, and does for the block layer what they can do. */
#include "dev/ide.h"
#include "arch/i386/io.h"
#include "arch/i386/machine.h"
#include "dev/timer.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "lib/debug.h"
#include "lib/printf.h"
#include "lib/round.h"

#define CHANNEL_COUNT      2
#define UNIT_COUNT         2

#define PCI_CLASS_IDE      0x0101
#define PCI_COMMAND        0x04
#define PCI_COMMAND_MASTER 0x05 /* Answers at ports, and is a bus master. */
#define PCI_BAR4           0x20
#define PCI_BAR_IO         0x01
#define MASTER_PORT_STEP   8 /* From the primary channel's registers to the secondary's. */

#define PROBE_LIMIT_MS     1000
#define ERRORS_SHOWN       10
#define ERROR_ABORTED      0x04 /* Error register: the drive does not know the command. */

#define IDENTIFY_WORDS     256
#define MODEL_WORDS        20
#define SERIAL_WORDS       10

/* Words of the answer to IDENTIFY DEVICE. */
enum {
  WORD_SERIAL = 10,
  WORD_MODEL = 27,
  WORD_MULTIPLE = 47,
  WORD_CAPABILITIES = 49,
  WORD_SECTORS = 60,
  WORD_DMA = 63,
  WORD_COMMANDS = 83,
  WORD_ULTRA_DMA = 88,
  WORD_SECTORS_EXT = 100
};

enum { CAPABILITY_LBA = 1 << 9, COMMANDS_LBA48 = 1 << 10, COMMANDS_FLUSH = 1 << 12 };

static struct ide_channel channels[CHANNEL_COUNT];

/* Says that REQUEST did not work, WHAT being its name; an endless row of errors is cut short. */
static void report_error(const struct ide_request *request, const char *what) {
  struct ide_drive *drive = request->drive;
  const struct ide_channel *channel = drive->channel;
  if (++drive->errors > ERRORS_SHOWN) return;
  const char *end = drive->errors == ERRORS_SHOWN ? "; no more will be shown" : "";
  if (request->sectors == 0)
    kprintf("%s: %s error (status %02x, error %02x)%s\n", drive->block.name, what, channel->status,
            channel->error, end);
  else
    kprintf("%s: %s error at sector %u+%u (status %02x, error %02x)%s\n", drive->block.name, what,
            (unsigned)request->sector, (unsigned)request->sectors, channel->status, channel->error,
            end);
}

/* Does REQUEST once.  Afterwards the channel is ready for the next command, by a reset if need be. */
static int try_transfer(const struct ide_request *request) {
  struct ide_drive *drive = request->drive;
  int error = drive->has_dma ? ide_dma_transfer(request) : ide_pio_transfer(request);
  if (error != BLOCK_OK) ide_channel_recover(drive->channel);
  return error;
}

/* Does REQUEST, again if it fails: an error that does not repeat is none.  To write the same twice does no
   harm.  Tells of the last try if it failed, too. */
static int transfer(const struct ide_request *request) {
  uint64_t start = timer_ticks();
  int error = try_transfer(request);
  for (unsigned tries = 1; error != BLOCK_OK && tries < IDE_TRIES; tries++) {
    if (timer_ticks() - start > IDE_TRIES_LIMIT_MS / (1000 / TIMER_HZ)) break;
    request->drive->block.repeats++;
    error = try_transfer(request);
  }
  if (error != BLOCK_OK) report_error(request, request->write ? "write" : "read");
  return error;
}

/* Does ASKED on DEVICE, as struct block_ops says. */
static int ide_transfer(void *device, const struct block_request *asked) {
  struct ide_drive *drive = device;
  struct ide_channel *channel = drive->channel;
  struct ide_request request = {.drive = drive,
                                .write = asked->write,
                                .sector = asked->sector,
                                .runs = asked->runs,
                                .count = asked->count};
  for (unsigned i = 0; i < asked->count; i++) request.sectors += asked->runs[i].bytes / SECTOR_SIZE;
  ASSERT(request.sectors > 0 && request.sectors <= BLOCK_SECTORS_MAX);
  ASSERT(asked->sector < drive->block.sectors);
  ASSERT(request.sectors <= drive->block.sectors - asked->sector);
  lock_acquire(&channel->lock);
  int error = transfer(&request);
  lock_release(&channel->lock);
  return error;
}

/* Has DEVICE write its cache out.  A drive that never claimed to know that command, and does not,
   has no cache.  A flush that failed is not tried again: the drive may have dropped what it could not
   write, and then the second one would find nothing to complain of. */
static int ide_flush(void *device) {
  struct ide_drive *drive = device;
  struct ide_channel *channel = drive->channel;
  struct ide_request request = {.drive = drive};
  lock_acquire(&channel->lock);
  int error = ide_command(&request, COMMAND_FLUSH_CACHE, IDE_END_PIO);
  if (error == BLOCK_OK) error = ide_channel_wait(channel, IDE_FLUSH_LIMIT_MS);
  if (error != BLOCK_OK) {
    bool is_unknown = !drive->has_flush && (channel->status & STATUS_BSY) == 0 &&
                      (channel->error & ERROR_ABORTED) != 0;
    if (is_unknown)
      error = BLOCK_OK;
    else
      report_error(&request, "flush");
    ide_channel_recover(channel);
  }
  lock_release(&channel->lock);
  return error;
}

static const struct block_ops ide_ops = {.transfer = ide_transfer, .flush = ide_flush};

/* Reads what drive UNIT of CHANNEL says of itself into WORDS.  Returns false if there is no drive
   or it is no disk: those of other kinds refuse the command.  An absent one costs a few reads. */
static bool identify(struct ide_drive *drive, uint16_t *words) {
  struct ide_channel *channel = drive->channel;
  uint8_t status = ide_channel_probe(channel, drive->unit);
  if (status == 0 || status == 0x7f || status == 0xff) return false;
  struct ide_request request = {.drive = drive};
  if ((ide_channel_poll(channel, PROBE_LIMIT_MS) & (STATUS_BSY | STATUS_DRQ)) != 0 ||
      ide_command(&request, COMMAND_IDENTIFY, IDE_END_POLLED) != BLOCK_OK)
    return false;
  status = ide_channel_poll(channel, PROBE_LIMIT_MS);
  if ((status & (STATUS_BSY | STATUS_ERR | STATUS_DRQ)) != STATUS_DRQ) return false;
  io_in16_run(channel->command_port + IDE_DATA, words, IDENTIFY_WORDS);
  return true;
}

/* The sectors that a drive with the answer WORDS has, 0 if it cannot be addressed by LBA; no more
   than 32 bits can number. */
static uint32_t identify_sectors(const uint16_t *words, bool has_lba48) {
  if ((words[WORD_CAPABILITIES] & CAPABILITY_LBA) == 0) return 0;
  uint32_t sectors = words[WORD_SECTORS] | (uint32_t)words[WORD_SECTORS + 1] << 16;
  if (!has_lba48) return MIN(sectors, 1u << 28);
  const uint16_t *ext = &words[WORD_SECTORS_EXT];
  uint32_t sectors_ext = ext[0] | (uint32_t)ext[1] << 16;
  if ((ext[2] | ext[3]) != 0) return UINT32_MAX;
  return MAX(sectors, sectors_ext);
}

/* Makes text of COUNT words, two characters each with the first in the high byte, without the
   blanks around it. */
static void identify_text(char *text, const uint16_t *words, unsigned count) {
  unsigned length = 0, end = 0;
  for (unsigned i = 0; i < 2 * count; i++) {
    char c = i % 2 == 0 ? words[i / 2] >> 8 : words[i / 2];
    if (c < ' ' || c > '~') c = ' ';
    if (c == ' ' && length == 0) continue;
    text[length++] = c;
    if (c != ' ') end = length;
  }
  text[end] = '\0';
}

/* Sets up DRIVE, of which WORDS tell, and makes it and its partitions known. */
static void drive_register(struct ide_drive *drive, const uint16_t *words) {
  char model[2 * MODEL_WORDS + 1], serial[2 * SERIAL_WORDS + 1], description[96];
  identify_text(model, &words[WORD_MODEL], MODEL_WORDS);
  identify_text(serial, &words[WORD_SERIAL], SERIAL_WORDS);
  snprintf(description, sizeof description, "model \"%s\", serial \"%s\"", model, serial);
  block_register(&drive->block, description);
  partition_scan(&drive->block);
}

/* Whether WORDS tell of any mode of DMA.  The DMA bit of word 49 is not reliable. */
static bool identify_has_dma(const uint16_t *words) {
  return ((words[WORD_DMA] | words[WORD_ULTRA_DMA]) & 0x7f) != 0;
}

/* Fills in DRIVE by what it says of itself in WORDS.  Returns false if it is of no use. */
static bool drive_init(struct ide_drive *drive, const uint16_t *words) {
  struct ide_channel *channel = drive->channel;
  drive->has_lba48 = (words[WORD_COMMANDS] & COMMANDS_LBA48) != 0;
  drive->has_flush = (words[WORD_COMMANDS] & COMMANDS_FLUSH) != 0;
  unsigned letter = (channel - channels) * UNIT_COUNT + drive->unit;
  snprintf(drive->block.name, sizeof drive->block.name, "hd%c", 'a' + letter);
  drive->block.sectors = identify_sectors(words, drive->has_lba48);
  drive->block.ops = &ide_ops;
  drive->block.device = drive;
  if (drive->block.sectors == 0) return false;
  drive->has_dma = identify_has_dma(words) && ide_dma_init(channel);
  if (!drive->has_dma) ide_pio_init(drive, words[WORD_MULTIPLE] & 0xff);
  return true;
}

/* Looks for drive UNIT of CHANNEL; WORDS is a buffer for its answer. */
static void drive_probe(struct ide_channel *channel, unsigned unit, uint16_t *words) {
  struct ide_drive *drive = kzalloc(sizeof *drive);
  if (drive == NULL) return;
  drive->channel = channel;
  drive->unit = unit;
  lock_acquire(&channel->lock);
  bool found = identify(drive, words) && drive_init(drive, words);
  lock_release(&channel->lock);
  if (!found) {
    kfree(drive);
    return;
  }
  channel->drives[unit] = drive;
  drive_register(drive, words);
}

/* The port of the PIIX's bus master, which is turned on; 0 if there is none.  The high half of the
   command register is status, in which zeroes change nothing. */
static uint16_t find_bus_master(void) {
  struct pci_address where;
  if (!pci_find_class(PCI_CLASS_IDE, &where)) return 0;
  uint32_t bar = pci_read(where, PCI_BAR4);
  if ((bar & PCI_BAR_IO) == 0 || (bar & 0xfffc) == 0) return 0;
  uint32_t command = pci_read(where, PCI_COMMAND) & 0xffff;
  pci_write(where, PCI_COMMAND, command | PCI_COMMAND_MASTER);
  return bar & 0xfffc;
}

/* Finds the disks, hda to hdd, and their partitions.  Sleeps. */
void ide_init(void) {
  uint16_t bus_master = find_bus_master();
  uint16_t *words = kmalloc(IDENTIFY_WORDS * sizeof *words);
  if (words == NULL) return;
  for (unsigned i = 0; i < CHANNEL_COUNT; i++) {
    uint16_t port = bus_master != 0 ? bus_master + i * MASTER_PORT_STEP : 0;
    ide_channel_init(&channels[i], i, port);
    for (unsigned unit = 0; unit < UNIT_COUNT; unit++) drive_probe(&channels[i], unit, words);
  }
  kfree(words);
}
