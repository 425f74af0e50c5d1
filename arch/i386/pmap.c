/* Page tables of the 386 (IA-32 manual, volume 3, chapter 4): a directory of 1,024 entries for
   4 MB each, and page tables of 1,024 entries for 4 KB each.

   A pmap is its directory.  The upper quarter of every directory is the same: the kernel's, made
   once by pmap_init() and never changed afterwards.  The page tables in the rest are made for
   their first entry and given back with their last one. */
#include "arch/i386/pmap.h"

#include "arch/i386/cpu.h"
#include "arch/i386/machine.h"
#include "lib/bitmap.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "lib/string.h"

#define ENTRIES              1024u
#define TABLE_SPAN           (ENTRIES * PAGE_SIZE)
#define TABLE_INDEX(ADDRESS) ((ADDRESS) / TABLE_SPAN)
#define KERNEL_INDEX         TABLE_INDEX(KERNEL_BASE)
#define FLUSHES_MAX          12
#define SPARES_MAX           3 /* A small process has so many page tables. */

#define ENTRY_PRESENT        0x001u
#define ENTRY_WRITABLE       0x002u
#define ENTRY_USER           0x004u
#define ENTRY_ACCESSED       0x020u
#define ENTRY_DIRTY          0x040u
#define ENTRY_LARGE          0x080u /* In a directory: a page of 4 MB. */
#define ENTRY_GLOBAL         0x100u /* Survives a change of directories. */
#define ENTRY_FRAME          0xfffff000u

struct pmap {
  uint32_t tables[ENTRIES];
};
_Static_assert(sizeof(struct pmap) == PAGE_SIZE, "a pmap is a directory");

/* Made by boot.S, with the first 4 MB of RAM in the page table. */
extern struct pmap boot_directory;
extern uint32_t boot_page_table[ENTRIES];

static struct pmap *const kernel_pmap = &boot_directory;
static struct pmap *active = &boot_directory;
static void *(*page_take)(void);
static void (*page_give)(void *);
static uint32_t window_pages; /* Fixed after pmap_init(). */
/* By physical page, if that is a user's page table: its entries in use; of a directory the page tables in its
   user part.  Guarded as the pmaps are. */
static uint16_t *page_uses;
/* Empty page tables, all zeroes, for those who need one next; or NULL.  Exchanged, not written. */
static uint32_t *spare_tables[SPARES_MAX];
/* ENTRY_GLOBAL where the processor has it, else 0. */
static uint32_t global_bit;

/* -- The window -------------------------------------------------------------------------------- */

/* Makes the page tables of the window: one for each 8 MB of RAM, of which one that maps stacks is enough for
   all the processes that fit. */
static void window_init(uint32_t physical_end) {
  for (uint32_t i = 0; i < WINDOW_PAGES / ENTRIES && i * 2 * TABLE_SPAN < physical_end; i++) {
    uint32_t *table = page_take();
    ASSERT(table != NULL);
    kernel_pmap->tables[TABLE_INDEX(WINDOW_BASE) + i] =
        kernel_to_phys(table) | ENTRY_WRITABLE | ENTRY_PRESENT;
    window_pages += ENTRIES;
  }
}

/* Pages of the window that have a page table. */
uint32_t pmap_window_pages(void) {
  return window_pages;
}

/* The entry for ADDRESS of the window. */
static uint32_t *window_entry(const void *address) {
  uint32_t page = ((uint32_t)(uintptr_t)address - WINDOW_BASE) / PAGE_SIZE;
  ASSERT(page < window_pages);
  uint32_t table = kernel_pmap->tables[TABLE_INDEX(WINDOW_BASE) + page / ENTRIES] & ENTRY_FRAME;
  return (uint32_t *)phys_to_kernel(table) + page % ENTRIES;
}

/* Whether there is memory behind ADDRESS. */
bool pmap_window_has(uint32_t address) {
  if (address < WINDOW_BASE || (address - WINDOW_BASE) / PAGE_SIZE >= window_pages) return false;
  return *window_entry((const void *)(uintptr_t)address) != 0;
}

/* What was not mapped no processor remembers. */
void pmap_window_map(void *address, void *page) {
  uint32_t *entry = window_entry(address);
  ASSERT(*entry == 0);
  *entry = kernel_to_phys(page) | ENTRY_WRITABLE | ENTRY_PRESENT;
}

