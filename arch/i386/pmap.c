/* Page tables of the 386 (IA-32 manual, volume 3, chapter 4): a directory of 1,024 entries for
   4 MB each, and page tables of 1,024 entries for 4 KB each.

   A pmap is its directory.  The upper quarter of every directory is the same: the kernel's, made
   once by pmap_init() and never changed afterwards. */
#include "arch/i386/pmap.h"

#include "arch/i386/cpu.h"
#include "arch/i386/machine.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "lib/string.h"

#define ENTRIES              1024u
#define TABLE_SPAN           (ENTRIES * PAGE_SIZE)
#define TABLE_INDEX(ADDRESS) ((ADDRESS) / TABLE_SPAN)
#define KERNEL_INDEX         TABLE_INDEX(KERNEL_BASE)
#define FLUSHES_MAX          12

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
/* ENTRY_GLOBAL where the processor has it, else 0. */
static uint32_t global_bit;

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
  kernel_pmap->tables[0] = 0;
  cpu_write_cr3(kernel_to_phys(kernel_pmap));
}

/* -- Whole pmaps ------------------------------------------------------------------------------- */

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

/* Gives the page tables and the directory back.  Most entries are empty: four are looked at
   together. */
void pmap_destroy(struct pmap *pmap) {
  ASSERT(pmap != kernel_pmap);
  if (pmap == active) pmap_activate(NULL);
  for (unsigned i = 0; i < KERNEL_INDEX; i += 4) {
    const uint32_t *entries = &pmap->tables[i];
    if ((entries[0] | entries[1] | entries[2] | entries[3]) == 0) continue;
    for (unsigned j = 0; j < 4; j++)
      if (entries[j] != 0) page_give(entry_table(entries[j]));
  }
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

/* The directory and the page tables in its user part. */
unsigned pmap_pages(const struct pmap *pmap) {
  unsigned pages = 1;
  for (unsigned i = 0; i < KERNEL_INDEX; i++) pages += pmap->tables[i] != 0;
  return pages;
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

/* The same for COUNT pages among those from ADDRESS on that MASK names.  Loading the directory again costs
   as much as forgetting a dozen pages. */
static void flush_run(const struct pmap *pmap, uint32_t address, uint32_t mask, unsigned count) {
  if (pmap != active || count == 0) return;
  if (count > FLUSHES_MAX) {
    cpu_write_cr3(kernel_to_phys(pmap));
    return;
  }
  for (; mask != 0; mask &= mask - 1)
    cpu_flush_page(address + (uint32_t)__builtin_ctz(mask) * PAGE_SIZE);
}

/* A directory entry allows all; the page table's entries restrict. */
bool pmap_prepare(struct pmap *pmap, uint32_t address) {
  ASSERT(address < KERNEL_BASE);
  uint32_t *entry = &pmap->tables[TABLE_INDEX(address)];
  if (*entry != 0) return true;
  uint32_t *table = page_take();
  if (table == NULL) return false;
  *entry = kernel_to_phys(table) | ENTRY_USER | ENTRY_WRITABLE | ENTRY_PRESENT;
  return true;
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
void pmap_enter(struct pmap *pmap, uint32_t address, uint32_t physical, bool writable) {
  uint32_t table = pmap->tables[TABLE_INDEX(address)];
  ASSERT(address < KERNEL_BASE && table != 0);
  uint32_t *entry = &entry_table(table)[address / PAGE_SIZE % ENTRIES];
  uint32_t new = physical | ENTRY_USER | ENTRY_PRESENT | (writable ? ENTRY_WRITABLE : 0);
  if (*entry == 0) {
    *entry = new;
  } else {
    entry_replace(pmap, address, entry, new);
  }
}

/* The exchange is one instruction, so no write can slip in between the last look at the dirty bit
   and the end of the mapping. */
bool pmap_remove(struct pmap *pmap, uint32_t address, bool *accessed) {
  uint32_t *entry = entry_lookup(pmap, address);
  uint32_t old = entry == NULL || *entry == 0 ? 0 : __atomic_exchange_n(entry, 0, __ATOMIC_RELAXED);
  if (accessed != NULL) *accessed = (old & ENTRY_ACCESSED) != 0;
  if (old != 0) flush(pmap, address);
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

/* The bits that any of the 32 entries from ENTRIES on has: often there is nothing to do for any. */
static uint32_t run_bits(const uint32_t *entries) {
  uint32_t any = 0;
  for (unsigned i = 0; i < 32; i += 8)
    any |= entries[i] | entries[i + 1] | entries[i + 2] | entries[i + 3] | entries[i + 4] |
           entries[i + 5] | entries[i + 6] | entries[i + 7];
  return any;
}

/* As pmap_remove(); up to 32 pages in one page table. */
uint32_t pmap_remove_run(struct pmap *pmap, uint32_t address, uint32_t mask, unsigned *count) {
  uint32_t *entries = entry_lookup(pmap, address), dirty = 0;
  unsigned removed = 0;
  *count = 0;
  ASSERT(address / PAGE_SIZE % 32 == 0);
  if (entries == NULL || run_bits(entries) == 0) return 0;
  for (uint32_t rest = mask, bit = 1; rest != 0; rest >>= 1, bit <<= 1, entries++) {
    if ((rest & 1) == 0 || *entries == 0) continue;
    removed++;
    if (__atomic_exchange_n(entries, 0, __ATOMIC_RELAXED) & ENTRY_DIRTY) dirty |= bit;
  }
  flush_run(pmap, address, mask, removed);
  *count = removed;
  return dirty;
}

/* As pmap_write_protect(); the processor may set bits of the entries meanwhile. */
void pmap_write_protect_run(struct pmap *pmap, uint32_t address, uint32_t mask) {
  uint32_t *entries = entry_lookup(pmap, address);
  unsigned count = 0;
  ASSERT(address / PAGE_SIZE % 32 == 0);
  if (entries == NULL || (run_bits(entries) & ENTRY_WRITABLE) == 0) return;
  for (uint32_t rest = mask; rest != 0; rest >>= 1, entries++) {
    if ((rest & 1) == 0 || (*entries & ENTRY_WRITABLE) == 0) continue;
    count++;
    __atomic_and_fetch(entries, ~ENTRY_WRITABLE, __ATOMIC_RELAXED);
  }
  flush_run(pmap, address, mask, count);
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

/* Steps by 4 MB where there is no page table.  An empty page table costs 1,024 quick steps; page
   tables stay until the pmap goes, so that what pmap_prepare() promised holds. */
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
