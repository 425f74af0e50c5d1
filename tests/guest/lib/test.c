/* Messages, children, and files full of known bytes. */
#include "tests/guest/lib/test.h"
#include <round.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_SIZE 400

/* Where the linker script puts the end of the program. */
extern char _end[];

const char *test_name = "test";
int test_argc;
char **test_argv;

/* Prints "(name) KIND" and the message as one write. */
static void print_line(const char *kind, const char *format, va_list args) {
  char line[LINE_SIZE];
  vsnprintf(line, sizeof line, format, args);
  printf("(%s) %s%s\n", test_name, kind, line);
}

/* Prints a message. */
void msg(const char *format, ...) {
  va_list args;
  va_start(args, format);
  print_line("", format, args);
  va_end(args);
}

/* Prints why the test failed and ends it. */
void fail(const char *format, ...) {
  va_list args;
  va_start(args, format);
  print_line("FAIL: ", format, args);
  va_end(args);
  exit(1);
}

/* Starts the command line that ARGS make of FORMAT. */
static pid_t spawn_list(const char *format, va_list args) {
  char line[LINE_SIZE];
  vsnprintf(line, sizeof line, format, args);
  pid_t pid = exec(line);
  CHECK(pid != PID_ERROR, "exec(\"%s\") must succeed", line);
  return pid;
}

/* Starts a command line. */
pid_t spawn(const char *format, ...) {
  va_list args;
  va_start(args, format);
  pid_t pid = spawn_list(format, args);
  va_end(args);
  return pid;
}

/* Starts a command line and waits for its status. */
int run(const char *format, ...) {
  va_list args;
  va_start(args, format);
  pid_t pid = spawn_list(format, args);
  va_end(args);
  return wait(pid);
}

/* Runs CHILD with each of KINDS. */
void check_killed(const char *child, const char *const *kinds) {
  for (; *kinds != NULL; kinds++) {
    int status = run("%s %s", child, *kinds);
    if (status != -1) fail("%s must be killed, got status %d", *kinds, status);
    msg("%s: killed", *kinds);
  }
}

/* Opens NAME. */
int must_open(const char *name) {
  int fd = open(name);
  CHECK(fd >= 2, "open(\"%s\") must give a descriptor, gave %d", name, fd);
  return fd;
}

/* The byte at OFFSET of the pattern SEED. */
static char pattern_byte(unsigned offset, unsigned seed) {
  return (char)((offset * 7 + (offset >> 8) * 13 + (offset >> 16) * 29 + seed * 101) % 251);
}

/* Fills a buffer with part of a pattern. */
void pattern_fill(void *buffer, unsigned size, unsigned offset, unsigned seed) {
  char *bytes = buffer;
  for (unsigned i = 0; i < size; i++) bytes[i] = pattern_byte(offset + i, seed);
}

/* Compares a buffer with part of a pattern. */
bool pattern_is(const void *buffer, unsigned size, unsigned offset, unsigned seed) {
  const char *bytes = buffer;
  for (unsigned i = 0; i < size; i++)
    if (bytes[i] != pattern_byte(offset + i, seed)) return false;
  return true;
}

/* Makes the file NAME by writes of odd sizes. */
void make_file(const char *name, unsigned size, unsigned seed) {
  char buffer[1021];
  CHECK(create(name, 0), "create(\"%s\") must succeed", name);
  int fd = must_open(name);
  for (unsigned offset = 0; offset < size;) {
    unsigned chunk = size - offset < sizeof buffer ? size - offset : sizeof buffer;
    pattern_fill(buffer, chunk, offset, seed);
    int bytes = write(fd, buffer, chunk);
    CHECK(bytes == (int)chunk, "write of %u bytes at %u of %s gave %d", chunk, offset, name, bytes);
    offset += chunk;
  }
  close(fd);
}

/* Reads the file NAME by reads of odd sizes. */
void check_file(const char *name, unsigned size, unsigned seed) {
  char buffer[1531];
  int fd = must_open(name);
  CHECK(filesize(fd) == (int)size, "%s must be of %u bytes, is of %d", name, size, filesize(fd));
  for (unsigned offset = 0; offset < size;) {
    int bytes = read(fd, buffer, sizeof buffer);
    CHECK(bytes > 0, "read at %u of %s gave %d", offset, name, bytes);
    CHECK(pattern_is(buffer, bytes, offset, seed), "bytes %u and on of %s are wrong", offset, name);
    offset += bytes;
  }
  CHECK(read(fd, buffer, 1) == 0, "%s must end after %u bytes", name, size);
  close(fd);
}

/* The first address above the program's data where nothing is. */
char *data_end(void) {
  return (char *)ROUND_UP((uintptr_t)_end, TEST_PAGE_SIZE);
}

/* Enters the kernel with the stack pointer at ESP and comes back with the result. */
int call_at(void *esp) {
  int result;
  __asm__ volatile("movl %%esp, %%esi; movl %[esp], %%esp; int $0x30; movl %%esi, %%esp"
                   : "=a"(result)
                   : [esp] "r"(esp)
                   : "esi", "memory");
  return result;
}
