/* malloc and friends: blocks with boundary tags in bins by size.

   The heap is a row of blocks, each a header word and what follows up to the next header:

     used   | size, USED, PREVIOUS_USED | the piece                          |
     free   | size,       PREVIOUS_USED | next | previous | ...       | size |

   Sizes are multiples of 8 and count the header; pieces stand at multiples of 8.  PREVIOUS_USED says
   of the block before whether it is in use: if it is not, its size stands right before the header,
   so both neighbours are found in constant time and no two free blocks ever touch.  The row ends
   with a header of size 0 that is in use.  When somebody else moved the break meanwhile, that end
   becomes a used block over what is his, and the row goes on behind it.

   Free blocks hang in bins: one for each size below 256 bytes, then four for each power of two.  The
   bits of bins_used find the next bin that holds something; whatever lies there is large enough. */
#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <vm.h>
#include "lib/round.h"

#define ALIGNMENT     8u
#define USED          1u
#define PREVIOUS_USED 2u
#define FLAGS         7u
#define HEADER_SIZE   4u
#define BLOCK_MIN     16u
#define PIECE_MAX     0x7ffe0000u
#define GROW_STEP     0x10000u /* Untouched memory costs nothing, so a step may be large. */
#define TRIM_SIZE     0x20000u /* A free end of this size goes back, all but GROW_STEP. */
#define BIN_COUNT     128
#define BIN_TRIES     16 /* Blocks of the piece's own bin that are looked at. */
#define SMALL_SIZE    256u
#define BREAK_MAX     0xfffff000u /* No break, but an error, or too near the end of addresses. */

struct block {
  uint32_t header;
  /* In a free block only; in a used one the piece starts here. */
  struct block *next, *previous;
};

static struct block *bins[BIN_COUNT];
static uint32_t bins_used[BIN_COUNT / 32];
static struct block *first, *last; /* The row's ends; NULL before the first piece. */

/* The bytes of BLOCK, header included. */
static uint32_t block_size(const struct block *block) {
  return block->header & ~FLAGS;
}

/* The block OFFSET bytes after BLOCK (before it, if negative). */
static struct block *block_at(struct block *block, int32_t offset) {
  return (struct block *)((char *)block + offset);
}

/* The block after BLOCK. */
static struct block *block_after(struct block *block) {
  return block_at(block, (int32_t)block_size(block));
}

/* The word before BLOCK's header: the size of the block before, if that is free. */
static uint32_t *size_before(struct block *block) {
  return (uint32_t *)block - 1;
}

/* The piece of BLOCK. */
static void *piece_of(struct block *block) {
  return (char *)block + HEADER_SIZE;
}

/* The block of PIECE, which must be one in use. */
static struct block *block_of(const void *piece) {
  struct block *block = (struct block *)((char *)piece - HEADER_SIZE);
  ASSERT((uintptr_t)piece % ALIGNMENT == 0);
  ASSERT(first != NULL && block >= first && block < last);
  ASSERT((block->header & USED) != 0 && block_size(block) >= BLOCK_MIN);
  ASSERT(block_size(block) <= (uint32_t)((char *)last - (char *)block));
  ASSERT((block_after(block)->header & PREVIOUS_USED) != 0);
  return block;
}

/* The bytes of a block for a piece of SIZE bytes, which is at most PIECE_MAX. */
static uint32_t size_for(size_t size) {
  uint32_t bytes = ROUND_UP((uint32_t)size + HEADER_SIZE, ALIGNMENT);
  return MAX(bytes, BLOCK_MIN);
}

/* The bin of free blocks of SIZE bytes. */
static unsigned bin_of(uint32_t size) {
  if (size < SMALL_SIZE) return size / ALIGNMENT;
  unsigned log = 31 - (unsigned)__builtin_clz(size);
  return 32 + (log - 8) * 4 + (size >> (log - 2)) % 4;
}

/* Makes BLOCK a free block of SIZE bytes between used ones and puts it into its bin. */
static void bin_add(struct block *block, uint32_t size) {
  unsigned bin = bin_of(size);
  block->header = size | PREVIOUS_USED;
  block->previous = NULL;
  block->next = bins[bin];
  if (block->next != NULL) block->next->previous = block;
  bins[bin] = block;
  bins_used[bin / 32] |= 1u << bin % 32;
  struct block *after = block_after(block);
  *size_before(after) = size;
  after->header &= ~PREVIOUS_USED;
}

/* Takes the free BLOCK out of its bin. */
static void bin_remove(struct block *block) {
  unsigned bin = bin_of(block_size(block));
  ASSERT((block->header & FLAGS) == PREVIOUS_USED);
  ASSERT(*size_before(block_after(block)) == block_size(block));
  ASSERT(block->next == NULL || block->next->previous == block);
  if (block->next != NULL) block->next->previous = block->previous;
  if (block->previous != NULL) {
    ASSERT(block->previous->next == block);
    block->previous->next = block->next;
    return;
  }
  ASSERT(bins[bin] == block);
  bins[bin] = block->next;
  if (block->next == NULL) bins_used[bin / 32] &= ~(1u << bin % 32);
}

