/* child-victim KIND: does one thing for ever, to be killed while it does it. */
#include <string.h>
#include <vm.h>
#include "tests/guest/lib/test.h"

#define PAGES      160 /* More than the pool. */
#define FILE_PAGES 24
#define CHAIN      4

static char memory[PAGES][TEST_PAGE_SIZE];

/* Computes. */
static void spin(void) {
  for (;;) continue;
}

/* Sleeps. */
static void doze(void) {
  for (;;) sleep_ms(0x7fffffff);
}

/* Reads the console, whose input has ended, and then never comes. */
static void read_console(void) {
  char c;
  while (read(0, &c, 1) >= 0) continue;
}

/* Waits for a child that sleeps. */
static void wait_child(void) {
  pid_t pid = fork();
  if (pid == 0) doze();
  wait(pid);
}

/* Sleeps together with its child, that one's child, and so on. */
static void chain(void) {
  for (int i = 0; i < CHAIN; i++)
    if (fork() != 0) break;
  doze();
}

/* Faults on pages that went to swap. */
static void fault(void) {
  for (unsigned i = 0;; i++) memory[i * 7 % PAGES][i % TEST_PAGE_SIZE]++;
}

/* Has calls that copy to pages that went to swap. */
static void fault_in_call(void) {
  int fd = must_open("child-victim");
  for (unsigned i = 0;; i++) {
    seek(fd, 0);
    read(fd, memory[i * 7 % PAGES], 100);
  }
}

/* Forks children that end at once, with memory to be copied. */
static void fork_children(void) {
  for (unsigned i = 0;; i++) {
    memory[i % PAGES][0]++;
    pid_t pid = fork();
    if (pid == 0) exit(0);
    wait(pid);
  }
}

/* Forks children that fork and leave theirs behind; waits for none. */
static void fork_many(void) {
  for (;;) {
    if (fork() == 0) {
      if (fork() == 0) sleep_ms(20);
      exit(0);
    }
    sleep_ms(10);
  }
}

/* Starts programs, of which some are not there. */
static void exec_programs(void) {
  for (;;) {
    wait(exec("child-exit 0"));
    exec("child-missing");
  }
}

/* Changes a file through a mapping and has it written. */
static void map_file(void) {
  CHECK(create("mapped", FILE_PAGES * TEST_PAGE_SIZE) || true, "create");
  int fd = must_open("mapped");
  for (unsigned round = 0;; round++) {
    char *place = vm_map(0, FILE_PAGES * TEST_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(!vm_is_error(place), "vm_map gave %d", (int)place);
    for (unsigned i = 0; i < FILE_PAGES; i++) place[i * TEST_PAGE_SIZE] = (char)round;
    vm_sync(place, FILE_PAGES * TEST_PAGE_SIZE);
    vm_unmap(place, FILE_PAGES * TEST_PAGE_SIZE);
  }
}

/* Makes, writes and removes a file. */
static void write_file(void) {
  for (;;) {
    create("written", 0);
    int fd = must_open("written");
    write(fd, memory, 20 * TEST_PAGE_SIZE);
    fsync(fd);
    close(fd);
    remove("written");
  }
}

/* Locks its memory and lets it go. */
static void lock_memory(void) {
  for (;;) {
    vm_lock(memory, 8 * TEST_PAGE_SIZE);
    vm_unlock(memory, 8 * TEST_PAGE_SIZE);
  }
}

static const struct {
  const char *name;
  void (*function)(void);
} kinds[] = {{"spin", spin},          {"doze", doze},          {"read", read_console},
             {"wait", wait_child},    {"chain", chain},        {"fault", fault},
             {"copy", fault_in_call}, {"fork", fork_children}, {"forks", fork_many},
             {"exec", exec_programs}, {"map", map_file},       {"write", write_file},
             {"lock", lock_memory}};

/* Does what KIND says; with its number as status if that comes to an end. */
int main(int argc, char *argv[]) {
  test_name = "child-victim";
  CHECK(argc == 2, "usage: child-victim KIND");
  for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (strcmp(argv[1], kinds[i].name) != 0) continue;
    kinds[i].function();
    return (int)i;
  }
  fail("unknown kind %s", argv[1]);
}
