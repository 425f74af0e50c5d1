/* TEST: Reports are read as files are: by every path that leads to them, in pieces, from a position, and have as many
         bytes as they say; directories list them and the processes; an open one stays as it was made until it is sought
         to its start.
   POOL: 64 */
#include <file_info.h>
#include <path.h>
#include <report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES 10

static const char *const of_system[] = {"meminfo", "policy", "stat", "uptime", "vmstat", NULL};
static const char *const of_process[] = {"cmdline", "maps",  "smaps", "stat",
                                         "status",  "wchan", NULL};
static const char *const good[] = {"/proc/",
                                   "//proc//self///maps",
                                   "/proc/../proc/meminfo",
                                   "proc/stat",
                                   "dir/../proc/stat",
                                   "/proc/self/../self/./status",
                                   "/proc/self/../../proc-files",
                                   "/proc/self/exe",
                                   NULL};
static const char *const bad[] = {"/proc/meminfo/",
                                  "/proc/meminfo/x",
                                  "/proc/self/maps/..",
                                  "/proc/x",
                                  "/proc/0",
                                  "/proc/01",
                                  "/proc/-1",
                                  "/proc/+1",
                                  "/proc/99999",
                                  "/proc/4294967297",
                                  "/proc/self/self",
                                  "/proc/self/x",
                                  "/proc/meminfo2",
                                  "/proc/meminf",
                                  "/dir/proc",
                                  "/proc/99999/maps",
                                  NULL};

/* Reads from FD, at its start but for a byte, in pieces of STEP bytes: the SIZE bytes of TEXT. */
static void check_pieces(int fd, const char *text, int size, int step) {
  char piece[64];
  int done = 0, got;
  while ((got = read(fd, piece, step)) > 0) {
    CHECK(done + got <= size && memcmp(piece, text + done, got) == 0, "the bytes from %d on", done);
    done += got;
    CHECK_IS(tell(fd), done + 1);
  }
  CHECK_IS(got, 0);
  CHECK_IS(done, size);
}

/* Reads report NAME of directory DIR whole, and in pieces. */
static void check_report(const char *dir, const char *name) {
  char path[40];
  struct file_info info;
  snprintf(path, sizeof path, "%s/%s", dir, name);
  int fd = must_open(path), size = filesize(fd);
  char *text = malloc(size + 1);
  CHECK(size > 0 && !isdir(fd), "%s has %d bytes", path, size);
  CHECK_IS(read(fd, text, size + 1), size);
  CHECK_IS(read(fd, text, 1), 0);
  for (int step = 1; step <= 64; step *= 8) {
    seek(fd, 1);
    check_pieces(fd, text + 1, size - 1, step);
  }
  seek(fd, size + 100);
  CHECK_IS(read(fd, text, 1), 0);
  CHECK(file_info(-1, path, &info, sizeof info) > 0 && info.type == FILE_TYPE_REGULAR, "info");
  CHECK(info.inode == (unsigned)inumber(fd) && info.size > 0 && info.links == 1, "of %s", path);
  free(text);
  close(fd);
}

/* Whether directory PATH lists NAME, once. */
static bool lists(const char *path, const char *name) {
  char entry[NAME_MAX + 1];
  unsigned seen = 0;
  int fd = must_open(path);
  CHECK(isdir(fd) && inumber(fd) > 0, "%s is a directory", path);
  while (readdir_name(fd, entry, sizeof entry) > 0) seen += strcmp(entry, name) == 0;
  close(fd);
  CHECK(seen <= 1, "%s lists %s %u times", path, name, seen);
  return seen == 1;
}

/* All reports, by themselves and in their directories. */
static void check_all(void) {
  char own[16];
  snprintf(own, sizeof own, "%d", getpid());
  for (unsigned i = 0; of_system[i] != NULL; i++) {
    check_report("/proc", of_system[i]);
    CHECK(lists("/proc", of_system[i]), "%s is listed", of_system[i]);
  }
  for (unsigned i = 0; of_process[i] != NULL; i++) {
    check_report("/proc/self", of_process[i]);
    CHECK(lists("/proc/self", of_process[i]), "%s is listed", of_process[i]);
  }
  CHECK(lists("/proc", "self") && lists("/proc", own) && !lists("/proc", "0"), "processes");
  CHECK(lists("/proc/self", "exe") && !lists("/", "proc"), "its program; what is on disk");
}

/* Every path. */
static void check_paths(void) {
  for (unsigned i = 0; good[i] != NULL; i++) close(must_open(good[i]));
  for (unsigned i = 0; bad[i] != NULL; i++) CHECK(open(bad[i]) == -1, "%s opens", bad[i]);
  int program = must_open("proc-files"), exe = must_open("/proc/self/exe");
  CHECK(inumber(program) == inumber(exe) && filesize(program) == filesize(exe), "its program");
  close(exe);
  close(program);
}

/* The working directory is PATH. */
static void check_cwd(const char *path) {
  char cwd[64];
  CHECK(getcwd(cwd, sizeof cwd) && strcmp(cwd, path) == 0, "in %s, not in %s", cwd, path);
}

/* Goes through the directories. */
static void check_walk(void) {
  char own[32];
  snprintf(own, sizeof own, "/proc/%d", getpid());
  CHECK(chdir("dir") && chdir("../proc/self"), "chdir");
  close(must_open("maps"));
  close(must_open("../meminfo"));
  close(must_open("../../proc-files"));
  CHECK(open("proc-files") == -1, "what is in the root");
  check_cwd(own);
  CHECK(chdir(".."), "up");
  check_cwd("/proc");
  CHECK(!chdir("meminfo") && !chdir("99999") && chdir(".."), "up");
  check_cwd("/");
}

/* What was made stays, until it is made anew. */
static void check_moment(void) {
  char text[512];
  int fd = must_open("/proc/self/status");
  text[read(fd, text, sizeof text - 1)] = '\0';
  unsigned before = report_number(text, "RssAnon:");
  fill_pages(map_anonymous(PAGES), PAGES, 1);
  seek(fd, 1);
  text[1 + read(fd, text + 1, sizeof text - 2)] = '\0';
  CHECK_IS(report_number(text, "RssAnon:"), before);
  seek(fd, 0);
  text[read(fd, text, sizeof text - 1)] = '\0';
  CHECK(report_number(text, "RssAnon:") >= before + PAGES * 4 - 8, "made anew: %s", text);
  close(fd);
}

/* One after the other. */
void test_main(void) {
  CHECK(mkdir("dir"), "mkdir");
  check_all();
  check_paths();
  check_walk();
  check_moment();
}
