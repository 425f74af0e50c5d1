/* HELPER: call-bad DEED makes a system call that makes no sense and says what it gave; the table of
   tests/bad/programs.py knows what that must be. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define FIXED     (ANONYMOUS | MAP_FIXED)
#define FAR_FD    (1 << 20)
#define NOT_THERE ((char *)0x20000000)
#define KERNEL    USER_END
#define NO_DEED   (-1000)
#define LONG      5000

/* Gives the result of CALL if NAME is the deed that was asked for. */
#define DEED(NAME, CALL)                                                                           \
  if (strcmp(deed, NAME) == 0) return (int)(CALL)

static char buffer[16];

/* A word of LENGTH letters, behind START. */
static const char *long_word(const char *start, unsigned length) {
  static char text[LONG + 1];
  CHECK(length <= LONG, "%u letters", length);
  memset(text, 'n', length);
  text[length] = '\0';
  memcpy(text, start, strlen(start));
  return text;
}

/* A descriptor that was closed. */
static int closed_fd(void) {
  int fd = must_open("call-bad");
  close(fd);
  return fd;
}

/* A descriptor of a file of this program's own, three bytes long. */
static int own_fd(void) {
  int fd = open("own");
  if (fd >= 0) return fd;
  make_file("own", 3, 1);
  return must_open("own");
}

/* Anonymous memory with FLAGS at ADDRESS. */
static void *map(void *address, uint32_t length, int flags) {
  return vm_map(address, length, READ_WRITE, flags, -1, 0);
}

/* A page of file FD, read-only or WRITABLE. */
static void *map_fd(int fd, bool writable, uint32_t offset) {
  return vm_map(0, PAGE, writable ? READ_WRITE : PROT_READ, MAP_SHARED, fd, offset);
}

/* Names that are none. */
static int do_name(const char *deed) {
  DEED("open-empty", open(""));
  DEED("open-missing", open("nothing"));
  DEED("open-below-file", open("call-bad/x"));
  DEED("open-long-name", open(long_word("", 256)));
  DEED("open-long-path", open(long_word("/", LONG)));
  DEED("create-empty", create("", 0));
  DEED("create-twice", create("call-bad", 0));
  DEED("create-long-name", create(long_word("", 256), 0));
  DEED("create-long-path", create(long_word("/", LONG), 0));
  DEED("create-huge", create("huge", 0xffffffff));
  DEED("mkdir-empty", mkdir(""));
  DEED("mkdir-twice", mkdir("/"));
  DEED("remove-empty", remove(""));
  DEED("remove-missing", remove("nothing"));
  DEED("remove-root", remove("/"));
  DEED("remove-dot", remove("."));
  DEED("chdir-empty", chdir(""));
  DEED("chdir-file", chdir("call-bad"));
  return NO_DEED;
}

/* Descriptors that are none, or not for this. */
static int do_descriptor(const char *deed) {
  DEED("read-minus-1", read(-1, buffer, 1));
  DEED("read-far", read(FAR_FD, buffer, 1));
  DEED("read-closed", read(closed_fd(), buffer, 1));
  DEED("read-stdout", read(1, buffer, 1));
  DEED("read-directory", read(must_open("/"), buffer, 1));
  DEED("write-minus-1", write(-1, buffer, 1));
  DEED("write-far", write(FAR_FD, buffer, 1));
  DEED("write-closed", write(closed_fd(), buffer, 1));
  DEED("write-stdin", write(0, buffer, 1));
  DEED("write-directory", write(must_open("/"), buffer, 1));
  DEED("write-running", write(must_open("call-bad"), buffer, 1));
  DEED("filesize-minus-1", filesize(-1));
  DEED("tell-closed", tell(closed_fd()));
  DEED("readdir-file", readdir(must_open("call-bad"), buffer));
  DEED("readdir-minus-1", readdir(-1, buffer));
  DEED("isdir-far", isdir(FAR_FD));
  DEED("inumber-closed", inumber(closed_fd()));
  DEED("fsync-minus-1", fsync(-1));
  DEED("fsync-stdout", fsync(1));
  DEED("fsync-directory", fsync(must_open("/")));
  return NO_DEED;
}

