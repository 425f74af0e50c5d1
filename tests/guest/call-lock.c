/* TEST: Locked pages stay in memory under pressure until they are unlocked, unmapped or their process
         ends, copied ones too; half of all frames and the process's limit cannot be passed, pages that
         are locked already count once; after an error what was locked is, and nothing else.
   POOL: 40
   KERNEL: -policy=clock */
#include "tests/guest/lib/memory.h"

#define PAGES 10

/* Locks all of MEMORY and ends without unlocking. */
static int lock_and_end(char *memory) {
  CHECK_IS(vm_lock(memory, PAGES * PAGE), VM_OK);
  push_out();
  CHECK_IS(count_resident(memory, PAGES), PAGES);
  check_pages(memory, PAGES, 1);
  return 3;
}

/* Lock, pressure, unlock, pressure. */
static void check_staying(char *memory) {
  CHECK_IS(vm_lock(memory, PAGES * PAGE), VM_OK);
  push_out();
  CHECK_IS(count_resident(memory, PAGES), PAGES);
  CHECK_IS(run_child(lock_and_end, memory), 3);
  fill_pages(memory, PAGES, 2);
  CHECK_IS(vm_unlock(memory, 4 * PAGE), VM_OK);
  push_out();
  CHECK_IS(count_resident(memory + 4 * PAGE, PAGES - 4), PAGES - 4);
  CHECK(count_resident(memory, 4) == 0, "unlocked pages must go");
  CHECK_IS(vm_unlock(memory, PAGES * PAGE), VM_OK);
  push_out();
  CHECK(count_resident(memory, PAGES) == 0, "unlocked pages must go");
  check_pages(memory, PAGES, 2);
}

/* Waits until the byte at FLAG is set. */
static int wait_for(char *flag) {
  while (*(volatile char *)flag == 0) yield();
  return 6;
}

/* Locked pages that fork shares and a write copies; and pages that are thrown away while locked. */
static void check_copies(char *memory) {
  char *flag = map_shared(1);
  fill_pages(memory, PAGES, 1);
  CHECK_IS(vm_lock(memory, PAGES * PAGE), VM_OK);
  pid_t child = start_child(wait_for, flag);
  fill_pages(memory, PAGES, 3);
  push_out();
  CHECK_IS(count_resident(memory, PAGES), PAGES);
  *flag = 1;
  CHECK_IS(wait(child), 6);
  push_out();
  CHECK_IS(count_resident(memory, PAGES), PAGES);
  check_pages(memory, PAGES, 3);
  CHECK_IS(vm_advise(memory, PAGES * PAGE, ADVICE_DONTNEED), VM_OK);
  CHECK_IS(setrlimit(LIMIT_LOCKED, PAGES * PAGE), VM_OK);
  char *other = map_anonymous(PAGES);
  CHECK_IS(vm_lock(other, PAGES * PAGE), VM_OK);
  CHECK_IS(vm_unmap(other, PAGES * PAGE), VM_OK);
  fill_pages(memory, PAGES, 2);
}

/* Pages of a mapped file: they stay, are written by vm_sync, and outlive the file. */
static void check_file_pages(void) {
  make_file("file", PAGES * PAGE, 1);
  int id = map_file("file", PLACE);
  CHECK_IS(vm_lock(PLACE, PAGES * PAGE), VM_OK);
  pattern_fill(PLACE, PAGES * PAGE, 0, 2);
  CHECK_IS(vm_sync(PLACE, PAGES * PAGE), VM_OK);
  push_out();
  CHECK_IS(count_resident(PLACE, PAGES), PAGES);
  check_file("file", PAGES * PAGE, 2);
  CHECK(remove("file"), "remove");
  CHECK(pattern_is(PLACE, PAGES * PAGE, 0, 2), "content");
  munmap(id);
}

