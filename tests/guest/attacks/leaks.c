/* Attacks on secrets: what a process had in memory, in files, in registers must not reach another.

   A victim fills everything it can get with a pattern and ends.  Then whatever the kernel hands out
   is looked through for it.  The pattern is made at run time, so that no program file holds it. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/attacks/attack.h"

#define SECRET_BYTE  0xa7
#define VICTIM_PAGES 200
#define MARK_SIZE    32

/* Whether some word of SIZE bytes at MEMORY is the secret. */
static bool has_secret(const void *memory, size_t size) {
  const unsigned char *bytes = memory;
  unsigned run = 0;
  for (size_t i = 0; i < size; i++) {
    run = bytes[i] == SECRET_BYTE ? run + 1 : 0;
    if (run >= 4) return true;
  }
  return false;
}

/* Fills memory of all kinds with the secret. */
static int keep_secrets(char *unused) {
  (void)unused;
  volatile char deep[16 * PAGE];
  memset((void *)(uintptr_t)deep, SECRET_BYTE, sizeof deep);
  char *memory = map_anonymous(VICTIM_PAGES), *heap = sbrk(20 * PAGE), *shared = map_shared(10);
  memset(memory, SECRET_BYTE, VICTIM_PAGES * PAGE);
  memset(heap, SECRET_BYTE, 20 * PAGE);
  memset(shared, SECRET_BYTE, 10 * PAGE);
  for (unsigned i = 0; i < VICTIM_PAGES; i += 7) memory[i * PAGE]++;
  return has_secret((void *)(uintptr_t)deep, sizeof deep);
}

/* Dies with the secret in its registers, too. */
static int die_with_secret(char *unused) {
  keep_secrets(unused);
  __asm__ volatile(
      "movl $0xa7a7a7a7, %%ebx; movl %%ebx, %%ecx; movl %%ebx, %%edx; movl %%ebx, %%esi;"
      "movl %%ebx, %%edi; movl 0, %%eax"
      :
      :
      : "eax", "ebx", "ecx", "edx", "esi", "edi", "memory");
  return 0;
}

/* Has a victim live and end, and another die. */
static void run_victims(void) {
  CHECK_IS(run_child(keep_secrets, NULL), 1);
  must_die(die_with_secret, NULL, "reading address 0");
}

/* More new memory than the victims had. */
static void leak_anonymous(void) {
  run_victims();
  char *memory = map_anonymous(VICTIM_PAGES + 60);
  for (unsigned i = 0; i < VICTIM_PAGES + 60; i++) {
    memory[i * PAGE + 8] = 1;
    CHECK(memory_is_zero(memory + i * PAGE, 8) && memory_is_zero(memory + i * PAGE + 9, PAGE - 9),
          "page %u is not zero", i);
  }
}

/* Memory shared with nobody yet. */
static void leak_shared(void) {
  run_victims();
  char *memory = map_shared(100);
  CHECK(memory_is_zero(memory, 100 * PAGE), "it is not zero");
}

/* The heap: new, and given back in part and taken again. */
static void leak_heap(void) {
  run_victims();
  char *heap = sbrk(10 * PAGE + 100);
  CHECK(memory_is_zero(heap, 10 * PAGE + 100), "new heap is not zero");
  for (unsigned size = 10 * PAGE + 100; size > 3000; size -= 997) {
    memset(heap, SECRET_BYTE, size);
    CHECK(sbrk(-1234) == heap + size, "giving back");
    CHECK(sbrk(1234) == heap + size - 1234, "taking again");
    CHECK(memory_is_zero(heap + size - 1234, 1234), "taken again at %u, the heap is not zero",
          size);
    CHECK(sbrk(-997) == heap + size, "giving back");
  }
}

/* The stack, before anything was on it. */
static void leak_stack(void) {
  run_victims();
  char *stack = (char *)((uintptr_t)__builtin_frame_address(0) & ~(PAGE - 1));
  char *low = stack - 40 * PAGE;
  __asm__ volatile("movl %%esp, %%esi; movl %0, %%esp; pushl $0; movl %%esi, %%esp"
                   :
                   : "r"(low + 8)
                   : "esi", "memory");
  CHECK(!has_secret(low, 38 * PAGE), "a secret on the stack");
  CHECK(memory_is_zero(low + 8, 30 * PAGE), "the stack is not zero");
}

