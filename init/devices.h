/* Which block device serves which purpose. */
#ifndef INIT_DEVICES_H
#define INIT_DEVICES_H

#include "vm/swap.h"

struct block;

/* A swap device: those with higher priorities are used first, equal ones in turn. */
struct swap_choice {
  struct block *block;
  int priority;
};

/* What was chosen; NULL: nothing. */
extern struct block *device_filesys;
/* The highest priority first; a block of NULL ends it. */
extern struct swap_choice device_swaps[SWAP_DEVICES_MAX + 1];

/* Finds the disks and chooses by the options, or the first of each role.  Says what is missing;
   does not return if an option names a device that is not there.  Sleeps. */
void devices_init(void);

/* Prints how much each was used. */
void devices_print_stats(void);

#endif
