/* TEST: mmap fails where it would overlap code, data, bss, the stack as it has grown, the gap below
         it, or the heap; nothing of these changes. */
#include <string.h>
#include "tests/guest/lib/memory.h"

static int data = 1;
static char bss[8 * PAGE];
static int fd;

/* The page of POINTER. */
static char *page_of(const void *pointer) {
  return (char *)((uintptr_t)pointer & ~(PAGE - 1));
}

/* The file, of three pages, must not go over PAGE: from it, or ending in it. */
static void refuse(char *page, const char *what) {
  CHECK(mmap(fd, page) == MAP_FAILED, "over %s", what);
  CHECK(mmap(fd, page - 2 * PAGE) == MAP_FAILED, "ending in %s", what);
}

/* Makes the stack ten pages deep and tries all of it. */
static void refuse_stack(void) {
  volatile char deep[10 * PAGE];
  for (unsigned i = 0; i < sizeof deep; i += PAGE) deep[i] = 1;
  for (char *page = page_of((char *)deep); page < USER_END; page += PAGE) refuse(page, "the stack");
  refuse(page_of((char *)deep) - PAGE, "the page below the stack");
}

/* Tries all. */
void test_main(void) {
  make_file("file", 3 * PAGE, 1);
  fd = must_open("file");
  refuse(page_of((void *)test_main), "code");
  refuse(page_of("constant"), "constants");
  refuse(page_of(&data), "data");
  refuse(page_of(bss), "bss");
  refuse(page_of(bss + 4 * PAGE), "bss not touched yet");
  refuse_stack();
  char *heap = sbrk(5 * PAGE);
  refuse(page_of(heap + 2 * PAGE), "the heap");
  refuse(page_of(heap + 4 * PAGE), "the heap");
  CHECK(data == 1 && memory_is_zero(bss, sizeof bss), "data and bss");
  CHECK(memory_is_zero(heap, 5 * PAGE), "heap");
  CHECK_IS(sbrk(0), heap + 5 * PAGE);
  char *above = page_of(heap + 6 * PAGE);
  CHECK(mmap(fd, above) != MAP_FAILED, "above the heap there is room");
  CHECK(pattern_is(above, 3 * PAGE, 0, 1), "its content");
}
