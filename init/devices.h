/* Which block device serves which purpose. */
#ifndef INIT_DEVICES_H
#define INIT_DEVICES_H

struct block;

/* What was chosen; NULL: nothing. */
extern struct block *device_filesys, *device_swap;

/* Finds the disks and chooses by the options, or the first of each role.  Says what is missing;
   does not return if an option names a device that is not there.  Sleeps. */
void devices_init(void);

/* Prints how much each was used. */
void devices_print_stats(void);

#endif
