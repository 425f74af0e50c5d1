/* Pages: one page of content each, wherever it is now.

   state     where the content is     leaves by
   ABSENT    at home                  page_start_arriving -> ARRIVING
   ARRIVING  being read into a frame  I/O done -> RESIDENT, failed -> ABSENT
   RESIDENT  in a frame               page_start_leaving -> LEAVING, page_start_syncing -> SYNCING,
                                      or -> ABSENT if clean
   SYNCING   as RESIDENT, and being   I/O done -> RESIDENT
             written to its file
   LEAVING   being written home       I/O done -> ABSENT, failed -> RESIDENT (dirty)

   A page is used by sptes (those who map it) and held by threads that work on it (page_get,
   page_put); without either it dies, except that a cached page of a store stays for as long as it
   is in a frame.  All fields and functions: VM lock.  Who finds a page ARRIVING or LEAVING waits
   with page_wait(page) and looks again. */
#ifndef VM_PAGE_H
#define VM_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/debug.h"
#include "vm/frame.h"
#include "vm/policy.h"
#include "vm/spte.h"
#include "vm/stats.h"
#include "vm/types.h"

struct store;

enum page_state { PAGE_ABSENT, PAGE_ARRIVING, PAGE_RESIDENT, PAGE_LEAVING };

/* One bit each, so that a row of page_rows can name several. */
enum page_home {
  HOME_ZERO = 1, /* Never written: all zeroes. */
  HOME_FILE = 2, /* store, index, length: bytes of a file, then zeroes. */
  HOME_SWAP =
      4 /* slot; SLOT_NONE while the only copy is in the frame.  Of a dirty page it has an old copy. */
};

struct page {
  union {
    struct {
      uint8_t state;      /* enum page_state */
      uint8_t home;       /* enum page_home */
      bool cached : 1;    /* Is its store's page at index; otherwise private to its sptes. */
      bool syncing : 1;   /* RESIDENT, pinned, and being written to its file. */
      bool dirty : 1;     /* Content differs from home; pmaps may know of more. */
      bool unwritten : 1; /* Dirty, and the last try to write it to its file failed. */
      bool
          backed : 1; /* Cached, and all that its file has of it is known to have blocks on disk. */
    };
    uint32_t word; /* All of these, for page_assert(). */
  };
  uint32_t refs;        /* Its sptes, and the threads that hold it. */
  struct frame *frame;  /* ARRIVING (late), RESIDENT, LEAVING; else NULL. */
  slot_t slot;          /* HOME_SWAP */
  struct store *store;  /* HOME_FILE, or cached; else NULL. */
  uint32_t index : 20;  /* Page of the store. */
  uint32_t length : 12; /* Bytes of the file in it; 0 is all. */
  struct spte *sptes;   /* Who maps it. */
};

/* What is legal in each state, held by page_assert() at every transition.  A page that is being synced is
   RESIDENT for those who use it, but has a row of its own.  vm/README.md draws the table. */
enum { PAGE_SYNCING = PAGE_LEAVING + 1, PAGE_ROWS };
enum page_frame { FRAME_NO, FRAME_LATER, FRAME_YES };
enum page_slot {
  SLOT_NO,      /* None; with -swap-keep, at home SWAP, may be. */
  SLOT_OF_SWAP, /* At home SWAP must be. */
  SLOT_IF_SWAP  /* At home SWAP may be. */
};

/* Masks of page->word, in which ABSENT is 0. */
#define PAGE_HOMES(HOMES) ((uint32_t)(HOMES) << 8)
#define PAGE_CACHED       (1u << 16)
#define PAGE_SYNC         (1u << 17)
#define PAGE_DIRTY        (1u << 18)
#define PAGE_UNWRITTEN    (1u << 19)

struct page_row {
  uint32_t must, must_not;             /* Bits of the page. */
  uint32_t frame_must, frame_must_not; /* Bits of its frame, if it has one. */
  uint8_t frame, slot;
  bool held;   /* Somebody uses it or works on it. */
  bool pinned; /* So is its frame. */
};

