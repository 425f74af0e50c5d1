/* Small blocks: slabs of one page, each holding blocks of one size.

   A slab begins with its header, followed by a bitmap of the blocks in use and the blocks
   themselves.  Slabs with room stand in their class's list; one that becomes empty is given back at
   once.  Blocks above the largest class are runs of whole pages, which makes them page-aligned:
   no block of a slab is. */
#include "arch/i386/memory.h"
#include "arch/i386/pmap.h"
#include "kern/memory.h"
#include "kern/pool.h"
#include "kern/thread.h"
#include "lib/bitmap.h"
#include "lib/debug.h"
#include "lib/list.h"
#include "lib/round.h"
#include "lib/string.h"

#define SLAB_MAGIC  0x51ab51abu
#define SMALL_STEP  4 /* Sizes up to SMALL_MAX are multiples of this; */
#define SMALL_MAX   64
#define SMALL_COUNT (SMALL_MAX / SMALL_STEP)
#define LARGE_COUNT 9 /* those above are these. */
#define CLASS_COUNT (SMALL_COUNT + LARGE_COUNT)

static const uint16_t large_sizes[LARGE_COUNT] = {80, 96, 132, 192, 256, 384, 512, 664, 1024};

struct size_class {
  uint32_t size;     /* Bytes of a block. */
  uint32_t blocks;   /* In a slab. */
  uint32_t offset;   /* Of the first block in a slab. */
  uint32_t used;     /* Blocks in all slabs. */
  struct list slabs; /* Those with room. */
};

struct slab {
  uint32_t magic;
  struct size_class *class;
  struct list_node node; /* Not listed if the slab is full. */
  uint32_t used;
  uint32_t hint; /* Words of the bitmap before this one are full. */
  uint32_t bits[];
};

/* All guarded by preemption being disabled. */
static struct size_class classes[CLASS_COUNT];
static size_t large_blocks, large_bytes;

/* Finds how many blocks of SIZE a slab holds besides its header and bitmap. */
static void class_init(struct size_class *class, uint16_t size) {
  unsigned room = PAGE_SIZE - sizeof(struct slab);
  unsigned blocks = room / size;
  while (BITMAP_WORDS(blocks) * 4 + blocks * size > room) blocks--;
  class->size = size;
  class->blocks = blocks;
  class->offset = PAGE_SIZE - blocks * size;
  class->used = 0;
  list_init(&class->slabs);
}

/* Sets up the classes, without any slab. */
void kmalloc_init(void) {
  for (unsigned i = 0; i < SMALL_COUNT; i++)
    class_init(&classes[i], (uint16_t)((i + 1) * SMALL_STEP));
  for (unsigned i = 0; i < LARGE_COUNT; i++) class_init(&classes[SMALL_COUNT + i], large_sizes[i]);
}

/* The class for blocks of SIZE bytes, or NULL if they are made of pages. */
static struct size_class *find_class(size_t size) {
  if (size <= SMALL_MAX) return &classes[size == 0 ? 0 : (size - 1) / SMALL_STEP];
  for (unsigned i = SMALL_COUNT; i < CLASS_COUNT; i++)
    if (size <= classes[i].size) return &classes[i];
  return NULL;
}

/* A new empty slab of CLASS, listed; NULL if there is no page.  To get that may take sleep, so preemption, off,
   is on meanwhile. */
__attribute__((noinline)) static struct slab *slab_create(struct size_class *class) {
  preempt_enable();
  struct slab *slab = pool_take(1, 1);
  preempt_disable();
  if (slab == NULL) return NULL;
  *slab = (struct slab){.magic = SLAB_MAGIC, .class = class};
  memset(slab->bits, 0, BITMAP_WORDS(class->blocks) * sizeof *slab->bits);
  list_push_front(&class->slabs, &slab->node);
  return slab;
}

/* A slab of CLASS with room, or NULL. */
static inline struct slab *find_slab(struct size_class *class) {
  struct list_node *node = list_first(&class->slabs);
  return node != NULL ? list_entry(node, struct slab, node) : slab_create(class);
}

