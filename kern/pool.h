/* Inside kern/: the kernel pool's pages, as page_alloc.c has them and kmalloc.c uses them. */
#ifndef KERN_POOL_H
#define KERN_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POISON_WORD 0xccccccccu

/* COUNT pages in a row, the first at a multiple of ALIGN pages, with whatever is in them; NULL if
   there are none. */
void *pool_take(size_t count, size_t align);
/* Gives the run of pages that begins at PAGE back. */
void pool_give(void *page);
/* The pages of the run that begins at PAGE, 0 if none does. */
size_t pool_run(const void *page);
/* Pages free, and in all. */
size_t pool_free(void);
size_t pool_total(void);

#endif
