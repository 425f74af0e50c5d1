/* Attacks by program files: hostile ones, and such that change while they run. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/attacks/attack.h"

#define CANARY      "attack-canary"
#define ELF_PADDING 12 /* A byte of the ELF header that is not looked at. */

/* Every file of folder elf, which the host put there: loads or does not, and does nothing else.  All
   the while a canary lives. */
static void hostile_elf(void) {
  char path[300], name[256];
  int fd = must_open("elf");
  unsigned count = 0;
  canary_start();
  for (; readdir_name(fd, name, sizeof name) > 0; count++) {
    snprintf(path, sizeof path, "elf/%s", name);
    pid_t pid = exec(path);
    if (pid != PID_ERROR) wait(pid);
  }
  canary_stop();
  CHECK(count >= 40, "only %u hostile programs", count);
}

/* Copies file FROM to a new file TO, as far as that can be written. */
static void copy_file(const char *from, const char *to) {
  char buffer[PAGE];
  int bytes, source = must_open(from);
  remove(to);
  create(to, 0);
  int target = must_open(to);
  while ((bytes = read(source, buffer, sizeof buffer)) > 0) write(target, buffer, bytes);
  close(source);
  close(target);
}

static volatile char *stop;

/* Writes to the copy's headers and code what must not be there, and puts it right again. */
static int rewrite(char *unused) {
  (void)unused;
  char good[512], bad[512];
  int fd = must_open("copy");
  CHECK_IS(read(fd, good, sizeof good), sizeof good);
  for (uint32_t state = 1; *stop == 0;) {
    memcpy(bad, good, sizeof bad);
    for (int i = 0; i < 3; i++) bad[next_random(&state) % 200] = (char)next_random(&state);
    seek(fd, 0);
    write(fd, bad, sizeof bad);
    if (next_random(&state) % 2 == 0) yield();
    seek(fd, 0);
    write(fd, good, sizeof good);
    yield();
  }
  return 0;
}

/* Removes the copy and makes it anew, shorter or longer. */
static int replace(char *unused) {
  (void)unused;
  while (*stop == 0) {
    remove("copy");
    yield();
    create("copy", 600);
    yield();
    copy_file(CANARY, "copy");
    yield();
  }
  return 0;
}

/* The whole file NAME in memory, of *SIZE bytes. */
static char *read_whole(const char *name, int *size) {
  int fd = must_open(name);
  *size = filesize(fd);
  char *memory = map_anonymous((unsigned)*size / PAGE + 1);
  CHECK_IS(read(fd, memory, (unsigned)*size), *size);
  close(fd);
  return memory;
}

/* Puts one good program over another by a single write() of many pages, and back. */
static int overwrite(char *unused) {
  (void)unused;
  int size, other_size;
  char *image = read_whole(CANARY, &size), *other = read_whole("true", &other_size);
  int fd = must_open("copy");
  while (*stop == 0) {
    seek(fd, 0);
    write(fd, other, (unsigned)other_size);
    yield();
    seek(fd, 0);
    write(fd, image, (unsigned)size);
    yield();
  }
  return 0;
}

/* Runs the copy again and again while CHANGER changes it.  It runs rightly, is refused, or dies;
   what another program does with a changed code is its own affair. */
static void exec_while(int (*changer)(char *), unsigned rounds) {
  copy_file(CANARY, "copy");
  stop = map_shared(1);
  pid_t pid = start_child(changer, NULL);
  for (unsigned i = 0; i < rounds; i++) {
    pid_t child = exec("copy");
    if (child != PID_ERROR) wait(child);
    yield();
  }
  *stop = 1;
  CHECK_IS(wait(pid), 0);
  remove("copy");
}

/* By writing. */
static void exec_rewritten(void) {
  exec_while(rewrite, 60);
}

/* By removing. */
static void exec_replaced(void) {
  exec_while(replace, 40);
}

/* Starts a copy of a program, which runs until stop_copy(). */
static pid_t start_copy(void) {
  copy_file(CANARY, "copy");
  make_attack_file();
  return spawn("copy " ATTACK_FILE);
}

/* Lets it end, having found all in order. */
static void stop_copy(pid_t pid) {
  check_attack_file();
  CHECK_IS(wait(pid), 0);
}

/* Runs the copy to its end. */
static int exec_copy(char *unused) {
  (void)unused;
  pid_t pid = exec("copy");
  return pid == PID_ERROR ? -1 : wait(pid);
}

/* A call of write() that goes on while the program starts would make a mixture of two: whatever starts
   is one of them, whole. */
