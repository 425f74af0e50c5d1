/* TEST: A removed file is gone for open, its name can be used again, and removing it again fails. */
#include "tests/guest/lib/test.h"

/* In turn. */
void test_main(void) {
  make_file("data", 5000, 1);
  CHECK(remove("data"), "remove");
  CHECK(open("data") == -1, "it is gone");
  CHECK(!remove("data"), "a second time");
  CHECK(!remove("no-such-file") && !remove(""), "what never was");
  CHECK(!remove("/") && !remove(".") && !remove(".."), "the root");
  make_file("data", 100, 2);
  check_file("data", 100, 2);
}