/* Mappings that cannot be. */
static int do_map(const char *deed) {
  DEED("mmap-address-0", mmap(own_fd(), 0));
  DEED("mmap-unaligned", mmap(own_fd(), PLACE + 1));
  DEED("mmap-kernel", mmap(own_fd(), KERNEL));
  DEED("mmap-stdin", mmap(0, PLACE));
  DEED("mmap-closed", mmap(closed_fd(), PLACE));
  DEED("mmap-directory", mmap(must_open("/"), PLACE));
  DEED("map-length-0", map(0, 0, ANONYMOUS));
  DEED("map-offset-1", map_fd(own_fd(), false, 1));
  DEED("map-unaligned", map(PLACE + 1, PAGE, FIXED));
  DEED("map-neither", map(0, PAGE, MAP_ANONYMOUS));
  DEED("map-both", map(0, PAGE, ANONYMOUS | MAP_SHARED));
  DEED("map-unknown-flag", map(0, PAGE, ANONYMOUS | 0x80));
  DEED("map-unknown-right", vm_map(0, PAGE, 0x80, ANONYMOUS, -1, 0));
  DEED("map-into-kernel", map(KERNEL - PAGE, 2 * PAGE, FIXED));
  DEED("map-kernel", map(KERNEL, PAGE, FIXED));
  DEED("map-3-gib", map(0, 0xc0000000, ANONYMOUS));
  DEED("map-all", map(0, 0xffffffff, ANONYMOUS));
  DEED("map-over-stack", map(KERNEL - PAGE, PAGE, FIXED));
  DEED("map-minus-1", map_fd(-1, false, 0));
  DEED("map-closed", map_fd(closed_fd(), false, 0));
  DEED("map-stdout", map_fd(1, false, 0));
  DEED("map-directory", map_fd(must_open("/"), false, 0));
  DEED("map-running", map_fd(must_open("call-bad"), true, 0));
  DEED("map-past-end", map_fd(own_fd(), false, PAGE));
  return NO_DEED;
}

/* Ranges that hold nothing, or not what is asked for. */
static int do_range(const char *deed) {
  DEED("munmap-unknown", (munmap(99), 0));
  DEED("munmap-minus-1", (munmap(-1), 0));
  DEED("unmap-unaligned", vm_unmap(PLACE + 1, PAGE));
  DEED("unmap-nothing", vm_unmap(PLACE, 0));
  DEED("unmap-hole", vm_unmap(NOT_THERE, PAGE));
  DEED("unmap-kernel", vm_unmap(KERNEL, PAGE));
  DEED("unmap-into-kernel", vm_unmap(KERNEL - PAGE, 2 * PAGE));
  DEED("protect-hole", vm_protect(NOT_THERE, PAGE, PROT_READ));
  DEED("protect-kernel", vm_protect(KERNEL, PAGE, READ_WRITE));
  DEED("protect-unknown-right", vm_protect(map_anonymous(1), PAGE, 0x80));
  DEED("protect-running", vm_protect(map_fd(must_open("call-bad"), false, 0), PAGE, READ_WRITE));
  DEED("advise-unknown", vm_advise(map_anonymous(1), PAGE, 99));
  DEED("advise-hole", vm_advise(NOT_THERE, PAGE, ADVICE_WILLNEED));
  DEED("sync-hole", vm_sync(NOT_THERE, PAGE));
  DEED("lock-hole", vm_lock(NOT_THERE, PAGE));
  DEED("lock-too-much", vm_lock(map_anonymous(2000), 2000 * PAGE));
  DEED("resident-hole", vm_resident(NOT_THERE, PAGE, (uint8_t *)buffer));
  DEED("limit-unknown", setrlimit(99, PAGE));
  DEED("limit-stack-0", setrlimit(LIMIT_STACK, 0));
  return NO_DEED;
}

/* Moves the heap's end by DELTA, which must fail: how far it moved all the same. */
static int move_heap(int delta) {
  char *before = sbrk(0);
  CHECK(sbrk(delta) == (void *)-1, "sbrk(%d) must fail", delta);
  return (int)((char *)sbrk(0) - before);
}

/* Moves it over a mapping right behind it. */
static int move_heap_over_mapping(void) {
  char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & ~(PAGE - 1));
  CHECK(!vm_is_error(map(end + PAGE, PAGE, FIXED)), "a mapping behind the heap");
  return move_heap(4 * (int)PAGE);
}

/* Reads into memory that may not be written, as a child; where the position of the file is then. */
static int read_in_child(char *target) {
  int fd = must_open("call-bad");
  pid_t child = fork();
  if (child == 0) exit(read(fd, target, sizeof buffer));
  CHECK(wait(child) == -1, "the child must be killed");
  return (int)tell(fd);
}

