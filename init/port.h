/* The kernel's side of the VM's door (vm/port.h). */
#ifndef INIT_PORT_H
#define INIT_PORT_H

#include <stdint.h>

struct swap_choice;

/* Before vm_init(): where the user pool starts (a kernel address), and the swap devices
   (init/devices.h).
   The frame after the last one of the pool becomes the zero frame, so a pool of N+1 frames is
   given to vm_init() as N. */
void port_init(void *user_pool, const struct swap_choice *swap);

/* After vm_init(): lets the kernel borrow free frames when its own pool runs out of pages. */
void port_lend_frames(void);

#endif