/* Pages that were in slots, after secrets of others were in slots. */
static void leak_swapped(void) {
  char *memory = map_anonymous(40);
  for (unsigned round = 0; round < 3; round++) {
    for (unsigned i = 0; i < 40; i += 2) page_fill(PAGE_AT(memory, i), i, round);
    push_out();
    pid_t victim = start_child(keep_secrets, NULL);
    push_out();
    for (unsigned i = 0; i < 40; i += 2)
      CHECK(page_verify(PAGE_AT(memory, i), i, round), "page %u is not what it was", i);
    for (unsigned i = 1; i < 40; i += 2)
      CHECK(memory_is_zero(PAGE_AT(memory, i), PAGE), "page %u is not zero", i);
    CHECK_IS(wait(victim), 1);
  }
}

/* What a dropped page comes back as. */
static void leak_dropped(void) {
  char *memory = map_anonymous(20);
  memset(memory, SECRET_BYTE, 20 * PAGE);
  run_victims();
  CHECK_IS(vm_advise(memory, 20 * PAGE, ADVICE_DONTNEED), VM_OK);
  CHECK(memory_is_zero(memory, 20 * PAGE), "dropped memory is not zero");
}

/* -- Files ---------------------------------------------------------------------------------------- */

/* Fills a file with the secret and removes it: its blocks are free now. */
static void leave_blocks(void) {
  char page[PAGE];
  memset(page, SECRET_BYTE, sizeof page);
  remove("secret");
  CHECK(create("secret", 0), "create");
  int fd = must_open("secret");
  for (unsigned i = 0; i < 60; i++) CHECK_IS(write(fd, page, PAGE), PAGE);
  CHECK_IS(fsync(fd), VM_OK);
  close(fd);
  CHECK(remove("secret"), "remove");
}

/* SIZE bytes of FD from AT on must be zero. */
static void check_zero(int fd, unsigned at, unsigned size) {
  char buffer[PAGE];
  seek(fd, at);
  while (size > 0) {
    unsigned chunk = size < PAGE ? size : PAGE;
    CHECK_IS(read(fd, buffer, chunk), chunk);
    CHECK(memory_is_zero(buffer, chunk), "the file is not zero from %u on", at);
    at += chunk;
    size -= chunk;
  }
}

/* A new file of some size is zero. */
static void leak_created(void) {
  leave_blocks();
  CHECK(create("fresh", 50 * PAGE + 77), "create");
  int fd = must_open("fresh");
  check_zero(fd, 0, 50 * PAGE + 77);
  CHECK(remove("fresh"), "remove");
}

/* What a file skips as it grows is zero; so are the rest of its last block and blocks between. */
static void leak_skipped(void) {
  leave_blocks();
  CHECK(create("fresh", 0), "create");
  int fd = must_open("fresh");
  for (unsigned at = 300; at < 30 * PAGE; at += 5000) {
    seek(fd, at);
    CHECK_IS(write(fd, "x", 1), 1);
  }
  CHECK_IS(fsync(fd), VM_OK);
  for (unsigned at = 300, last = 0; at < 30 * PAGE; last = at + 1, at += 5000)
    check_zero(fd, last, at - last);
  CHECK(remove("fresh"), "remove");
}

