/* No walk keeps the VM lock for long: counts what is visited in each hold of it.

   The linker leads calls of the functions below here (--wrap, in host.mk): each visits one entry, page or
   frame.  A hold's figure is that of the function called most often in it. */
#include <stdio.h>
#include <string.h>
#include "host/threads.h"
#include "tests/host/vm_test.h"
#include "vm/exit.h"
#include "vm/fork.h"
#include "vm/map.h"
#include "vm/own.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/reclaim.h"
#include "vm/store.h"
#include "vm/supply.h"
#include "vm/sync.h"
#include "vm/usage.h"
#include "vm/vm.h"

#define PAGES    3000
#define BYTES(N) ((N)*VM_PAGE_SIZE)
#define HOLD_MAX 64 /* Entries. */

enum { NEXT, STORE, REMOVE, PROTECT, TAKE_DIRTY, IS_DIRTY, FRAME, EVICTABLE, KINDS };

static unsigned visits[KINDS], longest, looks; /* The last: at frames, in all holds. */
static bool
    counts_victims; /* A search for a victim may be long, and is counted only if this is set. */

/* A hold of the VM lock begins. */
static void begin(void) {
  memset(visits, 0, sizeof visits);
}

/* One more visit of KIND. */
static void visit(int kind) {
  if (kind == EVICTABLE && !counts_victims) return;
  if (++visits[kind] > longest) longest = visits[kind];
  looks += kind == FRAME;
}

#define COUNTED(KIND, TYPE, NAME, PARAMETERS, ARGUMENTS)                                           \
  TYPE __real_##NAME PARAMETERS;                                                                   \
  TYPE __wrap_##NAME PARAMETERS;                                                                   \
  TYPE __wrap_##NAME PARAMETERS {                                                                  \
    visit(KIND);                                                                                   \
    return __real_##NAME ARGUMENTS;                                                                \
  }

COUNTED(NEXT, struct spte *, spt_next, (struct addrspace * as, vpn_t *vpn, vpn_t end),
        (as, vpn, end))
COUNTED(STORE, void *, radix_next, (struct radix * radix, uint32_t *index, uint32_t last),
        (radix, index, last))
COUNTED(REMOVE, bool, port_pmap_remove, (struct pmap * pmap, vpn_t vpn), (pmap, vpn))
COUNTED(PROTECT, void, port_pmap_write_protect, (struct pmap * pmap, vpn_t vpn), (pmap, vpn))
COUNTED(TAKE_DIRTY, bool, port_pmap_take_dirty, (struct pmap * pmap, vpn_t vpn), (pmap, vpn))
COUNTED(IS_DIRTY, bool, port_pmap_is_dirty, (struct pmap * pmap, vpn_t vpn), (pmap, vpn))
COUNTED(FRAME, bool, page_is_dirty, (const struct page *page), (page))
COUNTED(EVICTABLE, bool, frame_is_evictable, (const struct frame *frame), (frame))

void __real_port_vm_lock(void);
void __wrap_port_vm_lock(void);
void __wrap_port_vm_lock(void) {
  __real_port_vm_lock();
  begin();
}

void __real_port_wait(const void *channel, const char *reason);
void __wrap_port_wait(const void *channel, const char *reason);
void __wrap_port_wait(const void *channel, const char *reason) {
  __real_port_wait(channel, reason);
  begin();
}

