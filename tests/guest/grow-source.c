/* TEST: write() whose memory turns bad half way leaves in the file exactly the bytes that it took, and its
         length and the position where they end; read() into such memory moves the position past what it stored.
   POOL: 32
   DISK: 2 */
#include <string.h>
#include "tests/guest/lib/memory.h"

/* A write or read at OFFSET of a file of LENGTH bytes, of memory that ends SIZE bytes further on. */
static const struct transfer {
  unsigned length, offset, size;
} transfers[] = {
    {0, 0, 100},           {0, 10, 2 * PAGE},   {50, 50, PAGE + 5},         {100, 3000, 700},
    {100, 5000, PAGE + 1}, {3 * PAGE, 7, PAGE}, {3 * PAGE, 4000, 2 * PAGE}, {5000, 4990, 300},
    {PAGE, PAGE, PAGE},    {2 * PAGE, 100, 1},
};

static const struct transfer *transfer;
static int fd;
static char *source; /* Two pages that can be used, and one that cannot. */
static char content[8 * PAGE], found[8 * PAGE];

/* Children: what they try kills them. */
static int write_bad(char *at) {
  return write(fd, at, transfer->size + 500);
}
static int read_bad(char *at) {
  return read(fd, at, transfer->size + 500);
}

/* The file holds `content' and has LENGTH bytes. */
static void check_content(const char *what, unsigned length) {
  CHECK_IS(filesize(fd), length);
  seek(fd, 0);
  CHECK_IS(read(fd, found, sizeof found), length);
  for (unsigned i = 0; i < length; i++)
    CHECK(found[i] == content[i], "%s at %u of %u, %u bytes: byte %u is %d, should be %d", what,
          transfer->offset, transfer->length, transfer->size, i, found[i], content[i]);
}

/* Writes from memory that ends after transfer->size bytes; OUT of memory, or in it. */
static void try_write(bool out) {
  unsigned size = transfer->size, end = transfer->offset + size;
  char *at = source + 2 * PAGE - size;
  make_file("file", transfer->length, 1);
  fd = must_open("file");
  memset(content, 0, sizeof content);
  CHECK_IS(read(fd, content, sizeof content), transfer->length);
  memcpy(content + transfer->offset, at, size);
  if (out) push_out();
  seek(fd, transfer->offset);
  must_die(write_bad, at, "writing from there");
  CHECK_IS(tell(fd), end);
  check_content(out ? "from disk" : "from memory", end > transfer->length ? end : transfer->length);
  close(fd);
  CHECK(remove("file"), "remove");
}

/* Reads to memory that ends after transfer->size bytes. */
static void try_read(void) {
  make_file("file", sizeof found, 3);
  fd = must_open("file");
  CHECK_IS(read(fd, content, sizeof content), sizeof content);
  char *at = source + 2 * PAGE - transfer->size;
  seek(fd, transfer->offset);
  must_die(read_bad, at, "reading to there");
  CHECK(memcmp(at, content + transfer->offset, transfer->size) == 0, "what was read");
  /* What comes before a page of the file that could not be stored as a whole counts. */
  CHECK_IS(tell(fd), transfer->offset + transfer->size);
  close(fd);
  CHECK(remove("file"), "remove");
}

void test_main(void) {
  make_file("source", 2 * PAGE, 2);
  source = vm_map(PLACE, 3 * PAGE, READ_WRITE, MAP_SHARED, must_open("source"), 0);
  CHECK(!vm_is_error(source), "vm_map");
  for (unsigned i = 0; i < sizeof transfers / sizeof *transfers; i++) {
    transfer = &transfers[i];
    try_write(false);
    try_write(true);
    try_read();
  }
}
