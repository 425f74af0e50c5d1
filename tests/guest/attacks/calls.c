/* Attacks by the arguments of calls: sizes, strings, descriptors, pids, positions. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/attacks/attack.h"

/* Room for the largest strings. */
static char text[2 * PAGE];

/* -- Pointer and size ----------------------------------------------------------------------------- */

static int sized_fd;

/* Makes the sized call AUX over all of memory from its own on, so that the end wraps or is in the
   kernel. */
static int call_oversized(char *aux) {
  unsigned which = (uintptr_t)aux & 0xff;
  static const uint32_t sizes[] = {0xffffffff, 0x80000000, 0xc0000000, 0x7fffffff, 0xfffff000};
  uint32_t size = sizes[(uintptr_t)aux >> 8], buffer = (uint32_t)(uintptr_t)text;
  switch (which) {
  case 0: return CALL(SYSCALL_READ, (uint32_t)sized_fd, buffer, size);
  case 1: return CALL(SYSCALL_WRITE, (uint32_t)sized_fd, buffer, size);
  case 2: return CALL(SYSCALL_WRITE, 1, buffer, size);
  case 3: return CALL(SYSCALL_READ, 0, buffer, size);
  case 4: return CALL(SYSCALL_READDIR_NAME, 99, buffer, size);
  case 5: return CALL(SYSCALL_READ, 99, buffer, size);
  default: return CALL(SYSCALL_WRITE, 99, buffer, size);
  }
}

/* All of them: killed before a byte has moved. */
static void oversized(void) {
  make_attack_file();
  sized_fd = must_open(ATTACK_FILE);
  for (unsigned which = 0; which <= 6; which++)
    for (unsigned size = 0; size < 5; size++)
      must_die(call_oversized, (char *)(uintptr_t)(size << 8 | which), "a size beyond all memory");
  check_attack_file();
}

/* A size that ends just in the page after the last: one byte too many. */
static int write_from(char *buffer) {
  return write(must_open(ATTACK_FILE), buffer, PAGE);
}

/* BUFFER as the place of a result. */
static int read_from_file(char *buffer) {
  return read(must_open(ATTACK_FILE), buffer, PAGE);
}

/* At the end of memory that is followed by a hole; nothing of it reaches the file. */
static void one_too_many(void) {
  char *memory = map_anonymous(3);
  CHECK_IS(vm_unmap(PAGE_AT(memory, 1), PAGE), VM_OK);
  make_attack_file();
  for (unsigned over = 1; over <= 4; over++) {
    must_die(write_from, memory + over, "writing from a hole");
    must_die(read_from_file, memory + over, "reading into a hole");
    must_die(write_from, USER_END - PAGE + over, "writing from the kernel");
    must_die(read_from_file, USER_END - PAGE + over, "reading into the kernel");
  }
  CHECK(memory_is_zero(memory, PAGE), "something was read nevertheless");
  check_attack_file();
}

/* A size of nothing touches nothing, wherever it points. */
static void size_zero(void) {
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  for (unsigned i = 0; i < bad_places_count; i++) {
    CHECK_IS(read(fd, bad_places[i], 0), 0);
    CHECK_IS(write(fd, bad_places[i], 0), 0);
    CHECK_IS(write(1, bad_places[i], 0), 0);
    CHECK_IS(vm_info((struct vm_info *)bad_places[i], 0), 0);
    CHECK(process_info(0, (struct process_info *)bad_places[i], 0) > 0, "process_info");
  }
  check_attack_file();
}

/* -- Strings -------------------------------------------------------------------------------------- */

/* Fills TEXT with SIZE bytes of CHARACTER and an end. */
static char *long_text(char character, unsigned size) {
  memset(text, character, size);
  text[size] = '\0';
  return text;
}

/* Every call that takes a path, with one that cannot be. */
static void refuse_path(const char *path) {
  CHECK_IS(open(path), -1);
  CHECK_IS(exec(path), -1);
  CHECK(!create(path, 10), "create");
  CHECK(!remove(path), "remove");
  CHECK(!mkdir(path), "mkdir");
  CHECK(!chdir(path), "chdir");
}

/* Names too long, paths too long, paths that end beyond what is read of them. */
static void paths_long(void) {
  static const unsigned sizes[] = {256, 257, 1000, 4094, 4095, 4096, 4097, 8000};
  for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) refuse_path(long_text('a', sizes[i]));
}