static const struct page_row page_rows[PAGE_ROWS] = {
    [PAGE_ABSENT] = {.must_not = PAGE_SYNC | PAGE_DIRTY | PAGE_UNWRITTEN,
                     .frame = FRAME_NO,
                     .slot = SLOT_OF_SWAP,
                     .held = true},
    [PAGE_ARRIVING] = {.must_not = PAGE_SYNC | PAGE_UNWRITTEN,
                       .frame = FRAME_LATER,
                       .frame_must = FRAME_LENT,
                       .frame_must_not = FRAME_ADMITTED | FRAME_KERNEL | FRAME_PINS,
                       .slot = SLOT_IF_SWAP,
                       .held = true},
    [PAGE_RESIDENT] = {.must_not = PAGE_SYNC,
                       .frame = FRAME_YES,
                       .frame_must = FRAME_LENT | FRAME_ADMITTED,
                       .frame_must_not = FRAME_KERNEL,
                       .slot = SLOT_NO},
    [PAGE_SYNCING] = {.must = PAGE_SYNC | PAGE_CACHED | PAGE_HOMES(HOME_FILE),
                      .must_not = PAGE_HOMES(HOME_ZERO | HOME_SWAP),
                      .frame = FRAME_YES,
                      .frame_must = FRAME_LENT | FRAME_ADMITTED,
                      .frame_must_not = FRAME_KERNEL,
                      .slot = SLOT_NO,
                      .held = true,
                      .pinned = true},
    [PAGE_LEAVING] = {.must = PAGE_DIRTY,
                      .must_not = PAGE_SYNC,
                      .frame = FRAME_YES,
                      .frame_must = FRAME_LENT | FRAME_ADMITTED,
                      .frame_must_not = FRAME_KERNEL | FRAME_PINS,
                      .slot = SLOT_NO,
                      .held = true},
};

/* Panics: PAGE is in no legal state. */
_Noreturn void page_illegal(const struct page *page);

/* The row that PAGE must fit in. */
static inline const struct page_row *page_row(const struct page *page) {
  bool syncs = page->state == PAGE_RESIDENT && page->syncing;
  return &page_rows[syncs ? PAGE_SYNCING : page->state];
}

/* Whether PAGE has a slot just where ROW says.  Whose home is SWAP without a slot is dirty. */
static inline bool page_slot_fits(const struct page *page, const struct page_row *row) {
  bool has = page->slot != SLOT_NONE, may = page->home == HOME_SWAP;
  if (row->slot == SLOT_OF_SWAP) return has == may;
  if (row->slot == SLOT_IF_SWAP) return may || !has;
  if (__builtin_expect(has, 0)) return may && vm_options.swap_keep;
  return !may || page->dirty;
}

/* Whether PAGE has a frame just where ROW says, of the kind that it says. */
static inline bool page_frame_fits(const struct page *page, const struct page_row *row) {
  const struct frame *frame = page->frame;
  if (row->frame == FRAME_NO) return frame == NULL;
  if (frame == NULL) return row->frame == FRAME_LATER;
  uint32_t looked = row->frame_must | row->frame_must_not;
  return frame->page == page && (frame->word & looked) == row->frame_must &&
         (!row->pinned || frame->pins > 0);
}

/* Asserts that PAGE is as ROW says.  Where the compiler knows the row, what remains is to compare bits. */
static inline __attribute__((always_inline)) void page_assert_row(const struct page *page,
                                                                  const struct page_row *row) {
  if (vm_options.asserts_off) return;
  bool fits =
      (page->word & (row->must | row->must_not)) == row->must && (!row->held || page->refs > 0);
  if (__builtin_expect(!(fits && page_frame_fits(page, row) && page_slot_fits(page, row)), 0))
    page_illegal(page);
}
/* Asserts that PAGE's home, flags, frame, slot and holds are legal together in its state; -asserts=off makes it
   do nothing.  Not for page_zero.  VM lock. */
static inline void page_assert(const struct page *page) {
  page_assert_row(page, page_row(page));
}
/* Lets PAGE go over to STATE, which is known where this is written: the only way to another state. */
static inline __attribute__((always_inline)) void page_enter_state(struct page *page,
                                                                   unsigned state) {
  page->state = state;
  page_assert_row(page, &page_rows[state]);
}

/* The one page of zeroes that every untouched, unwritten page of zeroes is. */
extern struct page page_zero;

/* Makes page_zero RESIDENT for good, after frame_init(). */
void page_init(void);

/* A new ABSENT page of zeroes, held once by the caller; NULL if there is no memory. */
struct page *page_create(void);
/* Holds PAGE, once more. */
static inline void page_get(struct page *page) {
  page->refs++;
}
/* Nobody holds PAGE any more: ends it, unless it is cached and in a frame. */
void page_unused(struct page *page);
/* Gives up one hold; the last one ends the page.  A hold that nobody had is found by page_unused(). */
static inline void page_put(struct page *page) {
  page->refs--;
  if ((int32_t)page->refs <= 0) page_unused(page);
}

