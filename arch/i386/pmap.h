/* The machine's page table of one address space, and physical memory as the kernel sees it.

   All RAM is mapped at KERNEL_BASE, so a physical address and its kernel address differ by that.
   A pmap shares the kernel's half with all others; its own half holds user pages.
   - A page table is made for the first page that pmap_enter() maps in its 4 MB, which fails if there is no
     memory for it, and given back with the last, also if somebody else than its process removes that.
   - Only pmap_enter(), pmap_remove() and pmap_write_protect() change an entry's rights, and they
     flush what the processor may remember of it.
   None of these sleeps.  The caller keeps two threads from changing pmaps at the same time: vm/ holds its
   lock. */
#ifndef ARCH_I386_PMAP_H
#define ARCH_I386_PMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SHIFT  12
#define PAGE_SIZE   4096u
#define KERNEL_BASE 0xc0000000u

/* A window of kernel addresses, above all RAM, in which any pages of it may stand side by side. */
#define WINDOW_BASE  0xff800000u
#define WINDOW_PAGES 2048u

struct pmap; /* One per address space. */

static inline void *phys_to_kernel(uint32_t physical) {
  return (void *)(uintptr_t)(physical + KERNEL_BASE);
}
static inline uint32_t kernel_to_phys(const void *kernel) {
  return (uint32_t)(uintptr_t)kernel - KERNEL_BASE;
}

/* Maps all RAM at KERNEL_BASE for the time until pmap_init(), where the processor has 4 MB pages;
   else only the first 4 MB.  The boot code calls it. */
void pmap_init_early(void);

/* Maps all RAM up to PHYSICAL_END at KERNEL_BASE, the kernel's text read-only.  Takes the memory
   for page tables from TAKE_PAGE (zeroed pages), which pmap_create and pmap_enter use later as
   well, and gives it back to GIVE_PAGE. */
void pmap_init(uint32_t physical_end, void *(*take_page)(void), void (*give_page)(void *));
/* How many page tables pmap_init() takes for RAM up to PHYSICAL_END, where the processor has large pages. */
uint32_t pmap_tables_for(uint32_t physical_end);
/* Before the first pmap is made: USES, zeroes, one for each page of RAM, is where entries of page tables are
   counted. */
void pmap_init_uses(uint16_t *uses);

/* How many pages of the window may be used: those for which pmap_init() made page tables, fewer in small
   machines. */
uint32_t pmap_window_pages(void);
/* Maps PAGE, a page of RAM by its kernel address, at ADDRESS of the window; and unmaps it and gives it. */
void pmap_window_map(void *address, void *page);
void *pmap_window_unmap(void *address);
/* Whether a page is mapped at ADDRESS, which need not lie in the window. */
bool pmap_window_has(uint32_t address);

/* A new pmap without user pages, or NULL if there is no memory. */
struct pmap *pmap_create(void);
/* Frees PMAP; it must hold no user page.  If it is active, the kernel's own becomes active
   first. */
void pmap_destroy(struct pmap *pmap);
/* Loads PMAP into the processor; NULL loads the kernel's own. */
void pmap_activate(struct pmap *pmap);

/* Maps user page ADDRESS to the frame at PHYSICAL, in the place of what was mapped there; false if there is no
   memory for a page table, never if something was mapped there. */
bool pmap_enter(struct pmap *pmap, uint32_t address, uint32_t physical, bool writable);
/* Unmaps ADDRESS; whether it was written through this entry.  Nothing happens if nothing is mapped. */
bool pmap_remove(struct pmap *pmap, uint32_t address);
/* Takes the right to write away from ADDRESS; what the dirty bit says stays. */
void pmap_write_protect(struct pmap *pmap, uint32_t address);
/* Remove or write-protect many pages: page i from ADDRESS on, which is a multiple of 32 pages, for each bit i of MASK;
   all of these are mapped.  The first gives a bit for each page that was written through its entry. */
uint32_t pmap_remove_run(struct pmap *pmap, uint32_t address, uint32_t mask);
void pmap_write_protect_run(struct pmap *pmap, uint32_t address, uint32_t mask);
/* pmap_remove_run() for a PMAP in which nobody runs any more, and cheaper. */
uint32_t pmap_drop_run(struct pmap *pmap, uint32_t address, uint32_t mask);
/* Maps these pages, which SOURCE maps, in PMAP, where none of them is mapped: read-only, not accessed and not
   written.  False if there is no memory for a page table. */
bool pmap_copy_run(struct pmap *pmap, const struct pmap *source, uint32_t address, uint32_t mask);
/* Whether ADDRESS was touched since it was entered or asked the last time; forgets it. */
bool pmap_take_accessed(struct pmap *pmap, uint32_t address);
/* Whether ADDRESS was written through this entry; pmap_take_dirty also forgets it. */
bool pmap_is_dirty(struct pmap *pmap, uint32_t address);
bool pmap_take_dirty(struct pmap *pmap, uint32_t address);
/* What ADDRESS maps to: false if nothing, else the frame and whether it may be written. */
bool pmap_lookup(struct pmap *pmap, uint32_t address, uint32_t *physical, bool *writable);
/* The first mapped page at or after ADDRESS and below END, or END if there is none; skips 4 MB
   without a page table in one step. */
uint32_t pmap_next(struct pmap *pmap, uint32_t address, uint32_t end);
/* Frees the few empty page tables that are kept for those who need one next; whether there were any. */
bool pmap_free_spares(void);

#endif
