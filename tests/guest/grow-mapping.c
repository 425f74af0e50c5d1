/* TEST: A mapping may be longer than its file: pages that the file grows into can be used, shared, private
         or read-only, by whoever mapped them before; only a page wholly beyond the end cannot.
   POOL: 32
   DISK: 2 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES 4

static int fd;
static char *shared, *readable, *private;

/* Writes BYTE at OFFSET of the file, through a descriptor of its own. */
static void put(unsigned offset, char byte) {
  int own = must_open("file");
  seek(own, offset);
  CHECK_IS(write(own, &byte, 1), 1);
  close(own);
}

/* The byte at OFFSET of the file, as read() sees it. */
static char get(unsigned offset) {
  char byte;
  seek(fd, offset);
  CHECK_IS(read(fd, &byte, 1), 1);
  return byte;
}

/* A child's part: makes the file end with 'e' after 5001 bytes. */
static int grow(char *unused) {
  (void)unused;
  put(5000, 'e');
  return 0;
}

/* Maps the file three times, PAGES pages each. */
static void map_all(void) {
  shared = vm_map(PLACE, PAGES * PAGE, READ_WRITE, MAP_SHARED, fd, 0);
  readable = vm_map(PLACE2, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
  private = vm_map(0, PAGES * PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
  CHECK(!vm_is_error(shared) && !vm_is_error(readable) && !vm_is_error(private), "vm_map");
}

/* Pages from page FIRST on lie beyond the end: shared they kill, private they are zero. */
static void check_beyond(unsigned first) {
  for (unsigned i = first; i < PAGES; i++) {
    must_die(read_byte, shared + i * PAGE, "reading beyond the end");
    must_die(write_byte, shared + i * PAGE, "writing beyond the end");
    must_die(read_byte, readable + i * PAGE, "reading beyond the end");
    CHECK(memory_is_zero(private + i * PAGE, PAGE), "private page %u", i);
    CHECK_IS(vm_lock(shared + i * PAGE, PAGE), VM_EEOF);
  }
  CHECK_IS(vm_advise(shared, PAGES * PAGE, ADVICE_WILLNEED), VM_OK);
  CHECK_IS(vm_sync(shared, PAGES * PAGE), VM_OK);
}

/* All see BYTE at OFFSET. */
static void check_byte(unsigned offset, char byte) {
  CHECK(shared[offset] == byte && readable[offset] == byte && private[offset] == byte,
        "byte %u: %d, %d, %d, should be %d", offset, shared[offset], readable[offset],
        private[offset], byte);
  CHECK_IS(get(offset), byte);
}

/* A child, which has inherited the mappings: sees the end, writes into the gap before it. */
static int use(char *unused) {
  (void)unused;
  check_byte(5000, 'e');
  shared[4500] = 'c';
  return 0;
}

/* The file gets its second page: by a child, with a gap. */
static void grow_into_second(void) {
  private[100] = 'p';
  CHECK_IS(run_child(grow, NULL), 0);
  check_byte(5000, 'e');
  check_byte(4096, 0);
  CHECK_IS(run_child(use, NULL), 0);
  check_byte(4500, 'c');
  CHECK(private[100] == 'p' && private[101] == 0 && shared[100] == 0,
        "a page written to is its own");
  private[4600] = 'q';
  shared[4600] = 's';
  CHECK(private[4600] == 'q' && private[4500] == 'c' && readable[4600] == 's', "the second page");
}

/* What was written reached the file, in memory and on disk. */
static void check_file_bytes(void) {
  CHECK_IS(vm_sync(shared, PAGES * PAGE), VM_OK);
  push_out();
  CHECK(get(4500) == 'c' && get(4600) == 's' && get(5000) == 'e' && get(100) == 0, "the file");
  CHECK(private[100] == 'p' && private[4600] == 'q' && shared[4600] == 's', "the mappings");
}

/* A private page that was written to beyond the end stays its process's own; one that was only read shows
   what comes. */
static void grow_into_private(void) {
  private[2 * PAGE + 5] = 'o';
  CHECK(private[3 * PAGE + 5] == 0, "nothing there yet");
  put(3 * PAGE + 5, 'n');
  CHECK(private[3 * PAGE + 5] == 'n' && private[2 * PAGE + 5] == 'o', "private pages");
  CHECK(shared[2 * PAGE + 5] == 0 && shared[3 * PAGE + 5] == 'n', "shared pages");
  CHECK_IS(vm_advise(private, PAGES * PAGE, ADVICE_DONTNEED), VM_OK);
  CHECK(private[2 * PAGE + 5] == 0 && private[4600] == 's', "what it was at first is the file now");
  CHECK_IS(vm_lock(shared, PAGES * PAGE), VM_OK);
}

/* A mapping by mmap() shows what comes into its last page. */
static void grow_in_mmap(void) {
  make_file("small", 10, 1);
  int small = must_open("small"), id = mmap(small, (char *)0x30000000);
  char *last = (char *)0x30000000;
  CHECK(id != MAP_FAILED && last[10] == 0, "mmap");
  last[20] = 'x';
  seek(small, 30);
  CHECK_IS(write(small, "y", 1), 1);
  CHECK(last[30] == 'y' && last[20] == 0, "the tail is zero when the file comes there");
  last[20] = 'z';
  munmap(id);
  char bytes[31];
  seek(small, 0);
  CHECK(read(small, bytes, 31) == 31 && bytes[20] == 'z' && bytes[30] == 'y', "the file");
}

void test_main(void) {
  CHECK(create("file", 102), "create");
  fd = must_open("file");
  map_all();
  check_beyond(1);
  grow_into_second();
  check_beyond(2);
  check_file_bytes();
  grow_into_private();
  grow_in_mmap();
}
