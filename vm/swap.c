/* The swap table. */
#include "vm/swap.h"
#include "lib/bitmap.h"
#include "lib/round.h"
#include "vm/event.h"
#include "vm/port.h"

/* A swap device, and which of its slots are taken. */
struct device {
  slot_t first; /* Of its slots. */
  struct bitmap taken;
  slot_t hint; /* Where the last search ended: neighbours in time become neighbours on disk. */
  int priority;
  bool failed; /* A write to it failed: it is for when there is no other. */
};

static struct device devices[SWAP_DEVICES_MAX]; /* The highest priority first. */
static unsigned device_count, last;             /* The last is the one that gave slots last. */
static slot_t total, used, bad;

/* Adds what WANTED says; false if there is no memory. */
static bool add_device(const struct port_swap *wanted) {
  uint32_t *words = port_alloc(MAX(BITMAP_WORDS(wanted->slots), 1u) * sizeof *words);
  if (words == NULL) return false;
  struct device *device = &devices[device_count++];
  *device = (struct device){.first = total, .priority = wanted->priority};
  bitmap_init(&device->taken, words, wanted->slots);
  total += wanted->slots;
  return true;
}

/* Sets up the table for all slots of all devices. */
bool swap_init(void) {
  struct port_swap wanted;
  total = used = bad = 0;
  device_count = last = 0;
  while (device_count < SWAP_DEVICES_MAX && port_swap_device(device_count, &wanted))
    if (!add_device(&wanted)) return false;
  return true;
}

/* The device of SLOT, one of a device. */
static struct device *device_of(slot_t slot) {
  struct device *device = devices;
  ASSERT(slot < total);
  while (slot - device->first >= device->taken.bits) device++;
  return device;
}

/* Takes COUNT neighbouring slots of DEVICE, the first in *SLOT; whether there are such. */
static bool take_run(struct device *device, unsigned count, slot_t *slot) {
  uint32_t first = bitmap_find_run(&device->taken, device->hint, count, 1);
  if (first == BITMAP_NONE) return false;
  bitmap_set_run(&device->taken, first, count);
  used += count;
  device->hint = first + count < device->taken.bits ? first + count : 0;
  last = device - devices;
  *slot = device->first + first;
  event_trace(SLOTS, 0, 0, *slot, count);
  return true;
}

/* Takes slots as swap_alloc() does, of the devices with PRIORITY that have failed or not: of the one behind that which
   gave the last, if it has enough in one run, else of the next. */
static unsigned alloc_of(int priority, bool failed, unsigned count, slot_t *slot) {
  for (; count > 0; count /= 2)
    for (unsigned i = 1; i <= device_count; i++) {
      struct device *device = &devices[(last + i) % device_count];
      if (device->priority != priority || device->failed != failed) continue;
      if (take_run(device, count, slot)) return count;
    }
  return 0;
}

/* Takes up to COUNT neighbouring slots: as many as there are in one run, halving what is asked for
   until a run is found; on the device with the highest priority that has any. */
unsigned swap_alloc(unsigned count, slot_t *slot) {
  ASSERT(port_vm_locked());
  if (swap_free_count() == 0) return 0;
  for (int failed = 0; failed <= 1; failed++)
    for (unsigned i = 0; i < device_count; i++) {
      if (i > 0 && devices[i].priority == devices[i - 1].priority) continue;
      unsigned got = alloc_of(devices[i].priority, failed, count, slot);
      if (got > 0) return got;
    }
  return 0;
}

/* Frees SLOT. */
void swap_free(slot_t slot) {
  struct device *device = device_of(slot);
  ASSERT(bitmap_test(&device->taken, slot - device->first));
  bitmap_clear(&device->taken, slot - device->first);
  used--;
  event_trace(SLOT_FREE, 0, 0, slot);
}

/* Takes the device of SLOT out of its turn. */
bool swap_device_failed(slot_t slot) {
  device_of(slot)->failed = true;
  bool others = false;
  for (unsigned i = 0; i < device_count; i++) {
    const struct device *device = &devices[i];
    if (!device->failed && bitmap_find_run(&device->taken, device->hint, 1, 1) != BITMAP_NONE)
      others = true;
  }
  return others;
}

/* SLOT stays taken, but by nobody. */
void swap_mark_bad(slot_t slot) {
  ASSERT(swap_is_taken(slot));
  used--;
  bad++;
  event_note(SLOT_BAD, 0, 0, slot);
}

/* Whether SLOT is taken, or bad. */
bool swap_is_taken(slot_t slot) {
  if (slot >= total) return false;
  const struct device *device = device_of(slot);
  return bitmap_test(&device->taken, slot - device->first);
}

/* Slots on all devices. */
slot_t swap_total(void) {
  return total;
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
  return total - used - bad;
}
