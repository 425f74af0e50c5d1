/* Small blocks of kernel memory.

   A size class cuts pages ("slabs") into blocks of one size, with a header at the start of the page:

     | header | block | block | block | ... |

   A free block holds the link to the next free one.  Larger blocks are whole pages behind a header
   of their own.  Either header carries a magic number, so that a wrong pointer is noticed. */
#include "arch/i386/pmap.h"
#include "kern/memory.h"
#include "kern/page_alloc.h"
#include "kern/thread.h"
#include "lib/debug.h"
#include "lib/list.h"
#include "lib/string.h"

#define SLAB_MAGIC  0x536c6162u
#define LARGE_MAGIC 0x4c617267u
#define FRESH_BYTE  0xcd
#define FREED_BYTE  0xcc

struct free_block {
  struct free_block *next;
};

/* At the start of each page of blocks. */
struct slab {
  uint32_t magic;
  uint16_t class;
  uint16_t used; /* Blocks handed out. */
  struct free_block *free;
  struct list_node node; /* In its class's list while it has free blocks. */
};

/* Before each large block, at the start of a page. */
struct large {
  uint32_t magic;
  uint32_t pages;
};

static const uint16_t class_sizes[] = {8,  12, 16, 20, 24, 28,  32,  36,  40,  44,  48,  52,  56,
                                       60, 64, 80, 96, 136, 160, 192, 256, 384, 512, 1024, 2032};
#define CLASSES (sizeof class_sizes / sizeof class_sizes[0])

static struct list partial[CLASSES]; /* Slabs with free blocks. */
static size_t blocks_used, bytes_used;

/* The class for SIZE bytes, or CLASSES if it is too large for any. */
static unsigned class_of(size_t size) {
  if (size <= 64) return size <= 8 ? 0 : (size - 5) / 4;
  unsigned class = 15;
  while (class < CLASSES && class_sizes[class] < size) class++;
  return class;
}

/* Makes a fresh page a slab of CLASS; NULL if there is no page. */
static struct slab *slab_create(unsigned class) {
  struct slab *slab = page_alloc(1);
  if (slab == NULL) return NULL;
  size_t size = class_sizes[class];
  *slab = (struct slab){.magic = SLAB_MAGIC, .class = class};
  uint8_t *end = (uint8_t *)slab + PAGE_SIZE;
  for (uint8_t *at = (uint8_t *)(slab + 1); at + size <= end; at += size) {
    memset(at, FREED_BYTE, size);
    struct free_block *block = (struct free_block *)at;
    block->next = slab->free;
    slab->free = block;
  }
  list_push_front(&partial[class], &slab->node);
  return slab;
}

/* A block of CLASS, preemption disabled; NULL if there is no memory. */
static void *take_block(unsigned class) {
  struct list *list = &partial[class];
  if (list->head.next == NULL) list_init(list);
  struct list_node *node = list_first(list);
  struct slab *slab = node != NULL ? list_entry(node, struct slab, node) : slab_create(class);
  if (slab == NULL) return NULL;
  struct free_block *block = slab->free;
  slab->free = block->next;
  slab->used++;
  if (slab->free == NULL) list_remove(&slab->node);
  blocks_used++;
  bytes_used += class_sizes[class];
  return block;
}

/* SIZE bytes in pages of their own. */
static void *alloc_large(size_t size) {
  size_t pages = (size + sizeof(struct large) + PAGE_SIZE - 1) / PAGE_SIZE;
  struct large *large = page_alloc(pages);
  if (large == NULL) return NULL;
  *large = (struct large){LARGE_MAGIC, pages};
  preempt_disable();
  blocks_used++;
  bytes_used += pages * PAGE_SIZE;
  preempt_enable();
  return large + 1;
}

/* SIZE bytes filled with FRESH_BYTE; NULL if there is no memory. */
void *kmalloc(size_t size) {
  unsigned class = class_of(size);
  if (class == CLASSES) return alloc_large(size);
  preempt_disable();
  void *block = take_block(class);
  preempt_enable();
  if (block != NULL) memset(block, FRESH_BYTE, class_sizes[class]);
  return block;
}

/* SIZE bytes of zeroes; NULL if there is no memory. */
void *kzalloc(size_t size) {
  void *block = kmalloc(size);
  if (block != NULL) memset(block, 0, size);
  return block;
}

/* Gives back BLOCK to SLAB; a page without blocks in use goes back to the pool, unless it is the
   last with free blocks of its class. */
static void give_block(struct slab *slab, struct free_block *block) {
  size_t size = class_sizes[slab->class];
  ASSERT(((uint8_t *)block - (uint8_t *)(slab + 1)) % size == 0 && slab->used > 0);
  memset(block, FREED_BYTE, size);
  if (slab->free == NULL) list_push_front(&partial[slab->class], &slab->node);
  block->next = slab->free;
  slab->free = block;
  blocks_used--;
  bytes_used -= size;
  if (--slab->used > 0) return;
  list_remove(&slab->node);
  slab->magic = 0;
  page_free(slab, 1);
}

/* Gives BLOCK back. */
void kfree(void *block) {
  if (block == NULL) return;
  uint32_t *header = (uint32_t *)((uintptr_t)block & ~(uintptr_t)(PAGE_SIZE - 1));
  preempt_disable();
  if (*header == SLAB_MAGIC) {
    give_block((struct slab *)header, block);
  } else {
    struct large *large = (struct large *)header;
    ASSERT(large->magic == LARGE_MAGIC && (void *)(large + 1) == block);
    blocks_used--;
    bytes_used -= large->pages * PAGE_SIZE;
    large->magic = 0;
    page_free(large, large->pages);
  }
  preempt_enable();
}

/* What is in use. */
struct memory_stats memory_stats(void) {
  uint32_t total;
  uint32_t free = page_count_free(&total);
  return (struct memory_stats){free, total, blocks_used, bytes_used};
}
