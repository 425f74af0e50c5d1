/* The oracle. */
#include "tests/soak/oracle.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/round.h"

#define HEAP_BASE  0x08100000u
#define BASE       0x10000000u
#define MAP_BASE   0x40000000u
#define STACK_BASE (USER_END - STACK_PAGES * VM_PAGE_SIZE)

struct object *oracle_files[FILES];
static uint64_t moment;

/* A new moment. */
uint64_t oracle_now(void) {
  return ++moment;
}

/* Starts over. */
void oracle_init(void) {
  moment = 1;
}

/* Where CELL lies: at the edges of a page, of blocks of a disk, and between. */
uint32_t cell_offset(unsigned cell) {
  static const uint32_t offsets[CELLS] = {0, 1, 511, 1024, 2047, 3000, 4094, 4095};
  return offsets[cell];
}

/* The address of page PAGE. */
uaddr_t page_address(unsigned page) {
  if (page < HEAP_PAGES) return HEAP_BASE + page * VM_PAGE_SIZE;
  page -= HEAP_PAGES;
  if (page < MAP_PAGES / 2) return BASE + page * VM_PAGE_SIZE;
  if (page < MAP_PAGES) return MAP_BASE + (page - MAP_PAGES / 2) * VM_PAGE_SIZE;
  return STACK_BASE + (page - MAP_PAGES) * VM_PAGE_SIZE;
}

/* The virtual page that is page PAGE. */
vpn_t page_vpn(unsigned page) {
  return vpn_of(page_address(page));
}

/* -- Histories --------------------------------------------------------------------------------- */

/* Whether A was surely replaced by B, and that before FROM. */
static bool replaced(const struct write *a, const struct write *b, uint64_t from) {
  return !b->maybe && b->end != 0 && a->end != 0 && b->start > a->end && b->end < from;
}

/* Whether write AT of HISTORY can still be seen in W. */
static bool can_be_seen(const struct history *history, unsigned at, const struct window *w) {
  const struct write *write = &history->writes[at];
  if (write->start > w->end) return false;
  for (unsigned i = 0; i < at; i++)
    if (replaced(write, &history->writes[i], w->start)) return false;
  return true;
}

/* Whether VALUE may be read. */
bool history_allows(const struct history *history, uint8_t value, const struct window *w) {
  if (history->anything || w->start <= history->forgotten) return true;
  for (unsigned i = 0; i < HISTORY; i++) {
    const struct write *write = &history->writes[i];
    if (write->start == 0) break;
    if ((write->wild || write->value == value) && can_be_seen(history, i, w)) return true;
  }
  return false;
}

/* Prints HISTORY, the newest first. */
void history_print(const struct history *history) {
  for (unsigned i = 0; i < HISTORY && history->writes[i].start != 0; i++) {
    const struct write *write = &history->writes[i];
    printf("  %u%s%s written from %llu to %llu\n", write->value, write->wild ? " or another" : "",
           write->maybe ? ", perhaps," : "", (unsigned long long)write->start,
           (unsigned long long)write->end);
  }
}

/* The one value that may be read, or -1. */
int history_value(const struct history *history, const struct window *w) {
  int found = -1;
  if (history->anything || w->start <= history->forgotten) return -1;
  for (unsigned i = 0; i < HISTORY && history->writes[i].start != 0; i++) {
    if (!can_be_seen(history, i, w)) continue;
    if (history->writes[i].wild || (found >= 0 && found != history->writes[i].value)) return -1;
    found = history->writes[i].value;
  }
  return found;
}

/* Puts a write of VALUE that begins now in front of HISTORY. */
static void history_push(struct history *history, uint8_t value) {
  struct window now = {moment, moment};
  if (history->writes[HISTORY - 1].start != 0) {
    if (can_be_seen(history, HISTORY - 1, &now)) history->anything = true;
    history->forgotten = moment;
  }
  memmove(&history->writes[1], &history->writes[0], (HISTORY - 1) * sizeof history->writes[0]);
  history->writes[0] = (struct write){.start = moment, .value = value};
}

/* -- Objects ----------------------------------------------------------------------------------- */

/* A new object of PAGES pages of zeroes, used once. */
struct object *object_create(uint32_t pages) {
  struct object *object = calloc(1, sizeof *object);
  object->users = 1;
  object->pages = pages;
  object->cells = calloc(pages, sizeof *object->cells);
  object->traffic = calloc(pages, sizeof *object->traffic);
  for (uint32_t i = 0; i < pages; i++)
    for (unsigned j = 0; j < CELLS; j++)
      object->cells[i][j].writes[0] = (struct write){.start = 1, .end = 1};
  return object;
}

