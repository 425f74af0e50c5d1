/* HELPER: disk-watch HOW COMMAND [/ COMMAND]... runs commands while a disk fails, and says how each ended.
   Beside them a bystander works that needs nothing of that disk, and at the end a child that needs
   new memory must get it.

   HOW is some letters.  m, f: the bystander works in memory that is paged out, or reads a file.
   p, s: the commands run at once, or one after the other.  b: the faults begin before them; else
   one of them begins them.  x: memory may run out, so that reading a file fails.  h: when the faults
   have ended the disk is well, and must be of use again. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/lib/faulty.h"
#include "tests/guest/lib/memory.h"

#define COMMANDS_MAX    8
#define MEMORY_PAGES    24
#define CANARY_PAGES    6
#define CANARY_TRIES    100
#define HEALED_SIZE     50000u
#define HEALED_SEED     3u
#define KNOWN_SEED      1
#define STATUS_BYSTAND  7
#define STATUS_CANARY   9
#define STATUS_NO_START (-2)

/* What the bystander says and hears. */
static volatile struct board { bool is_ready, stop; } * board;

static char buffer[PAGE];
static bool may_run_out;

/* Fills and checks memory. */
static void use_memory(char *memory, unsigned round) {
  fill_pages(memory, MEMORY_PAGES, round);
  check_pages(memory, MEMORY_PAGES, round);
}

/* Reads the known file and checks it. */
static void use_file(int fd, unsigned round) {
  unsigned offset = round * PAGE % (unsigned)filesize(fd);
  seek(fd, offset);
  int bytes = read(fd, buffer, PAGE);
  CHECK(bytes > 0 || may_run_out, "the bystander cannot read page %u", offset / PAGE);
  CHECK(bytes <= 0 || pattern_is(buffer, (unsigned)bytes, offset, KNOWN_SEED),
        "the bystander reads nonsense");
}

/* Works until it is told to stop. */
static int stand_by(char *how) {
  char *memory = map_anonymous(MEMORY_PAGES);
  bool in_memory = strchr(how, 'm') != NULL;
  int fd = must_open("known");
  stay_resident();
  board->is_ready = true;
  for (unsigned round = 1; !board->stop; round++) {
    if (in_memory)
      use_memory(memory, round);
    else
      use_file(fd, round);
    sleep_ms(1);
  }
  return STATUS_BYSTAND;
}

/* Needs new memory. */
static int be_canary(void) {
  char *memory = map_anonymous(CANARY_PAGES);
  fill_pages(memory, CANARY_PAGES, 1);
  check_pages(memory, CANARY_PAGES, 1);
  return STATUS_CANARY;
}

/* Runs the canary to its end.  Where memory runs out, a child whose parent was killed may still have
   all of it for a while. */
static int run_canary(void) {
  int status = STATUS_NO_START;
  for (int tries = 0; status != STATUS_CANARY && tries < (may_run_out ? CANARY_TRIES : 1);
       tries++) {
    if (tries > 0) sleep_ms(10);
    pid_t pid = fork();
    if (pid == 0) exit(be_canary());
    status = pid == PID_ERROR ? STATUS_NO_START : wait(pid);
  }
  return status;
}

/* Uses files, and memory that must be paged out. */
static void use_all(void) {
  CHECK(mkdir("healed"), "mkdir fails on a disk that is well again");
  make_file("healed/file", HEALED_SIZE, HEALED_SEED);
  int fd = must_open("healed/file");
  CHECK_IS(fsync(fd), VM_OK);
  close(fd);
  push_out();
  check_file("healed/file", HEALED_SIZE, HEALED_SEED);
  msg("kept healed/file 0 %u %u", HEALED_SIZE, HEALED_SEED);
}

/* Joins the words from ARGV[*AT] on, up to "/" or the end, into LINE. */
static void next_command(char **argv, int *at, char *line, size_t size) {
  line[0] = '\0';
  for (; argv[*at] != NULL && strcmp(argv[*at], "/") != 0; ++*at) {
    if (line[0] != '\0') strlcat(line, " ", size);
    strlcat(line, argv[*at], size);
  }
  if (argv[*at] != NULL) ++*at;
}

/* Says how command NUMBER, started as PID, ended. */
static void await(int number, pid_t pid) {
  int status = pid == PID_ERROR ? STATUS_NO_START : wait(pid);
  msg("command %d: %d", number, status);
}

/* Runs the commands of ARGV, all AT_ONCE or not. */
static void run_commands(char **argv, bool at_once) {
  pid_t pids[COMMANDS_MAX];
  char line[128];
  int count = 0;
  for (int at = 0; argv[at] != NULL && count < COMMANDS_MAX; count++) {
    next_command(argv, &at, line, sizeof line);
    pids[count] = exec(line);
    if (!at_once) await(count, pids[count]);
  }
  for (int i = 0; i < count && at_once; i++) await(i, pids[i]);
}

/* Watches. */
int main(int argc, char *argv[]) {
  test_name = "disk-watch";
  if (argc < 3) return 2;
  board = (volatile struct board *)map_shared(1);
  may_run_out = strchr(argv[1], 'x') != NULL;
  stay_resident();
  CHECK_IS(setrlimit(LIMIT_LOCKED, 1 << 20), VM_OK);
  CHECK_IS(vm_lock((void *)board, PAGE), VM_OK);
  pid_t bystander = start_child(stand_by, argv[1]);
  while (!board->is_ready) sleep_ms(1);
  if (strchr(argv[1], 'b') != NULL) faults_begin();
  run_commands(argv + 2, strchr(argv[1], 'p') != NULL);
  int canary = run_canary();
  board->stop = true;
  int status = wait(bystander);
  CHECK(status == STATUS_BYSTAND, "the bystander ended with %d", status);
  CHECK(canary == STATUS_CANARY, "the canary ended with %d", canary);
  msg("%u bad slots", (unsigned)figures_all().slots_bad);
  faults_end();
  if (strchr(argv[1], 'h') != NULL) use_all();
  return 0;
}
