/* Dividing RAM. */
#include "init/memory.h"
#include "arch/i386/machine.h"
#include "arch/i386/pmap.h"
#include "init/cmdline.h"
#include "init/options.h"
#include "kern/memory.h"
#include "lib/debug.h"

struct memory_layout memory_layout;

/* Gives back one page that page_alloc_zeroed() gave. */
static void give_page(void *page) {
  page_free(page, 1);
}

/* Page tables that are kept for those to come. */
static struct shrinker spare_tables = {.shrink = pmap_free_spares};

/* Divides RAM; the user pool has one frame more than was asked for, the zero frame. */
void memory_start(void) {
  if (!memory_init(machine_ram_end(), options.frames_max + 1, &memory_layout))
    cmdline_refuse("not enough memory: this machine has %u kB of RAM, at least %u kB are needed",
                   (unsigned)(machine_ram_end() / 1024), (unsigned)(memory_minimum() / 1024));
  kmalloc_init();
  pmap_init(machine_ram_end(), page_alloc_zeroed, give_page);
  uint16_t *uses = kzalloc(machine_ram_end() / PAGE_SIZE * sizeof *uses);
  if (uses == NULL) PANIC("no memory to count page tables in");
  pmap_init_uses(uses);
  memory_add_shrinker(&spare_tables);
}