/* The processor forgets it. */
void *pmap_window_unmap(void *address) {
  uint32_t *entry = window_entry(address);
  void *page = phys_to_kernel(*entry & ENTRY_FRAME);
  ASSERT(*entry != 0);
  *entry = 0;
  cpu_flush_page((uint32_t)(uintptr_t)address);
  return page;
}

/* -- The kernel's half ------------------------------------------------------------------------- */

/* The memory at kernel address 4 MB and up is all large pages for now, the end rounded up. */
void pmap_init_early(void) {
  if (!(cpu_features() & CPUID_PSE)) return;
  cpu_write_cr4(cpu_read_cr4() | CR4_PSE);
  for (uint32_t physical = TABLE_SPAN; physical < machine_ram_end(); physical += TABLE_SPAN) {
    kernel_pmap->tables[KERNEL_INDEX + TABLE_INDEX(physical)] =
        physical | ENTRY_LARGE | ENTRY_WRITABLE | ENTRY_PRESENT;
  }
}

/* The right bits for kernel memory at PHYSICAL. */
static uint32_t kernel_rights(uint32_t physical) {
  bool is_text =
      physical >= kernel_to_phys(kernel_start) && physical < kernel_to_phys(kernel_text_end);
  return (is_text ? 0 : ENTRY_WRITABLE) | ENTRY_PRESENT | global_bit;
}

/* Fills TABLE with the pages from PHYSICAL to END, and nothing after. */
static void kernel_table_fill(uint32_t *table, uint32_t physical, uint32_t end) {
  for (unsigned i = 0; i < ENTRIES; i++, physical += PAGE_SIZE) {
    table[i] = physical < end ? physical | kernel_rights(physical) : 0;
  }
}

/* Maps the 4 MB of RAM from PHYSICAL to END, or less at the end of RAM: by a large page if all of
   it is there and the processor can, else by a page table. */
static void kernel_map(uint32_t physical, uint32_t end) {
  uint32_t *entry = &kernel_pmap->tables[KERNEL_INDEX + TABLE_INDEX(physical)];
  if (*entry & ENTRY_LARGE && end - physical >= TABLE_SPAN) {
    *entry |= global_bit;
    return;
  }
  uint32_t *table = page_take();
  ASSERT(table != NULL);
  kernel_table_fill(table, physical, end);
  *entry = kernel_to_phys(table) | ENTRY_WRITABLE | ENTRY_PRESENT;
}

/* Tables of the window, and the one of what is left of RAM behind whole pages of 4 MB. */
uint32_t pmap_tables_for(uint32_t physical_end) {
  uint32_t window = DIV_ROUND_UP(physical_end, 2 * TABLE_SPAN);
  uint32_t most = WINDOW_PAGES / ENTRIES;
  bool rest = physical_end > TABLE_SPAN && physical_end % TABLE_SPAN != 0;
  return MIN(window, most) + rest;
}

/* The first 4 MB have 4 KB pages, for the sake of the text.  Page 0 stays unmapped: an overrun
   from the end of user memory, or a null pointer taken for a physical address, faults. */
void pmap_init(uint32_t physical_end, void *(*take_page)(void), void (*give_page)(void *)) {
  page_take = take_page;
  page_give = give_page;
  if (cpu_features() & CPUID_PGE) {
    global_bit = ENTRY_GLOBAL;
    cpu_write_cr4(cpu_read_cr4() | CR4_PGE);
  }
  kernel_table_fill(boot_page_table, 0, physical_end);
  boot_page_table[0] = 0;
  for (uint32_t physical = TABLE_SPAN; physical < physical_end; physical += TABLE_SPAN) {
    kernel_map(physical, physical_end);
  }
  window_init(physical_end);
  kernel_pmap->tables[0] = 0;
  cpu_write_cr3(kernel_to_phys(kernel_pmap));
}

/* Notes where to count. */
void pmap_init_uses(uint16_t *uses) {
  page_uses = uses;
}

/* -- Whole pmaps ------------------------------------------------------------------------------- */

/* The entries in use of the page table or directory at physical address ENTRY; its low bits do not matter. */
static inline uint16_t *uses_of(uint32_t entry) {
  return &page_uses[entry / PAGE_SIZE];
}

/* A page of zeroes with no entry in use, or NULL. */
static uint32_t *table_take(void) {
  for (unsigned i = 0; i < SPARES_MAX; i++) {
    uint32_t *table = __atomic_exchange_n(&spare_tables[i], NULL, __ATOMIC_RELAXED);
    if (table != NULL) return table;
  }
  return page_take();
}

