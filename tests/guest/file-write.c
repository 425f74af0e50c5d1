/* TEST: write changes what is there and makes the file longer; other descriptors see it at once. */
#include "tests/guest/lib/test.h"

/* Writes within, across and at the end. */
void test_main(void) {
  static char buffer[20000];
  CHECK(create("data", 0), "create");
  int writer = must_open("data"), reader = must_open("data");
  CHECK(write(writer, buffer, 0) == 0 && filesize(reader) == 0, "nothing");
  pattern_fill(buffer, sizeof buffer, 0, 5);
  CHECK(write(writer, buffer, 6000) == 6000, "6000 bytes");
  CHECK(write(writer, buffer + 6000, 14000) == 14000, "14000 more");
  CHECK(filesize(reader) == 20000 && tell(writer) == 20000, "size and position");
  check_file("data", 20000, 5);
  seek(writer, 4000);
  pattern_fill(buffer, 200, 0, 9);
  CHECK(write(writer, buffer, 200) == 200 && filesize(writer) == 20000, "within");
  seek(reader, 4000);
  CHECK(read(reader, buffer, 200) == 200 && pattern_is(buffer, 200, 0, 9), "is seen");
  CHECK(read(reader, buffer, 100) == 100 && pattern_is(buffer, 100, 4200, 5), "no more than that");
  seek(reader, 3900);
  CHECK(read(reader, buffer, 100) == 100 && pattern_is(buffer, 100, 3900, 5), "and no less");
}