/* The first bin from BIN on that holds something, or BIN_COUNT. */
static unsigned bin_lookup(unsigned bin) {
  for (unsigned word = bin / 32; word < BIN_COUNT / 32; word++) {
    uint32_t bits = bins_used[word];
    if (word == bin / 32) bits &= ~0u << bin % 32;
    if (bits != 0) return word * 32 + (unsigned)__builtin_ctz(bits);
  }
  return BIN_COUNT;
}

/* A free block of at least SIZE bytes, taken out of its bin, or NULL. */
static struct block *block_lookup(uint32_t size) {
  unsigned bin = bin_of(size), tries = BIN_TRIES;
  struct block *block = bins[bin];
  while (block != NULL && block_size(block) < size && --tries > 0) block = block->next;
  if (block == NULL || block_size(block) < size) {
    bin = bin_lookup(bin + 1);
    if (bin == BIN_COUNT) return NULL;
    block = bins[bin];
  }
  bin_remove(block);
  return block;
}

/* Puts the SIZE bytes from BLOCK on, which nobody uses and no bin holds, into a bin, together with
   free neighbours.  The block before is free if BLOCK's header says so.  Returns the free block. */
static struct block *release(struct block *block, uint32_t size) {
  struct block *after = block_at(block, (int32_t)size);
  if ((block->header & PREVIOUS_USED) == 0) {
    uint32_t before = *size_before(block);
    struct block *previous = block_at(block, -(int32_t)before);
    ASSERT(previous >= first && block_size(previous) == before);
    bin_remove(previous);
    block = previous;
    size += before;
  }
  if ((after->header & USED) == 0) {
    size += block_size(after);
    bin_remove(after);
  }
  bin_add(block, size);
  return block;
}

/* Starts the row at the break, or goes on behind what somebody else took there.  The heap's pages
   from the break on, at least BLOCK_MIN bytes, are what the caller grows into next. */
static bool row_begin(void) {
  uintptr_t end = (uintptr_t)sbrk(0);
  if (end >= BREAK_MAX) return false;
  uintptr_t start = ROUND_UP(end + HEADER_SIZE, ALIGNMENT) - HEADER_SIZE;
  if (sbrk((intptr_t)(start - end + HEADER_SIZE)) != (void *)end) return false;
  struct block *begin = (struct block *)start;
  begin->header = USED | PREVIOUS_USED;
  if (last == NULL) {
    first = begin;
  } else {
    ASSERT(begin > last);
    last->header |= (uint32_t)((char *)begin - (char *)last);
  }
  last = begin;
  return true;
}

/* Whether the row's end is the break. */
static bool row_is_at_break(void) {
  return last != NULL && sbrk(0) == (char *)last + HEADER_SIZE;
}

/* Moves the break, which is the row's end, by DELTA bytes; false if it stays. */
static bool move_break(intptr_t delta) {
  return sbrk(delta) == (char *)last + HEADER_SIZE;
}

/* Makes the row longer by at least SIZE bytes and returns the free block at its end, in no bin, or
   NULL. */
static struct block *grow(uint32_t size) {
  if (!row_is_at_break() && !row_begin()) return NULL;
  ASSERT((last->header & ~PREVIOUS_USED) == USED); /* Not if the break was moved down below it. */
  uint32_t before = last->header & PREVIOUS_USED ? 0 : *size_before(last);
  uint32_t step = size > before + BLOCK_MIN ? size - before : BLOCK_MIN;
  uint32_t wish = ROUND_UP(step, GROW_STEP);
  if (!move_break((intptr_t)wish)) {
    wish = step;
    if (!move_break((intptr_t)wish)) return NULL;
  }
  struct block *block = last;
  last = block_at(last, (int32_t)wish);
  last->header = USED | PREVIOUS_USED;
  block = release(block, wish);
  bin_remove(block);
  return block;
}

/* Gives memory back if the free block BLOCK is the end of the row and large. */
static void trim(struct block *block) {
  uint32_t size = block_size(block);
  if (size < TRIM_SIZE || block_after(block) != last || !row_is_at_break()) return;
  uint32_t keep = GROW_STEP, give = size - keep;
  bin_remove(block);
  if (move_break(-(intptr_t)give)) {
    last = block_at(block, (int32_t)keep);
    last->header = USED | PREVIOUS_USED;
    size = keep;
  }
  bin_add(block, size);
}