/* Thousands of slashes, of dots, of steps down and up. */
static void paths_deep(void) {
  CHECK_IS(open(long_text('.', 255)), -1);
  CHECK_IS(open(long_text('/', 5000)), -1);
  int fd = open(long_text('/', 4000));
  CHECK(fd >= 2 && isdir(fd), "many slashes are the root");
  close(fd);
  for (unsigned i = 0; i < 4000; i += 2) memcpy(text + i, "./", 2);
  text[4000] = '\0';
  fd = open(text);
  CHECK(fd >= 2 && isdir(fd), "many steps to the same place");
  for (unsigned i = 0; i < 3999; i += 3) memcpy(text + i, "../", 3);
  text[3999] = '\0';
  fd = open(text);
  CHECK(fd >= 2 && isdir(fd), "nothing is above the root");
}

/* Directories in one another as deep as a path can tell, and back. */
static void directories_deep(void) {
  unsigned depth = 0;
  while (depth < 100 && mkdir("d") && chdir("d")) depth++;
  CHECK(depth == 100, "only %u deep", depth);
  for (; depth > 0; depth--) {
    CHECK(!remove("../d/../d/x"), "what is not there");
    CHECK(chdir(".."), "up");
    CHECK(remove("d"), "remove");
  }
}

/* Bytes that are no letters, in names and in command lines. */
static void names_strange(void) {
  for (unsigned byte = 1; byte < 256; byte++) {
    if (byte == '/' || byte == ' ') continue;
    char name[] = {'x', (char)byte, 'y', '\0'};
    CHECK_IS(exec(name), -1);
    CHECK(create(name, 1), "create with byte %u", byte);
    CHECK(open(name) >= 2, "open with byte %u", byte);
    CHECK(remove(name), "remove with byte %u", byte);
  }
  refuse_path("");
  refuse_path("a\x01/b");
}

/* Formats are no formats: what a program calls itself is printed as it is. */
static int exec_format(char *unused) {
  (void)unused;
  return exec("%s%s%n%x%p%*d x");
}

/* As a command line and as a path. */
static void names_formats(void) {
  CHECK_IS(run_child(exec_format, NULL), -1);
  CHECK_IS(open("%n%n%n%s"), -1);
}

/* Command lines of every length near a page, of blanks, of very many words. */
static void commands_long(void) {
  for (unsigned size = 4080; size <= 4100; size++) {
    long_text('a', size);
    memcpy(text, "attack-canary ", 14);
    pid_t pid = exec(text);
    if (pid != PID_ERROR) wait(pid);
  }
  CHECK_IS(exec(long_text(' ', 4000)), -1);
  for (unsigned i = 0; i < 4090; i += 2) memcpy(text + i, "a ", 2);
  memcpy(text, "attack-canary", 13);
  text[4090] = '\0';
  pid_t pid = exec(text);
  if (pid != PID_ERROR) wait(pid);
}

/* -- Descriptors ---------------------------------------------------------------------------------- */

/* Every call on descriptor FD, which is none of this process. */
static void refuse_fd(int fd) {
  char byte[] = "ab";
  CHECK_IS(filesize(fd), -1);
  if (fd != 0) CHECK_IS(read(fd, byte, 1), -1);
  if (fd != 1) CHECK_IS(write(fd, byte, 1), -1);
  CHECK_IS(tell(fd), -1);
  CHECK_IS(mmap(fd, PLACE), MAP_FAILED);
  CHECK(!isdir(fd), "isdir(%d)", fd);
  CHECK(!readdir(fd, text), "readdir(%d)", fd);
  CHECK_IS(readdir_name(fd, text, 100), -1);
  CHECK_IS(inumber(fd), -1);
  CHECK_IS(fsync(fd), VM_EBADF);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, fd, 0), VM_EBADF);
  seek(fd, 5);
  close(fd);
  CHECK(strcmp(byte, "ab") == 0, "something was read");
}

/* Numbers that are no descriptors: as indices they would lead far away. */
static void fds_bad(void) {
  static const uint32_t bad[] = {
      0,          1,          2,          3,          100,        127,        128,
      1023,       1024,       4096,       65535,      1u << 20,   0x3ffffffe, 0x40000000,
      0x40000002, 0x7fffffff, 0x80000000, 0x80000002, 0xc0000000, 0xfffffffe, 0xffffffff};
  for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) refuse_fd((int)bad[i]);
}

/* Those that were open, and those of a child. */
static int open_more(char *unused) {
  (void)unused;
  for (int i = 0; i < 20; i++) must_open("/");
  return 0;
}

/* What is open in another process is not so here, whether that came before or after. */
static void fds_of_others(void) {
  int fd = must_open("/");
  close(fd);
  refuse_fd(fd);
  CHECK_IS(run_child(open_more, NULL), 0);
  for (int other = 2; other < 30; other++) refuse_fd(other);
  for (int i = 0; i < 10; i++) must_open("/");
  CHECK_IS(run("attack-canary"), 0);
}