/* Ends PAGE, whose only hold the caller has, whether it is in a frame or not. */
void page_drop(struct page *page);

/* Gives up one pin of PAGE's frame; those who wait for PAGE to be let go look again. */
void page_unpin(struct page *page);

/* How many threads are in page_wait().  VM lock. */
extern unsigned page_waiters;
/* Waits until PAGE, ARRIVING, LEAVING, syncing or pinned, may have come to rest, which REASON names in reports;
   gives the VM lock up meanwhile. */
void page_wait(struct page *page, const char *reason);
/* Wakes those who wait for PAGE. */
void page_wake_all(struct page *page);
/* Wakes those who wait for PAGE, if anybody waits for any page. */
static inline void page_wake(struct page *page) {
  if (page_waiters > 0) page_wake_all(page);
}

/* ABSENT PAGE is going to be read: who else wants it waits. */
static inline void page_start_arriving(struct page *page) {
  ASSERT(page->state == PAGE_ABSENT);
  page_enter_state(page, PAGE_ARRIVING);
}
/* PAGE, ARRIVING, has its content in its frame: it is RESIDENT, and the policy knows it and WHY it came. */
void page_arrived(struct page *page, enum policy_why why);
/* PAGE, ARRIVING, cannot be had now: it is ABSENT as before, and has no frame. */
void page_not_arrived(struct page *page);
/* RESIDENT PAGE is going to be written home, and held meanwhile; nobody maps it. */
void page_start_leaving(struct page *page);
/* PAGE, LEAVING, could not be written: it stays, RESIDENT and dirty, and is let go. */
void page_not_left(struct page *page);
/* RESIDENT PAGE is going to be written to its file, held and pinned meanwhile: others go on using it. */
void page_start_syncing(struct page *page);
/* PAGE, SYNCING, was written, or is `unwritten': it is RESIDENT, in the second case dirty, and let go. */
void page_end_syncing(struct page *page);
/* Takes RESIDENT or LEAVING PAGE out of its frame, which becomes free; its home has its content
   (or nobody wants it). */
void page_leave_frame(struct page *page);

/* Counts a page in a slot for SPTE's process: CHANGE is 1 or -1. */
void page_count_swapped(struct spte *spte, int change);

/* Whether PAGE lies in a slot, a single entry uses it and nobody works on it: its record can be folded. */
static inline bool page_can_fold(const struct page *page) {
  return page->slot != SLOT_NONE && page->refs == 1 && page->state == PAGE_ABSENT &&
         !page->cached && page->sptes != NULL;
}
/* Ends PAGE, of which page_can_fold() is true; its slot, which stays taken and counted. */
slot_t page_fold(struct page *page);
/* A new page for SPTE, on whose list it is, as page_fold() took it: in SLOT.  NULL if there is no memory. */
struct page *page_unfold(slot_t slot, struct spte *spte);

/* Enters SPTE on PAGE's list where *LINK leads, as one of its holders. */
static inline void page_attach_at(struct page *page, struct spte *spte, struct spte **link) {
  struct spte *next = *link;
  *link = spte;
  spte->page = page;
  spte->next = next;
  spte->previous = link;
  if (next != NULL) next->previous = &spte->next;
  page->refs++;
  if (page->slot != SLOT_NONE) page_count_swapped(spte, 1);
}
/* Enters SPTE on PAGE's list as the first. */
static inline void page_attach(struct page *page, struct spte *spte) {
  page_attach_at(page, spte, &page->sptes);
}

/* Takes SPTE off PAGE's list and gives its hold up; the last ends the page. */
static inline void page_detach(struct page *page, struct spte *spte) {
  ASSERT(spte->page == page);
  if (page->slot != SLOT_NONE) page_count_swapped(spte, -1);
  *spte->previous = spte->next;
  if (spte->next != NULL) spte->next->previous = spte->previous;
  page_put(page);
}

/* Whether the one spte that uses PAGE is its only holder and no store caches it: its writer need not copy.  Who
   copies from PAGE holds it meanwhile; page_zero is held for ever. */
static inline bool page_is_exclusive(const struct page *page) {
  return !page->cached && page->refs == 1;
}
/* Whether PAGE is in a frame that it may leave, and a single spte uses it. */
static inline bool page_is_own(const struct page *page) {
  const struct spte *spte = page->sptes;
  return page->frame != NULL && frame_is_evictable(page->frame) && spte != NULL &&
         spte->next == NULL;
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
