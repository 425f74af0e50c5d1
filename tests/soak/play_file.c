/* Operations on files by the system-call way, and on memory as a whole. */
#include <stdlib.h>
#include <string.h>
#include "lib/round.h"
#include "tests/soak/play.h"
#include "vm/error.h"
#include "vm/port.h"
#include "vm/reclaim.h"
#include "vm/user.h"
#include "vm/vm.h"
#include "vm/sync.h"

/* One transfer between bytes [offset, offset+size) of a file and a user page's, or kernel memory.  Both
   sides lie alike in their pages, so that cells meet cells. */
struct transfer {
  struct object *object;
  uint32_t offset, size;
  uint32_t length, length_max; /* Of the file before: for sure, and perhaps. */
  unsigned page;               /* PAGES: kernel memory. */
  uint8_t *buffer;
};

/* What T's arguments say; false if there is nothing to transfer, or the file is not there. */
static bool transfer_init(struct turn *t, struct transfer *x) {
  const uint32_t *a = t->op->argument;
  *x = (struct transfer){.size = a[3] * VM_PAGE_SIZE + a[1] % 100 + 1, .page = a[2]};
  if (x->page >= HEAP_PAGES + MAP_PAGES) x->page = PAGES;
  rig_lock();
  x->object = oracle_files[a[0]];
  /* Mostly near what there is, so that files grow little by little. */
  x->offset = a[1] % 8 == 0 ? a[1] : a[1] % (x->object->length + 2 * VM_PAGE_SIZE);
  if (x->offset >= FILE_BYTES_MAX) x->offset = FILE_BYTES_MAX - 1;
  if (x->offset + x->size > FILE_BYTES_MAX) x->size = FILE_BYTES_MAX - x->offset;
  bool there = x->object->file != NULL;
  if (there) x->object->users++;
  x->length = x->object->length;
  rig_unlock();
  return there;
}

/* Gives X's file back. */
static void transfer_end(struct transfer *x) {
  rig_lock();
  object_put(x->object);
  rig_unlock();
}

/* Runs VISIT for every cell that X covers, bytes [FROM, TO) of the file. */
static void for_cells(struct turn *t, struct transfer *x, uint32_t from, uint32_t to,
                      void (*visit)(struct turn *, struct transfer *, uint32_t, unsigned)) {
  for (uint32_t index = from / VM_PAGE_SIZE; index * VM_PAGE_SIZE < to; index++)
    for (unsigned cell = 0; cell < CELLS; cell++) {
      uint32_t at = index * VM_PAGE_SIZE + cell_offset(cell);
      if (at >= from && at < to) visit(t, x, index, cell);
    }
}

/* The user page that meets page INDEX of X's file. */
static struct opage *user_page(struct turn *t, const struct transfer *x, uint32_t index) {
  return &t->space->pages[x->page + (index - x->offset / VM_PAGE_SIZE)];
}

/* The range of user memory of X; what it covers of T's space can be accessed for KIND for sure. */
static bool user_side(struct turn *t, const struct transfer *x, struct user_range *range,
                      enum vm_access kind) {
  uint32_t skip = x->offset % VM_PAGE_SIZE;
  unsigned pages = DIV_ROUND_UP(skip + x->size, VM_PAGE_SIZE);
  *range = (struct user_range){
      .as = t->space->as, .address = page_address(x->page) + skip, .size = x->size};
  if (page_vpn(x->page + pages - 1) != page_vpn(x->page) + pages - 1) return false;
  for (unsigned i = 0; i < pages; i++) {
    const struct opage *page = &t->space->pages[x->page + i];
    if (!page->mapped || page->prot == PROT_NONE) return false;
    if (kind == ACCESS_WRITE && !(page->prot & PROT_WRITE)) return false;
    rig_lock();
    bool beyond = page_is_beyond(page);
    rig_unlock();
    if (beyond) return false;
  }
  return true;
}

/* -- Reading ----------------------------------------------------------------------------------- */

/* Kernel memory got CELL of page INDEX. */
static void check_kernel_cell(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  uint8_t byte = x->buffer[index * VM_PAGE_SIZE + cell_offset(cell) - x->offset];
  if (!history_allows(&x->object->cells[index][cell], byte, &t->w))
    complain(t, "byte 0x%x of page %u of the file was read as %u", cell_offset(cell), index, byte);
}