/* What a mapping shows beyond the end of its file. */
static void leak_mapped_tail(void) {
  leave_blocks();
  run_victims();
  make_file("fresh", 100, 1);
  int fd = must_open("fresh");
  char *memory = vm_map(0, PAGE, READ_WRITE, MAP_SHARED, fd, 0);
  CHECK(!vm_is_error(memory), "vm_map gave %ld", (long)memory);
  CHECK(memory_is_zero(memory + 100, PAGE - 100), "beyond the end it is not zero");
  char *own = vm_map(0, PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
  CHECK(!vm_is_error(own), "vm_map gave %ld", (long)own);
  CHECK(memory_is_zero(own + 100, PAGE - 100), "a private mapping beyond the end is not zero");
  CHECK(remove("fresh"), "remove");
}

/* Puts the secret with a mark beyond the end of a mapped file. */
static int write_tail(char *memory) {
  memset(memory + 100, SECRET_BYTE, PAGE - 100);
  memset(memory + 200, 'K' ^ 0x11, MARK_SIZE); /* tests/guest/test_attack.py looks for it. */
  return vm_sync(memory, PAGE);
}

/* Maps a new file NAME of 100 bytes, whose descriptor is *FD, with the secret beyond its end. */
static char *map_tail(const char *name, int *fd) {
  remove(name);
  make_file(name, 100, 1);
  *fd = must_open(name);
  char *memory = vm_map(0, PAGE, READ_WRITE, MAP_SHARED, *fd, 0);
  CHECK(!vm_is_error(memory), "vm_map gave %ld", (long)memory);
  CHECK_IS(run_child(write_tail, memory), VM_OK);
  push_out();
  CHECK_IS(write_tail(memory), VM_OK);
  return memory;
}

/* What was written beyond the end of a file by way of a mapping is not in the file when it grows,
   whether it is still mapped or not. */
static void leak_written_tail(void) {
  for (unsigned unmaps = 0; unmaps < 2; unmaps++) {
    int fd;
    char *memory = map_tail("tail", &fd);
    if (unmaps) CHECK_IS(vm_unmap(memory, PAGE), VM_OK);
    if (unmaps) push_out();
    seek(fd, PAGE - 1);
    CHECK_IS(write(fd, "x", 1), 1);
    check_zero(fd, 100, PAGE - 101);
    close(fd);
    CHECK(remove("tail"), "remove");
  }
}

/* Nor does it get to the disk: this file stays, for the host to look. */
static void leak_synced_tail(void) {
  int fd;
  map_tail("left", &fd);
  CHECK_IS(fsync(fd), VM_OK);
}

/* A directory's block, with names of removed files in it, is no file to read. */
static void leak_directory(void) {
  char buffer[300], name[100];
  CHECK(mkdir("names"), "mkdir");
  for (int i = 0; i < 20; i++) {
    snprintf(name, sizeof name, "names/secret-%d", i);
    CHECK(create(name, 0) && remove(name), "create, remove");
  }
  int fd = must_open("names");
  CHECK_IS(read(fd, buffer, sizeof buffer), -1);
  memset(buffer, 0x55, sizeof buffer);
  CHECK_IS(readdir_name(fd, buffer, sizeof buffer), 0);
  for (unsigned i = 0; i < sizeof buffer; i++) CHECK(buffer[i] == 0x55, "byte %u was written", i);
  close(fd);
  CHECK(remove("names"), "remove");
}

/* -- Results -------------------------------------------------------------------------------------- */

/* Fills the kernel's stack of this process with x: a name that is read from a directory passes there. */
static void fill_kernel_stack(void) {
  char name[256];
  int fd = must_open("names");
  CHECK_IS(readdir_name(fd, name, sizeof name), 255);
  close(fd);
}

/* vm_info() into BUFFER with room for SIZE bytes: it has as many as it says, none behind them is
   written, and no word of them is an address of the kernel's or what its stack held. */
static void check_info(unsigned char *buffer, unsigned size, unsigned room) {
  fill_kernel_stack();
  memset(buffer, 0x55, room);
  unsigned told = (unsigned)vm_info((struct vm_info *)(void *)buffer, size);
  CHECK(told == (size < sizeof(struct vm_info) ? size : sizeof(struct vm_info)), "told %u", told);
  for (unsigned i = told; i < room; i++) CHECK(buffer[i] == 0x55, "byte %u was written", i);
  for (unsigned i = 0; i + 4 <= told; i += 4) {
    uint32_t word;
    memcpy(&word, buffer + i, 4);
    CHECK(word < 0xc0000000 && word != 0x78787878, "word %u is %x", i / 4, (unsigned)word);
  }
}

/* Only what a result has is written, and no byte of the kernel's stack besides. */
static void leak_results(void) {
  unsigned char buffer[512];
  char name[6 + 256] = "names/";
  CHECK(mkdir("names"), "mkdir");
  memset(name + 6, 'x', 255);
  CHECK(create(name, 0), "create");
  for (unsigned size = 0; size <= sizeof buffer; size += 4) check_info(buffer, size, sizeof buffer);
  CHECK(remove(name) && remove("names"), "remove");
  int fd = must_open("/");
  for (int length; memset(buffer, 0x55, sizeof buffer),
                   (length = readdir_name(fd, (char *)buffer, sizeof buffer)) > 0;)
    for (unsigned i = (unsigned)length + 1; i < sizeof buffer; i++)
      CHECK(buffer[i] == 0x55, "readdir_name wrote byte %u", i);
  memset(buffer, 0x55, sizeof buffer);
  CHECK_IS(getrlimit(LIMIT_STACK, (uint32_t *)(void *)buffer), VM_OK);
  CHECK(buffer[4] == 0x55, "getrlimit wrote more than a word");
  CHECK_IS(vm_resident(PROGRAM_START, 3 * PAGE, buffer + 8), VM_OK);
  CHECK(buffer[7] == 0x55 && buffer[11] == 0x55, "vm_resident wrote more than it has");
}

/* Readdir's fifteen bytes: the name, an end, and nothing of another name behind it. */
static void leak_readdir(void) {
  CHECK(mkdir("names"), "mkdir");
  CHECK(create("names/a-very-long-name-indeed", 0) && create("names/b", 0), "create");
  int fd = must_open("names");
  char name[READDIR_MAX_LEN + 1 + 8];
  for (memset(name, 0x55, sizeof name); readdir(fd, name); memset(name, 0x55, sizeof name)) {
    size_t length = strlen(name);
    CHECK(length <= READDIR_MAX_LEN, "%u bytes", (unsigned)length);
    for (size_t i = length + 1; i < sizeof name; i++)
      CHECK(name[i] == 0x55, "byte %u", (unsigned)i);
  }
  close(fd);
  CHECK(remove("names/b") && remove("names/a-very-long-name-indeed") && remove("names"), "remove");
}

/* What calls return that return nothing: no address of the kernel's. */
static void leak_eax(void) {
  make_attack_file();
  uint32_t fd = (uint32_t)must_open(ATTACK_FILE);
  const uint32_t calls[][3] = {
      {SYSCALL_SEEK, fd, 1},        {SYSCALL_SEEK, 99, 1}, {SYSCALL_MUNMAP, 1},
      {SYSCALL_MUNMAP, 0xffffffff}, {SYSCALL_YIELD},       {SYSCALL_SLEEP_MS, 0},
      {SYSCALL_VM_UNLOCK, 0x1000},  {SYSCALL_CLOSE, fd},   {SYSCALL_CLOSE, fd},
      {SYSCALL_ISDIR, 99},          {SYSCALL_INUMBER, 99}, {SYSCALL_TELL, 99}};
  for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
    int result = CALL(calls[i][0], calls[i][1], calls[i][2]);
    CHECK(result >= -12 && result <= 1, "call %u returned %x", (unsigned)calls[i][0],
          (unsigned)result);
  }
  check_attack_file();
}

