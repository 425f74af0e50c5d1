/* TEST: What cannot be done with reports is refused, and changes nothing: to write, map, sync, run, create and remove
         them, and to put other names there.
   PUT: true
   ALLOW: load: /proc/\S+: (is no file on disk|is a directory|open failed) */
#include <report.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

static const char *const names[] = {"/proc",      "/proc/meminfo",  "/proc/self/maps",
                                    "/proc/self", "/proc/self/exe", NULL};
static const char *const others[] = {"/proc/x", "/proc/99999", "/proc/self/x", NULL};

/* Tries what changes names. */
static void check_names(void) {
  for (unsigned i = 0; names[i] != NULL; i++) {
    CHECK(!create(names[i], 10) && !mkdir(names[i]) && !remove(names[i]), "names: %s", names[i]);
    close(must_open(names[i]));
  }
  for (unsigned i = 0; others[i] != NULL; i++)
    CHECK(!create(others[i], 10) && !mkdir(others[i]) && !remove(others[i]), "%s", others[i]);
  CHECK(chdir("/proc/self") && !create("x", 0) && !remove("maps") && chdir("/"), "from there");
  CHECK(!remove("/proc/self/../../proc"), "the other way round");
}

/* Tries what changes content, through FD. */
static void check_content(int fd) {
  char bytes[8] = "bytes";
  struct vm_info before = figures_all();
  CHECK_IS(write(fd, bytes, sizeof bytes), -1);
  CHECK_IS(tell(fd), 0);
  CHECK_IS(mmap(fd, PLACE), MAP_FAILED);
  CHECK_IS(vm_map(PLACE, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), VM_EBADF);
  CHECK_IS(vm_map(PLACE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0), VM_EBADF);
  CHECK_IS(vm_map(PLACE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), VM_EBADF);
  CHECK_IS(fsync(fd), VM_EBADF);
  CHECK_IS(vm_unmap(PLACE, PAGE), VM_OK);
  CHECK(figures_all().pages_cached <= before.pages_cached + 1, "pages of files");
}

/* Directories are neither read, written, mapped nor sought. */
static void check_directory(const char *path) {
  char bytes[8] = "bytes";
  int fd = must_open(path);
  CHECK_IS(read(fd, bytes, sizeof bytes), -1);
  CHECK_IS(write(fd, bytes, sizeof bytes), -1);
  CHECK_IS(mmap(fd, PLACE), MAP_FAILED);
  CHECK_IS(vm_map(PLACE, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), VM_EBADF);
  CHECK_IS(fsync(fd), VM_EBADF);
  close(fd);
}

/* None of them is a program, but for what leads to one. */
static void check_exec(void) {
  CHECK_IS(exec("/proc/meminfo"), -1);
  CHECK_IS(exec("/proc/self/maps"), -1);
  CHECK_IS(exec("/proc"), -1);
  CHECK_IS(exec("/proc/x"), -1);
}

/* The program that /proc leads to is written to by nobody. */
static void check_program(void) {
  char bytes[8] = "bytes";
  int fd = must_open("/proc/self/exe");
  CHECK_IS(write(fd, bytes, sizeof bytes), 0);
  CHECK(read(fd, bytes, sizeof bytes) == sizeof bytes && memcmp(bytes, "\177ELF", 4) == 0, "read");
  close(fd);
}

/* Bytes are read to where they may be. */
static int read_to_code(char *unused) {
  (void)unused;
  return read(must_open("/proc/meminfo"), (void *)test_main, 10);
}

/* One after the other. */
void test_main(void) {
  int fd = must_open("/proc/meminfo");
  char *before = report_read("/proc/policy");
  check_names();
  check_content(fd);
  check_directory("/proc");
  check_directory("/proc/self");
  check_exec();
  check_program();
  must_die(read_to_code, NULL, "read() to the program's code");
  char *after = report_read("/proc/policy");
  CHECK(before != NULL && after != NULL && strcmp(before, after) == 0, "the report after all that");
  close(fd);
}