/* Makes BLOCK, of SIZE bytes and in no bin, a used one of NEEDED bytes; gives back the rest. */
static void use(struct block *block, uint32_t size, uint32_t needed) {
  uint32_t rest = size - needed;
  if (rest < BLOCK_MIN) needed = size;
  block->header = needed | USED | (block->header & PREVIOUS_USED);
  struct block *after = block_after(block);
  if (needed == size) {
    after->header |= PREVIOUS_USED;
    return;
  }
  after->header = PREVIOUS_USED;
  trim(release(after, rest));
}

/* SIZE bytes. */
void *malloc(size_t size) {
  if (size > PIECE_MAX) return NULL;
  uint32_t needed = size_for(size);
  struct block *block = block_lookup(needed);
  if (block == NULL) block = grow(needed);
  if (block == NULL) return NULL;
  use(block, block_size(block), needed);
  return piece_of(block);
}

/* COUNT elements of SIZE bytes, zero. */
void *calloc(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
  void *piece = malloc(bytes);
  if (piece != NULL) memset(piece, 0, bytes);
  return piece;
}

/* Gives PIECE back. */
void free(void *piece) {
  if (piece == NULL) return;
  struct block *block = block_of(piece);
  block->header &= ~USED;
  trim(release(block, block_size(block)));
}

/* Makes the used BLOCK at least NEEDED bytes large where it stands; false if it cannot. */
static bool extend(struct block *block, uint32_t needed) {
  struct block *after = block_after(block);
  uint32_t size = block_size(block);
  uint32_t more = after->header & USED ? 0 : block_size(after);
  if (size + more < needed) {
    bool at_end = after == last || block_at(after, (int32_t)more) == last;
    if (!at_end || !row_is_at_break()) return false;
    after = grow(needed - size);
    if (after == NULL) return false;
    more = block_size(after);
  } else {
    bin_remove(after);
  }
  use(block, size + more, needed);
  return true;
}

/* Makes PIECE of SIZE bytes. */
void *realloc(void *piece, size_t size) {
  if (piece == NULL) return malloc(size);
  if (size > PIECE_MAX) return NULL;
  struct block *block = block_of(piece);
  uint32_t old = block_size(block), needed = size_for(size);
  if (needed <= old) {
    use(block, old, needed);
    return piece;
  }
  if (extend(block, needed)) return piece;
  void *copy = malloc(size);
  if (copy == NULL) return NULL;
  memcpy(copy, piece, old - HEADER_SIZE);
  free(piece);
  return copy;
}

/* SIZE bytes at a multiple of ALIGNMENT: a piece with room in front, which is given back. */
void *aligned_alloc(size_t alignment, size_t size) {
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) return NULL;
  if (alignment <= ALIGNMENT) return malloc(size);
  if (alignment > PIECE_MAX / 2 || size > PIECE_MAX / 2) return NULL;
  char *piece = malloc(size + alignment + BLOCK_MIN);
  if (piece == NULL) return NULL;
  struct block *block = block_of(piece);
  uint32_t old = block_size(block), front = (uint32_t)(-(uintptr_t)piece % alignment);
  if (front != 0 && front < BLOCK_MIN) front += (uint32_t)alignment;
  if (front != 0) {
    struct block *aligned = block_at(block, (int32_t)front);
    aligned->header = (old - front) | USED | PREVIOUS_USED;
    block->header &= ~USED;
    release(block, front);
    block = aligned;
  }
  use(block, old - front, size_for(size));
  return piece_of(block);
}

/* The bytes of PIECE. */
size_t malloc_usable_size(const void *piece) {
  return piece == NULL ? 0 : block_size(block_of(piece)) - HEADER_SIZE;
}

/* Counts the blocks of BIN and looks at each. */
static unsigned check_bin(unsigned bin) {
  unsigned count = 0;
  const struct block *previous = NULL;
  ASSERT((bins[bin] != NULL) == ((bins_used[bin / 32] >> bin % 32) & 1));
  for (struct block *block = bins[bin]; block != NULL; block = block->next, count++) {
    ASSERT(block->previous == previous && bin_of(block_size(block)) == bin);
    previous = block;
  }
  return count;
}

/* Walks the row and the bins. */
size_t malloc_check(void) {
  unsigned free_blocks = 0;
  bool used = true;
  if (first == NULL) return 0;
  struct block *block = first;
  for (; block != last; block = block_after(block)) {
    ASSERT(block < last && block_size(block) >= ALIGNMENT);
    ASSERT(((block->header & PREVIOUS_USED) != 0) == used);
    ASSERT(used || (block->header & USED));
    used = block->header & USED;
    if (used) continue;
    ASSERT(*size_before(block_after(block)) == block_size(block));
    free_blocks++;
  }
  ASSERT(block_size(last) == 0 && ((last->header & PREVIOUS_USED) != 0) == used);
  for (unsigned bin = 0; bin < BIN_COUNT; bin++) free_blocks -= check_bin(bin);
  ASSERT(free_blocks == 0);
  return (size_t)((char *)last - (char *)first) + HEADER_SIZE;
}
