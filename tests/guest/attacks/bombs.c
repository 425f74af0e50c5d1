/* Attacks by taking all there is: processes, memory, mappings, files.  A canary beside each must go
   on, and afterwards all must be there again. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/attacks/attack.h"

#define BOMB_MAX 100000 /* More than there can be of anything. */

static volatile uint32_t *failed;

/* Runs BODY in a child while a canary lives; the child's status is one of two. */
static void bomb(int (*body)(char *), int status, int other) {
  canary_start();
  failed = (volatile uint32_t *)map_shared(1);
  int result = run_child(body, NULL);
  canary_stop();
  CHECK(result == status || result == other, "the bomb ended with %d", result);
}

/* Forks until some fork has failed, in the child as well as in the parent, and waits for all. */
static int fork_all(char *unused) {
  (void)unused;
  unsigned children = 0;
  pid_t pids[64];
  while (*failed == 0 && children < 64) {
    pid_t pid = fork();
    if (pid == PID_ERROR) *failed = 1;
    if (pid == 0) children = 0;
    if (pid > 0) pids[children++] = pid;
  }
  while (children > 0) wait(pids[--children]);
  return *failed != 0 ? 4 : 5;
}

/* Exponentially. */
static void fork_bomb(void) {
  bomb(fork_all, 4, -1);
}

/* A chain: each forks one and waits for it. */
static int fork_chain(char *unused) {
  pid_t pid = fork();
  if (pid == 0) exit(fork_chain(unused));
  if (pid == PID_ERROR) return 4;
  return wait(pid);
}

/* As long as it gets. */
static void fork_ladder(void) {
  bomb(fork_chain, 4, -1);
}

/* Starts programs until there is no memory for another; then lets them end. */
static int exec_all(char *unused) {
  (void)unused;
  pid_t pids[200];
  unsigned count = 0;
  while (count < 200 && (pids[count] = exec("attack-canary " ATTACK_FILE)) != PID_ERROR) count++;
  bool full = count < 200;
  while (!remove(ATTACK_FILE)) yield();
  while (count > 0) wait(pids[--count]);
  return full ? 4 : 5;
}

/* With it. */
static void exec_bomb(void) {
  make_attack_file();
  bomb(exec_all, 4, -1);
}

/* Children that ended and that nobody waits for. */
static int make_zombies(char *unused) {
  (void)unused;
  unsigned count = 0;
  for (unsigned tries = 0; count < 200 && tries < BOMB_MAX; tries++) {
    pid_t pid = fork();
    if (pid == 0) exit(0);
    if (pid != PID_ERROR) count++;
    yield();
  }
  return count == 200 ? 4 : 5;
}

/* Two hundred of them. */
static void zombies(void) {
  bomb(make_zombies, 4, 4);
}

/* Writes to memory until it is killed. */
static int take_memory(char *unused) {
  (void)unused;
  for (unsigned i = 0; i < BOMB_MAX; i++) {
    char *memory = vm_map(0, 16 * PAGE, READ_WRITE, ANONYMOUS, -1, 0);
    if (vm_is_error(memory)) return 4;
    for (unsigned page = 0; page < 16; page++) *PAGE_AT(memory, page) = 1;
  }
  return 5;
}

/* With it. */
static void memory_hog(void) {
  bomb(take_memory, -1, 4);
}

/* Several at once. */
static int take_memory_together(char *unused) {
  pid_t pids[4];
  for (unsigned i = 0; i < 4; i++) pids[i] = start_child(take_memory, unused);
  for (unsigned i = 0; i < 4; i++) {
    int status = wait(pids[i]);
    if (status != -1 && status != 4) return 5;
  }
  return 4;
}

/* With them. */
static void memory_hogs(void) {
  bomb(take_memory_together, 4, -1);
}

/* Takes all memory by the heap, without a limit. */
static int take_heap(char *unused) {
  (void)unused;
  CHECK_IS(setrlimit(LIMIT_HEAP, 0xffffffff), VM_OK);
  for (char *at; (at = sbrk(PAGE)) != (char *)-1;) *at = 1;
  return 4;
}

/* With it. */
static void heap_hog(void) {
  bomb(take_heap, -1, 4);
}

/* Calls itself until it is killed. */
static int take_stack(char *unused) {
  volatile char frame[1000];
  frame[0] = (char)(uintptr_t)unused;
  if (*failed != 0) return 4; /* Never. */
  return take_stack((char *)(uintptr_t)frame) + frame[0];
}

/* With the usual limit. */
static void recursion(void) {
  bomb(take_stack, -1, -1);
}

/* With a stack that may have a gigabyte. */
static int take_large_stack(char *unused) {
  CHECK_IS(setrlimit(LIMIT_STACK, 0x40000000), VM_OK);
  return take_stack(unused);
}

/* With it. */
static void recursion_deep(void) {
  bomb(take_large_stack, -1, -1);
}

/* Locks all memory that it may. */
static int lock_all(char *unused) {
  (void)unused;
  CHECK_IS(setrlimit(LIMIT_LOCKED, 0xffffffff), VM_OK);
  for (unsigned i = 0; i < BOMB_MAX; i++) {
    char *memory = map_anonymous(1);
    int error = vm_lock(memory, PAGE);
    if (error == VM_ELIMIT) return i > 0 ? 4 : 5;
  }
  return 5;
}

