/* TEST: What a mapping writes into a page into which the file grew reaches the file, however it grew and
         wherever the page was.
   POOL: 32
   DISK: 2 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define SIZE (4 * PAGE)
#define STEP 500 /* Every block is met. */

/* The file, of LENGTH bytes, grows by SIZE bytes written at OFFSET. */
static const struct growth {
  unsigned length, offset, size;
} growths[] = {
    {100, 200, 1},            /* Within the block. */
    {100, 100, 700},          /* Within the block, without a gap. */
    {100, 3000, 1},           /* Within the page. */
    {1024, 3000, 1},          /* From the border of a block. */
    {2048, 2048, 2048},       /* To the border of the page. */
    {100, 5000, 1},           /* Into the next page. */
    {3000, 3 * PAGE + 10, 1}, /* Over pages. */
    {3000, 3000, 6000},       /* Over pages, without a gap. */
    {PAGE + 1, PAGE + 3600, 2},
    {PAGE - 1, 2 * PAGE - 1, 1},
};

/* Where the page is when the file grows. */
static const struct place {
  const char *name;
  bool write, sync, out, lock;
} places[] = {{"read", false, false, false, false},
              {"written", true, false, false, false},
              {"synced", true, true, false, false},
              {"out of memory", true, false, true, false},
              {"locked", true, false, false, true}};

static const struct growth *growth;
static char content[SIZE], found[SIZE];
static int fd;

/* Makes the file grow, through a descriptor of its own. */
static int grow(char *buffer) {
  int own = must_open("file");
  seek(own, growth->offset);
  CHECK_IS(write(own, buffer, growth->size), growth->size);
  close(own);
  return 0;
}

/* The process that maps the file makes it grow. */
static int grow_here(char *buffer) {
  seek(fd, growth->offset);
  CHECK_IS(write(fd, buffer, growth->size), growth->size);
  return 0;
}

/* Puts the page where PLACE says. */
static void put_page(const struct place *place) {
  char *last = PLACE + (growth->length - 1);
  CHECK(*last == content[growth->length - 1], "the last byte");
  if (place->write) *last = content[growth->length - 1] = 'l';
  if (place->sync) CHECK_IS(vm_sync(PLACE, PAGE), VM_OK);
  if (place->lock) CHECK_IS(vm_lock(PLACE + (growth->length - 1) / PAGE * PAGE, PAGE), VM_OK);
  if (place->out) push_out();
}

/* Every byte of the file is right, as read() sees it. */
static void check_content(const char *when, const struct place *place) {
  unsigned length = growth->offset + growth->size;
  CHECK_IS(filesize(fd), length);
  seek(fd, 0);
  CHECK_IS(read(fd, found, SIZE), length);
  for (unsigned i = 0; i < length; i++)
    CHECK(found[i] == content[i], "%u to %u, %s, %s: byte %u is %d, should be %d", growth->length,
          growth->offset, place->name, when, i, found[i], content[i]);
}

/* The file grows as `growth' says while its page is in PLACE; BODY makes it grow, in a child or not. */
static void try_growth(const struct place *place, int (*body)(char *), bool by_child) {
  static char buffer[SIZE];
  unsigned end = growth->offset + growth->size;
  make_file("file", growth->length, 1);
  fd = must_open("file");
  memset(content, 0, sizeof content);
  CHECK_IS(read(fd, content, SIZE), growth->length);
  int id = mmap(fd, PLACE);
  CHECK(id != MAP_FAILED, "mmap");
  put_page(place);
  memset(buffer, 'g', growth->size);
  memset(content + growth->offset, 'g', growth->size);
  CHECK_IS(by_child ? run_child(body, buffer) : body(buffer), 0);
  unsigned mapped = (growth->length + PAGE - 1) / PAGE * PAGE;
  for (unsigned i = growth->length / STEP * STEP; i < end && i < mapped; i += STEP)
    PLACE[i] = content[i] = 'm';
  CHECK_IS(vm_sync(PLACE, mapped), VM_OK);
  check_content("in memory", place);
  munmap(id);
  push_out();
  check_content("read again", place);
  close(fd);
  CHECK(remove("file"), "remove");
}

void test_main(void) {
  for (unsigned i = 0; i < sizeof growths / sizeof *growths; i++)
    for (unsigned j = 0; j < sizeof places / sizeof *places; j++) {
      growth = &growths[i];
      try_growth(&places[j], grow_here, false);
      try_growth(&places[j], grow, true);
    }
}
