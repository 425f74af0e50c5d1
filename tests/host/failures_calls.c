/* Failures: locking, advice, syncing, and asking. */
#include "tests/host/failures.h"
#include "vm/fork.h"
#include "vm/store.h"
#include "vm/sync.h"
#include "vm/exit.h"

#define FILES 3

/* Which of COUNT pages of AS from PAGE on are in frames, as bits. */
static unsigned resident(struct addrspace *as, unsigned page, unsigned count) {
  uint8_t in[32];
  unsigned bits = 0;
  MUST(vm_resident(as, vpn_of(AT(page)), count, in));
  for (unsigned i = 0; i < count; i++) bits |= (unsigned)(in[i] & 1) << i;
  return bits;
}

/* Fresh pages: all are brought in and locked, or none is locked. */
static void lock_fresh(void) {
  struct addrspace *as = process_with(4);
  ATTEMPT(as, vm_lock(as, BASE, BYTES(4)), PAGING, as->locked == 0);
  evict();
  EXPECT(as->locked == 4 && resident(as, 0, 4) == 0xf);
  ATTEMPT(as, vm_unlock(as, BASE, BYTES(4)), 0, false);
  evict();
  EXPECT(as->locked == 0 && resident(as, 0, 4) == 0);
  addrspace_destroy(as);
}

/* Pages in swap, some of them locked before: those stay so. */
static void lock_swapped(void) {
  struct addrspace *as = process_with(4);
  fill(as, 0, 4, 1);
  MUST(vm_lock(as, BASE, BYTES(1)));
  evict();
  ATTEMPT(as, vm_lock(as, BASE, BYTES(4)), PAGING, as->locked == 1 && resident(as, 0, 1) == 1);
  EXPECT(as->locked == 4 && holds(as, 0, 4, 1));
  addrspace_destroy(as);
}

/* The middle of a file's mapping: cut out, read, locked. */
static void lock_file(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(6, 1);
  MUST(map(as, (struct mapped){0, 6, MAP_SHARED, file}));
  ATTEMPT(as, vm_lock(as, AT(1), BYTES(3)), PAGING | CAN(VM_ENOSPC), as->locked == 0);
  evict();
  EXPECT(resident(as, 0, 6) == 0xe);
  writes(as, 2, 3, 30);
  ATTEMPT(as, vm_sync(as, AT(1), BYTES(3)), CAN(VM_EIO) | CAN(VM_ENOMEM), on_disk(file, 2) != 30);
  EXPECT(on_disk(file, 2) == 30);
  ATTEMPT(as, vm_unlock(as, AT(2), BYTES(1)), CAN(VM_ENOMEM), as->locked == 3);
  EXPECT(as->locked == 2);
  MUST(vm_unmap(as, AT(0), BYTES(2)));
  EXPECT(as->locked == 1);
  addrspace_destroy(as);
  file_destroy(file);
}

/* Read-only pages of a file of one's own, which then may be written: the copy is locked. */
static void lock_then_copy(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(3, 1);
  MUST(map(as, (struct mapped){0, 3, MAP_PRIVATE, file}));
  MUST(vm_protect(as, BASE, BYTES(3), PROT_READ));
  ATTEMPT(as, vm_lock(as, BASE, BYTES(3)), PAGING, as->locked == 0);
  MUST(vm_protect(as, BASE, BYTES(3), PROT_READ | PROT_WRITE));
  for (unsigned i = 0; i < 3; i++) writes(as, i, (uint8_t)(i + 1), (uint8_t)(i + 21));
  evict();
  EXPECT(resident(as, 0, 3) == 7 && as->locked == 3 && on_disk(file, 1) == 2);
  addrspace_destroy(as);
  file_destroy(file);
}

/* A page of zeroes that is only read, twice, and its limits. */
static void lock_zeroes(void) {
  struct addrspace *as = process_with(12);
  MUST(vm_protect(as, BASE, BYTES(2), PROT_READ));
  ATTEMPT(as, vm_lock(as, BASE, BYTES(2)), CAN(VM_ENOMEM), as->locked == 0);
  ATTEMPT(as, vm_lock(as, BASE, BYTES(2)), 0, false);
  EXPECT(as->locked == 2 && vm_lock(as, AT(2), BYTES(10)) == VM_ELIMIT && as->locked == 2);
  addrspace_destroy(as);
}