/* Keeps TABLE, all zeroes, among the spare ones, and gives back what it takes the place of: who maps, touches
   and unmaps in a lonely place pays for no clearing of pages. */
static void table_give(uint32_t *table) {
  for (unsigned i = 0; i < SPARES_MAX && table != NULL; i++)
    table = __atomic_exchange_n(&spare_tables[i], table, __ATOMIC_RELAXED);
  if (table != NULL) page_give(table);
}

/* Whoever lacks memory may call this, with any lock or none. */
bool pmap_free_spares(void) {
  bool any = false;
  for (unsigned i = 0; i < SPARES_MAX; i++) {
    uint32_t *table = __atomic_exchange_n(&spare_tables[i], NULL, __ATOMIC_RELAXED);
    if (table == NULL) continue;
    page_give(table);
    any = true;
  }
  return any;
}

/* The new directory's kernel quarter is the same as everybody's. */
struct pmap *pmap_create(void) {
  struct pmap *pmap = page_take();
  if (pmap == NULL) return NULL;
  memcpy(&pmap->tables[KERNEL_INDEX], &kernel_pmap->tables[KERNEL_INDEX],
         (ENTRIES - KERNEL_INDEX) * sizeof *pmap->tables);
  return pmap;
}

/* The page table whose directory entry is ENTRY. */
static uint32_t *entry_table(uint32_t entry) {
  return phys_to_kernel(entry & ENTRY_FRAME);
}

/* The page tables went with the last page in each. */
void pmap_destroy(struct pmap *pmap) {
  ASSERT(pmap != kernel_pmap && *uses_of(kernel_to_phys(pmap)) == 0);
  if (pmap == active) pmap_activate(NULL);
  page_give(pmap);
}

/* Loading a directory costs the processor all it remembers of user pages; the one that is loaded
   already is not loaded again. */
void pmap_activate(struct pmap *pmap) {
  if (pmap == NULL) pmap = kernel_pmap;
  if (pmap == active) return;
  active = pmap;
  cpu_write_cr3(kernel_to_phys(pmap));
}

/* -- User pages -------------------------------------------------------------------------------- */

/* The entry of PMAP for user ADDRESS, or NULL if there is no page table for it. */
static uint32_t *entry_lookup(const struct pmap *pmap, uint32_t address) {
  ASSERT(address < KERNEL_BASE);
  uint32_t entry = pmap->tables[TABLE_INDEX(address)];
  if (entry == 0) return NULL;
  return &entry_table(entry)[address / PAGE_SIZE % ENTRIES];
}

/* Makes the processor forget ADDRESS, which it can know only of the active pmap. */
static void flush(const struct pmap *pmap, uint32_t address) {
  if (pmap == active) cpu_flush_page(address);
}

/* Makes the processor forget the pages from ADDRESS on that MASK names, if PMAP is active.  Loading the directory again costs as much as
   forgetting a dozen pages. */
static void flush_run(const struct pmap *pmap, uint32_t address, uint32_t mask) {
  if (pmap != active) return;
  if (word_count(mask) > FLUSHES_MAX) {
    cpu_write_cr3(kernel_to_phys(pmap));
    return;
  }
  for (; mask != 0; mask &= mask - 1)
    cpu_flush_page(address + (uint32_t)__builtin_ctz(mask) * PAGE_SIZE);
}

/* Gives PMAP a page table at its directory's ENTRY; false if there is no memory.  A directory entry allows
   all; the page table's entries restrict. */
static bool table_add(struct pmap *pmap, uint32_t *entry) {
  uint32_t *table = table_take();
  if (table == NULL) return false;
  *entry = kernel_to_phys(table) | ENTRY_USER | ENTRY_WRITABLE | ENTRY_PRESENT;
  ASSERT(*uses_of(*entry) == 0);
  ++*uses_of(kernel_to_phys(pmap));
  return true;
}

/* Takes the empty page table for ADDRESS away from PMAP.  A processor may remember where it was. */
__attribute__((noinline)) static void table_remove(struct pmap *pmap, uint32_t address) {
  uint32_t *entry = &pmap->tables[TABLE_INDEX(address)];
  uint32_t *table = entry_table(*entry);
  *entry = 0;
  flush(pmap, address);
  --*uses_of(kernel_to_phys(pmap));
  table_give(table);
}

