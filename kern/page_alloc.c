/* The kernel pool: whole pages by first fit, and frames of the user pool that the kernel has borrowed.

   Single pages are taken from the bottom, runs of several from the top, so that the many single
   ones do not break up the room for the runs, which are made when the system starts.  The bitmap of used
   pages, and the lengths of the runs handed out, stand in the pool's first pages.

   RESERVE_PAGES are kept at hand for those who may not sleep: the pool's own as long as it has some, then
   borrowed ones.  Whoever may sleep takes none of these but fills them up before he takes his page. */
#include "kern/pool.h"
#include "arch/i386/machine.h"
#include "arch/i386/memory.h"
#include "arch/i386/pmap.h"
#include "kern/memory.h"
#include "kern/sync.h"
#include "kern/thread.h"
#include "lib/bitmap.h"
#include "lib/debug.h"
#include "lib/round.h"

#define FIRST_MEGABYTE 0x100000u
#define POOL_MAX       4096 /* Pages. */
#define POOL_EXTRA     16
#define POOL_SHARE     5        /* One in so many pages, */
#define PAGES_MIN      96       /* and the fewest pages that the system runs in. */
#define FIRMWARE_BYTES 0x80000u /* At the end of RAM, where firmware may have run. */
#define EVICTION_STACK 5120     /* Bytes of stack that eviction needs: tests/static/stack.py. */
#define RESERVE_PAGES  16       /* Are kept at hand: */
#define RESERVE_SHARE  16       /* one in so many of the pool, if that is fewer. */

/* Guarded by preemption being disabled. */
static struct {
  char *base;
  uint32_t pages, free;
  uint32_t lowest; /* No page before it is free. */
  struct bitmap used;
  uint16_t *runs; /* By first page: the length of the run handed out, else 0. */
  const struct page_lender *lender;
  struct shrinker *shrinkers;   /* Or NULL. */
  void *reserve[RESERVE_PAGES]; /* Borrowed pages that nobody uses. */
  uint32_t reserved;
  uint32_t reserve_size; /* So many pages are to be at hand for those who may not sleep.  Fixed. */
  uint32_t promised;     /* Bytes. */
} pool;

_Static_assert(POOL_MAX <= UINT16_MAX, "a run's length fits its field");

/* Sets the pool up over PAGES pages at BASE, the first of them taken by its own tables. */
static void pool_init(char *base, uint32_t pages) {
  uint32_t *words = (uint32_t *)base;
  uint32_t words_bytes = BITMAP_WORDS(pages) * sizeof *words;
  uint32_t table_bytes = words_bytes + pages * sizeof *pool.runs;
  uint32_t table_pages = DIV_ROUND_UP(table_bytes, PAGE_SIZE);
  pool.base = base;
  pool.pages = pages;
  pool.free = pages - table_pages;
  pool.reserve_size = MIN(RESERVE_PAGES, pages / RESERVE_SHARE);
  pool.runs = (uint16_t *)(base + words_bytes);
  bitmap_init(&pool.used, words, pages);
  bitmap_set_run(&pool.used, 0, table_pages);
  memory_fill(pool.runs, 0, DIV_ROUND_UP(pages * sizeof *pool.runs, sizeof(uint32_t)));
}

/* Overwrites the end of RAM, from START on.  SeaBIOS copies itself there to run; an emulator that has
   translated its code watches every write to such a page until the last of that code is gone, and
   a thread's stack, which is used only in part, would stay slow for good. */
static void wipe_firmware(uint32_t start, uint32_t ram_end) {
  uint32_t end = ROUND_DOWN(ram_end, PAGE_SIZE);
  uint32_t address = MAX(start, end - MIN(end, FIRMWARE_BYTES));
  for (; address < end; address += PAGE_SIZE) page_fill(phys_to_kernel(address), 0);
}

/* Where the memory after the kernel image begins. */
static uint32_t image_end(void) {
  return MAX(ROUND_UP(kernel_to_phys(kernel_end), PAGE_SIZE), FIRST_MEGABYTE);
}

/* Room for the kernel and the fewest pages. */
uint32_t memory_minimum(void) {
  return image_end() + PAGES_MIN * PAGE_SIZE;
}

/* The memory after the kernel image is the pool's, then the user pool's; what the user pool is not
   to have is the kernel's too. */
