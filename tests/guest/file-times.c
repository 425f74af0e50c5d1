/* TEST: A file's time moves when it is written, by a call or through a mapping, a directory's when names come and go,
         and by nothing else: not by looking, nor by writing back later.
   BATTERY: a second passes at each step */
#include <file_info.h>
#include "tests/guest/lib/memory.h"

/* Longer than a second of the clock. */
#define PAUSE_MS 1100

static struct file_info before;
static unsigned asked_at;

/* What is said of PATH. */
static struct file_info look(const char *path) {
  struct file_info info;
  CHECK_IS(file_info(-1, path, &info, sizeof info), (int)sizeof info);
  return info;
}

/* Starts a step about PATH: a second passes. */
static void start(const char *path) {
  before = look(path);
  CHECK_IS(sleep_ms(PAUSE_MS), 0);
  asked_at = wall_time();
}

/* Since start(), STEP has changed PATH's content if CONTENT, and something of it if ANYTHING. */
static void check_step(const char *step, const char *path, bool content, bool anything) {
  struct file_info now = look(path);
  unsigned latest = wall_time();
  unsigned modify = content ? asked_at : before.modify_time;
  unsigned change = anything ? asked_at : before.change_time;
  CHECK(now.modify_time >= modify && now.modify_time <= (content ? latest : modify),
        "%s: changed at %u, now %u", step, before.modify_time, now.modify_time);
  CHECK(now.change_time >= change && now.change_time <= (anything ? latest : change),
        "%s: inode changed at %u, now %u", step, before.change_time, now.change_time);
  CHECK_IS(now.access_time, before.access_time);
}

/* Calls about FD, which is file "file". */
static void check_calls(int fd) {
  char byte = 1, read_byte;
  start("file");
  CHECK_IS(read(fd, &read_byte, 1), 1);
  seek(fd, 0);
  CHECK_IS(write(fd, &byte, 0), 0);
  CHECK(filesize(fd) == PAGE && !isdir(fd), "looking");
  CHECK_IS(fsync(fd), VM_OK);
  check_step("looking", "file", false, false);
  CHECK_IS(write(fd, &byte, 1), 1);
  check_step("write", "file", true, true);
  start("file");
  CHECK_IS(fsync(fd), VM_OK);
  check_step("writing back", "file", false, false);
}

/* A mapping of FD at PLACE. */
static void check_mapping(int fd) {
  start("file");
  mapid_t map = mmap(fd, PLACE);
  CHECK(map != MAP_FAILED, "mmap");
  CHECK_IS(*PLACE, 1);
  CHECK_IS(vm_sync(PLACE, PAGE), VM_OK);
  check_step("reading a mapping", "file", false, false);
  *PLACE = 2;
  CHECK_IS(vm_sync(PLACE, PAGE), VM_OK);
  check_step("a mapping that was synced", "file", true, true);
  start("file");
  *PLACE = 3;
  munmap(map);
  check_step("a mapping that is gone", "file", true, true);
  start("file");
  CHECK_IS(fsync(fd), VM_OK);
  check_step("writing that back", "file", false, false);
}

/* Names in directory "dir". */
static void check_names(void) {
  start("dir");
  CHECK(!create("dir/none/file", 0) && !remove("dir/none"), "nothing");
  close(must_open("dir"));
  check_step("failing", "dir", false, false);
  CHECK(create("dir/file", 0), "create");
  check_step("create", "dir", true, true);
  start("dir");
  int fd = must_open("dir/file");
  CHECK_IS(write(fd, "x", 1), 1);
  check_step("writing to a file in it", "dir", false, false);
  CHECK(mkdir("dir/sub"), "mkdir");
  check_step("mkdir", "dir", true, true);
  start("dir");
  struct file_info file = look("dir/file"), gone;
  CHECK(remove("dir/file"), "remove");
  check_step("remove", "dir", true, true);
  CHECK_IS(file_info(fd, NULL, &gone, sizeof gone), (int)sizeof gone);
  CHECK_IS(gone.modify_time, file.modify_time);
  CHECK(gone.change_time >= asked_at && gone.links == 0, "the removed file");
}

/* What a new file starts with, and what becomes of it. */
void test_main(void) {
  unsigned earliest = wall_time();
  CHECK(earliest > 1700000000, "%u is before this test was written", earliest);
  make_file("file", PAGE, 1);
  struct file_info info = look("file");
  unsigned latest = wall_time();
  CHECK(info.modify_time >= earliest && info.modify_time <= latest, "made at %u", info.modify_time);
  CHECK(info.change_time >= earliest && info.access_time >= earliest, "made at %u",
        info.change_time);
  CHECK(mkdir("dir"), "mkdir");
  int fd = must_open("file");
  check_calls(fd);
  check_mapping(fd);
  check_names();
}
