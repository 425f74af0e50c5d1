/* Which block device serves which purpose. */
#include "init/devices.h"
#include <stddef.h>
#include "arch/i386/pmap.h"
#include "dev/block.h"
#include "dev/clock.h"
#include "init/cmdline.h"
#include "init/options.h"
#include "kern/print.h"
#include "lib/round.h"

#define SECTORS_PER_PAGE (PAGE_SIZE / SECTOR_SIZE)

struct block *device_filesys, *device_swap;
static struct block *device_scratch;
static struct block whole_disk; /* For swap, all of a disk but its first page. */

/* The device that option -OPTION=NAME names, or without NAME the first of ROLE; NULL if there is
   none. */
static struct block *choose(enum block_role role, const char *name) {
  if (name == NULL) return block_by_role(role);
  struct block *block = block_by_name(name);
  if (block == NULL)
    cmdline_refuse("no such block device `%s' for -%s", name, block_role_name(role));
  return block;
}

/* The partitions of a disk, as far as swap asks. */
struct partitions {
  const struct block *disk;
  struct block *swap; /* The first that is meant for it. */
  unsigned count;
};

/* Notes BLOCK in AUX, a struct partitions, if it is one of them. */
static void note_partition(struct block *block, void *aux) {
  struct partitions *partitions = aux;
  if (block->disk != partitions->disk) return;
  partitions->count++;
  if (partitions->swap == NULL && block->role == BLOCK_SWAP) partitions->swap = block;
}

/* All of DISK but its first page: a program's page there could pass for a partition table at the next
   boot. */
static struct block *behind_first_page(struct block *disk) {
  whole_disk = *disk;
  whole_disk.disk = disk;
  whole_disk.start = MIN(disk->sectors, SECTORS_PER_PAGE);
  whole_disk.sectors -= whole_disk.start;
  return &whole_disk;
}

/* What of DEVICE, which may be NULL, is used for swap: of a disk with partitions the one that is meant for
   it, since the others and their table are somebody's; of a disk without any all but the first page. */
static struct block *swap_part(struct block *device) {
  if (device == NULL || device->disk != NULL) return device;
  struct partitions partitions = {.disk = device};
  block_for_each(note_partition, &partitions);
  if (partitions.count == 0) return behind_first_page(device);
  if (partitions.swap == NULL)
    cmdline_refuse("%s cannot be swap: it has partitions, and none of them is for swap",
                   device->name);
  return partitions.swap;
}

/* Says that no swap is used, or why DEVICE cannot be. */
static struct block *usable_swap(struct block *device) {
  if (device == NULL) {
    kprintf("swap: no device; running without\n");
  } else if (device->sectors < SECTORS_PER_PAGE) {
    kprintf("swap: %s is too small for a single page; running without\n", device->name);
    return NULL;
  }
  return device;
}

/* Reads the clock; finds the disks and chooses. */
void devices_init(void) {
  clock_init();
  ide_init();
  device_filesys = choose(BLOCK_FILESYS, options.filesys);
  device_scratch = choose(BLOCK_SCRATCH, options.scratch);
  device_swap = choose(BLOCK_SWAP, options.swap);
  if (device_filesys == NULL) kprintf("filesys: no device; running without\n");
  if (device_swap != NULL && device_filesys != NULL && block_overlaps(device_swap, device_filesys))
    cmdline_refuse("%s cannot be swap: it holds the file system %s", device_swap->name,
                   device_filesys->name);
  device_swap = usable_swap(swap_part(device_swap));
}

/* Prints how much BLOCK was used for ROLE. */
static void print_stats(const struct block *block, enum block_role role) {
  if (block == NULL) return;
  kprintf("%s (%s): %llu reads, %llu writes\n", block->name, block_role_name(role),
          (unsigned long long)block->sectors_read, (unsigned long long)block->sectors_written);
}

/* Prints how many transfers of BLOCK, if it is a disk, did not go well at once. */
static void print_repeats(struct block *block, void *unused) {
  (void)unused;
  if (block->disk == NULL && block->repeats > 0)
    kprintf("%s: %u tried again\n", block->name, block->repeats);
}

/* Prints how much each was used, in sectors. */
void devices_print_stats(void) {
  print_stats(device_filesys, BLOCK_FILESYS);
  print_stats(device_scratch, BLOCK_SCRATCH);
  print_stats(device_swap, BLOCK_SWAP);
  block_for_each(print_repeats, NULL);
}
