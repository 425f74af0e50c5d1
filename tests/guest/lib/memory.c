/* Mapping, paging out, and children by fork. */
#include "tests/guest/lib/memory.h"
#include <stdlib.h>

/* Maps anonymous memory with FLAGS. */
static char *map_zeroes(unsigned pages, int flags) {
  char *memory = vm_map(0, pages * PAGE, READ_WRITE, flags | MAP_ANONYMOUS, -1, 0);
  CHECK(!vm_is_error(memory), "mapping %u pages gave %ld", pages, (long)memory);
  return memory;
}

/* Private pages of zeroes. */
char *map_anonymous(unsigned pages) {
  return map_zeroes(pages, MAP_PRIVATE);
}

/* Shared pages of zeroes. */
char *map_shared(unsigned pages) {
  return map_zeroes(pages, MAP_SHARED);
}

/* Maps NAME at ADDRESS. */
int map_file(const char *name, char *address) {
  int fd = must_open(name);
  int id = mmap(fd, address);
  CHECK(id != MAP_FAILED, "mmap of %s at %p must succeed", name, (void *)address);
  close(fd);
  return id;
}

/* Fills COUNT pages. */
void fill_pages(char *memory, unsigned count, unsigned version) {
  for (unsigned i = 0; i < count; i++) page_fill(PAGE_AT(memory, i), i, version);
}

/* Checks COUNT pages. */
void check_pages(const char *memory, unsigned count, unsigned version) {
  for (unsigned i = 0; i < count; i++)
    CHECK(page_verify(PAGE_AT(memory, i), i, version), "page %u of %u is not what was written", i,
          count);
}

/* Counts resident pages. */
unsigned count_resident(char *memory, unsigned count) {
  uint8_t bits[64];
  unsigned resident = 0;
  for (unsigned i = 0; i < count; i += sizeof bits) {
    unsigned chunk = count - i < sizeof bits ? count - i : sizeof bits;
    CHECK_IS(vm_resident(PAGE_AT(memory, i), chunk * PAGE, bits), VM_OK);
    for (unsigned k = 0; k < chunk; k++) resident += bits[k];
  }
  return resident;
}

/* Locks the pages from the first of the code to the last of the bss, and the page of the stack. */
void stay_resident(void) {
  char *start = (char *)0x08048000, *stack = (char *)((uintptr_t)&start & ~(PAGE - 1));
  unsigned size = (unsigned)(data_end() - start);
  CHECK_IS(setrlimit(LIMIT_LOCKED, size + PAGE), VM_OK);
  CHECK_IS(vm_lock(start, size), VM_OK);
  CHECK_IS(vm_lock(stack, PAGE), VM_OK);
}

/* Writes three times to twice as many pages as there are frames. */
void push_out(void) {
  unsigned pages = 2 * figures_all().frames_total;
  char *memory = map_anonymous(pages);
  for (unsigned pass = 0; pass < 3; pass++)
    for (unsigned i = 0; i < pages; i++) *PAGE_AT(memory, i) = 1;
  CHECK_IS(vm_unmap(memory, pages * PAGE), VM_OK);
}

/* Forks. */
pid_t start_child(int (*body)(char *), char *aux) {
  pid_t pid = fork();
  CHECK(pid != PID_ERROR, "fork must succeed");
  if (pid == 0) exit(body(aux));
  return pid;
}

/* Forks and waits. */
int run_child(int (*body)(char *), char *aux) {
  return wait(start_child(body, aux));
}

/* Forks a child that must be killed. */
void must_die(int (*body)(char *), char *aux, const char *what) {
  int status = run_child(body, aux);
  CHECK(status == -1, "%s must kill, but the child ended with %d", what, status);
}

/* Reads. */
int read_byte(char *address) {
  return *(volatile char *)address & 0;
}

/* Writes. */
int write_byte(char *address) {
  return *(volatile char *)address = 0;
}
