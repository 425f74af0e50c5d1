/* TEST: Who has the console reads it; for others its input is at its end; it comes back when that
         process ends.  Only who has it hands it over.  Keys need a terminal.
   STDIN: first\nsecond\nthird\n */
#include <string.h>
#include <vm.h>
#include "proc/syscall_numbers.h"
#include "tests/guest/lib/test.h"

/* Reads a line: its first character, or 0 at the end of the input. */
static int read_line(void) {
  char line[64] = "";
  int bytes = read(0, line, sizeof line);
  return bytes > 0 ? line[0] : 0;
}

/* In a child: its status is what it reads after it has tried to take the console. */
static pid_t start_reader(void) {
  pid_t pid = fork();
  if (pid == 0) {
    sleep_ms(100);
    exit(read_line());
  }
  return pid;
}

/* A child in the foreground reads, and its child; one beside it does not, and cannot take it. */
static void check_child(void) {
  CHECK(console_foreground(0) == VM_OK, "the next child");
  pid_t reader = start_reader();
  pid_t other = fork();
  if (other == 0) exit(read_line() == 0 && console_foreground(getpid()) == VM_EACCESS ? 40 : 41);
  CHECK(wait(other) == 40, "one in the background finds the end");
  CHECK(wait(reader) == 's', "the child reads");
}

/* Pids that mean nothing; modes; then lines for the one and the other. */
void test_main(void) {
  CHECK(console_foreground(-1) == VM_EINVAL && console_foreground(12345) == VM_EINVAL, "nobody");
  CHECK(console_mode(CONSOLE_KEYS) == VM_EACCESS, "there is no terminal");
  CHECK(console_mode(7) == VM_EINVAL, "no mode");
  CHECK(read_line() == 'f', "at first all may read");
  CHECK(console_foreground(getpid()) == VM_OK, "for itself");
  check_child();
  pid_t pid = start_reader();
  CHECK(wait(pid) == 0, "a child of who keeps the console finds the end");
  pid = start_reader();
  CHECK(console_foreground(pid) == VM_OK, "handed to a child that is there");
  CHECK(wait(pid) == 't', "it reads");
  CHECK(console_foreground(pid) == VM_EINVAL, "it is gone");
}
