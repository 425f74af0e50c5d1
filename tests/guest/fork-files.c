/* TEST: The child inherits open files with shared positions, and the working directory; what it closes,
         opens or changes is its own affair; a file stays until the last of both closes it. */
#include "tests/guest/lib/memory.h"

static int fd;

/* Reads on, opens one more, closes. */
static int use_file(char *unused) {
  char byte[10];
  (void)unused;
  CHECK_IS(read(fd, byte, 10), 10);
  CHECK(pattern_is(byte, 10, 5, 1), "the child reads on where the parent was");
  int other = must_open("file");
  CHECK(other > fd && tell(other) == 0, "a descriptor of its own");
  close(fd);
  CHECK_IS(read(fd, byte, 1), -1);
  return other;
}

/* Moves the position there and back. */
static int seek_file(char *unused) {
  (void)unused;
  CHECK_IS(tell(fd), 15);
  seek(fd, 3);
  return 2;
}

/* Looks where it is and goes elsewhere. */
static int move(char *unused) {
  (void)unused;
  close(must_open("inner"));
  CHECK(chdir("/"), "chdir");
  CHECK_IS(open("inner"), -1);
  return 3;
}

/* The working directory. */
static void check_directory(void) {
  CHECK(mkdir("dir") && chdir("dir") && create("inner", 1), "create");
  CHECK_IS(run_child(move, NULL), 3);
  close(must_open("inner"));
  CHECK(chdir(".."), "chdir");
}

/* Positions, descriptors, removal, directories. */
void test_main(void) {
  char bytes[20];
  make_file("file", 100, 1);
  fd = must_open("file");
  CHECK_IS(read(fd, bytes, 5), 5);
  int other = run_child(use_file, NULL);
  CHECK_IS(tell(fd), 15);
  CHECK_IS(tell(other), -1);
  CHECK_IS(run_child(seek_file, NULL), 2);
  CHECK_IS(tell(fd), 3);
  CHECK_IS(read(fd, bytes, 20), 20);
  CHECK(pattern_is(bytes, 20, 3, 1), "what stands at 3");
  check_directory();
  CHECK(remove("file"), "remove");
  seek(fd, 15);
  CHECK_IS(run_child(seek_file, NULL), 2);
  CHECK_IS(read(fd, bytes, 20), 20);
}