/* A directory is no file. */
static void directory_as_file(void) {
  char byte;
  int fd = must_open("/");
  CHECK_IS(read(fd, &byte, 1), -1);
  CHECK_IS(write(fd, "x", 1), -1);
  CHECK_IS(mmap(fd, PLACE), MAP_FAILED);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), VM_EBADF);
  CHECK(!remove("/") && !remove(".") && !remove(".."), "removing the root");
  CHECK_IS(exec("/"), -1);
}

/* Two processes read one directory through one descriptor while a third changes it. */
static int read_all_names(char *fd) {
  for (int round = 0; round < 300; round++)
    if (readdir_name((int)(intptr_t)fd, text, 300) < 0) return 1;
  return 0;
}

/* The third is this one. */
static void directory_shared(void) {
  CHECK(mkdir("shared"), "mkdir");
  int fd = must_open("shared");
  pid_t first = start_child(read_all_names, (char *)(intptr_t)fd);
  pid_t second = start_child(read_all_names, (char *)(intptr_t)fd);
  for (int round = 0; round < 100; round++) {
    snprintf(text, 100, "shared/%.*s%d", round % 40, "a-name-of-varying-length-in-a-directory-x",
             round);
    CHECK(create(text, 0), "create");
    CHECK(remove(text), "remove");
  }
  CHECK_IS(wait(first), 0);
  CHECK_IS(wait(second), 0);
  close(fd);
  CHECK(remove("shared"), "remove");
}

/* -- Pids ----------------------------------------------------------------------------------------- */

/* Waits for AUX, no child of its own. */
static int wait_for(char *pid) {
  return wait((pid_t)(intptr_t)pid);
}

/* Its parent, itself, its sibling, the kernel's, numbers that are none. */
static void wait_foreign(void) {
  static const int bad[] = {0, -1, 1, 2, 3, 0x7fffffff, -0x7fffffff - 1, 100000};
  char *stop = map_shared(1);
  pid_t sibling = fork();
  if (sibling == 0) {
    while (*(volatile char *)stop == 0) yield();
    exit(5);
  }
  for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
    if (bad[i] != sibling) CHECK_IS(wait(bad[i]), -1);
  CHECK_IS(wait(getpid()), -1);
  CHECK_IS(run_child(wait_for, (char *)(intptr_t)getpid()), -1);
  CHECK_IS(run_child(wait_for, (char *)(intptr_t)sibling), -1);
  *stop = 1;
  CHECK_IS(wait(sibling), 5);
  CHECK_IS(wait(sibling), -1);
}

/* -- Positions ------------------------------------------------------------------------------------ */

/* Reads and writes where no file reaches; the file grows by nothing. */
static void positions(void) {
  static const uint32_t far[] = {0x7fffffff, 0x80000000, 0xc0000000, 0xfffff000, 0xffffffff};
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  for (unsigned i = 0; i < sizeof far / sizeof *far; i++) {
    seek(fd, far[i]);
    CHECK_IS(tell(fd), far[i]);
    CHECK_IS(read(fd, text, sizeof text), 0);
    CHECK_IS(write(fd, text, sizeof text), 0);
    CHECK_IS(filesize(fd), ATTACK_FILE_SIZE);
  }
  check_attack_file();
}

/* The largest there may be: created full of holes, or not at all. */
static void file_sizes(void) {
  static const uint32_t sizes[] = {0x7fffffff, 0x80000000, 0xffffffff, 0x7ffffffe, 0xfffffffe};
  for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    if (!create("large", sizes[i])) continue;
    int fd = must_open("large");
    CHECK_IS(filesize(fd), sizes[i]);
    seek(fd, sizes[i] - 1);
    CHECK(read(fd, text, 2) == 1 && text[0] == 0, "its last byte");
    close(fd);
    CHECK(remove("large"), "remove");
  }
}

const struct attack call_attacks[] = {
    {"oversized", oversized, REFUSED},
    {"one-too-many", one_too_many, REFUSED},
    {"size-zero", size_zero, REFUSED},
    {"paths-long", paths_long, REFUSED},
    {"paths-deep", paths_deep, REFUSED},
    {"directories-deep", directories_deep, REFUSED},
    {"names-strange", names_strange, REFUSED},
    {"names-formats", names_formats, REFUSED},
    {"commands-long", commands_long, REFUSED},
    {"fds-bad", fds_bad, REFUSED},
    {"fds-of-others", fds_of_others, REFUSED},
    {"directory-as-file", directory_as_file, REFUSED},
    {"directory-shared", directory_shared, REFUSED},
    {"wait-foreign", wait_foreign, REFUSED},
    {"positions", positions, REFUSED},
    {"file-sizes", file_sizes, REFUSED},
    {NULL, NULL, KILLED},
};
