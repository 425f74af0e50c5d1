/* One IDE channel: its registers, the interrupt that ends a command, time limits, reset. */
#include "dev/ide.h"
#include "arch/i386/intr.h"
#include "arch/i386/io.h"
#include "dev/timer.h"
#include "lib/debug.h"

#define DEVICE_LBA     0xe0 /* Device register: address by LBA, and two bits that are always set. */
#define DEVICE_UNIT(N) ((N) << 4)
#define CONTROL_RESET  0x04
#define LBA28_SECTORS  (1u << 28)

#define POLLS_AWAKE    200 /* Reads of the status before the first sleep. */
#define POLL_SLEEP_MS  10
#define SETTLE_READS   4  /* A drive's status is valid 400 ns after it was selected. */
#define RESET_READS    64 /* A reset must last 5 us, and a port takes 100 ns or more. */
#define READY_LIMIT_MS 2000
#define RESET_LIMIT_MS 5000

static struct ide_channel *channels_by_index[2];

/* The status of the selected drive; leaves its interrupt alone. */
static uint8_t status_peek(const struct ide_channel *channel) {
  return io_in8(channel->control_port);
}

/* Passes the time of COUNT port reads. */
static void pause_reads(const struct ide_channel *channel, unsigned count) {
  while (count-- > 0) status_peek(channel);
}

/* Takes the end of the command under way, if that is what the hardware shows: notes what it left
   and raises `done`.  Interrupts are off. */
static void take_end(struct ide_channel *channel) {
  if (channel->end == IDE_END_DMA) {
    uint8_t master = io_in8(channel->bus_master + MASTER_STATUS);
    if ((master & MASTER_STATUS_INTERRUPT) == 0) return;
    channel->master_status = master;
  }
  uint8_t status = io_in8(channel->command_port + IDE_STATUS);
  if (channel->end == IDE_END_POLLED || (status & STATUS_BSY) != 0) return;
  channel->status = status;
  if ((status & STATUS_ERR) != 0) channel->error = io_in8(channel->command_port + IDE_ERROR);
  channel->end = IDE_END_POLLED;
  sema_up(&channel->done);
}

/* The interrupt of the primary channel. */
static void primary_interrupt(struct trap_frame *frame) {
  (void)frame;
  take_end(channels_by_index[0]);
}

/* The interrupt of the secondary channel. */
static void secondary_interrupt(struct trap_frame *frame) {
  (void)frame;
  take_end(channels_by_index[1]);
}

/* Makes CHANNEL the channel number INDEX (0 or 1), at the addresses of the PC/AT, and turns its
   interrupt on: a loader may have left it off (nIEN). */
void ide_channel_init(struct ide_channel *channel, unsigned index, uint16_t bus_master) {
  lock_init(&channel->lock, RANK_DISK, index == 0 ? "ide0" : "ide1");
  sema_init(&channel->done, 0);
  channel->command_port = index == 0 ? 0x1f0 : 0x170;
  channel->control_port = index == 0 ? 0x3f6 : 0x376;
  channel->bus_master = bus_master;
  channel->end = IDE_END_POLLED;
  channels_by_index[index] = channel;
  if (index == 0)
    intr_register_irq(14, primary_interrupt, "ide0");
  else
    intr_register_irq(15, secondary_interrupt, "ide1");
  io_out8(channel->control_port, 0);
}

/* Selects drive UNIT and returns what it then shows: 0, 0x7f or 0xff if it is not there. */
uint8_t ide_channel_probe(struct ide_channel *channel, unsigned unit) {
  channel->unit = unit;
  io_out8(channel->command_port + IDE_DEVICE, DEVICE_LBA | DEVICE_UNIT(unit));
  pause_reads(channel, SETTLE_READS);
  return status_peek(channel);
}

/* Waits until the selected drive is not busy, LIMIT_MS at most; awake at first, since it seldom
   is.  Returns its status, with STATUS_BSY if the time ran out. */
uint8_t ide_channel_poll(struct ide_channel *channel, uint32_t limit_ms) {
  uint8_t status = status_peek(channel);
  for (unsigned i = 0; (status & STATUS_BSY) != 0 && i < POLLS_AWAKE; i++)
    status = status_peek(channel);
  for (uint32_t ms = 0; (status & STATUS_BSY) != 0 && ms < limit_ms; ms += POLL_SLEEP_MS) {
    timer_sleep_ms(POLL_SLEEP_MS);
    status = status_peek(channel);
  }
  return status;
}

/* Says that the next interrupt is END; called before the write that may cause it, because it may
   come before that write returns. */
void ide_channel_expect(struct ide_channel *channel, enum ide_end end) {
  bool were_on = intr_disable();
  ASSERT(channel->end == IDE_END_POLLED);
  channel->error = 0;
  channel->master_status = 0;
  channel->end = end;
  intr_restore(were_on);
}

/* Gives up waiting, but looks first whether it was only the interrupt that got lost.  Returns
   false if the command has truly not ended; then it is no longer expected to. */
