/* TEST: Opening a file twice gives two descriptors, each 2 or more, with positions of their own. */
#include "tests/guest/lib/test.h"

/* Reads from both in turn. */
void test_main(void) {
  char byte;
  make_file("data", 100, 3);
  int first = must_open("data"), second = must_open("data");
  CHECK(first != second, "two descriptors");
  for (int i = 0; i < 100; i++) {
    CHECK(read(first, &byte, 1) == 1 && pattern_is(&byte, 1, i, 3), "byte %d by the first", i);
    if (i % 2 == 0)
      CHECK(read(second, &byte, 1) == 1 && pattern_is(&byte, 1, i / 2, 3), "byte %d by the other",
            i / 2);
  }
  CHECK(tell(first) == 100 && tell(second) == 50, "positions");
  close(first);
  CHECK(read(second, &byte, 1) == 1 && pattern_is(&byte, 1, 50, 3), "the other stays open");
}