/* The pages of the program itself that a fork's child has: those of its parent as they were. */
static int look_for_secret(char *memory) {
  CHECK(memory_is_zero(memory, 4 * PAGE), "the child sees what its parent wrote later");
  return 3;
}

/* What a parent writes after the fork is its own. */
static void leak_fork(void) {
  char *memory = map_anonymous(4), *go = map_shared(1);
  pid_t pid = fork();
  if (pid == 0) {
    while (*(volatile char *)go == 0) yield();
    exit(look_for_secret(memory));
  }
  memset(memory, SECRET_BYTE, 4 * PAGE);
  *go = 1;
  CHECK_IS(wait(pid), 3);
}

const struct attack leak_attacks[] = {
    {"leak-anonymous", leak_anonymous, REFUSED},
    {"leak-shared", leak_shared, REFUSED},
    {"leak-heap", leak_heap, REFUSED},
    {"leak-stack", leak_stack, REFUSED},
    {"leak-swapped", leak_swapped, REFUSED},
    {"leak-dropped", leak_dropped, REFUSED},
    {"leak-fork", leak_fork, REFUSED},
    {"leak-created", leak_created, REFUSED},
    {"leak-skipped", leak_skipped, REFUSED},
    {"leak-mapped-tail", leak_mapped_tail, REFUSED},
    {"leak-written-tail", leak_written_tail, REFUSED},
    {"leak-synced-tail", leak_synced_tail, REFUSED},
    {"leak-directory", leak_directory, REFUSED},
    {"leak-results", leak_results, REFUSED},
    {"leak-readdir", leak_readdir, REFUSED},
    {"leak-eax", leak_eax, REFUSED},
    {NULL, NULL, KILLED},
};
