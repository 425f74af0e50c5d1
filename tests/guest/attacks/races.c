/* Attacks by changing what the kernel is just reading: a second process writes to shared memory
   that holds a call's number, arguments, strings or data. */
#include <string.h>
#include "tests/guest/attacks/attack.h"

#define ROUNDS 400

/* What both processes have: the words of a call, and what they point to. */
struct stage {
  volatile uint32_t words[8];
  volatile uint32_t stop, rounds, flips;
  char path[64];
  char data[512];
};

static struct stage *stage;

/* One word that takes turns: which, and its two values. */
struct flip {
  unsigned word;
  uint32_t good, bad;
};

static const struct flip *flip;

/* Writes the bad value and the good one until told to stop.  The waiting between is of many lengths,
   so that a preemption falls anywhere. */
static int flip_word(char *unused) {
  (void)unused;
  uint32_t state = 1;
  while (stage->stop == 0) {
    stage->words[flip->word] = flip->bad;
    for (volatile uint32_t wait = next_random(&state) % 64; wait > 0; wait--) continue;
    stage->words[flip->word] = flip->good;
    if (next_random(&state) % 8 == 0) yield();
    stage->flips++;
  }
  return 0;
}

/* Changes a path to one without an end, and to another, and back. */
static int flip_path(char *unused) {
  (void)unused;
  uint32_t state = 1;
  while (stage->stop == 0) {
    unsigned at = next_random(&state) % (sizeof stage->path - 1);
    char old = stage->path[at];
    stage->path[at] = (char)next_random(&state);
    if (next_random(&state) % 4 == 0) yield();
    stage->path[at] = old;
    stage->flips++;
  }
  return 0;
}

/* Makes the call that the stage's words are, until ROUNDS are over or one of them kills. */
static int call_stage(char *unused) {
  (void)unused;
  while (stage->rounds < ROUNDS) {
    stage->rounds++;
    int result = call_at((void *)stage->words);
    CHECK((uint32_t)result < 0xc0000000 || result > -(int)PAGE, "a result like the kernel's: %x",
          (unsigned)result);
    if (stage->rounds % 8 == 0) yield();
  }
  return 0;
}

/* Lets CHANGER run beside children that make the call, one after another as each is killed. */
static void race(int (*changer)(char *)) {
  pid_t pid = start_child(changer, NULL);
  while (stage->flips == 0) yield();
  while (stage->rounds < ROUNDS) {
    int status = run_child(call_stage, NULL);
    CHECK(status == 0 || status == -1, "a child ended with %d", status);
  }
  stage->stop = 1;
  CHECK_IS(wait(pid), 0);
  CHECK_IS(vm_unmap(stage, 2 * PAGE), VM_OK);
}

/* Sets the stage for CALL. */
static void set_stage(const uint32_t *words, unsigned count) {
  stage = (struct stage *)map_shared(2);
  for (unsigned i = 0; i < count; i++) stage->words[i] = words[i];
  strlcpy(stage->path, ATTACK_FILE, sizeof stage->path);
}

#define STAGE(...)                                                                                 \
  do {                                                                                             \
    uint32_t stage_words[] = {__VA_ARGS__};                                                        \
    set_stage(stage_words, sizeof stage_words / 4);                                                \
  } while (0)

#define ADDRESS(POINTER) ((uint32_t)(uintptr_t)(POINTER))

/* Runs the race with one word that takes turns. */
static void race_word(unsigned word, uint32_t good, uint32_t bad) {
  struct flip one = {word, good, bad};
  flip = &one;
  race(flip_word);
}

/* The number of the call. */
static void race_number(void) {
  STAGE(SYSCALL_GETPID);
  race_word(0, SYSCALL_GETPID, 0xc0000000);
}

/* The pointer of open(), to a path and to the kernel. */
static void race_open_pointer(void) {
  make_attack_file();
  STAGE(SYSCALL_INUMBER, 0);
  stage->words[0] = SYSCALL_OPEN;
  stage->words[1] = ADDRESS(stage->path);
  race_word(1, ADDRESS(stage->path), 0xc0100000);
  check_attack_file();
}

/* The path itself. */
static void race_open_path(void) {
  make_attack_file();
  STAGE(SYSCALL_OPEN, 0);
  stage->words[1] = ADDRESS(stage->path);
  race(flip_path);
  check_attack_file();
}

/* A command line while it is run. */
static void race_exec(void) {
  STAGE(SYSCALL_EXEC, 0);
  stage->rounds = ROUNDS - 40;
  strlcpy(stage->path, "attack-canary ", sizeof stage->path);
  memset(stage->path + 14, 'x', 40);
  stage->words[1] = ADDRESS(stage->path);
  race(flip_path);
}

/* A command line that has two hundred words for some, and one for others, so that what is counted
   first is not what is copied then. */
static int flip_blanks(char *unused) {
  (void)unused;
  while (stage->stop == 0) {
    for (unsigned i = 14; i < 500; i += 2) stage->data[i] = ' ';
    yield();
    for (unsigned i = 14; i < 500; i += 2) stage->data[i] = 'y';
    yield();
    stage->flips++;
  }
  return 0;
}

/* With it. */
static void race_exec_words(void) {
  STAGE(SYSCALL_EXEC, 0);
  stage->rounds = ROUNDS - 40;
  memset(stage->data, 'x', 500);
  strlcpy(stage->data, "attack-canary", 14);
  stage->data[13] = ' ';
  stage->words[1] = ADDRESS(stage->data);
  race(flip_blanks);
}

