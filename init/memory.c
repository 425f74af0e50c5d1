/* Dividing RAM. */
#include "init/memory.h"
#include "arch/i386/machine.h"
#include "arch/i386/memory.h"
#include "arch/i386/pmap.h"
#include "init/cmdline.h"
#include "init/options.h"
#include "kern/memory.h"
#include "lib/debug.h"
#include "lib/string.h"
#include "vm/event.h"

#define MEGABYTE 0x100000u

struct memory_layout memory_layout;

/* The top of RAM, which is set aside for events. */
static struct {
  uint32_t start, end;  /* Physical; nothing is aside if they are the same. */
  uint32_t pool_tables; /* Page tables that come out of the kernel's pool: as many as without it. */
} aside;

/* Gives back one page that page_alloc_zeroed() gave. */
static void give_page(void *page) {
  page_free(page, 1);
}

/* A page for a page table of the kernel: what only the memory for events needs comes out of that, so that the pools
   are as they would be without. */
static void *take_table(void) {
  if (aside.start == aside.end || aside.pool_tables > 0) {
    aside.pool_tables -= aside.pool_tables > 0;
    return page_alloc_zeroed();
  }
  aside.end -= PAGE_SIZE;
  return memset(phys_to_kernel(aside.end), 0, PAGE_SIZE);
}

/* Page tables that are kept for those to come. */
static struct shrinker spare_tables = {.shrink = pmap_free_spares};

/* Sets the top of RAM aside for events, if that was asked for; where the rest of RAM ends. */
static uint32_t set_aside(void) {
  uint32_t end = machine_ram_end(), bytes = options.trace_mb * MEGABYTE;
  if (bytes >= end || (bytes > 0 && end - bytes < memory_minimum()))
    cmdline_refuse(
        "not enough memory for -trace=%u: this machine has %u kB of RAM, and needs %u kB besides",
        (unsigned)options.trace_mb, (unsigned)(end / 1024), (unsigned)(memory_minimum() / 1024));
  aside.start = end - bytes;
  aside.end = end;
  aside.pool_tables = pmap_tables_for(aside.start);
  return aside.start;
}

/* Divides RAM; the user pool has one frame more than was asked for, the zero frame. */
void memory_start(void) {
  uint32_t end = set_aside();
  if (!memory_init(end, options.frames_max + 1, &memory_layout))
    cmdline_refuse("not enough memory: this machine has %u kB of RAM, at least %u kB are needed",
                   (unsigned)(end / 1024), (unsigned)(memory_minimum() / 1024));
  kmalloc_init();
  pmap_init(machine_ram_end(), take_table, give_page);
  uint16_t *uses = kzalloc(end / PAGE_SIZE * sizeof *uses);
  if (uses == NULL) PANIC("no memory to count page tables in");
  pmap_init_uses(uses);
  memory_add_shrinker(&spare_tables);
  uint32_t records = (aside.end - aside.start) / sizeof(struct event);
  if (records > 0) event_start(phys_to_kernel(aside.start), records, options.trace_flags);
  aside.start = aside.end;
}
