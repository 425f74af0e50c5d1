/* Operations on ranges of pages, and on whole processes. */
#include <stdlib.h>
#include "lib/round.h"
#include "tests/soak/play.h"
#include "vm/error.h"
#include "vm/fork.h"
#include "vm/frame.h"
#include "vm/map.h"
#include "vm/mmap.h"
#include "vm/port.h"

/* A run of pages within one window. */
struct span {
  unsigned first, count;
};

/* Where the window of page PAGE ends. */
static unsigned window_end(unsigned page) {
  if (page < HEAP_PAGES) return HEAP_PAGES;
  if (page < HEAP_PAGES + MAP_PAGES / 2) return HEAP_PAGES + MAP_PAGES / 2;
  return page < HEAP_PAGES + MAP_PAGES ? HEAP_PAGES + MAP_PAGES : PAGES;
}

/* COUNT pages, at least one, from FIRST on, cut to FIRST's window. */
static struct span span_of(unsigned first, unsigned count) {
  if (count == 0) count = 1;
  return (struct span){first, MIN(count, window_end(first) - first)};
}

/* Pages that T's first two arguments say, in the windows for mappings. */
static struct span mapped_span(const struct turn *t) {
  return span_of(HEAP_PAGES + t->op->argument[0], t->op->argument[1]);
}

/* Pages that T's first two arguments say, anywhere. */
static struct span any_span(const struct turn *t) {
  return span_of(t->op->argument[0], t->op->argument[1]);
}

/* How many pages of SPAN are mapped. */
static unsigned count_mapped(const struct turn *t, struct span span) {
  unsigned mapped = 0;
  for (unsigned i = 0; i < span.count; i++) mapped += t->space->pages[span.first + i].mapped;
  return mapped;
}

/* What an operation gives that needs all of SPAN mapped. */
static int all_mapped(const struct turn *t, struct span span) {
  return count_mapped(t, span) == span.count ? VM_OK : VM_ENOMAP;
}

/* The first free run of COUNT pages of the window where searches start; PAGES: none. */
static unsigned first_fit(const struct turn *t, unsigned count) {
  for (unsigned at = HEAP_PAGES + MAP_PAGES / 2; at + count <= HEAP_PAGES + MAP_PAGES; at++)
    if (count_mapped(t, (struct span){at, count}) == 0) return at;
  return PAGES;
}

/* What REQUEST by T for SPAN must give, unless the file ends before; SPAN is moved to where the
   mapping must come. */
static int expect_map(const struct turn *t, const struct map_request *request, struct span *span) {
  if (count_mapped(t, *span) == 0) return VM_OK;
  if (request->flags & MAP_FIXED) return VM_EOVERLAP;
  span->first = first_fit(t, span->count);
  return VM_OK;
}

/* The oracle's page for page NUMBER, which is new and part of REGION, mapping OBJECT from INDEX on. */
static void note_page(struct turn *t, unsigned number, struct object *object, uint32_t index) {
  struct opage *page = &t->space->pages[number];
  const struct region *region = region_find(t->space->as, page_vpn(number));
  *page = (struct opage){.mapped = true,
                         .shared = region->shared,
                         .read_only = region->read_only,
                         .prot = region->prot,
                         .mapping = region->mapping,
                         .object = object,
                         .index = index};
  if (object != NULL) object->users++;
}

/* SPAN shows OBJECT (NULL: zeroes of its own) from page INDEX on. */
static void note_span(struct turn *t, struct span span, struct object *object, uint32_t index) {
  addrspace_lock(t->space->as);
  turn_end(t);
  for (unsigned i = 0; i < span.count; i++) note_page(t, span.first + i, object, index + i);
  rig_unlock();
  addrspace_unlock(t->space->as);
}

/* The file NUMBER, used once more; NULL while it is being made anew. */
static struct object *file_get(unsigned number) {
  rig_lock();
  struct object *object = oracle_files[number];
  if (object->file == NULL)
    object = NULL;
  else
    object->users++;
  rig_unlock();
  return object;
}

