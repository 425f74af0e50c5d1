/* Starting what manages memory. */
#ifndef INIT_MEMORY_H
#define INIT_MEMORY_H

/* Divides RAM into the pools and makes the kernel's page tables.  Does not return if there is too
   little.  Before there are threads. */
void memory_start(void);
/* Starts the VM over the user pool and the swap device.  Does not return if there is too little
   memory.  After memory_start() and devices_init(); may sleep. */
void vm_start(void);

/* Shared between the two: what memory_start() made. */
extern struct memory_layout memory_layout;

#endif
