/* Requests to the devices of the simulated machine, and the swap disk.

   A request takes a random time, so those of several threads overtake each other.  It moves its pages
   one by one, each at a moment of its own: who changes memory while it is being written, or looks at
   it before it has been read, is found out.  One that fails may have moved some, and spoils others. */
#include <stdlib.h>
#include <string.h>
#include "host/machine.h"
#include "host/threads.h"
#include "vm/error.h"
#include "vm/port.h"

#define SPOILT 0x5a

/* What each slot holds; NULL for one that was never written, which reads as spoilt. */
static uint8_t **slot_data;
static slot_t slot_count;

/* Gives the machine a swap disk of SLOTS pages. */
void disk_init(slot_t slots) {
  slot_count = slots;
  slot_data = host_alloc(slots * sizeof *slot_data);
}

/* Takes it away. */
void disk_finish(void) {
  for (slot_t slot = 0; slot < slot_count; slot++) free(slot_data[slot]);
  free(slot_data);
}

/* Copies what SLOT holds to PAGE. */
static void read_slot(slot_t slot, void *page) {
  if (slot_data[slot] == NULL)
    memset(page, SPOILT, VM_PAGE_SIZE);
  else
    memcpy(page, slot_data[slot], VM_PAGE_SIZE);
}

/* Makes SLOT hold what PAGE has. */
static void write_slot(slot_t slot, const void *page) {
  if (slot_data[slot] == NULL) slot_data[slot] = host_alloc(VM_PAGE_SIZE);
  memcpy(slot_data[slot], page, VM_PAGE_SIZE);
}

/* Makes SLOT hold nothing of use. */
static void spoil_slot(slot_t slot) {
  free(slot_data[slot]);
  slot_data[slot] = NULL;
}

/* Lets others run for a while. */
void disk_delay(void) {
  if (machine_options.latency > 0) thread_delay(sim_random(machine_options.latency) + 1);
}

bool port_swap_device(unsigned number, struct port_swap *device) {
  slot_t second = machine_options.second_slots, first = slot_count - second;
  if (number > 1 || (number == 1 && second == 0)) return false;
  *device = number == 0 ? (struct port_swap){first, 1}
                        : (struct port_swap){second, machine_options.striped ? 1 : 0};
  return true;
}

int port_swap_read(slot_t slot, unsigned count, void *const pages[]) {
  ASSERT(!port_vm_locked() && slot + count <= slot_count);
  bool fails = machine_fails(FAIL_SWAP_READ);
  for (unsigned i = 0; i < count; i++) {
    disk_delay();
    if (fails)
      memset(pages[i], SPOILT, VM_PAGE_SIZE);
    else
      read_slot(slot + i, pages[i]);
  }
  disk_delay();
  return fails ? VM_EIO : VM_OK;
}

int port_swap_write(slot_t slot, unsigned count, void *const pages[]) {
  ASSERT(!port_vm_locked() && slot + count <= slot_count);
  bool fails = machine_fails(FAIL_SWAP_WRITE);
  for (unsigned i = 0; i < count; i++) {
    disk_delay();
    if (fails)
      spoil_slot(slot + i);
    else
      write_slot(slot + i, pages[i]);
  }
  disk_delay();
  return fails ? VM_EIO : VM_OK;
}