/* The limit and half of the frames. */
static void check_limits(char *memory) {
  char *large = map_anonymous(30);
  fill_pages(large, 30, 4);
  CHECK_IS(setrlimit(LIMIT_LOCKED, 1 << 20), VM_OK);
  CHECK_IS(vm_lock(large, 30 * PAGE), VM_ELIMIT);
  push_out();
  CHECK(count_resident(large, 30) == 0, "nothing may stay locked after the error");
  CHECK_IS(setrlimit(LIMIT_LOCKED, 4 * PAGE), VM_OK);
  CHECK_IS(vm_lock(memory, 5 * PAGE), VM_ELIMIT);
  CHECK_IS(vm_lock(memory, 4 * PAGE), VM_OK);
  CHECK_IS(vm_lock(memory + 4 * PAGE, PAGE), VM_ELIMIT);
  CHECK_IS(vm_unlock(memory, PAGE), VM_OK);
  CHECK_IS(vm_lock(memory + 4 * PAGE, PAGE), VM_OK);
  CHECK_IS(vm_unmap(memory, 2 * PAGE), VM_OK);
  CHECK_IS(vm_lock(memory + 5 * PAGE, PAGE), VM_OK);
  CHECK_IS(vm_unlock(memory + 2 * PAGE, (PAGES - 2) * PAGE), VM_OK);
  check_pages(large, 30, 4);
}

/* Errors. */
static void check_errors(char *memory) {
  CHECK_IS(vm_lock(memory + 1, PAGE), VM_ERANGE);
  CHECK_IS(vm_lock(memory, 0), VM_ERANGE);
  CHECK_IS(vm_lock(USER_END, PAGE), VM_ERANGE);
  CHECK_IS(vm_lock(PLACE, PAGE), VM_ENOMAP);
  CHECK_IS(vm_unlock(memory + 1, PAGE), VM_ERANGE);
  CHECK_IS(vm_unlock(memory, 0), VM_ERANGE);
  CHECK_IS(vm_unlock(PLACE, PAGE), VM_ENOMAP);
  char *none = vm_map(0, PAGE, PROT_NONE, ANONYMOUS, -1, 0);
  CHECK_IS(vm_lock(none, PAGE), VM_EACCESS);
  CHECK_IS(vm_unlock(memory, PAGE), VM_OK);
}

/* Locks pages of a file that its parent has locked as well, and as many others as it may; then makes
   them its own. */
static int copy_at_limit(char *others) {
  unsigned count = 0;
  CHECK_IS(setrlimit(LIMIT_LOCKED, 1 << 20), VM_OK);
  CHECK_IS(vm_lock(PLACE2, 4 * PAGE), VM_OK);
  while (vm_lock(PAGE_AT(others, count), PAGE) == VM_OK) count++;
  CHECK_IS(vm_protect(PLACE2, 4 * PAGE, READ_WRITE), VM_OK);
  for (unsigned i = 0; i < 4; i++) *PAGE_AT(PLACE2, i) = 'c';
  push_out();
  CHECK_IS(count_resident(PLACE2, 4), 4);
  return 7;
}

/* Copies of pages that two have locked stay locked, though no other page may be. */
static void check_copies_at_limit(void) {
  make_file("text", 4 * PAGE, 1);
  int fd = must_open("text");
  char *others = map_anonymous(30);
  CHECK_IS(vm_map(PLACE2, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0), PLACE2);
  CHECK_IS(vm_lock(PLACE2, 4 * PAGE), VM_OK);
  CHECK_IS(run_child(copy_at_limit, others), 7);
  CHECK(pattern_is(PLACE2, 4 * PAGE, 0, 1), "the parent's");
  CHECK_IS(vm_unmap(PLACE2, 4 * PAGE), VM_OK);
}

/* What is locked already counts once, and stays locked whatever a later call meets. */
static void check_again(void) {
  char *memory = map_anonymous(4);
  CHECK_IS(setrlimit(LIMIT_LOCKED, 4 * PAGE), VM_OK);
  CHECK_IS(vm_lock(memory, 3 * PAGE), VM_OK);
  CHECK_IS(vm_lock(memory, 4 * PAGE), VM_OK);
  CHECK_IS(vm_lock(memory, 4 * PAGE), VM_OK);
  CHECK_IS(vm_unlock(memory + 2 * PAGE, 2 * PAGE), VM_OK);
  CHECK_IS(vm_protect(memory + 3 * PAGE, PAGE, PROT_NONE), VM_OK);
  CHECK_IS(vm_lock(memory, 4 * PAGE), VM_EACCESS);
  push_out();
  CHECK_IS(count_resident(memory, 4), 2);
  CHECK_IS(vm_protect(memory + 3 * PAGE, PAGE, READ_WRITE), VM_OK);
  CHECK_IS(vm_unmap(memory, 4 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  check_errors(memory);
  check_staying(memory);
  check_copies(memory);
  check_file_pages();
  check_copies_at_limit();
  check_limits(memory);
  check_again();
  CHECK_IS(vm_lock(memory + 5 * PAGE, 3 * PAGE), VM_OK);
}
