/* Kernel stacks: blocks of THREAD_SIZE bytes in a window of addresses, made of any pages, so that memory of which
   only single pages are free has room for stacks. */
#include "kern/stack.h"
#include "arch/i386/intr.h"
#include "arch/i386/pmap.h"
#include "kern/pool.h"
#include "kern/thread.h"
#include "lib/bitmap.h"
#include "lib/debug.h"

#define STACK_PAGES (THREAD_SIZE / PAGE_SIZE)
#define STACKS_MAX  (WINDOW_PAGES / STACK_PAGES)

/* Places in the window that are taken.  Guarded by interrupts being off. */
static uint32_t words[BITMAP_WORDS(STACKS_MAX)];
static struct bitmap used = {words, STACKS_MAX};

/* Where place INDEX is. */
static char *place(uint32_t index) {
  return (char *)WINDOW_BASE + index * THREAD_SIZE;
}

/* Takes a place of the window, or gives BITMAP_NONE. */
static uint32_t place_take(void) {
  bool were_on = intr_disable();
  uint32_t index = bitmap_find_run(&used, 0, 1, 1);
  bool exists = index < pmap_window_pages() / STACK_PAGES;
  if (exists) bitmap_set_run(&used, index, 1);
  intr_restore(were_on);
  return exists ? index : BITMAP_NONE;
}

/* Unmaps and frees COUNT pages from STACK on, and gives its place up. */
static void release(char *stack, unsigned count) {
  for (unsigned i = 0; i < count; i++) pool_give(pmap_window_unmap(stack + i * PAGE_SIZE));
  bool were_on = intr_disable();
  bitmap_clear_run(&used, (uint32_t)(stack - place(0)) / THREAD_SIZE, 1);
  intr_restore(were_on);
}

/* Maps page after page at a free place. */
void *stack_alloc(void) {
  uint32_t index = place_take();
  if (index == BITMAP_NONE) return NULL;
  for (unsigned i = 0; i < STACK_PAGES; i++) {
    void *page = pool_take(1, 1);
    if (page == NULL) {
      release(place(index), i);
      return NULL;
    }
    pmap_window_map(place(index) + i * PAGE_SIZE, page);
  }
  return place(index);
}

/* Nobody stands on STACK any more. */
void stack_free(void *stack) {
  release(stack, STACK_PAGES);
}