/* WORK visits some number of entries in one hold, but not more than a step. */
#define BOUNDED(WORK)                                                                              \
  do {                                                                                             \
    longest = 0;                                                                                   \
    WORK;                                                                                          \
    if (longest > HOLD_MAX) fail_msg("%s: %u entries in one hold", #WORK, longest);                \
  } while (0)

/* Writes to COUNT pages of AS from ADDRESS on. */
static void fill(struct addrspace *as, uaddr_t address, unsigned count) {
  uint8_t byte = 1;
  for (unsigned i = 0; i < count; i++)
    assert_int_equal(machine_touch(as, address + BYTES(i), ACCESS_WRITE, &byte), VM_OK);
}

/* Maps COUNT pages at ADDRESS of AS, of STORE if there is one, shared. */
static void map(struct addrspace *as, uaddr_t address, unsigned count, struct store *store) {
  unsigned kind = store != NULL ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  struct map_request request = {.address = address,
                                .length = BYTES(count),
                                .prot = RW,
                                .flags = (uint8_t)(kind | MAP_FIXED),
                                .store = store};
  uaddr_t got;
  assert_int_equal(vm_map(as, &request, &got), VM_OK);
}

/* What a process does with much private memory. */
static void test_private(void **state) {
  (void)state;
  struct addrspace *as = start(4 * PAGES, PAGES), *child;
  static uint8_t in[PAGES];
  struct vm_stats stats;
  struct vm_usage usage;
  struct vm_own own;
  map(as, BASE, PAGES, NULL);
  fill(as, BASE, PAGES);
  BOUNDED(vm_protect(as, BASE, BYTES(PAGES), PROT_READ));
  BOUNDED(vm_protect(as, BASE, BYTES(PAGES), RW));
  fill(as, BASE, PAGES);
  BOUNDED(vm_resident(as, vpn_of(BASE), PAGES, in));
  BOUNDED(assert_int_equal(vm_lock(as, BASE, BYTES(PAGES)), VM_OK));
  BOUNDED(vm_unlock(as, BASE, BYTES(PAGES)));
  BOUNDED(assert_int_equal(addrspace_fork(as, &child), VM_OK));
  BOUNDED(addrspace_count_shared(as));
  BOUNDED(vm_count_own(as, &own));
  BOUNDED(vm_get_stats(&stats));
  BOUNDED(vm_count_usage(as, 0, USER_END, &usage));
  BOUNDED(addrspace_destroy(child));
  BOUNDED(vm_advise(as, BASE, BYTES(PAGES / 2), ADVICE_DONTNEED));
  BOUNDED(vm_unmap(as, BASE, BYTES(PAGES)));
  finish(as);
}

/* What happens to a large file that is mapped. */
static void test_file(void **state) {
  (void)state;
  struct addrspace *as = start(4 * PAGES, 16);
  struct sim_file *file = file_create(BYTES(PAGES), BYTES(PAGES));
  map(as, BASE, PAGES, &file->store);
  fill(as, BASE, PAGES);
  BOUNDED(store_is_dirty(&file->store));
  BOUNDED(store_sync(&file->store));
  BOUNDED(store_sync(&file->store));
  BOUNDED(assert_false(store_is_dirty(&file->store)));
  BOUNDED(assert_true(store_deny_writing(&file->store)));
  assert_null(vm_check());
  store_allow_writing(&file->store);
  fill(as, BASE, PAGES);
  BOUNDED(vm_sync(as, BASE, BYTES(PAGES)));
  BOUNDED(vm_unmap(as, BASE, BYTES(PAGES)));
  BOUNDED(vm_drop_clean());
  BOUNDED(file_destroy(file));
  finish(as);
}

#define RACE_PAGES 300

/* A program's file, and a process that has it mapped. */
static struct {
  struct addrspace *as;
  struct sim_file *file;
  unsigned written;
} race;

/* Starts a program from the file: as soon as that may be, nobody can write to any of its pages, the last that
   a walk comes to first. */
static void start_program(void *unused) {
  (void)unused;
  uint8_t byte = 7;
  assert_true(store_deny_writing(&race.file->store));
  for (unsigned i = RACE_PAGES; i-- > 0;)
    race.written += machine_touch(race.as, BASE + BYTES(i), ACCESS_WRITE, &byte) == VM_OK;
}

/* Two programs that start at the same time. */
static void test_denials_meet(void **state) {
  (void)state;
  for (unsigned seed = 1; seed < 20; seed++) {
    struct addrspace *as = race.as = start(2 * RACE_PAGES, 16);
    threads_init(seed);
    race.file = file_create(BYTES(RACE_PAGES), BYTES(RACE_PAGES));
    map(as, BASE, RACE_PAGES, &race.file->store);
    fill(as, BASE, RACE_PAGES);
    race.written = 0;
    thread_spawn(start_program, NULL);
    thread_spawn(start_program, NULL);
    assert_int_equal(threads_run(), 0);
    assert_int_equal(race.written, 0);
    assert_null(vm_check());
    store_allow_writing(&race.file->store);
    store_allow_writing(&race.file->store);
    fill(as, BASE, RACE_PAGES);
    assert_int_equal(vm_unmap(as, BASE, BYTES(RACE_PAGES)), VM_OK);
    file_destroy(race.file);
    finish(as);
  }
}

#define FULL_FRAMES  512
#define FULL_SLOTS   100
#define FULL_PAGES   (FULL_FRAMES + FULL_SLOTS - 20) /* All dirty: nearly no slot is free. */
#define FULL_TOUCHES (3 * FULL_PAGES) /* Too far from each other for reading ahead. */
#define LOOKS_MAX    32               /* For each page that is touched. */

/* Goes through more memory than there are frames, over and over. */
static void go_round(void *as) {
  fill(as, BASE, FULL_PAGES);
  looks = 0;
  for (unsigned i = 0; i < FULL_TOUCHES; i++) fill(as, BASE + BYTES(i * 41 % FULL_PAGES), 1);
}

/* With swap nearly full in a large pool the pageout thread finds nothing to do; it does not look at all
   frames again each time a frame is lent. */
static void test_swap_nearly_full(void **state) {
  (void)state;
  struct addrspace *as = start(FULL_FRAMES, FULL_SLOTS);
  map(as, BASE, FULL_PAGES, NULL);
  machine_options.latency = 4;
  thread_spawn(supply_reserve_thread, NULL);
  thread_spawn(go_round, as);
  assert_int_equal(threads_run(), 1);
  if (looks > LOOKS_MAX * FULL_TOUCHES) fail_msg("%u looks at frames", looks);
  assert_null(vm_check());
  finish(as);
}

/* Whether there is room in a full pool, and whether it has pages that their file did not take: looks at all frames. */
static void test_frames(void **state) {
  (void)state;
  struct addrspace *as = start(PAGES, 0);
  map(as, BASE, PAGES - FULL_FRAMES, NULL);
  fill(as, BASE, PAGES - FULL_FRAMES);
  port_vm_lock();
  BOUNDED(assert_false(supply_has_room(2 * FULL_FRAMES)));
  counts_victims = true;
  BOUNDED(assert_false(reclaim_unwritten()));
  counts_victims = false;
  port_vm_unlock();
  finish(as);
}

/* Runs them. */
int run_bounds_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_private),      cmocka_unit_test(test_file),
      cmocka_unit_test(test_denials_meet), cmocka_unit_test(test_swap_nearly_full),
      cmocka_unit_test(test_frames),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
