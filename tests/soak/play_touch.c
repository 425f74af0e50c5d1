/* Operations on single bytes: reads and writes by user and kernel, the stack, the heap. */
#include "lib/round.h"
#include "tests/soak/play.h"
#include "vm/error.h"
#include "vm/heap.h"
#include "vm/stack.h"
#include "vm/user.h"

/* The page that T is about, and its first argument says. */
static struct opage *page_of(struct turn *t) {
  return &t->space->pages[t->op->argument[0]];
}

/* What an access of KIND to PAGE must give. */
static int expected_error(const struct opage *page, enum vm_access kind) {
  if (!page->mapped) return VM_ENOMAP;
  bool allowed = kind == ACCESS_WRITE ? page->prot & PROT_WRITE : page->prot != PROT_NONE;
  if (!allowed) return VM_EACCESS;
  rig_lock();
  bool beyond = page_is_beyond(page);
  rig_unlock();
  return beyond ? VM_EEOF : VM_OK;
}

/* Judges ERROR of an access to PAGE, where EXPECTED should be: a file that ended before it may have grown meanwhile. */
static bool judge_access(const struct turn *t, const struct opage *page, int error, int expected) {
  rig_lock();
  bool came = expected == VM_EEOF && error != VM_EEOF && page_may_have_come(page);
  rig_unlock();
  return judge(t, error, came ? VM_OK : expected);
}

/* Accesses *BYTE at ADDRESS, as the program or as the kernel. */
static int access_byte(struct turn *t, uaddr_t address, uint8_t *byte, enum vm_access kind) {
  bool kernel = t->op->argument[kind == ACCESS_WRITE ? 3 : 2] == 1;
  struct addrspace *as = t->space->as;
  if (!kernel) return machine_touch(as, address, kind, byte);
  return kind == ACCESS_WRITE ? user_write(as, address, byte, 1) : user_read(as, byte, address, 1);
}

/* BYTE was read from CELL of page NUMBER: complains if that cannot be. */
static void check_byte(struct turn *t, unsigned number, unsigned cell, uint8_t byte) {
  const struct opage *page = &t->space->pages[number];
  turn_end(t);
  bool right = page_allows(page, cell, byte, &t->w);
  int value = page_value(page, cell, &t->w);
  rig_unlock();
  if (!right)
    complain(t, "byte 0x%x of page %u is %u, should be %d", cell_offset(cell), number, byte, value);
}

/* Reads a byte. */
void play_read(struct turn *t) {
  unsigned number = t->op->argument[0], cell = t->op->argument[1];
  uint8_t byte = 0;
  int expected = expected_error(page_of(t), ACCESS_READ);
  int error = access_byte(t, page_address(number) + cell_offset(cell), &byte, ACCESS_READ);
  if (judge_access(t, page_of(t), error, expected)) check_byte(t, number, cell, byte);
}

/* Reads all that is followed of a run of pages. */
void play_look(struct turn *t) {
  unsigned end = t->op->argument[0] + t->op->argument[1] + 1;
  for (unsigned i = t->op->argument[0]; i < end && i < PAGES; i++) {
    for (unsigned cell = 0; cell < CELLS; cell++) {
      if (expected_error(&t->space->pages[i], ACCESS_READ) != VM_OK) break;
      rig_lock();
      t->w.start = oracle_now();
      rig_unlock();
      uint8_t byte = 0;
      uaddr_t address = page_address(i) + cell_offset(cell);
      int error = machine_touch(t->space->as, address, ACCESS_READ, &byte);
      if (judge(t, error, VM_OK)) check_byte(t, i, cell, byte);
    }
  }
}

/* PAGE, private, was given BYTE in CELL. */
static void note_byte(struct turn *t, struct opage *page, unsigned cell, uint8_t byte) {
  page_own(page, &t->w);
  page->value[cell] = byte;
  page->known |= (uint8_t)(1u << cell);
}

