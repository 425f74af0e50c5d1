/* TEST: Random vm_map, vm_unmap, vm_protect, vm_advise, vm_lock, vm_unlock and fork on a stretch of
         pages, with a model of what each must hold, in a pool of 32 frames.
   ARGS: 1000 1
   POOL: 32 */
#include <stdlib.h>
#include "tests/guest/lib/memory.h"

#define PAGES 60

/* The model of a page. */
static struct {
  bool mapped, shared;
  int prot;
  uint32_t version; /* 0: zeroes. */
} model[PAGES];

static uint32_t state, version;
static uint8_t bits[PAGES];

/* A random number below LIMIT. */
static unsigned pick(unsigned limit) {
  return next_random(&state) % limit;
}

/* Whether pages [START, START + COUNT) are mapped, all or none as WANT says. */
static bool all_are(unsigned start, unsigned count, bool want) {
  for (unsigned i = start; i < start + count; i++)
    if (model[i].mapped != want) return false;
  return true;
}

/* Maps anonymous memory there, if it is free. */
static void map(unsigned start, unsigned count) {
  bool shared = pick(3) == 0;
  int flags = MAP_ANONYMOUS | MAP_FIXED | (shared ? MAP_SHARED : MAP_PRIVATE);
  void *result = vm_map(PAGE_AT(PLACE, start), count * PAGE, READ_WRITE, flags, -1, 0);
  if (!all_are(start, count, false)) {
    CHECK_IS(result, VM_EOVERLAP);
    return;
  }
  CHECK_IS(result, PAGE_AT(PLACE, start));
  for (unsigned i = start; i < start + count; i++) {
    model[i].mapped = true;
    model[i].shared = shared;
    model[i].prot = READ_WRITE;
    model[i].version = 0;
  }
}

/* Unmaps whatever is there. */
static void unmap(unsigned start, unsigned count) {
  CHECK_IS(vm_unmap(PAGE_AT(PLACE, start), count * PAGE), VM_OK);
  for (unsigned i = start; i < start + count; i++) model[i].mapped = false;
}

/* Sets rights. */
static void protect(unsigned start, unsigned count) {
  static const int rights[] = {PROT_NONE, PROT_READ, READ_WRITE, READ_WRITE};
  int prot = rights[pick(4)], all = all_are(start, count, true);
  CHECK_IS(vm_protect(PAGE_AT(PLACE, start), count * PAGE, prot), all ? VM_OK : VM_ENOMAP);
  for (unsigned i = start; all && i < start + count; i++) model[i].prot = prot;
}

/* Advises; what is private and not needed is zero again. */
static void advise(unsigned start, unsigned count) {
  int advice = (int)pick(5), all = all_are(start, count, true);
  CHECK_IS(vm_advise(PAGE_AT(PLACE, start), count * PAGE, advice), all ? VM_OK : VM_ENOMAP);
  for (unsigned i = start; all && advice == ADVICE_DONTNEED && i < start + count; i++)
    if (!model[i].shared) model[i].version = 0;
}

/* Locks or unlocks. */
static void lock(unsigned start, unsigned count, bool locks) {
  int all = all_are(start, count, true);
  if (!locks) {
    CHECK_IS(vm_unlock(PAGE_AT(PLACE, start), count * PAGE), all ? VM_OK : VM_ENOMAP);
    return;
  }
  int error = vm_lock(PAGE_AT(PLACE, start), count * PAGE);
  CHECK(all ? error == VM_OK || error == VM_ELIMIT || error == VM_EACCESS
            : error == VM_ENOMAP || error == VM_ELIMIT,
        "vm_lock gave %d", error);
}

/* Checks what can be read of the pages, and writes to some if CHANGES. */
static void use(unsigned start, unsigned count, bool changes) {
  for (unsigned i = start; i < start + count; i++) {
    char *memory = PAGE_AT(PLACE, i);
    CHECK_IS(vm_resident(memory, PAGE, bits), model[i].mapped ? VM_OK : VM_ENOMAP);
    if (!model[i].mapped || model[i].prot == PROT_NONE) continue;
    bool right = model[i].version == 0 ? memory_is_zero(memory, PAGE)
                                       : page_verify(memory, i, model[i].version);
    CHECK(right, "page %u is not of version %u", i, (unsigned)model[i].version);
    if (!changes || model[i].prot != READ_WRITE || pick(2) == 0) continue;
    model[i].version = ++version;
    page_fill(memory, i, version);
  }
}

/* One step. */
static void step(void) {
  unsigned start = pick(PAGES), count = 1 + pick(PAGES - start < 12 ? PAGES - start : 12);
  switch (pick(12)) {
  case 0:
  case 1: map(start, count); break;
  case 2: unmap(start, count); break;
  case 3: protect(start, count); break;
  case 4: advise(start, count); break;
  case 5: lock(start, 1 + count / 4, true); break;
  case 6:
  case 7: lock(start, count, false); break;
  default: use(start, count, true);
  }
}

/* The child's copy: it checks all, goes on by itself on what is private, and dies where it must. */
static int go_on(char *unused) {
  (void)unused;
  use(0, PAGES, false);
  for (unsigned i = 0; i < PAGES; i++) {
    if (model[i].mapped && model[i].shared) unmap(i, 1);
    if (i % 15 != 0) continue;
    bool dies = !model[i].mapped || model[i].prot != READ_WRITE;
    CHECK_IS(run_child(write_byte, PAGE_AT(PLACE, i)), dies ? -1 : 0);
  }
  for (int i = 0; i < 20; i++) step();
  return 6;
}

/* As many steps as the first argument says, beginning with the second. */
void test_main(void) {
  int steps = atoi(test_argv[1]);
  state = 7654321u * (unsigned)atoi(test_argv[2]) + 1;
  for (int i = 0; i < steps; i++) {
    step();
    if (pick(100) == 0) CHECK_IS(run_child(go_on, NULL), 6);
    if (pick(100) == 0) push_out();
  }
  use(0, PAGES, false);
}