/* COUNT entries more of the page table for ADDRESS are not in use. */
static inline void uses_drop(struct pmap *pmap, uint32_t address, unsigned count) {
  uint16_t *uses = uses_of(pmap->tables[TABLE_INDEX(address)]);
  *uses -= count;
  if (*uses == 0) table_remove(pmap, address);
}

/* Puts NEW into ENTRY, which maps ADDRESS already.  If it names the same frame, what the processor
   noted stays. */
__attribute__((noinline)) static void entry_replace(struct pmap *pmap, uint32_t address,
                                                    uint32_t *entry, uint32_t new) {
  uint32_t old = *entry;
  if (((old ^ new) & ENTRY_FRAME) == 0) new |= old &(ENTRY_ACCESSED | ENTRY_DIRTY);
  *entry = new;
  flush(pmap, address);
}

/* On the path of every page fault, so the usual case is short: what was not mapped is nothing that
   the processor could remember. */
bool pmap_enter(struct pmap *pmap, uint32_t address, uint32_t physical, bool writable) {
  uint32_t *table = &pmap->tables[TABLE_INDEX(address)];
  ASSERT(address < KERNEL_BASE);
  if (*table == 0 && !table_add(pmap, table)) return false;
  uint32_t *entry = &entry_table(*table)[address / PAGE_SIZE % ENTRIES];
  uint32_t new =
      physical | ENTRY_USER | ENTRY_PRESENT | ENTRY_ACCESSED | (writable ? ENTRY_WRITABLE : 0);
  if (*entry == 0) {
    *entry = new;
    ++*uses_of(*table);
  } else {
    entry_replace(pmap, address, entry, new);
  }
  return true;
}

/* The exchange is one instruction, so no write can slip in between the last look at the dirty bit
   and the end of the mapping. */
bool pmap_remove(struct pmap *pmap, uint32_t address) {
  uint32_t *entry = entry_lookup(pmap, address);
  uint32_t old = entry == NULL || *entry == 0 ? 0 : __atomic_exchange_n(entry, 0, __ATOMIC_RELAXED);
  if (old == 0) return false;
  flush(pmap, address);
  uses_drop(pmap, address, 1);
  return (old & ENTRY_DIRTY) != 0;
}

/* Clears BIT of the entry for ADDRESS in one instruction, and in what the processor remembers;
   returns whether it was set. */
static bool take_bit(struct pmap *pmap, uint32_t address, uint32_t bit) {
  uint32_t *entry = entry_lookup(pmap, address);
  if (entry == NULL || (*entry & bit) == 0) return false;
  __atomic_and_fetch(entry, ~bit, __ATOMIC_RELAXED);
  flush(pmap, address);
  return true;
}

/* A processor that remembers the entry as writable must forget it. */
void pmap_write_protect(struct pmap *pmap, uint32_t address) {
  take_bit(pmap, address, ENTRY_WRITABLE);
}

/* The entries of PMAP for the 32 pages from ADDRESS on, some of which are mapped. */
static inline uint32_t *run_lookup(const struct pmap *pmap, uint32_t address) {
  uint32_t *entries = entry_lookup(pmap, address);
  ASSERT(address / PAGE_SIZE % 32 == 0 && entries != NULL);
  return entries;
}

/* The bits that any of the 32 entries from ENTRIES on has: often there is nothing to do for any. */
static uint32_t run_bits(const uint32_t *entries) {
  uint32_t any = 0;
  for (unsigned i = 0; i < 32; i += 8)
    any |= entries[i] | entries[i + 1] | entries[i + 2] | entries[i + 3] | entries[i + 4] |
           entries[i + 5] | entries[i + 6] | entries[i + 7];
  return any;
}

/* As pmap_remove(); up to 32 pages in one page table. */
uint32_t pmap_remove_run(struct pmap *pmap, uint32_t address, uint32_t mask) {
  uint32_t *entry = run_lookup(pmap, address), dirty = 0;
  for (uint32_t rest = mask, bit = 1; rest != 0; rest >>= 1, bit <<= 1, entry++)
    if (rest & 1 && __atomic_exchange_n(entry, 0, __ATOMIC_RELAXED) & ENTRY_DIRTY) dirty |= bit;
  flush_run(pmap, address, mask);
  uses_drop(pmap, address, word_count(mask));
  return dirty;
}