/* User memory is going to get CELL of page INDEX: who shares it may see that from now on. */
static void begin_user_cell(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  struct opage *page = user_page(t, x, index);
  if (!page->shared || page->index >= page->object->pages) return;
  write_begin(page->object, page->index, cell, 0)->writes[0].wild = true;
}

/* User memory has got CELL of page INDEX. */
static void end_user_cell(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  struct opage *page = user_page(t, x, index);
  if (page->shared) {
    if (page->index < page->object->pages)
      write_end(&page->object->cells[page->index][cell], t->w.start, true);
    return;
  }
  int value = history_value(&x->object->cells[index][cell], &t->w);
  page->value[cell] = (uint8_t)value;
  page->known = (uint8_t)(value < 0 ? page->known & ~(1u << cell) : page->known | 1u << cell);
}

/* User memory may have got CELL of page INDEX, or not. */
static void doubt_user_cell(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  struct opage *page = user_page(t, x, index);
  if (page->shared) {
    if (page->index < page->object->pages)
      write_end(&page->object->cells[page->index][cell], t->w.start, false);
    return;
  }
  page->known &= (uint8_t) ~(1u << cell);
}

/* The private pages that X, which moved DONE bytes, wrote to are the process's own; where it may have
   written, that is not known. */
static void own_user_pages(struct turn *t, const struct transfer *x, uint32_t done) {
  uint32_t first = x->offset / VM_PAGE_SIZE, last = (x->offset + x->size - 1) / VM_PAGE_SIZE;
  for (uint32_t i = first; i <= last; i++) {
    if (MAX(i * VM_PAGE_SIZE, x->offset) < x->offset + done)
      page_own(user_page(t, x, i), &t->w);
    else
      page_doubt(user_page(t, x, i));
  }
}

/* Only N bytes were moved: an error came after them, that the machine excuses. */
static void judge_short(const struct turn *t, long n) {
  if (excusable(VM_EIO) || excusable(VM_ENOMEM) || excusable(VM_ENOFRAME)) return;
  complain(t, "only %ld bytes were moved", n);
}

/* Complains if X cannot have read N bytes. */
static void judge_count(struct turn *t, const struct transfer *x, long n) {
  uint32_t least = x->offset >= x->length ? 0 : MIN(x->size, x->length - x->offset);
  uint32_t most =
      x->offset >= x->object->length_max ? 0 : MIN(x->size, x->object->length_max - x->offset);
  if (n >= (long)least && n <= (long)most) return;
  if (n < 0)
    judge(t, (int)n, VM_OK);
  else
    judge_short(t, n);
}

/* Reads from a file into kernel memory. */
static void read_to_kernel(struct turn *t, struct transfer *x) {
  x->buffer = malloc(x->size);
  long n = store_read(&x->object->file->store, x->offset, x->buffer, x->size);
  turn_end(t);
  judge_count(t, x, n);
  if (n > 0) for_cells(t, x, x->offset, x->offset + (uint32_t)n, check_kernel_cell);
  rig_unlock();
  free(x->buffer);
}

/* Runs COUNT, traffic_begin() or traffic_end(), for the shared pages that X writes to. */
static void user_traffic(struct turn *t, const struct transfer *x,
                         void (*count)(struct object *, uint32_t)) {
  uint32_t first = x->offset / VM_PAGE_SIZE, last = (x->offset + x->size - 1) / VM_PAGE_SIZE;
  for (uint32_t i = first; i <= last; i++) {
    const struct opage *page = user_page(t, x, i);
    if (page->shared) count(page->object, page->index);
  }
}

/* Reads from a file into user memory. */
static void read_to_user(struct turn *t, struct transfer *x) {
  struct user_range range;
  if (!user_side(t, x, &range, ACCESS_WRITE)) return;
  uint32_t end = x->offset + x->size;
  rig_lock();
  t->w.start = oracle_now();
  user_traffic(t, x, traffic_begin);
  for_cells(t, x, x->offset, end, begin_user_cell);
  rig_unlock();
  long n = store_read_user(&x->object->file->store, x->offset, &range);
  turn_end(t);
  user_traffic(t, x, traffic_end);
  judge_count(t, x, n);
  uint32_t done = x->offset + (n > 0 ? (uint32_t)n : 0);
  own_user_pages(t, x, done - x->offset);
  for_cells(t, x, x->offset, done, end_user_cell);
  for_cells(t, x, done, end, doubt_user_cell);
  rig_unlock();
}

