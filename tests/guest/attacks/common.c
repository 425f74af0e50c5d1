/* What attacks share. */
#include "tests/guest/attacks/attack.h"
#include <stdlib.h>

/* Page 0, a hole, a hole's last byte, the kernel's first and last byte, its text, its top. */
char *const bad_places[] = {
    (char *)0,          (char *)4095,       (char *)0x20000000, (char *)0x3fffffff,
    (char *)0xc0000000, (char *)0xc0100000, (char *)0xfffff000, (char *)0xffffffff,
};
const unsigned bad_places_count = sizeof bad_places / sizeof *bad_places;

/* The number of arguments of each call, plus one; 0 where there is none. */
static const uint8_t arguments_plus_one[SYSCALL_COUNT] = {
    [SYSCALL_HALT] = 1,
    [SYSCALL_EXIT] = 2,
    [SYSCALL_EXEC] = 2,
    [SYSCALL_WAIT] = 2,
    [SYSCALL_CREATE] = 3,
    [SYSCALL_REMOVE] = 2,
    [SYSCALL_OPEN] = 2,
    [SYSCALL_FILESIZE] = 2,
    [SYSCALL_READ] = 4,
    [SYSCALL_WRITE] = 4,
    [SYSCALL_SEEK] = 3,
    [SYSCALL_TELL] = 2,
    [SYSCALL_CLOSE] = 2,
    [SYSCALL_MMAP] = 3,
    [SYSCALL_MUNMAP] = 2,
    [SYSCALL_CHDIR] = 2,
    [SYSCALL_MKDIR] = 2,
    [SYSCALL_READDIR] = 3,
    [SYSCALL_ISDIR] = 2,
    [SYSCALL_INUMBER] = 2,
    [SYSCALL_FORK] = 1,
    [SYSCALL_SBRK] = 2,
    [SYSCALL_VM_MAP] = 7,
    [SYSCALL_VM_UNMAP] = 3,
    [SYSCALL_VM_PROTECT] = 4,
    [SYSCALL_VM_ADVISE] = 4,
    [SYSCALL_VM_SYNC] = 3,
    [SYSCALL_VM_LOCK] = 3,
    [SYSCALL_VM_UNLOCK] = 3,
    [SYSCALL_VM_RESIDENT] = 4,
    [SYSCALL_GETRLIMIT] = 3,
    [SYSCALL_SETRLIMIT] = 3,
    [SYSCALL_FSYNC] = 2,
    [SYSCALL_GETPID] = 1,
    [SYSCALL_SLEEP_MS] = 2,
    [SYSCALL_YIELD] = 1,
    [SYSCALL_VM_INFO] = 3,
    [SYSCALL_TIME_MS] = 1,
    [SYSCALL_READDIR_NAME] = 4,
    [SYSCALL_CONSOLE_MODE] = 2,
    [SYSCALL_CONSOLE_FOREGROUND] = 2,
    [SYSCALL_KILL] = 2,
    [SYSCALL_PROCESS_INFO] = 4,
    [SYSCALL_FILE_INFO] = 5,
    [SYSCALL_WALL_TIME] = 1,
};

/* The arguments of call NUMBER. */
int call_arguments(unsigned number) {
  return number < SYSCALL_COUNT ? arguments_plus_one[number] - 1 : -1;
}

/* -- A canary beside the attack ------------------------------------------------------------------ */

#define CANARY_PAGES  8
#define CANARY_FRAMES 200 /* Of the pool, of which half may be locked. */

static struct { volatile uint32_t stop, rounds; } * canary;
static pid_t canary_pid;

/* Whether two processes of this program can be locked in memory. */
bool canary_has_room(void) {
  return figures_all().frames_total >= CANARY_FRAMES;
}

/* Goes through its own memory until it is told to stop; 0 if all was in order. */
static int canary_watch(char *memory) {
  fill_pages(memory, CANARY_PAGES, 7);
  if (canary_has_room()) {
    stay_resident();
    CHECK_IS(setrlimit(LIMIT_LOCKED, CANARY_FRAMES / 2 * PAGE), VM_OK);
    CHECK_IS(vm_lock(memory, CANARY_PAGES * PAGE), VM_OK);
    CHECK_IS(vm_lock((void *)canary, PAGE), VM_OK);
  }
  pid_t pid = getpid();
  while (canary->stop == 0) {
    check_pages(memory, CANARY_PAGES, 7);
    CHECK(getpid() == pid, "its own pid changed");
    canary->rounds++;
    yield();
  }
  return 0;
}

/* Forks the canary. */
void canary_start(void) {
  char *memory = map_anonymous(CANARY_PAGES);
  canary = (void *)map_shared(1);
  canary->rounds = 0;
  if (canary_has_room()) stay_resident();
  canary_pid = start_child(canary_watch, memory);
  while (canary->rounds == 0) yield();
}

/* Lets it go one more round, and end. */
void canary_stop(void) {
  uint32_t before = canary->rounds;
  while (canary->rounds == before) yield();
  canary->stop = 1;
  CHECK_IS(wait(canary_pid), 0);
}

/* -- A file to attack ---------------------------------------------------------------------------- */

/* Makes it, in place of an old one. */
void make_attack_file(void) {
  remove(ATTACK_FILE);
  make_file(ATTACK_FILE, ATTACK_FILE_SIZE, 1);
}

/* Looks at it for the last time. */
void check_attack_file(void) {
  check_file(ATTACK_FILE, ATTACK_FILE_SIZE, 1);
  CHECK(remove(ATTACK_FILE), "remove must succeed");
}
