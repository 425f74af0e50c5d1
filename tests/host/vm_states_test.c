/* Every row of page_rows: a page that is legal in its state passes page_assert(), and with any one thing that the
   row forbids it panics. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/host/vm_test.h"
#include "vm/map.h"
#include "vm/page.h"
#include "vm/stats.h"

/* Whether page_assert(PAGE) panics; what it says goes to WORDS of SIZE bytes. */
static bool panics(const struct page *page, char *words, size_t size) {
  int ends[2], status;
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGABRT, SIG_DFL);
    dup2(ends[1], STDOUT_FILENO);
    page_assert(page);
    _exit(0);
  }
  close(ends[1]);
  ssize_t length = read(ends[0], words, size - 1);
  words[length > 0 ? length : 0] = '\0';
  close(ends[0]);
  assert_int_equal(waitpid(child, &status, 0), child);
  return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/* PAGE is legal; with VALUE at PLACE it is not, which the panic says of STATE. */
#define FORBIDS(STATE, PLACE, VALUE)                                                               \
  do {                                                                                             \
    char words[300];                                                                               \
    page_assert(page);                                                                             \
    __auto_type old = (PLACE) + 0;                                                                 \
    (PLACE) = (VALUE);                                                                             \
    if (!panics(page, words, sizeof words)) fail_msg("%s passes", #PLACE " = " #VALUE);            \
    assert_non_null(strstr(words, "a page " STATE " is not legal"));                               \
    vm_options.asserts_off = true;                                                                 \
    page_assert(page);                                                                             \
    vm_options.asserts_off = false;                                                                \
    (PLACE) = old;                                                                                 \
    page_assert(page);                                                                             \
  } while (0)

/* A page that is in no frame. */
static void test_absent(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  struct page *page = page_create();
  struct frame *frame = frame_at(3);
  FORBIDS("ABSENT", page->dirty, true);
  FORBIDS("ABSENT", page->unwritten, true);
  FORBIDS("ABSENT", page->syncing, true);
  FORBIDS("ABSENT", page->frame, frame);
  FORBIDS("ABSENT", page->slot, 1);
  FORBIDS("ABSENT", page->home, HOME_SWAP);
  FORBIDS("ABSENT", page->refs, 0);
  port_vm_lock();
  page_put(page);
  port_vm_unlock();
  finish(as);
}

/* A page on its way in, without a frame, with one, and when it is there. */
static void test_arriving(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  port_vm_lock();
  struct page *page = page_create();
  page_start_arriving(page);
  FORBIDS("ARRIVING", page->refs, 0);
  FORBIDS("ARRIVING", page->slot, 1);
  FORBIDS("ARRIVING", page->syncing, true);
  frame_lend(page, false);
  FORBIDS("ARRIVING", page->frame->pins, 1);
  FORBIDS("ARRIVING", page->frame->admitted, 1);
  FORBIDS("ARRIVING", page->frame->kernel, 1);
  FORBIDS("ARRIVING", page->frame->lent, 0);
  FORBIDS("ARRIVING", page->frame->page, NULL);
  page_arrived(page, CAME_FAULT);
  FORBIDS("RESIDENT", page->frame, NULL);
  FORBIDS("RESIDENT", page->frame->admitted, 0);
  FORBIDS("RESIDENT", page->frame->kernel, 1);
  FORBIDS("RESIDENT", page->frame->page, NULL);
  FORBIDS("RESIDENT", page->slot, 1);
  FORBIDS("SYNCING", page->syncing, true);
  page_put(page);
  port_vm_unlock();
  finish(as);
}

/* A page of a file that is being written, and then on its way out. */
static void test_written(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  struct sim_file *file = file_create(VM_PAGE_SIZE, VM_PAGE_SIZE);
  port_vm_lock();
  struct page *page = store_page(&file->store, 0);
  page_start_arriving(page);
  frame_lend(page, false);
  page_arrived(page, CAME_FAULT);
  page_start_syncing(page);
  FORBIDS("SYNCING", page->frame->pins, 0);
  FORBIDS("SYNCING", page->home, HOME_SWAP);
  FORBIDS("SYNCING", page->cached, false);
  FORBIDS("SYNCING", page->refs, 0);
  page_end_syncing(page);
  page->dirty = true;
  page_start_leaving(page);
  FORBIDS("LEAVING", page->dirty, false);
  FORBIDS("LEAVING", page->frame->pins, 1);
  FORBIDS("LEAVING", page->syncing, true);
  FORBIDS("LEAVING", page->slot, 1);
  FORBIDS("LEAVING", page->refs, 0);
  page_leave_frame(page);
  page_put(page);
  page_put(page);
  port_vm_unlock();
  file_destroy(file);
  finish(as);
}

/* The masks name the bits that they should. */
static void test_masks(void **state) {
  (void)state;
  assert_int_equal((struct page){.home = HOME_SWAP}.word, PAGE_HOMES(HOME_SWAP));
  assert_int_equal((struct page){.cached = true}.word, PAGE_CACHED);
  assert_int_equal((struct page){.syncing = true}.word, PAGE_SYNC);
  assert_int_equal((struct page){.dirty = true}.word, PAGE_DIRTY);
  assert_int_equal((struct page){.unwritten = true}.word, PAGE_UNWRITTEN);
  assert_int_equal((struct frame){.pins = UINT16_MAX}.word, FRAME_PINS);
  assert_int_equal((struct frame){.lent = 1}.word, FRAME_LENT);
  assert_int_equal((struct frame){.admitted = 1}.word, FRAME_ADMITTED);
  assert_int_equal((struct frame){.kernel = 1}.word, FRAME_KERNEL);
}

/* Runs them. */
int run_states_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_absent),
      cmocka_unit_test(test_arriving),
      cmocka_unit_test(test_written),
      cmocka_unit_test(test_masks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