/* Reads from a file. */
void play_file_read(struct turn *t) {
  struct transfer x;
  if (!transfer_init(t, &x)) return;
  if (x.page == PAGES)
    read_to_kernel(t, &x);
  else
    read_to_user(t, &x);
  transfer_end(&x);
}

/* -- Writing ----------------------------------------------------------------------------------- */

/* What X is going to write to CELL of page INDEX of the file; -1: others may change that meanwhile. */
static int value_to_write(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  if (x->page == PAGES) return x->buffer[index * VM_PAGE_SIZE + cell_offset(cell) - x->offset];
  const struct opage *page = user_page(t, x, index);
  return page->own || page->object == NULL ? page_value(page, cell, &t->w) : -1;
}

/* CELL of page INDEX of the file is going to be written. */
static void begin_file_cell(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  int value = value_to_write(t, x, index, cell);
  write_begin(x->object, index, cell, (uint8_t)value)->writes[0].wild = value < 0;
}

/* CELL of page INDEX of the file lies between its old end and what is written: it becomes zero. */
static void begin_gap_cell(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  (void)t;
  write_begin(x->object, index, cell, 0);
}

/* CELL of page INDEX of the file became zero, if the file did not reach beyond it before. */
static void end_gap_cell(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  bool sure = index * VM_PAGE_SIZE + cell_offset(cell) >= x->length_max;
  write_end(&x->object->cells[index][cell], t->w.start, sure);
}

/* CELL of page INDEX of the file was written. */
static void end_file_cell(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  write_end(&x->object->cells[index][cell], t->w.start, true);
}

/* CELL of page INDEX of the file may have been written. */
static void doubt_file_cell(struct turn *t, struct transfer *x, uint32_t index, unsigned cell) {
  write_end(&x->object->cells[index][cell], t->w.start, false);
}

/* Runs COUNT, traffic_begin() or traffic_end(), for the pages of the file that X writes to. */
static void file_traffic(const struct transfer *x, void (*count)(struct object *, uint32_t)) {
  uint32_t last = (x->offset + x->size - 1) / VM_PAGE_SIZE;
  for (uint32_t i = x->offset / VM_PAGE_SIZE; i <= last; i++) count(x->object, i);
}

/* X begins to write. */
static void begin_write(struct turn *t, struct transfer *x) {
  rig_lock();
  t->w.start = t->w.end = oracle_now();
  uint32_t end = x->offset + x->size;
  file_traffic(x, traffic_begin);
  x->length = x->object->length;
  x->length_max = x->object->length_max;
  if (x->length < x->offset) for_cells(t, x, x->length, x->offset, begin_gap_cell);
  for_cells(t, x, x->offset, end, begin_file_cell);
  x->object->length_max = MAX(x->object->length_max, end);
  rig_unlock();
}

/* X has written N bytes, or met an error. */
static void end_write(struct turn *t, struct transfer *x, long n) {
  turn_end(t);
  uint32_t end = x->offset + x->size, done = x->offset + (n > 0 ? (uint32_t)n : 0);
  file_traffic(x, traffic_end);
  if (n < 0) judge(t, (int)n, VM_OK);
  if (n >= 0 && n < (long)x->size) judge_short(t, n);
  if (x->length < x->offset)
    for_cells(t, x, x->length, x->offset, n > 0 ? end_gap_cell : doubt_file_cell);
  for_cells(t, x, x->offset, done, end_file_cell);
  for_cells(t, x, done, end, doubt_file_cell);
  if (n > 0) x->object->length = MAX(x->object->length, done);
  rig_unlock();
}

/* Writes kernel memory to a file. */
static void write_from_kernel(struct turn *t, struct transfer *x) {
  x->buffer = malloc(x->size);
  for (uint32_t i = 0; i < x->size; i++) x->buffer[i] = (uint8_t)(i * 7 + t->number);
  begin_write(t, x);
  long n = store_write(&x->object->file->store, x->offset, x->buffer, x->size);
  end_write(t, x, n);
  free(x->buffer);
}

/* Writes user memory to a file. */
static void write_from_user(struct turn *t, struct transfer *x) {
  struct user_range range;
  if (!user_side(t, x, &range, ACCESS_READ)) return;
  begin_write(t, x);
  long n = store_write_user(&x->object->file->store, x->offset, &range);
  end_write(t, x, n);
}

/* Writes to a file. */
void play_file_write(struct turn *t) {
  struct transfer x;
  if (!transfer_init(t, &x)) return;
  if (x.page == PAGES)
    write_from_kernel(t, &x);
  else
    write_from_user(t, &x);
  transfer_end(&x);
}

