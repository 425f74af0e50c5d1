/* TEST: The disk is filled by a growing file, and then through a mapping of a hole; what was written is
         there, who writes more through the mapping is killed, a write() writes nothing, nothing can be
         created that needs a block; and all can be had again; again and again.
   BATTERY: a hundred rounds take seconds
   ROUNDS: 100
   POOL: 48
   DISK: 1
   ALLOW: full-disk: page at 0x[0-9a-f]+: .*space.* */
#include "tests/guest/lib/full.h"

#define PAGES 300
#define CHUNK (4 * PAGE)

static char buffer[PAGE];

/* Writes to FD until the disk is full; the bytes that fitted. */
static unsigned grow(int fd) {
  unsigned total = 0;
  int bytes;
  do {
    pattern_fill(buffer, sizeof buffer, total, 1);
    bytes = write(fd, buffer, sizeof buffer);
    CHECK(bytes >= 0, "write gave %d", bytes);
    total += (unsigned)bytes;
  } while (bytes > 0);
  return total;
}

#define LAST_MAX 8

/* A large file may stop some blocks early: where it would need several at once.  Small ones take those;
   how many. */
static unsigned take_last_blocks(void) {
  char name[] = "last0";
  for (unsigned i = 0; i < LAST_MAX; i++) {
    name[4] = (char)('0' + i);
    if (!create(name, 0)) return i;
    int fd = must_open(name), bytes = write(fd, buffer, 1);
    close(fd);
    if (bytes != 1) return i + 1;
  }
  return LAST_MAX;
}

/* Removes COUNT of them. */
static void remove_last_blocks(unsigned count) {
  char name[] = "last0";
  for (unsigned i = 0; i < count; i++) {
    name[4] = (char)('0' + i);
    CHECK(remove(name), "remove %s", name);
  }
}

/* Fills the disk by write(). */
static void fill_by_write(void) {
  CHECK(create("file", 0), "create");
  int fd = must_open("file");
  unsigned total = grow(fd);
  CHECK(total > 50 * PAGE && total < PAGES * PAGE, "%u bytes fitted", total);
  unsigned last = take_last_blocks();
  CHECK(!mkdir("dir") && !create("other", PAGE), "nothing that needs a block can be made");
  for (unsigned offset = 0; offset < total; offset += 10 * PAGE) {
    unsigned size = total - offset < PAGE ? total - offset : PAGE;
    seek(fd, offset);
    CHECK_IS(read(fd, buffer, size), size);
    CHECK(pattern_is(buffer, size, offset, 1), "bytes from %u on", offset);
  }
  close(fd);
  CHECK(remove("file"), "remove");
  remove_last_blocks(last);
}

/* Writes through the mapping of a hole and counts on the page before the first. */
static void fill_by_mapping(void) {
  char *counted =
      vm_map(PLACE - PAGE, PAGE, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  CHECK_IS(counted, PLACE - PAGE);
  CHECK(create("hole", 0), "create");
  int fd = must_open("hole");
  seek(fd, PAGES * PAGE - 1);
  CHECK_IS(write(fd, "", 1), 1);
  int id = mmap(fd, PLACE);
  CHECK(id != MAP_FAILED, "mmap");
  must_die(full_fill, counted, "writing to more pages than the disk has blocks");
  unsigned written = full_count(counted);
  CHECK(written > 50 && written < PAGES, "%u pages were written", written);
  check_pages(PLACE, written, 1);
  CHECK_IS(write(fd, buffer, PAGE), 0);
  munmap(id);
  close(fd);
  CHECK(remove("hole"), "remove");
  CHECK_IS(vm_unmap(counted, PAGE), VM_OK);
}

/* Both. */
static void use_up(void) {
  fill_by_write();
  fill_by_mapping();
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
