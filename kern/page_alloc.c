/* The kernel pool: whole pages by a bitmap; and how RAM is split into the two pools. */
#include "arch/i386/machine.h"
#include "arch/i386/pmap.h"
#include "kern/memory.h"
#include "kern/page_alloc.h"
#include "kern/thread.h"
#include "lib/bitmap.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "lib/string.h"

#define KERNEL_PAGES_BASE 16   /* The kernel pool: this, */
#define KERNEL_PAGES_PART 5    /* and one in so many of all pages, */
#define KERNEL_PAGES_MAX  4096 /* but no more than this. */
#define KERNEL_PAGES_MIN  64
#define USER_PAGES_MIN    5
#define FREED_BYTE        0xcc

static struct bitmap used;
static uint8_t *pool; /* Aligned to THREAD_SIZE. */
static uint32_t pages_free;

/* Splits the pages after the kernel up to RAM_END: kernel pool first, then user pool. */
bool memory_init(uint32_t ram_end, uint32_t user_pages_max, struct memory_layout *layout) {
  pool = (uint8_t *)ROUND_UP((uintptr_t)kernel_end, THREAD_SIZE);
  uint8_t *end = phys_to_kernel(ram_end);
  if (end <= pool) return false;
  uint32_t pages = (end - pool) / PAGE_SIZE;
  uint32_t kernel = MIN(pages / KERNEL_PAGES_PART + KERNEL_PAGES_BASE, KERNEL_PAGES_MAX);
  if (kernel < KERNEL_PAGES_MIN || pages < kernel + USER_PAGES_MIN) return false;
  layout->kernel_pages = kernel;
  layout->user_pool = pool + kernel * PAGE_SIZE;
  layout->user_pages = MIN(pages - kernel, user_pages_max);
  bitmap_init(&used, (uint32_t *)pool, kernel);
  uint32_t own = DIV_ROUND_UP(BITMAP_WORDS(kernel) * sizeof(uint32_t), PAGE_SIZE);
  bitmap_set_run(&used, 0, own);
  pages_free = kernel - own;
  return true;
}

/* COUNT contiguous pages, two of them aligned to their size; NULL if there are none. */
void *page_alloc(size_t count) {
  preempt_disable();
  uint32_t first = bitmap_find_run(&used, 0, count, count == 2 ? 2 : 1);
  if (first != BITMAP_NONE) {
    bitmap_set_run(&used, first, count);
    pages_free -= count;
  }
  preempt_enable();
  return first != BITMAP_NONE ? pool + first * PAGE_SIZE : NULL;
}

/* One page of zeroes; NULL if there is none. */
void *page_alloc_zeroed(void) {
  void *page = page_alloc(1);
  if (page != NULL) memset(page, 0, PAGE_SIZE);
  return page;
}

/* Gives back COUNT pages at PAGE. */
void page_free(void *page, size_t count) {
  uint32_t first = ((uint8_t *)page - pool) / PAGE_SIZE;
  ASSERT((uintptr_t)page % PAGE_SIZE == 0 && first + count <= used.bits);
  memset(page, FREED_BYTE, count * PAGE_SIZE);
  preempt_disable();
  for (size_t i = 0; i < count; i++) ASSERT(bitmap_test(&used, first + i));
  bitmap_clear_run(&used, first, count);
  pages_free += count;
  preempt_enable();
}

/* Pages of the kernel pool that are free, and all of them in *TOTAL. */
uint32_t page_count_free(uint32_t *total) {
  *total = used.bits;
  return pages_free;
}