/* The counterpart of file_get(). */
static void file_put(struct object *object) {
  rig_lock();
  object_put(object);
  rig_unlock();
}

/* How long OBJECT, or NULL, is for sure, and perhaps. */
struct lengths {
  uint32_t sure, most;
};

/* How long OBJECT is now. */
static struct lengths lengths_of(const struct object *object) {
  rig_lock();
  struct lengths now = {object->length, object->length_max};
  rig_unlock();
  return now;
}

/* Maps what REQUEST says at SPAN; OBJECT is the file, or NULL. */
static void map_span(struct turn *t, struct map_request *request, struct span span,
                     struct object *object) {
  int expected = expect_map(t, request, &span);
  uint32_t length = object != NULL ? lengths_of(object).sure : 0;
  uaddr_t address;
  if (span.first == PAGES) return;
  int error = vm_map(t->space->as, request, &address);
  if (error == VM_EEOF && object != NULL && request->offset >= length) return;
  if (!judge(t, error, expected)) return;
  if (address != page_address(span.first))
    complain(t, "mapped at 0x%x, should be 0x%x", (unsigned)address,
             (unsigned)page_address(span.first));
  if (object != NULL && request->offset >= lengths_of(object).most)
    complain(t, "mapped beyond its end");
  struct object *anonymous = NULL;
  if (object == NULL && (request->flags & MAP_SHARED)) anonymous = object_create(span.count);
  note_span(t, span, object != NULL ? object : anonymous, request->offset / VM_PAGE_SIZE);
  if (anonymous != NULL) file_put(anonymous);
}

/* Maps a file or memory, at a place of T's choice or elsewhere. */
void play_map(struct turn *t) {
  struct span span = mapped_span(t);
  unsigned file = t->op->argument[2] / 16, flags = t->op->argument[3];
  struct map_request request = {.address = page_address(span.first),
                                .length = span.count * VM_PAGE_SIZE - flags % 3,
                                .prot = flags & 7,
                                .flags = flags & MAP_OP_SHARED ? MAP_SHARED : MAP_PRIVATE,
                                .read_only = flags & MAP_OP_READ_ONLY};
  if (flags & MAP_OP_FIXED) request.flags |= MAP_FIXED;
  if (request.read_only && (flags & MAP_OP_SHARED)) request.prot &= ~PROT_WRITE;
  struct object *object = file < FILES ? file_get(file) : NULL;
  if (file < FILES && object == NULL) return;
  if (object == NULL) request.flags |= MAP_ANONYMOUS;
  if (object != NULL) {
    request.store = &object->file->store;
    request.offset = t->op->argument[2] % 16 * VM_PAGE_SIZE;
  }
  map_span(t, &request, span, object);
  if (object != NULL) file_put(object);
}

/* Pages from FIRST on that carry mapping ID. */
static struct span mapping_span(struct turn *t, unsigned first, int id) {
  struct span span = {first, 0};
  while (first + span.count < HEAP_PAGES + MAP_PAGES &&
         region_find(t->space->as, page_vpn(first + span.count)) != NULL &&
         region_find(t->space->as, page_vpn(first + span.count))->mapping == id)
    span.count++;
  return span;
}