bool memory_init(uint32_t ram_end, uint32_t user_pages_max, struct memory_layout *layout) {
  uint32_t start = image_end();
  if (ram_end < memory_minimum()) return false;
  uint32_t pages = (ram_end - start) / PAGE_SIZE;
  uint32_t kernel_pages = pages / POOL_SHARE + POOL_EXTRA;
  uint32_t user_pages = MIN(pages - kernel_pages, user_pages_max);
  kernel_pages = MIN(pages - user_pages, (uint32_t)POOL_MAX);
  wipe_firmware(start, ram_end);
  pool_init(phys_to_kernel(start), kernel_pages);
  layout->kernel_pages = kernel_pages;
  layout->user_pool = phys_to_kernel(start + kernel_pages * PAGE_SIZE);
  layout->user_pages = MIN(pages - kernel_pages, user_pages_max);
  return true;
}

/* The last run of COUNT free pages whose first is, counted from address 0, a multiple of ALIGN;
   BITMAP_NONE if there is none. */
static uint32_t find_from_top(uint32_t count, uint32_t align) {
  uint32_t base = kernel_to_phys(pool.base) / PAGE_SIZE;
  uint32_t end = pool.pages;
  while (end >= count) {
    uint32_t first = ROUND_DOWN(base + end - count, align);
    if (first < base) break;
    first -= base;
    uint32_t page = first + count;
    while (page > first && !bitmap_test(&pool.used, page - 1)) page--;
    if (page == first) return first;
    end = page - 1;
  }
  return BITMAP_NONE;
}

/* Takes a run off the free pages, or returns NULL. */
static void *take_run(uint32_t count, uint32_t align) {
  preempt_disable();
  uint32_t first =
      count == 1 ? bitmap_find_run(&pool.used, pool.lowest, 1, 1) : find_from_top(count, align);
  if (first != BITMAP_NONE) {
    bitmap_set_run(&pool.used, first, count);
    pool.runs[first] = (uint16_t)count;
    pool.free -= count;
    if (count == 1) pool.lowest = first + 1;
  }
  preempt_enable();
  return first != BITMAP_NONE ? pool.base + first * PAGE_SIZE : NULL;
}

/* Sets who lends pages when the pool runs out. */
void memory_set_lender(const struct page_lender *lender) {
  pool.lender = lender;
}

/* Puts SHRINKER behind the last. */
void memory_add_shrinker(struct shrinker *shrinker) {
  preempt_disable();
  struct shrinker **at = &pool.shrinkers;
  while (*at != NULL && *at != shrinker) at = &(*at)->next;
  *at = shrinker;
  preempt_enable();
}

/* Whether PAGE is not the pool's but borrowed: it lies behind the pool. */
static bool is_borrowed(const void *page) {
  return (const char *)page >= pool.base + pool.pages * PAGE_SIZE;
}

/* Pages that can be had without sleep. */
static uint32_t at_hand(void) {
  return pool.free + pool.reserved;
}

/* Whether the running thread may sleep until a page has been evicted.  Eviction writes to disk and may wait for
   frames that others have pinned, who may want a lock of the file system.  The stack must have room for it. */
static bool may_sleep(void) {
  const char *top = __builtin_frame_address(0);
  return top - (const char *)thread_current() > EVICTION_STACK && sync_may_sleep(RANK_NAMESPACE);
}

/* Keeps PAGE, borrowed, for who may not sleep; false if they have enough. */
static bool reserve_add(void *page) {
  preempt_disable();
  bool added = pool.reserved < RESERVE_PAGES && at_hand() < pool.reserve_size;
  if (added) pool.reserve[pool.reserved++] = page;
  preempt_enable();
  return added;
}

/* One of the pages that reserve_add() kept, or NULL. */
static void *reserve_take(void) {
  preempt_disable();
  void *page = pool.reserved > 0 ? pool.reserve[--pool.reserved] : NULL;
  preempt_enable();
  return page;
}

/* Gives PAGE, borrowed and not in use, to who may not sleep, or back. */
static void borrowed_give(void *page) {
  if (!reserve_add(page)) pool.lender->give(page);
}

/* Lets those who keep memory only to save time give some back; whether there was any. */
static bool shrink(void) {
  bool any = false;
  for (const struct shrinker *at = pool.shrinkers; !any && at != NULL; at = at->next)
    any = at->shrink();
  return any;
}

/* Borrows pages until enough are at hand, if the running thread may sleep. */
bool memory_make(void) {
  if (pool.lender != NULL && may_sleep()) {
    while (at_hand() < pool.reserve_size) {
      void *page = pool.lender->take();
      if (page == NULL) break;
      borrowed_give(page);
    }
  }
  return at_hand() > 0 || shrink();
}

