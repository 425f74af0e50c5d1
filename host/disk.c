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

static uint8_t *swap_disk;
static slot_t slot_count;

/* Gives the machine a swap disk of SLOTS pages. */
void disk_init(slot_t slots) {
  slot_count = slots;
  swap_disk = malloc(slots * VM_PAGE_SIZE + 1);
  memset(swap_disk, SPOILT, slots * VM_PAGE_SIZE + 1);
}

/* Takes it away. */
void disk_finish(void) {
  free(swap_disk);
}

/* Lets others run for a while. */
void disk_delay(void) {
  if (machine_options.latency > 0) thread_delay(sim_random(machine_options.latency) + 1);
}

slot_t port_swap_slots(void) {
  return slot_count;
}

int port_swap_read(slot_t slot, unsigned count, void *const pages[]) {
  ASSERT(!port_vm_locked() && slot + count <= slot_count);
  bool fails = machine_fails(FAIL_SWAP_READ);
  for (unsigned i = 0; i < count; i++) {
    disk_delay();
    if (fails)
      memset(pages[i], SPOILT, VM_PAGE_SIZE);
    else
      memcpy(pages[i], swap_disk + (slot + i) * VM_PAGE_SIZE, VM_PAGE_SIZE);
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
      memset(swap_disk + (slot + i) * VM_PAGE_SIZE, SPOILT, VM_PAGE_SIZE);
    else
      memcpy(swap_disk + (slot + i) * VM_PAGE_SIZE, pages[i], VM_PAGE_SIZE);
  }
  disk_delay();
  return fails ? VM_EIO : VM_OK;
}
