/* TEST: Pages are locked one by one until that is refused, by two processes; neither harms the other or a
         third that needs frames; when they are unlocked as many can be locked again; again and again.
   ROUNDS: 100
   POOL: 64
   SWAP: 1 */
#include "tests/guest/lib/full.h"

#define PAGES 60

/* Locks pages of MEMORY until one is refused; how many. */
static unsigned lock_all(char *memory) {
  unsigned count = 0;
  int error;
  while ((error = vm_lock(PAGE_AT(memory, count), PAGE)) == VM_OK) count++;
  CHECK_IS(error, VM_ELIMIT);
  return count;
}

/* Locks what its parent left, which is little, and ends without unlocking. */
static int lock_rest(char *memory) {
  return lock_all(memory) < 3 ? 5 : 6;
}

/* Uses more pages than there are frames left. */
static int use_frames(char *memory) {
  fill_pages(memory, PAGES, 2);
  check_pages(memory, PAGES, 2);
  return 7;
}

/* Up to the limit of all frames, then down, then as many again. */
static void use_up(void) {
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  unsigned count = lock_all(memory);
  CHECK(count > 5 && count < 40, "%u pages could be locked", count);
  CHECK_IS(run_child(lock_rest, memory), 5);
  CHECK_IS(run_child(use_frames, memory), 7);
  check_pages(memory, PAGES, 1);
  CHECK_IS(vm_unlock(memory, PAGES * PAGE), VM_OK);
  CHECK_IS(lock_all(memory), count);
  CHECK_IS(vm_unmap(memory, PAGES * PAGE), VM_OK);
}

/* The process's own limit is not in the way. */
static void lock_without_limit(void) {
  CHECK_IS(setrlimit(LIMIT_LOCKED, 1 << 20), VM_OK);
  use_up();
}

/* All. */
void test_main(void) {
  full_rounds(lock_without_limit);
}