/* More than half of all frames are locked by nobody: who wants more is refused, and keeps what he has. */
static void lock_half(void) {
  struct addrspace *as = process_with(12);
  as->locked_limit = BYTES(100);
  MUST(vm_lock(as, BASE, BYTES(6)));
  EXPECT(vm_lock(as, AT(6), BYTES(6)) == VM_ELIMIT);
  EXPECT(as->locked == 6);
  for (unsigned i = 6; i < 12; i++) writes(as, i, 0, (uint8_t)(i + 1));
  addrspace_destroy(as);
}

/* How to read: noted for a part. */
static void advise_reading(void) {
  struct addrspace *as = process_with(6);
  fill(as, 0, 6, 1);
  ATTEMPT(as, vm_advise(as, AT(1), BYTES(2), ADVICE_RANDOM), CAN(VM_ENOMEM), true);
  ATTEMPT(as, vm_advise(as, AT(2), BYTES(2), ADVICE_SEQUENTIAL), CAN(VM_ENOMEM), true);
  ATTEMPT(as, vm_advise(as, AT(0), BYTES(6), ADVICE_NORMAL), 0, false);
  EXPECT(vm_advise(as, BASE, BYTES(1), 77) == VM_EINVAL && holds(as, 0, 6, 1));
  addrspace_destroy(as);
}

/* Pages that will be needed come in; that they do not is no error, whoever needs them learns of it. */
static void advise_needed(void) {
  struct addrspace *as = process_with(4);
  struct sim_file *file = file_of(6, 1);
  MUST(map(as, (struct mapped){6, 6, MAP_PRIVATE, file}));
  fill(as, 0, 2, 90);
  evict();
  ATTEMPT(as, vm_advise(as, AT(0), BYTES(4), ADVICE_WILLNEED), CAN(VM_ENOMEM), true);
  ATTEMPT(as, vm_advise(as, AT(7), BYTES(4), ADVICE_WILLNEED), CAN(VM_ENOMEM), true);
  EXPECT(trouble.kind >= 0 || (resident(as, 0, 4) == 3 && resident(as, 6, 6) == 0x1e));
  EXPECT(holds(as, 0, 2, 90) && holds(as, 2, 1, 0) && holds(as, 6, 6, 1));
  MUST(vm_protect(as, AT(0), BYTES(4), PROT_NONE));
  ATTEMPT(as, vm_advise(as, AT(0), BYTES(4), ADVICE_WILLNEED), 0, false);
  addrspace_destroy(as);
  file_destroy(file);
}

/* More pages than there are frames will be needed: some come. */
static void advise_too_much(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(30, 1);
  MUST(map(as, (struct mapped){0, 30, MAP_SHARED, file}));
  ATTEMPT(as, vm_advise(as, AT(0), BYTES(30), ADVICE_WILLNEED), 0, false);
  EXPECT(holds(as, 0, 30, 1));
  addrspace_destroy(as);
  file_destroy(file);
}

/* Pages that are not needed go back to what they were at first. */
static void advise_not_needed(void) {
  struct addrspace *as = process_with(4);
  struct sim_file *file = file_of(4, 1);
  MUST(map(as, (struct mapped){6, 4, MAP_PRIVATE, file}));
  MUST(map(as, (struct mapped){12, 4, MAP_SHARED, file}));
  fill(as, 0, 4, 60);
  fill(as, 6, 4, 70);
  MUST(put(as, 13, 50));
  evict();
  ATTEMPT(as, vm_advise(as, AT(1), BYTES(2), ADVICE_DONTNEED), CAN(VM_ENOMEM), holds(as, 1, 2, 61));
  ATTEMPT(as, vm_advise(as, AT(6), BYTES(2), ADVICE_DONTNEED), CAN(VM_ENOMEM), holds(as, 6, 2, 70));
  ATTEMPT(as, vm_advise(as, AT(12), BYTES(4), ADVICE_DONTNEED), CAN(VM_ENOMEM), true);
  EXPECT(get(as, 0) == 60 && get(as, 1) == 0 && get(as, 2) == 0 && get(as, 3) == 63);
  EXPECT(get(as, 6) == 1 && get(as, 7) == 50 && get(as, 8) == 72 && get(as, 13) == 50);
  addrspace_destroy(as);
  file_destroy(file);
}

