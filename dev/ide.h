/* Inside the IDE driver: channels, drives and requests.

   - ide.c finds drives and takes requests from the block layer.
   - ide_channel.c drives a channel: registers, commands, waiting for the interrupt, reset.
   - ide_dma.c and ide_pio.c move the data of a request, by bus master or by the processor.
   The registers and commands are those of ATA-6, the bus master that of the PIIX. */
#ifndef DEV_IDE_H
#define DEV_IDE_H

#include <stdbool.h>
#include <stdint.h>
#include "dev/block.h"
#include "kern/sync.h"

/* Registers, from the channel's command port on. */
enum {
  IDE_DATA = 0,
  IDE_ERROR = 1,
  IDE_COUNT = 2,
  IDE_LBA_LOW = 3,
  IDE_LBA_MID = 4,
  IDE_LBA_HIGH = 5,
  IDE_DEVICE = 6,
  IDE_STATUS = 7, /* Reading it takes back the interrupt. */
  IDE_COMMAND = 7
};

enum {
  STATUS_ERR = 0x01,
  STATUS_DRQ = 0x08, /* Data are to be moved by the processor. */
  STATUS_DF = 0x20,  /* Device fault. */
  STATUS_DRDY = 0x40,
  STATUS_BSY = 0x80 /* All other bits are void. */
};

/* Of the bus master, from its port on. */
enum {
  MASTER_COMMAND = 0,
  MASTER_STATUS = 2,
  MASTER_TABLE = 4 /* Physical address of the descriptors, 32 bits. */
};

enum {
  MASTER_STATUS_ACTIVE = 0x01,
  MASTER_STATUS_ERROR = 0x02,
  MASTER_STATUS_INTERRUPT = 0x04,
  MASTER_STATUS_CLEAR = 0x66 /* Written: takes back ERROR and INTERRUPT, both drives may DMA. */
};

enum {
  COMMAND_READ_SECTORS = 0x20,
  COMMAND_READ_SECTORS_EXT = 0x24,
  COMMAND_READ_DMA_EXT = 0x25,
  COMMAND_READ_MULTIPLE_EXT = 0x29,
  COMMAND_WRITE_SECTORS = 0x30,
  COMMAND_WRITE_SECTORS_EXT = 0x34,
  COMMAND_WRITE_DMA_EXT = 0x35,
  COMMAND_WRITE_MULTIPLE_EXT = 0x39,
  COMMAND_READ_MULTIPLE = 0xc4,
  COMMAND_WRITE_MULTIPLE = 0xc5,
  COMMAND_SET_MULTIPLE = 0xc6,
  COMMAND_READ_DMA = 0xc8,
  COMMAND_WRITE_DMA = 0xca,
  COMMAND_FLUSH_CACHE = 0xe7,
  COMMAND_IDENTIFY = 0xec
};

#define IDE_LIMIT_MS       10000 /* The most that one try of a transfer may take, */
#define IDE_FLUSH_LIMIT_MS 30000 /* and a flush, which ATA allows more. */
/* A transfer that fails is tried so many times in all before it is an error; no new try begins when this
   time has passed, so that a drive that does not answer is given up after two. */
#define IDE_TRIES          4
#define IDE_TRIES_LIMIT_MS 12000

struct ide_channel;

/* One disk.  Fixed after ide_init() but for what says otherwise. */
struct ide_drive {
  struct block block;
  struct ide_channel *channel;
  unsigned unit; /* 0 master, 1 slave. */
  bool has_dma;
  bool has_lba48;
  bool has_flush;
  unsigned multiple; /* Sectors that PIO moves at an interrupt (channel lock). */
  unsigned errors;   /* Transfers and flushes that failed so far (channel lock). */
};

/* What ends the command under way. */
enum ide_end {
  IDE_END_POLLED, /* Nobody waits for an interrupt. */
  IDE_END_PIO,    /* The drive's interrupt. */
  IDE_END_DMA     /* The drive's interrupt when the bus master has moved everything. */
};

/* One channel and its bus master.  The lock is held for the whole of a request. */
struct ide_channel {
  struct lock lock;
  struct ide_drive *drives[2];         /* Fixed after ide_init(). */
  uint16_t command_port, control_port; /* Fixed. */
  uint16_t bus_master;                 /* Fixed; 0: there is none. */
  unsigned unit;                       /* The drive that is selected (lock). */
  volatile uint32_t *descriptors;      /* A page of them for the bus master (lock). */
  /* Shared with the interrupt handler: interrupts off. */
  enum ide_end end;      /* Set when the command starts, POLLED again at its interrupt. */
  struct semaphore done; /* Raised by that interrupt, */
  uint8_t status;        /* at which the drive had this status, */
  uint8_t error;         /* this in its error register (void without STATUS_ERR), */
  uint8_t master_status; /* and the bus master this. */
};

/* What a drive is to do. */
struct ide_request {
  struct ide_drive *drive;
  bool write;
  uint32_t sector, sectors; /* At most BLOCK_SECTORS_MAX. */
  const struct block_run *runs;
  unsigned count;
};

/* The commands of one kind: to read and to write, each within LBA28 and beyond. */
struct ide_commands {
  uint8_t read, read_ext, write, write_ext;
};

/* All below need the channel's lock, may sleep, and give BLOCK_OK or BLOCK_EIO. */
void ide_channel_init(struct ide_channel *channel, unsigned index, uint16_t bus_master);
uint8_t ide_channel_probe(struct ide_channel *channel, unsigned unit);
uint8_t ide_channel_poll(struct ide_channel *channel, uint32_t limit_ms);
void ide_channel_expect(struct ide_channel *channel, enum ide_end end);
int ide_channel_wait(struct ide_channel *channel, uint32_t limit_ms);
void ide_channel_recover(struct ide_channel *channel);
int ide_command(const struct ide_request *request, uint8_t command, enum ide_end end);
int ide_command_transfer(const struct ide_request *request, const struct ide_commands *commands,
                         enum ide_end end);

bool ide_dma_init(struct ide_channel *channel);
int ide_dma_transfer(const struct ide_request *request);
void ide_pio_init(struct ide_drive *drive, unsigned multiple_max);
int ide_pio_transfer(const struct ide_request *request);

#endif
