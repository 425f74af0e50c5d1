/* Memory in pieces of any size, from the heap.

   - Pieces are aligned to 8 bytes; malloc(0) gives a piece of its own.
   - NULL means that the heap cannot grow, or that no piece can be so large.
   - A large free end of the heap is given back to the kernel.
   - A pointer that is not one of a piece, a piece freed twice, and a written-over end of a piece
     are found where that is cheap, and end the program. */
#ifndef USER_MALLOC_H
#define USER_MALLOC_H

#include <stddef.h>

void *malloc(size_t size) __attribute__((malloc, warn_unused_result));
/* COUNT elements of SIZE bytes, all zero. */
void *calloc(size_t count, size_t size) __attribute__((malloc, warn_unused_result));
/* Makes PIECE of SIZE bytes, moving it if it must; NULL: there is no room, PIECE stays as it is. */
void *realloc(void *piece, size_t size) __attribute__((warn_unused_result));
void free(void *piece);
/* SIZE bytes at a multiple of ALIGNMENT, which is a power of two (NULL if not). */
void *aligned_alloc(size_t alignment, size_t size) __attribute__((malloc, warn_unused_result));

/* Bytes that can be used at PIECE, at least those that were asked for. */
size_t malloc_usable_size(const void *piece);
/* Walks the whole heap and panics at the first thing that is wrong with it.  Returns the bytes that
   it takes from the kernel now. */
size_t malloc_check(void);

#endif