/* Pages next to each other go in one request; when it fails each goes by itself, and those that cannot stay
   changed. */
static void sync_together(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(8, 1);
  MUST(map(as, (struct mapped){0, 8, MAP_SHARED, file}));
  fill(as, 0, 8, 31);
  ATTEMPT(as, vm_sync(as, BASE, BYTES(8)), CAN(VM_EIO), store_is_dirty(&file->store));
  for (unsigned i = 0; i < 8; i++) EXPECT(on_disk(file, i) == 31 + i);
  EXPECT(!store_is_dirty(&file->store));
  addrspace_destroy(as);
  file_destroy(file);
}

/* A part is synced; what goes well with it may go as well. */
static void sync_part(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(8, 1);
  MUST(map(as, (struct mapped){0, 8, MAP_SHARED, file}));
  fill(as, 0, 8, 31);
  ATTEMPT(as, vm_sync(as, AT(2), BYTES(3)), CAN(VM_EIO) | CAN(VM_ENOMEM), true);
  for (unsigned i = 2; i < 5; i++) EXPECT(on_disk(file, i) == 31 + i);
  EXPECT(on_disk(file, 0) == 1 && on_disk(file, 1) == 2);
  addrspace_destroy(as);
  file_destroy(file);
}

/* Several files, private pages between: what can be written is, the first error is told. */
static void sync_several(void) {
  struct addrspace *as = process_with(2);
  struct sim_file *files[FILES];
  for (unsigned i = 0; i < FILES; i++) {
    files[i] = file_of(2, 1);
    MUST(map(as, (struct mapped){2 + 2 * i, 2, MAP_SHARED, files[i]}));
  }
  fill(as, 0, 2 + 2 * FILES, 80);
  ATTEMPT(as, vm_sync(as, BASE, BYTES(2 + 2 * FILES)), CAN(VM_EIO), true);
  for (unsigned i = 0; i < FILES; i++)
    EXPECT(on_disk(files[i], 0) == 82 + 2 * i && on_disk(files[i], 1) == 83 + 2 * i);
  EXPECT(vm_sync(as, BASE, BYTES(3 + 2 * FILES)) == VM_ENOMAP);
  addrspace_destroy(as);
  for (unsigned i = 0; i < FILES; i++) file_destroy(files[i]);
}

/* Memory that is shared without a file has nothing to sync, in swap or not. */
static void sync_nothing(void) {
  struct addrspace *as = process(), *child;
  MUST(map(as, (struct mapped){0, 4, MAP_SHARED, NULL}));
  fill(as, 0, 4, 1);
  ATTEMPT(as, vm_sync(as, BASE, BYTES(4)), 0, false);
  MUST(addrspace_fork(as, &child));
  evict();
  ATTEMPT(as, vm_sync(as, AT(1), BYTES(2)), CAN(VM_ENOMEM), holds(as, 0, 4, 1));
  addrspace_destroy(as);
  machine_activate(child);
  EXPECT(holds(child, 0, 4, 1));
  addrspace_destroy(child);
}

static const struct scenario scenarios[] = {
    {.name = "lock fresh pages", .run = lock_fresh},
    {.name = "lock swapped pages", .run = lock_swapped},
    {.name = "lock a file", .run = lock_file},
    {.name = "lock, then copy", .run = lock_then_copy},
    {.name = "lock zeroes", .run = lock_zeroes},
    {.name = "lock half", .run = lock_half},
    {.name = "advise reading", .run = advise_reading},
    {.name = "advise needed", .run = advise_needed},
    {.name = "advise too much", .run = advise_too_much},
    {.name = "advise not needed", .run = advise_not_needed},
    {.name = "sync together", .run = sync_together},
    {.name = "sync a part", .run = sync_part},
    {.name = "sync several", .run = sync_several},
    {.name = "sync nothing", .run = sync_nothing},
};
const struct topic topic_calls = {"calls", scenarios, ARRAY_SIZE(scenarios)};
