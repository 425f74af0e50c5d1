/* TEST: file_info tells of files and directories, by descriptor, by path, and by path from an open directory
         on; as many bytes as are asked for; and nothing of what is not there. */
#include <file_info.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define SIZE ((int)sizeof(struct file_info))

static struct file_info info;

/* Asks about PATH from FD on. */
static struct file_info *must_tell(int fd, const char *path) {
  struct file_info nothing = {0};
  info = nothing;
  CHECK_IS(file_info(fd, path, &info, sizeof info), SIZE);
  return &info;
}

/* What a file is. */
static void check_regular(int fd) {
  struct file_info by_fd = *must_tell(fd, NULL), *by_path = must_tell(-1, "dir/file");
  CHECK_IS(memcmp(&by_fd, by_path, sizeof by_fd), 0);
  CHECK_IS(by_fd.inode, (unsigned)inumber(fd));
  CHECK_IS(by_fd.type, FILE_TYPE_REGULAR);
  CHECK_IS(by_fd.size, 9000);
  CHECK_IS(by_fd.links, 1);
  CHECK(by_fd.block_size >= 1024 && by_fd.blocks * 512 >= 9000, "%u blocks", by_fd.blocks);
  CHECK(by_fd.blocks * 512 <= 9000 + 2 * by_fd.block_size, "%u blocks", by_fd.blocks);
}

/* What a directory is, and what is seen from it. */
static void check_directory(int fd) {
  CHECK_IS(must_tell(fd, NULL)->type, FILE_TYPE_DIRECTORY);
  CHECK_IS(info.inode, (unsigned)inumber(fd));
  CHECK_IS(info.links, 3);
  CHECK_IS(must_tell(fd, "file")->size, 9000);
  CHECK_IS(must_tell(fd, "../dir/file")->size, 9000);
  CHECK_IS(must_tell(fd, "/dir/file")->size, 9000);
  CHECK_IS(must_tell(fd, ".")->inode, (unsigned)inumber(fd));
  CHECK_IS(must_tell(fd, "sub")->links, 2);
}

/* What is refused leaves the buffer alone. */
static void check_refused(int file) {
  memset(&info, 0x5a, sizeof info);
  CHECK_IS(file_info(-1, NULL, &info, sizeof info), -1);
  CHECK_IS(file_info(0, NULL, &info, sizeof info), -1);
  CHECK_IS(file_info(1, NULL, &info, sizeof info), -1);
  CHECK_IS(file_info(99, "dir", &info, sizeof info), -1);
  CHECK_IS(file_info(-1, "", &info, sizeof info), -1);
  CHECK_IS(file_info(-1, "none", &info, sizeof info), -1);
  CHECK_IS(file_info(-1, "dir/file/", &info, sizeof info), -1);
  CHECK_IS(file_info(file, "file", &info, sizeof info), -1);
  CHECK_IS(info.inode, 0x5a5a5a5a);
}

/* Only what is asked for, and no more than there is. */
static void check_sizes(int fd) {
  memset(&info, 0x5a, sizeof info);
  CHECK_IS(file_info(fd, NULL, &info, 12), 12);
  CHECK(info.size == 9000 && info.links == 0x5a5a5a5a, "links %x", info.links);
  CHECK_IS(file_info(fd, NULL, &info, 0), 0);
  CHECK_IS(file_info(fd, NULL, &info, 5000), SIZE);
}

/* All of it. */
void test_main(void) {
  static char bytes[9000];
  CHECK(mkdir("dir") && mkdir("dir/sub") && create("dir/file", 0), "make them");
  int file = must_open("dir/file"), dir = must_open("dir");
  CHECK_IS(write(file, bytes, sizeof bytes), (int)sizeof bytes);
  check_regular(file);
  check_directory(dir);
  check_refused(file);
  check_sizes(file);
  CHECK(remove("dir/file"), "remove");
  CHECK_IS(must_tell(file, NULL)->links, 0);
}