/* The size that is written to a file: either all of it or nothing. */
static void race_write_size(void) {
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  STAGE(SYSCALL_WRITE, (uint32_t)fd, 0, 100);
  stage->words[2] = ADDRESS(stage->data);
  race_word(3, 100, 0xffffff00);
  int size = filesize(fd);
  CHECK(size >= ATTACK_FILE_SIZE && size <= ROUNDS * 100 &&
            (size == ATTACK_FILE_SIZE || size % 100 == 0),
        "%d bytes were written", size);
  CHECK(remove(ATTACK_FILE), "remove");
}

/* The place that a file is read to: the program's, or code. */
static void race_read_place(void) {
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  STAGE(SYSCALL_READ, (uint32_t)fd, 0, 16);
  race_word(2, ADDRESS(stage->data), ADDRESS(PROGRAM_START));
  CHECK(PROGRAM_START[0] == 0x7f && PROGRAM_START[1] == 'E', "the program was written over");
  check_attack_file();
}

/* The descriptor that is written to. */
static void race_descriptor(void) {
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  STAGE(SYSCALL_READ, (uint32_t)fd, 0, 16);
  stage->words[2] = ADDRESS(stage->data);
  race_word(1, (uint32_t)fd, 0x7fffffff);
  check_attack_file();
}

/* The length of a mapping. */
static void race_map_length(void) {
  STAGE(SYSCALL_VM_MAP, 0, PAGE, READ_WRITE, ANONYMOUS, 0xffffffff, 0);
  race_word(2, PAGE, 0xfffff001);
}

/* The address that is unmapped: a hole, or the kernel. */
static void race_unmap(void) {
  STAGE(SYSCALL_VM_UNMAP, ADDRESS(PLACE), PAGE);
  race_word(1, ADDRESS(PLACE), 0xc0000000);
}

/* The buffer of a long result. */
static void race_resident(void) {
  STAGE(SYSCALL_VM_RESIDENT, ADDRESS(PROGRAM_START), PAGE, 0);
  race_word(3, ADDRESS(stage->data), 0xbfffffff);
}

/* The size of vm_info(): what the kernel has must not be passed. */
static void race_info(void) {
  STAGE(SYSCALL_VM_INFO, 0, 16);
  stage->words[1] = ADDRESS(stage->data);
  memset(stage->data, 0x55, sizeof stage->data);
  race_word(2, 16, 0xffffffff);
}

/* The data that is written while another changes it: bytes of both, and none of a third. */
static int flip_data(char *unused) {
  (void)unused;
  for (char byte = 'a'; stage->stop == 0; byte ^= 'a' ^ 'b') {
    memset(stage->data, byte, sizeof stage->data);
    stage->flips++;
    yield();
  }
  return 0;
}

/* With it. */
static void race_write_data(void) {
  char buffer[512];
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  STAGE(SYSCALL_WRITE, (uint32_t)fd, 0, 512);
  stage->words[2] = ADDRESS(stage->data);
  memset(stage->data, 'a', sizeof stage->data);
  race(flip_data);
  seek(fd, 0);
  for (int bytes; (bytes = read(fd, buffer, sizeof buffer)) > 0;)
    for (int i = 0; i < bytes; i++) CHECK(buffer[i] == 'a' || buffer[i] == 'b', "a third byte");
  CHECK(remove(ATTACK_FILE), "remove");
}

/* Two processes move the position that they share, to the end of all positions and back. */
static int flip_position(char *fd) {
  while (stage->stop == 0) {
    seek((int)(intptr_t)fd, 0xfffffff0);
    yield();
    seek((int)(intptr_t)fd, 0x7ffffff0);
    seek((int)(intptr_t)fd, 0);
    stage->flips++;
  }
  return 0;
}

/* While one writes. */
static void race_position(void) {
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  STAGE(SYSCALL_WRITE, (uint32_t)fd, ADDRESS(PROGRAM_START), 2 * PAGE);
  pid_t pid = start_child(flip_position, (char *)(intptr_t)fd);
  CHECK_IS(run_child(call_stage, NULL), 0);
  stage->stop = 1;
  CHECK_IS(wait(pid), 0);
  uint32_t size = (uint32_t)filesize(fd);
  CHECK(size <= 0x7fffffff, "the file has %u bytes", (unsigned)size);
  CHECK(remove(ATTACK_FILE), "remove");
}

const struct attack race_attacks[] = {
    {"race-number", race_number, REFUSED},
    {"race-open-pointer", race_open_pointer, REFUSED},
    {"race-open-path", race_open_path, REFUSED},
    {"race-exec", race_exec, REFUSED},
    {"race-exec-words", race_exec_words, REFUSED},
    {"race-write-size", race_write_size, REFUSED},
    {"race-write-data", race_write_data, REFUSED},
    {"race-read-place", race_read_place, REFUSED},
    {"race-descriptor", race_descriptor, REFUSED},
    {"race-position", race_position, REFUSED},
    {"race-map-length", race_map_length, REFUSED},
    {"race-unmap", race_unmap, REFUSED},
    {"race-resident", race_resident, REFUSED},
    {"race-info", race_info, REFUSED},
    {NULL, NULL, KILLED},
};
