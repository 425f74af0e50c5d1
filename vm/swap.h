/* The swap table: which slots of the swap device are taken.

   A slot is taken when a page leaves for it and free again as soon as the page is back in a frame
   or dead; with -swap-keep, when it was written since and leaves again.  One that cannot be written is never used
   again.  All functions but swap_init(): VM lock.  None sleeps. */
#ifndef VM_SWAP_H
#define VM_SWAP_H

#include <stdbool.h>
#include "vm/types.h"

/* Sets up the table for all slots of the device; false if there is no memory. */
bool swap_init(void);
/* Takes up to COUNT neighbouring slots, the first in *SLOT; how many, 0 if swap is full. */
unsigned swap_alloc(unsigned count, slot_t *slot);
/* Frees SLOT, which is taken. */
void swap_free(slot_t slot);
/* Takes SLOT, which is taken, out of use for good. */
void swap_mark_bad(slot_t slot);
/* Takes all slots out of use for good that are free, now or later: the device takes no writes. */
void swap_retire(void);
/* Whether SLOT holds a page or is bad. */
bool swap_is_taken(slot_t slot);

/* Slots on the device. */
slot_t swap_total(void);
/* Slots that hold a page. */
slot_t swap_used(void);
/* Slots out of use. */
slot_t swap_bad(void);
/* Slots that can still be taken. */
slot_t swap_free_count(void);

#endif
