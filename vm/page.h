/* Pages: one page of content each, wherever it is now.

   state     where the content is     leaves by
   ABSENT    at home                  page_start_arriving -> ARRIVING
   ARRIVING  being read into a frame  I/O done -> RESIDENT, failed -> ABSENT
   RESIDENT  in a frame               page_start_leaving -> LEAVING, or -> ABSENT if clean
   LEAVING   being written home       I/O done -> ABSENT, failed -> RESIDENT (dirty)

   A page is used by sptes (those who map it) and held by threads that work on it (page_get,
   page_put); without either it dies, except that a cached page of a store stays for as long as it
   is in a frame.  All fields and functions: VM lock.  Who finds a page ARRIVING or LEAVING waits
   with port_wait(page) and looks again. */
#ifndef VM_PAGE_H
#define VM_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/debug.h"
#include "vm/spte.h"
#include "vm/types.h"

struct frame;
struct store;

enum page_state { PAGE_ABSENT, PAGE_ARRIVING, PAGE_RESIDENT, PAGE_LEAVING };

enum page_home {
  HOME_ZERO, /* Never written: all zeroes. */
  HOME_FILE, /* store, index, length: bytes of a file, then zeroes. */
  HOME_SWAP  /* slot; SLOT_NONE while the only copy is in the frame. */
};

struct page {
  uint8_t state;        /* enum page_state */
  uint8_t home;         /* enum page_home */
  bool cached : 1;      /* Is its store's page at index; otherwise private to its sptes. */
  bool syncing : 1;     /* RESIDENT, pinned, and being written to its file. */
  bool dirty : 1;       /* Content differs from home; pmaps may know of more. */
  bool unwritten : 1;   /* Dirty, and the last try to write it to its file failed. */
  uint32_t refs;        /* Its sptes, and the threads that hold it. */
  struct frame *frame;  /* ARRIVING (late), RESIDENT, LEAVING; else NULL. */
  slot_t slot;          /* HOME_SWAP */
  struct store *store;  /* HOME_FILE, or cached; else NULL. */
  uint32_t index : 20;  /* Page of the store. */
  uint32_t length : 12; /* Bytes of the file in it; 0 is all. */
  struct spte *sptes;   /* Who maps it. */
};

/* The one page of zeroes that every untouched, unwritten page of zeroes is. */
extern struct page page_zero;

/* Makes page_zero RESIDENT for good, after frame_init(). */
void page_init(void);

/* A new ABSENT page of zeroes, held once by the caller; NULL if there is no memory. */
struct page *page_create(void);
static inline void page_get(struct page *page) {
  page->refs++;
}
/* Nobody holds PAGE any more: ends it, unless it is cached and in a frame. */
void page_unused(struct page *page);
/* Gives up one hold; the last one ends the page. */
static inline void page_put(struct page *page) {
  ASSERT(page->refs > 0);
  if (--page->refs == 0) page_unused(page);
}

/* Ends PAGE, whose only hold the caller has, whether it is in a frame or not. */
void page_drop(struct page *page);

/* Gives up one pin of PAGE's frame; those who wait for PAGE to be let go look again. */
void page_unpin(struct page *page);

/* Waits until PAGE, ARRIVING or LEAVING, may have come to rest; gives the VM lock up meanwhile. */
void page_wait(struct page *page);

/* ABSENT PAGE is going to be read: who else wants it waits. */
static inline void page_start_arriving(struct page *page) {
  ASSERT(page->state == PAGE_ABSENT && page->refs > 0);
  page->state = PAGE_ARRIVING;
}
/* PAGE, ARRIVING, has its content in its frame: it is RESIDENT, and the policy knows it. */
void page_arrived(struct page *page);
/* PAGE, ARRIVING, cannot be had now: it is ABSENT as before, and has no frame. */
void page_not_arrived(struct page *page);
/* RESIDENT PAGE is going to be written home, and held meanwhile; nobody maps it. */
void page_start_leaving(struct page *page);
/* PAGE, LEAVING, could not be written: it stays, RESIDENT and dirty, and is let go. */
void page_not_left(struct page *page);
/* Takes RESIDENT or LEAVING PAGE out of its frame, which becomes free; its home has its content
   (or nobody wants it). */
void page_leave_frame(struct page *page);

/* Counts a page in a slot for SPTE's process: CHANGE is 1 or -1. */
void page_count_swapped(struct spte *spte, int change);

/* Enters SPTE on PAGE's list, as one of its holders. */
static inline void page_attach(struct page *page, struct spte *spte) {
  spte->page = page;
  spte->next = page->sptes;
  spte->previous = &page->sptes;
  if (page->sptes != NULL) page->sptes->previous = &spte->next;
  page->sptes = spte;
  page->refs++;
  if (page->slot != SLOT_NONE) page_count_swapped(spte, 1);
}

/* Takes SPTE off PAGE's list and gives its hold up; the last ends the page. */
static inline void page_detach(struct page *page, struct spte *spte) {
  ASSERT(spte->page == page);
  if (page->slot != SLOT_NONE) page_count_swapped(spte, -1);
  *spte->previous = spte->next;
  if (spte->next != NULL) spte->next->previous = spte->previous;
  page_put(page);
}

/* Whether a single spte uses PAGE and no store caches it: its writer need not copy. */
static inline bool page_is_exclusive(const struct page *page) {
  const struct spte *spte = page->sptes;
  return !page->cached && page != &page_zero && spte != NULL && spte->next == NULL;
}
/* Where PAGE goes when it is dirty: to its file, or to a slot. */
bool page_belongs_to_file(const struct page *page);
/* Whether PAGE is dirty, as far as can be told without unmapping it. */
bool page_is_dirty(const struct page *page);
/* Whether PAGE, in a frame, was touched since this was asked the last time, by anybody who maps it or
   by the kernel; forgets it. */
bool page_take_accessed(const struct page *page);
/* Moves what the pmaps know about writes to PAGE into page->dirty; with REMOVE the pmap entries
   go first, so that no write is missed. */
void page_collect_dirty(struct page *page, bool remove);
/* Notes that a pmap had PAGE as written. */
void page_note_write(struct page *page);
/* Takes the right to write to PAGE from all pmaps: the next write faults. */
void page_write_protect(struct page *page);
/* Changes the home of PAGE to SLOT, counting it for the processes that use it. */
void page_set_slot(struct page *page, slot_t slot);

#endif
