/* The swap table. */
#include "vm/swap.h"
#include "lib/bitmap.h"
#include "lib/round.h"
#include "vm/port.h"

static struct bitmap taken;
static slot_t used, bad;
static bool retired; /* No slot is taken any more. */
static slot_t hint; /* Where the last search ended: neighbours in time become neighbours on disk. */

/* Sets up the table for all slots of the device. */
bool swap_init(void) {
  slot_t slots = port_swap_slots();
  used = bad = hint = 0;
  retired = false;
  uint32_t *words = port_alloc(MAX(BITMAP_WORDS(slots), 1u) * sizeof *words);
  if (words == NULL) return false;
  bitmap_init(&taken, words, slots);
  return true;
}

/* Takes up to COUNT neighbouring slots: as many as there are in one run, halving what is asked for
   until a run is found. */
unsigned swap_alloc(unsigned count, slot_t *slot) {
  ASSERT(port_vm_locked());
  for (; count > 0 && used + bad < taken.bits; count /= 2) {
    uint32_t first = bitmap_find_run(&taken, hint, count, 1);
    if (first == BITMAP_NONE) continue;
    bitmap_set_run(&taken, first, count);
    used += count;
    hint = first + count < taken.bits ? first + count : 0;
    *slot = first;
    return count;
  }
  return 0;
}

/* Frees SLOT. */
void swap_free(slot_t slot) {
  ASSERT(slot < taken.bits && bitmap_test(&taken, slot));
  if (retired) {
    swap_mark_bad(slot);
    return;
  }
  bitmap_clear(&taken, slot);
  used--;
}

/* SLOT stays taken, but by nobody. */
void swap_mark_bad(slot_t slot) {
  ASSERT(slot < taken.bits && bitmap_test(&taken, slot));
  used--;
  bad++;
}

/* All slots that are free count as bad from now on, and others as soon as they would be free. */
void swap_retire(void) {
  ASSERT(port_vm_locked() && used + bad <= taken.bits);
  retired = true;
  bad = taken.bits - used;
}

/* Whether SLOT is taken, or bad. */
bool swap_is_taken(slot_t slot) {
  return slot < taken.bits && bitmap_test(&taken, slot);
}

/* Slots on the device. */
slot_t swap_total(void) {
  return taken.bits;
}

/* Slots that hold a page. */
slot_t swap_used(void) {
  return used;
}

/* Slots that could not be written. */
slot_t swap_bad(void) {
  return bad;
}

/* Slots that can still be taken. */
slot_t swap_free_count(void) {
  return taken.bits - used - bad;
}