/* Maps a whole file in the way of mmap. */
void play_mmap(struct turn *t) {
  unsigned first = HEAP_PAGES + t->op->argument[0];
  struct object *object = file_get(t->op->argument[1]);
  if (object == NULL) return;
  struct lengths length = lengths_of(object);
  unsigned pages = DIV_ROUND_UP(length.sure, VM_PAGE_SIZE),
           most = DIV_ROUND_UP(length.most, VM_PAGE_SIZE);
  int expected = count_mapped(t, span_of(first, pages)) > 0 ? VM_EOVERLAP
                 : length.sure == 0                         ? VM_EINVAL
                                                            : VM_OK;
  bool sure = pages == most && length.sure > 0;
  if (first + most <= window_end(first) && sure) {
    uint8_t prot = t->op->argument[2] == 1 ? PROT_READ | PROT_WRITE : PROT_READ;
    int id = mapping_add(t->space->as, &object->file->store, page_address(first), prot);
    if (id == VM_EOVERLAP && lengths_of(object).most > most * VM_PAGE_SIZE)
      id = 0; /* It grew meanwhile. */
    if (id != 0 && judge(t, id > 0 ? VM_OK : id, expected)) {
      addrspace_lock(t->space->as);
      struct span span = mapping_span(t, first, id);
      addrspace_unlock(t->space->as);
      if (span.count < pages) complain(t, "%u pages are mapped of %u", span.count, pages);
      note_span(t, span, object, 0);
    }
  }
  file_put(object);
}

/* Takes the pages of SPAN, or of mapping ID anywhere, away. */
static void forget(struct turn *t, struct span span, int id) {
  rig_lock();
  for (unsigned i = 0; i < span.count; i++)
    if (id == 0 || t->space->pages[span.first + i].mapping == id)
      page_clear(&t->space->pages[span.first + i]);
  rig_unlock();
}

/* Looks whether what shared pages of SPAN that carry ID (0: any) had is on disk. */
static void check_written(struct turn *t, struct span span, int id) {
  turn_end(t);
  for (unsigned i = 0; i < span.count; i++) {
    const struct opage *page = &t->space->pages[span.first + i];
    bool meant = page->shared && page->object->file != NULL && (id == 0 || page->mapping == id);
    if (meant) check_disk(t, page->object, page->index, 1);
  }
  rig_unlock();
}

/* Unmaps the mapping that lies at a page. */
void play_munmap(struct turn *t) {
  int id = t->space->pages[HEAP_PAGES + t->op->argument[0]].mapping;
  if (id == 0) return;
  int error = mapping_remove(t->space->as, id);
  if (judge(t, error, VM_OK)) check_written(t, (struct span){HEAP_PAGES, MAP_PAGES}, id);
  forget(t, (struct span){HEAP_PAGES, MAP_PAGES}, id);
}

/* Unmaps whatever lies in a range. */
void play_unmap(struct turn *t) {
  struct span span = mapped_span(t);
  int error = vm_unmap(t->space->as, page_address(span.first), span.count * VM_PAGE_SIZE);
  if (judge(t, error, VM_OK)) check_written(t, span, 0);
  if (error != VM_ENOMEM) forget(t, span, 0);
}

/* Changes the rights of a range. */
void play_protect(struct turn *t) {
  struct span span = mapped_span(t);
  uint8_t prot = (uint8_t)t->op->argument[2];
  int expected = all_mapped(t, span);
  for (unsigned i = 0; i < span.count && expected == VM_OK; i++)
    if ((prot & PROT_WRITE) && t->space->pages[span.first + i].read_only) expected = VM_EACCESS;
  int error = vm_protect(t->space->as, page_address(span.first), span.count * VM_PAGE_SIZE, prot);
  if (!judge(t, error, expected)) return;
  for (unsigned i = 0; i < span.count; i++) t->space->pages[span.first + i].prot = prot;
}

/* Notes for the mapped pages of SPAN whether they are locked. */
static void note_locked(struct turn *t, struct span span, bool locked) {
  for (unsigned i = 0; i < span.count; i++)
    if (t->space->pages[span.first + i].mapped) t->space->pages[span.first + i].locked = locked;
}

/* Private pages of SPAN that may be written were copied when they were locked; or some of them, if that
   was not DONE. */
static void own_locked(struct turn *t, struct span span, bool done) {
  turn_end(t);
  for (unsigned i = 0; i < span.count; i++) {
    struct opage *page = &t->space->pages[span.first + i];
    if ((page->prot & PROT_WRITE) == 0) continue;
    if (done)
      page_own(page, &t->w);
    else
      page_doubt(page);
  }
  rig_unlock();
}

