/* HELPER: turn-sorter FILE sorts a file of bytes, in an array on its stack. */
#include <syscall.h>
#include "tests/guest/lib/test.h"

#define SIZE (128 * 1024)

/* Sorts BYTES[first, last) by recursion over its parts. */
static void sort(unsigned char *bytes, int first, int last) {
  if (last - first < 2) return;
  unsigned char pivot = bytes[first + (last - first) / 2];
  int low = first, high = last - 1;
  while (low <= high) {
    while (bytes[low] < pivot) low++;
    while (bytes[high] > pivot) high--;
    if (low > high) break;
    unsigned char swap = bytes[low];
    bytes[low++] = bytes[high];
    bytes[high--] = swap;
  }
  sort(bytes, first, high + 1);
  sort(bytes, low, last);
}

/* Reads, sorts, and writes the file back. */
int main(int argc, char *argv[]) {
  unsigned char bytes[SIZE];
  test_name = argv[0];
  CHECK(argc == 2, "one file");
  int fd = must_open(argv[1]);
  CHECK(read(fd, bytes, SIZE) == SIZE, "read %s", argv[1]);
  sort(bytes, 0, SIZE);
  seek(fd, 0);
  CHECK(write(fd, bytes, SIZE) == SIZE, "write %s", argv[1]);
  close(fd);
  return 123;
}