/* Waits for a child twice. */
static int wait_twice(void) {
  pid_t child = spawn("echo child");
  CHECK(wait(child) == 0, "the child ends well");
  return wait(child);
}

/* Writes where the largest file ends. */
static int write_at(unsigned position) {
  int fd = own_fd();
  seek(fd, position);
  return write(fd, "x", 1);
}

/* Reads there. */
static int read_at(unsigned position) {
  int fd = own_fd();
  seek(fd, position);
  return read(fd, buffer, 1);
}

/* Forks until there is no memory for another; whether a page written before is as it was. */
static int fork_until_full(void) {
  volatile char *stage = map_shared(1);
  char *memory = map_anonymous(4);
  pid_t child, first = 0, last = 0;
  fill_pages(memory, 4, 1);
  while ((child = fork()) > 0) {
    if (first == 0) first = child;
    last = child;
  }
  if (child == 0) {
    while (*stage == 0) sleep_ms(20);
    exit(0);
  }
  *stage = 1;
  CHECK(child == PID_ERROR && last > first + 3, "children %d to %d, then %d", first, last, child);
  for (pid_t pid = first; pid <= last; pid++) CHECK(wait(pid) == 0, "child %d", pid);
  check_pages(memory, 4, 1);
  return 0;
}

/* Calls itself, DEPTH times: until the stack has no room. */
static int recurse(int depth) {
  volatile char room[1000];
  room[0] = (char)depth;
  return depth == 0 ? 0 : recurse(depth - 1) + room[0];
}

/* Recursion on a stack of little room. */
static int overflow_stack(void) {
  CHECK(setrlimit(LIMIT_STACK, 16 * PAGE) == 0, "setrlimit");
  return recurse(1000);
}

/* Touches the page behind the last of a mapped file. */
static int touch_past_end(void) {
  char *memory = vm_map(0, 2 * PAGE, PROT_READ, MAP_SHARED, own_fd(), 0);
  return *(volatile char *)(memory + PAGE);
}

/* An unaligned access with alignment checks wished for: there are none. */
static int check_alignment(void) {
  __asm__ volatile("pushfl; orl $0x40000, (%%esp); popfl\n\t"
                   "incl %0\n\t"
                   "pushfl; andl $~0x40000, (%%esp); popfl"
                   : "+m"(*(uint32_t *)(void *)(buffer + 1)));
  return buffer[1];
}

/* The rest. */
static int do_other(const char *deed) {
  DEED("read-into-code", read_in_child((char *)(uintptr_t)do_map));
  DEED("read-into-constant", read_in_child((char *)(uintptr_t) "constant"));
  DEED("touch-past-end", touch_past_end());
  DEED("sbrk-below-start", move_heap(-(int)PAGE));
  DEED("sbrk-too-much", sbrk(0x7fffffff) == (void *)-1 || move_heap(0x7fffffff));
  DEED("sbrk-over-mapping", move_heap_over_mapping());
  DEED("exec-missing", exec("nothing"));
  DEED("exec-text", exec("verse"));
  DEED("exec-directory", exec("/"));
  DEED("exec-empty-file", exec("empty"));
  DEED("exec-empty", exec(""));
  DEED("exec-spaces", exec("   "));
  DEED("exec-long-name", exec(long_word("", 256)));
  DEED("exec-long-line", exec(long_word("echo ", LONG)));
  DEED("wait-unknown", wait(99999));
  DEED("wait-minus-1", wait(-1));
  DEED("wait-self", wait(getpid()));
  DEED("wait-twice", wait_twice());
  DEED("seek-minus-1-write", write_at(0xffffffff));
  DEED("seek-minus-1-read", read_at(0xffffffff));
  DEED("seek-2-gib-write", write_at(0x7fffffff));
  DEED("fork-until-full", fork_until_full());
  DEED("recurse", overflow_stack());
  DEED("alignment", check_alignment());
  return NO_DEED;
}

/* Does argv[1]. */
int main(int argc, char *argv[]) {
  static int (*const groups[])(const char *) = {do_name, do_descriptor, do_map, do_range, do_other};
  int result = NO_DEED;
  test_name = "call-bad";
  CHECK(argc == 2, "usage: call-bad DEED");
  for (unsigned i = 0; i < sizeof groups / sizeof *groups && result == NO_DEED; i++)
    result = groups[i](argv[1]);
  CHECK(result != NO_DEED, "unknown deed %s", argv[1]);
  msg("%s: %d", argv[1], result);
  return 0;
}