/* Writes a byte. */
void play_write(struct turn *t) {
  struct opage *page = page_of(t);
  unsigned cell = t->op->argument[1];
  uint8_t byte = (uint8_t)t->op->argument[2];
  uaddr_t address = page_address(t->op->argument[0]) + cell_offset(cell);
  int expected = expected_error(page, ACCESS_WRITE);
  struct history *history = NULL;
  rig_lock();
  uint64_t start = t->w.start = oracle_now();
  bool reaches = expected == VM_OK || (expected == VM_EEOF && page->index < page->object->pages);
  if (reaches && page->shared) {
    traffic_begin(page->object, page->index);
    history = write_begin(page->object, page->index, cell, byte);
  }
  rig_unlock();
  int error = access_byte(t, address, &byte, ACCESS_WRITE);
  bool done = judge_access(t, page, error, expected);
  turn_end(t);
  if (history != NULL) {
    write_end(history, start, done);
    traffic_end(page->object, page->index);
  } else if (done) {
    note_byte(t, page, cell, byte);
  }
  rig_unlock();
}

/* Whether the stack of AS has grown to page NUMBER. */
static bool stack_has(struct addrspace *as, unsigned number) {
  addrspace_lock(as);
  bool has = region_find(as, page_vpn(number)) != NULL;
  addrspace_unlock(as);
  return has;
}

/* Writes a byte of the stack, with esp above it by a number of bytes. */
void play_stack(struct turn *t) {
  unsigned number = HEAP_PAGES + MAP_PAGES + t->op->argument[0], cell = t->op->argument[1];
  struct opage *page = &t->space->pages[number];
  uaddr_t address = page_address(number) + cell_offset(cell), above = t->op->argument[3];
  bool below = t->op->argument[0] < STACK_PAGES - STACK_LIMIT / VM_PAGE_SIZE;
  int expected = page->mapped ? VM_OK : above > STACK_SLACK ? VM_ENOMAP : below ? VM_ELIMIT : VM_OK;
  uint8_t byte = (uint8_t)t->op->argument[2];
  t->space->as->user_esp = address + above;
  int error = machine_touch(t->space->as, address, ACCESS_WRITE, &byte);
  t->space->as->user_esp = USER_END;
  bool done = judge(t, error, expected);
  for (unsigned i = number; i < PAGES && expected == VM_OK; i++)
    if (!t->space->pages[i].mapped && stack_has(t->space->as, i))
      t->space->pages[i] = (struct opage){.mapped = true, .prot = PROT_READ | PROT_WRITE};
  if (done) note_byte(t, page, cell, byte);
}

/* What SPACE's heap had behind its end before it shrank, in its last page, which a heap that grows clears:
   zeroes now, or, if it is not SURE that it came to that, not known. */
static void clear_behind(struct space *space, bool sure) {
  struct opage *last = &space->pages[space->heap / VM_PAGE_SIZE];
  for (unsigned cell = 0; space->heap < space->heap_used && cell < CELLS; cell++) {
    uint32_t at = space->heap / VM_PAGE_SIZE * VM_PAGE_SIZE + cell_offset(cell);
    if (at < space->heap || at >= space->heap_used) continue;
    last->value[cell] = 0;
    last->known &= (uint8_t) ~(1u << cell);
    if (sure) last->known |= (uint8_t)(1u << cell);
  }
}

/* The heap was moved to SIZE bytes: what is new is zero; what is gone is forgotten, in the last page
   when the heap grows again. */
static void move_heap(struct space *space, uint32_t size) {
  unsigned pages = DIV_ROUND_UP(size, VM_PAGE_SIZE),
           before = DIV_ROUND_UP(space->heap, VM_PAGE_SIZE);
  for (unsigned i = before; i < pages; i++)
    space->pages[i] = (struct opage){.mapped = true, .prot = PROT_READ | PROT_WRITE};
  for (unsigned i = pages; i < before; i++) page_clear(&space->pages[i]);
  if (size > space->heap) clear_behind(space, true);
  space->heap_used = size > space->heap ? size : MIN(space->heap_used, pages * VM_PAGE_SIZE);
  space->heap = size;
}

/* Moves the break. */
void play_sbrk(struct turn *t) {
  int64_t size = (int64_t)t->space->heap + t->op->argument[0] - (1 << 16);
  uaddr_t old;
  if (size > (int64_t)(HEAP_PAGES * VM_PAGE_SIZE)) return;
  int32_t delta = (int32_t)t->op->argument[0] - (1 << 16);
  int error = heap_move(t->space->as, delta, &old);
  bool done = judge(t, error, size < 0 ? VM_ERANGE : VM_OK);
  rig_lock();
  if (done) move_heap(t->space, (uint32_t)size);
  if (!done && delta > 0) clear_behind(t->space, false);
  rig_unlock();
}
