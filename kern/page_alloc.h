/* What kmalloc() needs to know of the kernel pool besides kern/memory.h. */
#ifndef KERN_PAGE_ALLOC_H
#define KERN_PAGE_ALLOC_H

#include <stdint.h>

/* Pages of the kernel pool that are free, and all of them in *TOTAL. */
uint32_t page_count_free(uint32_t *total);

#endif
