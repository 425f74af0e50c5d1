/* The swap table: which slots of the swap devices are taken.

   Those of the device with the highest priority go first; devices of equal priority give runs of slots in turn.
   One to which a write failed comes last from then on.

   A slot is taken when a page leaves for it and free again as soon as the page is back in a frame
   or dead; with -swap-keep, when it was written since and leaves again.  One that cannot be written is never used
   again.  All functions but swap_init(): VM lock.  None sleeps. */
#ifndef VM_SWAP_H
#define VM_SWAP_H

#include <stdbool.h>
#include "vm/types.h"

#define SWAP_DEVICES_MAX 4

/* Sets up the table for all slots of all devices; false if there is no memory. */
bool swap_init(void);
/* Takes up to COUNT neighbouring slots of one device, the first in *SLOT; how many, 0 if swap is full. */
unsigned swap_alloc(unsigned count, slot_t *slot);
/* Frees SLOT, which is taken. */
void swap_free(slot_t slot);
/* Has the device of SLOT, to which a write failed, come last from now on.  Whether another one that has not failed has
   a free slot. */
bool swap_device_failed(slot_t slot);
/* Takes SLOT, which is taken, out of use for good. */
void swap_mark_bad(slot_t slot);
/* Whether SLOT holds a page or is bad. */
bool swap_is_taken(slot_t slot);

/* Slots on all devices. */
slot_t swap_total(void);
/* Slots that hold a page. */
slot_t swap_used(void);
/* Slots out of use. */
slot_t swap_bad(void);
/* Slots that can still be taken. */
slot_t swap_free_count(void);

#endif