/* Runs COUNT, traffic_begin() or traffic_end(), for the shared pages of SPAN that may be written:
   locking them gives them blocks. */
static void lock_traffic(struct turn *t, struct span span,
                         void (*count)(struct object *, uint32_t)) {
  rig_lock();
  for (unsigned i = 0; i < span.count; i++) {
    const struct opage *page = &t->space->pages[span.first + i];
    if (page->shared && (page->prot & PROT_WRITE)) count(page->object, page->index);
  }
  rig_unlock();
}

/* Locks a range.  Limits, and what lies beyond the end of a file, may refuse it. */
void play_lock(struct turn *t) {
  struct span span = any_span(t);
  int expected = all_mapped(t, span);
  lock_traffic(t, span, traffic_begin);
  int error = vm_lock(t->space->as, page_address(span.first), span.count * VM_PAGE_SIZE);
  lock_traffic(t, span, traffic_end);
  bool refused =
      error == VM_ELIMIT || error == VM_EEOF || error == VM_EACCESS || error == VM_ENOFRAME;
  if (!(expected == VM_OK && refused) && error != VM_ELIMIT) judge(t, error, expected);
  if (expected != VM_OK) return;
  own_locked(t, span, error == VM_OK);
  note_locked(t, span, error == VM_OK);
}

/* Unlocks a range. */
void play_unlock(struct turn *t) {
  struct span span = any_span(t);
  int error = vm_unlock(t->space->as, page_address(span.first), span.count * VM_PAGE_SIZE);
  if (judge(t, error, all_mapped(t, span))) note_locked(t, span, false);
}

/* The private pages of SPAN are again what they were at first. */
static void drop_span(struct turn *t, struct span span) {
  rig_lock();
  for (unsigned i = 0; i < span.count; i++) {
    struct opage *page = &t->space->pages[span.first + i];
    page->locked = page->own = false;
  }
  rig_unlock();
}

/* Gives advice. */
void play_advise(struct turn *t) {
  struct span span = any_span(t);
  int advice = (int)t->op->argument[2];
  int error = vm_advise(t->space->as, page_address(span.first), span.count * VM_PAGE_SIZE, advice);
  if (judge(t, error, all_mapped(t, span)) && advice == ADVICE_DONTNEED) drop_span(t, span);
}

/* Asks which pages are in frames: those that are locked must be. */
void play_resident(struct turn *t) {
  struct span span = any_span(t);
  uint8_t resident[PAGES];
  int error = vm_resident(t->space->as, page_vpn(span.first), span.count, resident);
  if (!judge(t, error, all_mapped(t, span))) return;
  for (unsigned i = 0; i < span.count; i++)
    if (t->space->pages[span.first + i].locked && !resident[i])
      complain(t, "page %u is locked and in no frame", span.first + i);
}

/* Writes a range back. */
void play_vm_sync(struct turn *t) {
  struct span span = mapped_span(t);
  int error = vm_sync(t->space->as, page_address(span.first), span.count * VM_PAGE_SIZE);
  if (judge(t, error, all_mapped(t, span))) check_written(t, span, 0);
}

/* Gives a process without a space a child of T's. */
void play_fork(struct turn *t) {
  struct process *child = &processes[t->op->argument[0] % playing->processes];
  struct addrspace *as;
  rig_lock();
  bool place = child->space == NULL;
  rig_unlock();
  if (!place || !judge(t, addrspace_fork(t->space->as, &as), VM_OK)) return;
  struct space *space = calloc(1, sizeof *space);
  space->as = as;
  rig_lock();
  space_copy(space, t->space);
  place = child->space == NULL;
  if (place) child->space = space;
  rig_unlock();
  if (!place) space_end(space);
}

/* Ends T's process. */
void play_exit(struct turn *t) {
  rig_lock();
  t->process->space = NULL;
  rig_unlock();
  space_end(t->space);
}