static bool wait_give_up(struct ide_channel *channel) {
  bool were_on = intr_disable();
  if (channel->end != IDE_END_POLLED) take_end(channel);
  channel->end = IDE_END_POLLED;
  bool ended = sema_try_down(&channel->done);
  if (!ended) channel->status = status_peek(channel) | STATUS_BSY;
  intr_restore(were_on);
  return ended;
}

/* Sleeps until the interrupt that ide_channel_expect() announced, LIMIT_MS at most.  BLOCK_EIO if
   it did not come or told of an error; `status` and `error` then say more. */
int ide_channel_wait(struct ide_channel *channel, uint32_t limit_ms) {
  if (!timer_sema_down(&channel->done, limit_ms) && !wait_give_up(channel)) return BLOCK_EIO;
  if ((channel->status & (STATUS_BSY | STATUS_DF | STATUS_ERR)) != 0) return BLOCK_EIO;
  if ((channel->master_status & MASTER_STATUS_ERROR) != 0) return BLOCK_EIO;
  return BLOCK_OK;
}

/* After a failed command: resets the channel unless its drive is ready for the next one.  A reset
   makes drives forget how many sectors PIO moves at once. */
void ide_channel_recover(struct ide_channel *channel) {
  ASSERT(channel->end == IDE_END_POLLED);
  if (channel->bus_master != 0) io_out8(channel->bus_master + MASTER_COMMAND, 0);
  if ((status_peek(channel) & (STATUS_BSY | STATUS_DRQ)) == 0) return;
  io_out8(channel->control_port, CONTROL_RESET);
  pause_reads(channel, RESET_READS);
  io_out8(channel->control_port, 0);
  timer_sleep_ms(2); /* The status is void for so long. */
  ide_channel_poll(channel, RESET_LIMIT_MS);
  channel->unit = 0;
  for (unsigned i = 0; i < 2; i++)
    if (channel->drives[i] != NULL) channel->drives[i]->multiple = 1;
}

/* Waits until the selected drive takes commands; false if it does not. */
static bool wait_ready(struct ide_channel *channel) {
  return (ide_channel_poll(channel, READY_LIMIT_MS) & (STATUS_BSY | STATUS_DRQ)) == 0;
}

/* Selects the drive of REQUEST, with HIGH_BITS of the address in the device register. */
static int select_drive(const struct ide_request *request, uint8_t high_bits) {
  const struct ide_drive *drive = request->drive;
  struct ide_channel *channel = drive->channel;
  bool ready = wait_ready(channel);
  io_out8(channel->command_port + IDE_DEVICE, DEVICE_LBA | DEVICE_UNIT(drive->unit) | high_bits);
  if (ready && channel->unit == drive->unit) return BLOCK_OK;
  channel->unit = drive->unit;
  pause_reads(channel, SETTLE_READS);
  if (wait_ready(channel)) return BLOCK_OK;
  channel->status = status_peek(channel);
  return BLOCK_EIO;
}

/* Writes the low 8 bits of COUNT and the low 24 of SECTOR for the command to come. */
static void write_address(const struct ide_request *request, uint32_t count, uint32_t sector) {
  uint16_t port = request->drive->channel->command_port;
  io_out8(port + IDE_COUNT, count);
  io_out8(port + IDE_LBA_LOW, sector);
  io_out8(port + IDE_LBA_MID, sector >> 8);
  io_out8(port + IDE_LBA_HIGH, sector >> 16);
}

/* Starts COMMAND within LBA28 with sector and count of REQUEST, to end by END.  BLOCK_EIO if the
   drive is not ready for it. */
int ide_command(const struct ide_request *request, uint8_t command, enum ide_end end) {
  struct ide_channel *channel = request->drive->channel;
  int error = select_drive(request, request->sector >> 24 & 0xf);
  if (error != BLOCK_OK) return error;
  write_address(request, request->sectors, request->sector);
  ide_channel_expect(channel, end);
  io_out8(channel->command_port + IDE_COMMAND, command);
  return BLOCK_OK;
}

/* Starts the one of COMMANDS that does REQUEST, to end by END.  Beyond LBA28 all registers but the
   device's are written twice, with the high half of count and address first. */
int ide_command_transfer(const struct ide_request *request, const struct ide_commands *commands,
                         enum ide_end end) {
  if (request->sector + request->sectors <= LBA28_SECTORS)
    return ide_command(request, request->write ? commands->write : commands->read, end);
  struct ide_channel *channel = request->drive->channel;
  int error = select_drive(request, 0);
  if (error != BLOCK_OK) return error;
  write_address(request, request->sectors >> 8, request->sector >> 24);
  write_address(request, request->sectors, request->sector);
  ide_channel_expect(channel, end);
  io_out8(channel->command_port + IDE_COMMAND,
          request->write ? commands->write_ext : commands->read_ext);
  return BLOCK_OK;
}
