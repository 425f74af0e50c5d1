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
#include "lib/string.h"

#define SECTORS_PER_PAGE (PAGE_SIZE / SECTOR_SIZE)
#define PRIORITY_LIMIT   10000

struct block *device_filesys;
struct swap_choice device_swaps[SWAP_DEVICES_MAX + 1];
static struct block *device_scratch;
static struct block
    whole_disks[SWAP_DEVICES_MAX]; /* For swap, all of disks but their first pages. */
static unsigned whole_disk_count;

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
  struct block *whole = &whole_disks[whole_disk_count++];
  *whole = *disk;
  whole->disk = disk;
  whole->start = MIN(disk->sectors, SECTORS_PER_PAGE);
  whole->sectors -= whole->start;
  return whole;
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

/* Puts DEVICE among device_swaps, of which there are COUNT, behind those with no lower PRIORITY. */
static void insert_swap(struct block *device, int priority, unsigned count) {
  unsigned at = count;
  for (; at > 0 && device_swaps[at - 1].priority < priority; at--)
    device_swaps[at] = device_swaps[at - 1];
  device_swaps[at] = (struct swap_choice){device, priority};
}

/* Whether DEVICE is among the first COUNT of device_swaps, or a part of it or more than it is. */
static bool is_swap_already(const struct block *device, unsigned count) {
  for (unsigned i = 0; i < count; i++)
    if (block_overlaps(device, device_swaps[i].block)) return true;
  return false;
}

/* Uses DEVICE with PRIORITY for swap, beside COUNT others, if it is large enough; how many there are then. */
static unsigned use_swap(struct block *device, int priority, unsigned count) {
  if (device_filesys != NULL && block_overlaps(device, device_filesys))
    cmdline_refuse("%s cannot be swap: it holds the file system %s", device->name,
                   device_filesys->name);
  device = swap_part(device);
  if (is_swap_already(device, count)) cmdline_refuse("%s is swap twice", device->name);
  if (device->sectors < SECTORS_PER_PAGE) {
    kprintf("swap: %s is too small for a single page; running without\n", device->name);
    return count;
  }
  insert_swap(device, priority, count);
  return count + 1;
}

/* The priority in *TEXT, `:' and a number that may be negative, which moves on behind it; DEFAULT_PRIORITY if there is
   none. */
static int parse_priority(const char **text, int default_priority) {
  if (**text != ':') return default_priority;
  bool negative = *++*text == '-';
  int number = 0;
  if (negative) ++*text;
  const char *digits = *text;
  for (; **text >= '0' && **text <= '9' && number < PRIORITY_LIMIT; ++*text)
    number = number * 10 + (**text - '0');
  if (*text == digits || (**text != ',' && **text != '\0'))
    cmdline_refuse("bad priority in -swap: it is BDEV:NUMBER, several with commas between");
  return negative ? -number : number;
}

/* Finds the swap devices that TEXT names, BDEV[:PRIORITY],...; those without a priority have -1, -2, ... */
static void choose_swaps(const char *text) {
  unsigned count = 0;
  bool more = true;
  for (int next = -1; more; next--) {
    char name[sizeof device_filesys->name];
    size_t length = strcspn(text, ":,");
    if (next < -SWAP_DEVICES_MAX)
      cmdline_refuse("too many swap devices: %u at most", SWAP_DEVICES_MAX);
    if (length >= sizeof name) cmdline_refuse("no such block device `%s' for -swap", text);
    memcpy(name, text, length);
    name[length] = '\0';
    text += length;
    int priority = parse_priority(&text, next);
    more = *text == ',';
    text += more;
    count = use_swap(choose(BLOCK_SWAP, name), priority, count);
  }
}

/* Chooses what swap there is: what is named, or else the first device that is meant for it. */
static void find_swap(void) {
  struct block *first = options.swap == NULL ? choose(BLOCK_SWAP, NULL) : NULL;
  if (options.swap != NULL)
    choose_swaps(options.swap);
  else if (first != NULL)
    use_swap(first, -1, 0);
  else
    kprintf("swap: no device; running without\n");
}

/* Reads the clock; finds the disks and chooses. */
void devices_init(void) {
  clock_init();
  ide_init();
  device_filesys = choose(BLOCK_FILESYS, options.filesys);
  device_scratch = choose(BLOCK_SCRATCH, options.scratch);
  if (device_filesys == NULL) kprintf("filesys: no device; running without\n");
  find_swap();
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
  for (unsigned i = 0; device_swaps[i].block != NULL; i++)
    print_stats(device_swaps[i].block, BLOCK_SWAP);
  block_for_each(print_repeats, NULL);
}