/* Takes a free block of SLAB of CLASS, which has one. */
static inline void *slab_take(struct slab *slab, struct size_class *class) {
  while (slab->bits[slab->hint] == UINT32_MAX) slab->hint++;
  uint32_t *word = &slab->bits[slab->hint];
  unsigned bit = (unsigned)__builtin_ctz(~*word);
  *word |= 1u << bit;
  if (++slab->used == class->blocks) list_remove(&slab->node);
  return (char *)slab + class->offset + (slab->hint * 32u + bit) * class->size;
}

/* A block of CLASS, or NULL. */
static inline void *class_alloc(struct size_class *class) {
  preempt_disable();
  struct slab *slab = find_slab(class);
  void *block = NULL;
  if (slab != NULL) {
    block = slab_take(slab, class);
    class->used++;
  }
  preempt_enable();
  return block;
}

/* SIZE bytes of whole pages, or NULL. */
static void *large_alloc(size_t size) {
  if (size > SIZE_MAX - PAGE_SIZE) return NULL;
  size_t pages = DIV_ROUND_UP(size, PAGE_SIZE);
  void *block = pool_take(pages, 1);
  if (block == NULL) return NULL;
  preempt_disable();
  large_blocks++;
  large_bytes += pages * PAGE_SIZE;
  preempt_enable();
  return block;
}

/* SIZE bytes, or NULL; with whatever was there. */
static inline void *block_alloc(size_t size) {
  struct size_class *class = find_class(size);
  return class != NULL ? class_alloc(class) : large_alloc(size);
}

/* SIZE bytes, with the poison of whoever had them before. */
void *kmalloc(size_t size) {
  return block_alloc(size);
}

/* SIZE zero bytes. */
void *kzalloc(size_t size) {
  void *block = block_alloc(size);
  if (block != NULL) memset(block, 0, size);
  return block;
}

/* Frees the block of whole pages at BLOCK. */
static void large_free(void *block) {
  size_t pages = pool_run(block);
  ASSERT(pages > 0);
  pool_give(block);
  preempt_disable();
  large_blocks--;
  large_bytes -= pages * PAGE_SIZE;
  preempt_enable();
}

/* Gives BLOCK, which must be in use, back to SLAB, and an empty SLAB back to the pool.  Preemption is off, and on
   again on return. */
static inline void slab_give(struct slab *slab, void *block) {
  struct size_class *class = slab->class;
  unsigned offset = (uintptr_t)block % PAGE_SIZE - class->offset;
  unsigned index = offset / class->size;
  uint32_t *word = &slab->bits[index / 32], bit = 1u << index % 32;
  ASSERT(index < class->blocks && index * class->size == offset && *word & bit);
  memory_fill(block, POISON_WORD, class->size / 4);
  class->used--;
  *word &= ~bit;
  if (slab->hint > index / 32) slab->hint = index / 32;
  if (slab->used-- == class->blocks) list_push_front(&class->slabs, &slab->node);
  if (slab->used > 0) {
    preempt_enable();
    return;
  }
  list_remove(&slab->node);
  preempt_enable();
  pool_give(slab);
}

/* Frees BLOCK, which must be one that was handed out and not freed since. */
void kfree(void *block) {
  if (block == NULL) return;
  if ((uintptr_t)block % PAGE_SIZE == 0) {
    large_free(block);
    return;
  }
  struct slab *slab = (struct slab *)((uintptr_t)block & ~(uintptr_t)(PAGE_SIZE - 1));
  ASSERT(slab->magic == SLAB_MAGIC);
  preempt_disable();
  slab_give(slab, block);
}

/* The figures of pool and blocks at this moment. */
struct memory_stats memory_stats(void) {
  preempt_disable();
  struct memory_stats stats = {.pages_free = pool_free(),
                               .pages_total = pool_total(),
                               .blocks = large_blocks,
                               .bytes = large_bytes};
  for (unsigned i = 0; i < CLASS_COUNT; i++) {
    stats.blocks += classes[i].used;
    stats.bytes += classes[i].used * classes[i].size;
  }
  preempt_enable();
  return stats;
}