/* As pmap_write_protect(); the processor may set bits of the entries meanwhile. */
void pmap_write_protect_run(struct pmap *pmap, uint32_t address, uint32_t mask) {
  uint32_t *entry = run_lookup(pmap, address);
  if ((run_bits(entry) & ENTRY_WRITABLE) == 0) return;
  for (uint32_t rest = mask; rest != 0; rest >>= 1, entry++)
    if (rest & 1 && *entry & ENTRY_WRITABLE)
      __atomic_and_fetch(entry, ~ENTRY_WRITABLE, __ATOMIC_RELAXED);
  flush_run(pmap, address, mask);
}

/* No processor remembers an entry of PMAP, and none sets a bit of one between two looks at it.  Most runs
   are whole and were not written. */
uint32_t pmap_drop_run(struct pmap *pmap, uint32_t address, uint32_t mask) {
  uint32_t *entry = run_lookup(pmap, address), dirty = 0;
  if (mask == UINT32_MAX && (run_bits(entry) & ENTRY_DIRTY) == 0) {
    memset(entry, 0, 32 * sizeof *entry);
    uses_drop(pmap, address, 32);
    return 0;
  }
  for (uint32_t rest = mask, bit = 1; rest != 0; rest >>= 1, bit <<= 1, entry++) {
    if ((rest & 1) == 0) continue;
    if (*entry & ENTRY_DIRTY) dirty |= bit;
    *entry = 0;
  }
  uses_drop(pmap, address, word_count(mask));
  return dirty;
}

/* Most runs are whole, and none of their entries needs a look. */
bool pmap_copy_run(struct pmap *pmap, const struct pmap *source, uint32_t address, uint32_t mask) {
  const uint32_t kept = ~(ENTRY_WRITABLE | ENTRY_ACCESSED | ENTRY_DIRTY);
  const uint32_t *from = run_lookup(source, address);
  uint32_t *table = &pmap->tables[TABLE_INDEX(address)];
  if (*table == 0 && !table_add(pmap, table)) return false;
  uint32_t *to = run_lookup(pmap, address);
  for (unsigned i = 0; i < 32 && mask == UINT32_MAX; i += 4) {
    to[i] = from[i] & kept;
    to[i + 1] = from[i + 1] & kept;
    to[i + 2] = from[i + 2] & kept;
    to[i + 3] = from[i + 3] & kept;
  }
  for (unsigned i = 0; i < 32 && mask != UINT32_MAX; i++)
    if (mask >> i & 1) to[i] = from[i] & kept;
  *uses_of(*table) += word_count(mask);
  return true;
}

/* Flushing makes the processor set the bit again at the next access. */
bool pmap_take_accessed(struct pmap *pmap, uint32_t address) {
  return take_bit(pmap, address, ENTRY_ACCESSED);
}

/* A look at the bit; it may be set right afterwards. */
bool pmap_is_dirty(struct pmap *pmap, uint32_t address) {
  uint32_t *entry = entry_lookup(pmap, address);
  return entry != NULL && (*entry & ENTRY_DIRTY) != 0;
}

/* Flushing makes the processor set the bit again at the next write. */
bool pmap_take_dirty(struct pmap *pmap, uint32_t address) {
  return take_bit(pmap, address, ENTRY_DIRTY);
}

/* PHYSICAL and WRITABLE may be NULL. */
bool pmap_lookup(struct pmap *pmap, uint32_t address, uint32_t *physical, bool *writable) {
  uint32_t *entry = entry_lookup(pmap, address);
  if (entry == NULL || *entry == 0) return false;
  if (physical != NULL) *physical = *entry & ENTRY_FRAME;
  if (writable != NULL) *writable = (*entry & ENTRY_WRITABLE) != 0;
  return true;
}

/* Steps by 4 MB where there is no page table. */
uint32_t pmap_next(struct pmap *pmap, uint32_t address, uint32_t end) {
  ASSERT(address <= end && end <= KERNEL_BASE);
  address = ROUND_DOWN(address, PAGE_SIZE);
  while (address < end) {
    const uint32_t *entry = entry_lookup(pmap, address);
    if (entry == NULL) {
      address = ROUND_DOWN(address, TABLE_SPAN) + TABLE_SPAN;
    } else if (*entry == 0) {
      address += PAGE_SIZE;
    } else {
      return address;
    }
  }
  return end;
}