/* A single page, or NULL. */
static void *take_single(void) {
  if (at_hand() <= pool.reserve_size) memory_make();
  void *page = pool.free > 0 ? take_run(1, 1) : NULL;
  return page != NULL ? page : reserve_take();
}

/* Takes COUNT pages aligned to ALIGN pages. */
static void *take(size_t count, size_t align) {
  return count == 1 ? take_single() : take_run(count, align);
}

/* Takes COUNT pages aligned to ALIGN pages.  Before it fails, all goes that can. */
void *pool_take(size_t count, size_t align) {
  if (count == 0 || count > pool.pages) return NULL;
  void *run = take(count, align);
  while (run == NULL && shrink()) run = take(count, align);
  return run;
}

/* Counts what is promised. */
void memory_promise(int32_t bytes) {
  preempt_disable();
  pool.promised += (uint32_t)bytes;
  preempt_enable();
}

/* How many pages more it takes until the reserve is at hand and what is promised, too. */
static uint32_t pages_missing(void) {
  uint32_t wanted = pool.reserve_size + pool.promised / PAGE_SIZE;
  return wanted - MIN(wanted, at_hand());
}

/* Whether pages are missing that cannot be borrowed. */
static bool few_are_left(void) {
  uint32_t missing = pages_missing();
  return missing > 0 && (pool.lender == NULL || !pool.lender->has_more(missing));
}

/* Sends pages home, so that more pages can be borrowed, if the running thread may sleep. */
__attribute__((noinline)) static void make_lendable(void) {
  if (pool.lender != NULL && may_sleep()) pool.lender->make(pages_missing());
}

/* Has everybody give back what he can. */
void memory_shrink(void) {
  for (const struct shrinker *at = pool.shrinkers; at != NULL; at = at->next) at->shrink();
}

/* Whether few pages are left when some were made and others have given back what they could. */
__attribute__((noinline)) static bool few_remain(void) {
  memory_make();
  if (few_are_left()) make_lendable();
  while (few_are_left())
    if (!shrink()) return true;
  return false;
}

/* Whether only the last pages are left, and those that have been promised. */
bool memory_is_low(void) {
  return pages_missing() > 0 && few_remain();
}

/* The number of the page at PAGE, which is the pool's. */
static uint32_t page_number(const void *page) {
  uint32_t offset = (uint32_t)((const char *)page - pool.base);
  ASSERT((const char *)page >= pool.base && offset / PAGE_SIZE < pool.pages);
  ASSERT(offset % PAGE_SIZE == 0);
  return offset / PAGE_SIZE;
}

/* The pages of the run that begins at PAGE. */
size_t pool_run(const void *page) {
  if (is_borrowed(page)) return 1;
  return pool.runs[page_number(page)];
}

/* Fills COUNT pages at PAGE with WORD. */
static void fill(char *page, size_t count, uint32_t word) {
  for (; count > 0; count--, page += PAGE_SIZE) {
    preempt_disable();
    page_fill(page, word);
    preempt_enable();
  }
}

/* Gives borrowed pages that are kept at hand back if the pool has enough of its own. */
static void reserve_shrink(void) {
  while (pool.reserved > 0 && at_hand() > pool.reserve_size) {
    void *page = reserve_take();
    if (page != NULL) pool.lender->give(page);
  }
}

/* Frees the run that begins at PAGE. */
void pool_give(void *page) {
  if (is_borrowed(page)) {
    fill(page, 1, POISON_WORD);
    borrowed_give(page);
    return;
  }
  uint32_t first = page_number(page), count = pool.runs[first];
  ASSERT(count > 0);
  fill(page, count, POISON_WORD);
  preempt_disable();
  pool.runs[first] = 0;
  bitmap_clear_run(&pool.used, first, count);
  pool.free += count;
  pool.lowest = MIN(pool.lowest, first);
  preempt_enable();
  reserve_shrink();
}

/* Free pages of the pool, and borrowed ones that nobody uses. */
size_t pool_free(void) {
  return at_hand();
}

/* All pages of the pool. */
size_t pool_total(void) {
  return pool.pages;
}

/* COUNT contiguous pages, aligned to the power of two that holds COUNT. */
void *page_alloc(size_t count) {
  size_t align = 1;
  while (align < count) align *= 2;
  return pool_take(count, align);
}

/* One page of zeroes. */
void *page_alloc_zeroed(void) {
  void *page = pool_take(1, 1);
  if (page != NULL) fill(page, 1, 0);
  return page;
}

/* Frees the COUNT pages at PAGE, which were allocated together. */
void page_free(void *page, size_t count) {
  ASSERT(pool_run(page) == count);
  pool_give(page);
}
