/* HELPER: disk-pages WORK: what processes share, with each other or the kernel, while swap fails.  A child that is killed is no
   error; wrong content is.

   cow: children change some of what they inherit.  shared: children fill parts of shared memory.
   tree: children have children.  calls: the kernel reads and writes what is paged out, for a file.
   Its status is 5. */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES    64
#define CHILDREN 4
#define LEVELS   3

static char *memory;

/* Whether a child that should end with WANT did so, or was killed. */
static bool was_right(pid_t pid, int want) {
  int status = wait(pid);
  CHECK(status == want || status == -1, "a child ended with %d, not %d", status, want);
  return status == want;
}

/* Changes every second page of what it inherited, NUMBER of CHILDREN. */
static int change_half(char *number) {
  unsigned version = 10 + (unsigned)(number - (char *)0);
  check_pages(memory, PAGES, 1);
  for (unsigned i = 0; i < PAGES; i += 2) page_fill(PAGE_AT(memory, i), i, version);
  for (unsigned i = 0; i < PAGES; i++)
    CHECK(page_verify(PAGE_AT(memory, i), i, i % 2 == 0 ? version : 1), "a child's page %u", i);
  return (int)version;
}

/* Fills and checks part NUMBER of the shared memory. */
static int fill_part(char *number) {
  unsigned part = (unsigned)(number - (char *)0), pages = PAGES / CHILDREN;
  for (unsigned round = 1; round <= 3; round++) {
    fill_pages(PAGE_AT(memory, part * pages), pages, part + round);
    check_pages(PAGE_AT(memory, part * pages), pages, part + round);
  }
  return 30;
}

/* Looks at what it inherited, after its own child did so, LEVEL levels from the last. */
static int look(char *level) {
  if (level > (char *)0) was_right(start_child(look, level - 1), 40);
  check_pages(memory, PAGES, 1);
  fill_pages(memory, PAGES / 2, 2);
  check_pages(memory, PAGES / 2, 2);
  return 40;
}

/* Children that copy on write; the parent's pages stay as they were. */
static void do_cow(void) {
  pid_t pids[CHILDREN];
  memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  for (int i = 0; i < CHILDREN; i++) pids[i] = start_child(change_half, (char *)0 + i);
  for (int i = 0; i < CHILDREN; i++) was_right(pids[i], 10 + i);
  check_pages(memory, PAGES, 1);
}

/* Children that fill shared memory; the parent finds what those that lived have left. */
static void do_shared(void) {
  pid_t pids[CHILDREN];
  unsigned pages = PAGES / CHILDREN;
  memory = map_shared(PAGES);
  for (int i = 0; i < CHILDREN; i++) pids[i] = start_child(fill_part, (char *)0 + i);
  for (unsigned i = 0; i < CHILDREN; i++)
    if (was_right(pids[i], 30)) check_pages(PAGE_AT(memory, i * pages), pages, i + 3);
}

/* A chain of children. */
static void do_tree(void) {
  memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  was_right(start_child(look, (char *)0 + LEVELS), 40);
  check_pages(memory, PAGES, 1);
}

/* Writes memory that is paged out to a file, and reads it back. */
static void do_calls(void) {
  memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  CHECK(create("calls", 0), "create");
  int fd = must_open("calls");
  CHECK_IS(write(fd, memory, PAGES * PAGE), PAGES * PAGE);
  fill_pages(memory, PAGES, 2);
  check_pages(memory, PAGES, 2);
  seek(fd, 0);
  CHECK_IS(read(fd, memory, PAGES * PAGE), PAGES * PAGE);
  check_pages(memory, PAGES, 1);
}

/* Chooses. */
int main(int argc, char *argv[]) {
  test_name = "disk-pages";
  if (argc != 2) return 2;
  if (strcmp(argv[1], "cow") == 0) do_cow();
  if (strcmp(argv[1], "shared") == 0) do_shared();
  if (strcmp(argv[1], "tree") == 0) do_tree();
  if (strcmp(argv[1], "calls") == 0) do_calls();
  return 5;
}