/* With it. */
static void lock_hog(void) {
  bomb(lock_all, 4, 4);
}

/* Maps single pages with holes between, so that each needs a record of its own, and touches them, so
   that each needs a page table. */
static int map_scattered(char *touch) {
  for (uint32_t at = 0x10000000; at < 0xb0000000; at += touch != NULL ? 1u << 22 : 2 * PAGE) {
    char *memory = (char *)(uintptr_t)at;
    char *result = vm_map(memory, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);
    if ((long)result == VM_EOVERLAP) continue;
    if (vm_is_error(result)) return (long)result == VM_ENOMEM ? 4 : 5;
    if (touch != NULL) *memory = 1;
  }
  return touch != NULL ? 4 : 5;
}

/* Records. */
static void mapping_bomb(void) {
  bomb(map_scattered, 4, 4);
}

/* Page tables. */
static int map_tables(char *unused) {
  (void)unused;
  return map_scattered((char *)1);
}

/* With it. */
static void table_bomb(void) {
  bomb(map_tables, 4, -1);
}

/* Cuts one mapping into as many parts as it has pages, by rights that take turns. */
static int cut_mapping(char *unused) {
  (void)unused;
  char *memory = map_anonymous(60000);
  for (unsigned i = 0; i < 60000; i += 2) {
    int error = vm_protect(PAGE_AT(memory, i), PAGE, PROT_READ);
    if (error != VM_OK) return error == VM_ENOMEM ? 4 : 5;
  }
  return 5;
}

/* With it. */
static void protect_bomb(void) {
  bomb(cut_mapping, 4, 4);
}

/* Maps one file everywhere. */
static int map_file_everywhere(char *unused) {
  (void)unused;
  int fd = must_open(ATTACK_FILE);
  for (uint32_t at = 0x10000000; at < 0xb0000000; at += 4 * PAGE)
    if (mmap(fd, (void *)(uintptr_t)at) == MAP_FAILED) return 4;
  return 5;
}

/* With it. */
static void mmap_bomb(void) {
  make_attack_file();
  bomb(map_file_everywhere, 4, 4);
  check_attack_file();
}

/* Opens until there is no descriptor left. */
static int open_all(char *unused) {
  (void)unused;
  for (unsigned i = 0; i < BOMB_MAX; i++)
    if (open("/") < 0) return i > 20 ? 4 : 5;
  return 5;
}

/* With it. */
static void descriptor_bomb(void) {
  bomb(open_all, 4, 4);
}

/* Creates files and directories until the disk is full, then removes them all. */
static int fill_disk(char *unused) {
  (void)unused;
  char name[32];
  unsigned count = 0;
  for (; count < 500; count++) {
    snprintf(name, sizeof name, "full/%u", count);
    if (!create(name, 0)) break;
    int fd = open(name);
    int bytes = fd < 0 ? 0 : write(fd, PROGRAM_START, 6 * PAGE);
    close(fd);
    if (bytes != 6 * (int)PAGE) break;
  }
  for (unsigned i = 0; i <= count; i++) {
    snprintf(name, sizeof name, "full/%u", i);
    remove(name);
  }
  return 4;
}

/* With it. */
static void disk_bomb(void) {
  CHECK(mkdir("full"), "mkdir");
  bomb(fill_disk, 4, 4);
  CHECK(remove("full"), "remove");
}

/* Many processes write to what they all have, while no slot is free. */
static int copy_all(char *memory) {
  for (unsigned i = 0; i < 300; i++) (*PAGE_AT(memory, i))++;
  return 0;
}

/* Starts them. */
static int copy_storm_body(char *unused) {
  (void)unused;
  pid_t pids[12];
  char *memory = map_anonymous(300);
  copy_all(memory);
  for (unsigned i = 0; i < 12; i++) {
    pids[i] = fork();
    if (pids[i] == 0) exit(copy_all(memory));
  }
  for (unsigned i = 0; i < 12; i++)
    if (pids[i] != PID_ERROR) wait(pids[i]);
  for (unsigned i = 0; i < 300; i++)
    if (*PAGE_AT(memory, i) != 1) return 5;
  return 4;
}

/* With it. */
static void copy_storm(void) {
  bomb(copy_storm_body, 4, -1);
}

const struct attack bomb_attacks[] = {
    {"fork-bomb", fork_bomb, REFUSED},
    {"fork-ladder", fork_ladder, REFUSED},
    {"exec-bomb", exec_bomb, REFUSED},
    {"zombies", zombies, REFUSED},
    {"memory-hog", memory_hog, REFUSED},
    {"memory-hogs", memory_hogs, REFUSED},
    {"heap-hog", heap_hog, REFUSED},
    {"recursion", recursion, REFUSED},
    {"recursion-deep", recursion_deep, REFUSED},
    {"lock-hog", lock_hog, REFUSED},
    {"mapping-bomb", mapping_bomb, REFUSED},
    {"table-bomb", table_bomb, REFUSED},
    {"protect-bomb", protect_bomb, REFUSED},
    {"mmap-bomb", mmap_bomb, REFUSED},
    {"descriptor-bomb", descriptor_bomb, REFUSED},
    {"disk-bomb", disk_bomb, REFUSED},
    {"copy-storm", copy_storm, REFUSED},
    {NULL, NULL, KILLED},
};