/* -- Whole files ------------------------------------------------------------------------------- */

/* Puts a new file of LENGTH bytes in the place NUMBER. */
static void file_put_new(unsigned number, uint32_t length) {
  struct sim_file *file = file_create(length, FILE_BYTES_MAX);
  rig_lock();
  struct object *object = object_create(FILE_PAGES);
  object->file = file;
  object->length = object->length_max = length;
  oracle_files[number] = object;
  rig_unlock();
}

/* Creates all files. */
void files_create(void) {
  static const uint32_t lengths[FILES] = {FILE_BYTES_MAX, 9 * VM_PAGE_SIZE + 1000, 0,
                                          2 * VM_PAGE_SIZE - 1, 700};
  for (unsigned i = 0; i < FILES; i++) file_put_new(i, lengths[i]);
}

/* Whether all that can be written of files without a fault has blocks.  A file that is being made anew is
   not looked at, nor can one become so meanwhile. */
bool files_are_reserved(void) {
  bool all = true;
  for (unsigned i = 0; i < FILES && all; i++) {
    rig_lock();
    struct object *object = oracle_files[i];
    bool there = object->file != NULL;
    if (there) object->users++;
    rig_unlock();
    if (!there) continue;
    all = file_is_reserved(object->file);
    rig_lock();
    object_put(object);
    rig_unlock();
  }
  return all;
}

/* Ends all files. */
void files_end(void) {
  for (unsigned i = 0; i < FILES; i++) {
    file_destroy(oracle_files[i]->file);
    object_put(oracle_files[i]);
  }
}

/* Ends a file that nobody uses and makes a new one in its place. */
void play_recreate(struct turn *t) {
  unsigned number = t->op->argument[0];
  rig_lock();
  struct object *object = oracle_files[number];
  struct sim_file *file = object->users == 1 ? object->file : NULL;
  if (file != NULL) object->file = NULL;
  rig_unlock();
  if (file == NULL) return;
  file_destroy(file);
  file_put_new(number, t->op->argument[1]);
  rig_lock();
  object_put(object);
  rig_unlock();
}

/* Compares COUNT pages of the disk of OBJECT, from INDEX on, with what was there before T began.
   Where somebody writes meanwhile a block may be new and hold anything. */
void check_disk(struct turn *t, const struct object *object, uint32_t index, uint32_t count) {
  if (object->file->store.lost) return; /* It said so to whoever asked. */
  for (uint32_t end = MIN(index + count, object->pages); index < end; index++)
    for (unsigned cell = 0; cell < CELLS; cell++) {
      uint32_t offset = index * VM_PAGE_SIZE + cell_offset(cell);
      if (offset >= object->length) return;
      uint8_t byte = file_disk_byte(object->file, offset);
      const struct history *history = &object->cells[index][cell];
      if (!traffic_rests(object, index, t->w.start) || history_allows(history, byte, &t->w))
        continue;
      history_print(history);
      complain(t, "byte 0x%x of page %u is %u on disk, from %llu to %llu", cell_offset(cell), index,
               byte, (unsigned long long)t->w.start, (unsigned long long)t->w.end);
    }
}

/* Compares all disks. */
void check_disks(struct turn *t) {
  turn_end(t);
  for (unsigned i = 0; i < FILES; i++) check_disk(t, oracle_files[i], 0, FILE_PAGES);
  rig_unlock();
}

/* Writes a file to disk, and looks there. */
void play_sync(struct turn *t) {
  struct object *object = oracle_files[t->op->argument[0]];
  rig_lock();
  bool there = object->file != NULL;
  if (there) object->users++;
  rig_unlock();
  if (!there) return;
  int error = store_sync(&object->file->store);
  if (judge(t, error, VM_OK)) {
    turn_end(t);
    check_disk(t, object, 0, FILE_PAGES);
    rig_unlock();
  }
  rig_lock();
  object_put(object);
  rig_unlock();
}

/* -- Memory ------------------------------------------------------------------------------------ */

/* Lets frames become free. */
void play_evict(struct turn *t) {
  for (unsigned i = 0; i <= t->op->argument[0]; i++) {
    port_vm_lock();
    reclaim_frames();
    port_vm_unlock();
  }
}

/* Drops what can be dropped without a write. */
void play_drop(struct turn *t) {
  (void)t;
  vm_drop_clean();
}