static void exec_torn(void) {
  copy_file(CANARY, "copy");
  stop = map_shared(1);
  pid_t pid = start_child(overwrite, NULL);
  for (unsigned i = 0; i < 100; i++) {
    pid_t child = exec("copy");
    if (child != PID_ERROR) CHECK_IS(wait(child), 0);
    if (i % 3 == 0) yield();
  }
  *stop = 1;
  CHECK_IS(wait(pid), 0);
  CHECK(remove("copy"), "remove");
}

/* Once a program runs nothing changes it: not write(), not a mapping. */
static void running_written(void) {
  pid_t pid = start_copy();
  int fd = must_open("copy");
  char zeroes[PAGE] = "";
  for (unsigned at = 0; at < 4 * PAGE; at += PAGE) {
    seek(fd, at);
    CHECK_IS(write(fd, zeroes, PAGE), 0);
  }
  CHECK_IS(vm_map(0, PAGE, READ_WRITE, MAP_SHARED, fd, 0), VM_EACCESS);
  char *shared = vm_map(0, PAGE, PROT_READ, MAP_SHARED, fd, 0);
  CHECK(!vm_is_error(shared), "vm_map gave %ld", (long)shared);
  CHECK_IS(vm_protect(shared, PAGE, READ_WRITE), VM_EACCESS);
  must_die(write_byte, shared, "writing to a running program");
  CHECK(mmap(fd, PLACE) != MAP_FAILED, "mmap");
  must_die(write_byte, PLACE, "writing to a running program");
  char *own = vm_map(0, PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
  CHECK(!vm_is_error(own), "vm_map gave %ld", (long)own);
  memset(own, 0, PAGE);
  push_out();
  stop_copy(pid);
  CHECK(remove("copy"), "remove");
}

/* Writes to every page of the program at MEMORY, but changes only a byte that means nothing: 1 if it
   can. */
static int write_pages(char *memory) {
  for (volatile char *page = memory; page < memory + 4 * PAGE; page += PAGE) *page = *page;
  memory[ELF_PADDING] = 'x';
  return 1;
}

/* Reads a file there. */
static int read_to_mapping(char *memory) {
  return read(must_open(CANARY), memory, 100);
}

/* Writes through a mapping of the copy before the program starts, when *TURN is 1, and after. */
static int write_twice(char *turn) {
  mmap(must_open("copy"), PLACE);
  write_pages(PLACE);
  *turn = 1;
  while (*(volatile char *)turn == 1) yield();
  write_byte(PAGE_AT(PLACE, 2));
  return 1;
}

/* Mappings for writing that were there before the program started are none while it runs, for the
   processor and for the kernel; in the end they are as before. */
static void mapped_before(void) {
  char *turn = map_shared(1);
  copy_file(CANARY, "copy");
  make_attack_file();
  CHECK(mmap(must_open("copy"), PLACE) != MAP_FAILED, "mmap");
  pid_t writer = start_child(write_twice, turn);
  while (*(volatile char *)turn == 0) yield();
  pid_t pid = spawn("copy " ATTACK_FILE);
  *turn = 2;
  CHECK_IS(wait(writer), -1);
  must_die(write_pages, PLACE, "writing to a running program");
  must_die(read_to_mapping, PLACE, "read() into a running program");
  push_out();
  must_die(write_byte, PAGE_AT(PLACE, 3), "writing to a running program");
  stop_copy(pid);
  CHECK_IS(run_child(exec_copy, NULL), 0);
  CHECK_IS(run_child(write_pages, PLACE), 1);
  CHECK(PLACE[ELF_PADDING] == 'x', "the mapping is not as before");
  CHECK(remove("copy"), "remove");
}

/* Removed while it runs, and its pages pushed out: it goes on as before. */
static void running_removed(void) {
  pid_t pid = start_copy();
  CHECK(remove("copy"), "remove");
  push_out();
  stop_copy(pid);
}

/* A program whose file is the caller's own, or is no file of programs at all. */
static void exec_strange(void) {
  make_attack_file();
  CHECK_IS(exec(ATTACK_FILE), -1);
  CHECK_IS(exec("elf"), -1);
  CHECK(create("empty", 0), "create");
  CHECK_IS(exec("empty"), -1);
  CHECK(remove("empty"), "remove");
  CHECK(create("holes", 100000), "create");
  CHECK_IS(exec("holes"), -1);
  CHECK(remove("holes"), "remove");
  check_attack_file();
}

const struct attack program_attacks[] = {
    {"hostile-elf", hostile_elf, REFUSED},
    {"exec-rewritten", exec_rewritten, REFUSED},
    {"exec-replaced", exec_replaced, REFUSED},
    {"exec-torn", exec_torn, REFUSED},
    {"exec-strange", exec_strange, REFUSED},
    {"running-written", running_written, REFUSED},
    {"running-removed", running_removed, REFUSED},
    {"mapped-before", mapped_before, REFUSED},
    {NULL, NULL, KILLED},
};