/* One user of OBJECT fewer. */
void object_put(struct object *object) {
  if (--object->users > 0) return;
  free(object->cells);
  free(object->traffic);
  free(object);
}

/* One writer more. */
void traffic_begin(struct object *object, uint32_t index) {
  if (object != NULL && index < object->pages) object->traffic[index].writers++;
}

/* One writer fewer. */
void traffic_end(struct object *object, uint32_t index) {
  if (object == NULL || index >= object->pages) return;
  object->traffic[index].writers--;
  object->traffic[index].ended = moment;
}

/* Whether nobody wrote since FROM. */
bool traffic_rests(const struct object *object, uint32_t index, uint64_t from) {
  return object->traffic[index].writers == 0 && object->traffic[index].ended < from;
}

/* A write of VALUE to CELL of page INDEX of OBJECT begins at this moment. */
struct history *write_begin(struct object *object, uint32_t index, unsigned cell, uint8_t value) {
  struct history *history = &object->cells[index][cell];
  history_push(history, value);
  return history;
}

/* The write that began at START ends now. */
void write_end(struct history *history, uint64_t start, bool happened) {
  for (unsigned i = 0; i < HISTORY; i++) {
    struct write *write = &history->writes[i];
    if (write->start != start || write->end != 0) continue;
    write->end = moment;
    write->maybe = !happened;
    if (happened && i == 0) history->anything = false;
    return;
  }
}

/* -- Pages ------------------------------------------------------------------------------------- */

/* The history that CELL of PAGE shows; NULL: it is zero. */
static const struct history *shown(const struct opage *page, unsigned cell) {
  const struct object *object = page->object;
  if (object == NULL || page->index >= object->pages) return NULL;
  return &object->cells[page->index][cell];
}

/* Whether CELL of PAGE lies beyond the end of its file, where bytes come and go. */
static bool beyond_end(const struct opage *page, unsigned cell) {
  const struct object *object = page->object;
  if (object == NULL || object->file == NULL || page->own) return false;
  return page->index * VM_PAGE_SIZE + cell_offset(cell) >= object->length;
}

/* Whether VALUE may be read from CELL of PAGE. */
bool page_allows(const struct opage *page, unsigned cell, uint8_t value, const struct window *w) {
  if (page->own) return (page->known >> cell & 1) == 0 || page->value[cell] == value;
  const struct history *history = shown(page, cell);
  if (history == NULL) return value == 0;
  return beyond_end(page, cell) || history_allows(history, value, w);
}

/* What PAGE holds in CELL, or -1. */
int page_value(const struct opage *page, unsigned cell, const struct window *w) {
  if (page->own) return page->known >> cell & 1 ? page->value[cell] : -1;
  const struct history *history = shown(page, cell);
  if (history == NULL) return 0;
  return beyond_end(page, cell) ? -1 : history_value(history, w);
}

/* Whether what its file has for sure ends before PAGE. */
bool page_is_beyond(const struct opage *page) {
  const struct object *object = page->object;
  return page->shared && object->file != NULL && page->index * VM_PAGE_SIZE >= object->length;
}

/* Whether the file of PAGE, which was beyond its end, may have grown into it. */
bool page_may_have_come(const struct opage *page) {
  return page->index * VM_PAGE_SIZE < page->object->length_max;
}

/* PAGE, private, was copied. */
void page_own(struct opage *page, const struct window *w) {
  if (page->own || page->shared) return;
  uint8_t known = 0;
  for (unsigned cell = 0; cell < CELLS; cell++) {
    int value = page_value(page, cell, w);
    if (value < 0) continue;
    known |= (uint8_t)(1u << cell);
    page->value[cell] = (uint8_t)value;
  }
  page->known = known;
  page->own = true;
}

/* PAGE, if private, may have been copied at some time. */
void page_doubt(struct opage *page) {
  if (page->own || page->shared) return;
  page->own = true;
  page->known = page->object == NULL ? UINT8_MAX : 0;
  memset(page->value, 0, sizeof page->value);
}

/* Takes PAGE away. */
void page_clear(struct opage *page) {
  if (page->object != NULL) object_put(page->object);
  *page = (struct opage){0};
}

/* Gives CHILD what PARENT has; nothing of it is locked. */
void space_copy(struct space *child, const struct space *parent) {
  child->heap = parent->heap;
  child->heap_used = parent->heap_used;
  for (unsigned i = 0; i < PAGES; i++) {
    child->pages[i] = parent->pages[i];
    child->pages[i].locked = false;
    if (child->pages[i].object != NULL) child->pages[i].object->users++;
  }
}

/* Takes all of SPACE away. */
void space_clear(struct space *space) {
  for (unsigned i = 0; i < PAGES; i++) page_clear(&space->pages[i]);
}
