/* Random system calls with hostile arguments, made by several processes that share memory, files and
   each other's children: attack random SEED COUNT.

   Whatever happens to those who call, the one that started them and the kernel's own records must be
   in order afterwards.  What is not called: halt(), and reading from the keyboard or writing to the
   console, which would wait for somebody, or spoil the output. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/attacks/attack.h"

#define WORKERS     4
#define OWN_PAGES   12
#define AREA_PAGES  48 /* Around PLACE: where most mappings come and go. */
#define CHILD_CALLS 20

/* What all have. */
struct commons {
  volatile uint32_t left[WORKERS]; /* Calls to be made yet. */
  volatile uint32_t words[8];      /* A call whose words all write to. */
  char text[200];
};

/* A call, how often it is chosen, and what its arguments are: f descriptor, p path, b buffer, s size,
   a address, l length, r rights, g flags, o offset, d change of the heap, t pid, c command line, m
   mapping, w a small number, x anything. */
struct random_call {
  uint8_t number, weight;
  const char *arguments;
};

static const struct random_call calls[] = {
    {SYSCALL_EXIT, 1, "x"},          {SYSCALL_EXEC, 1, "c"},
    {SYSCALL_WAIT, 4, "t"},          {SYSCALL_CREATE, 8, "ps"},
    {SYSCALL_REMOVE, 6, "p"},        {SYSCALL_OPEN, 12, "p"},
    {SYSCALL_FILESIZE, 3, "f"},      {SYSCALL_READ, 12, "fbs"},
    {SYSCALL_WRITE, 14, "fbs"},      {SYSCALL_SEEK, 6, "fo"},
    {SYSCALL_TELL, 2, "f"},          {SYSCALL_CLOSE, 6, "f"},
    {SYSCALL_MMAP, 10, "fa"},        {SYSCALL_MUNMAP, 6, "m"},
    {SYSCALL_CHDIR, 3, "p"},         {SYSCALL_MKDIR, 3, "p"},
    {SYSCALL_READDIR, 3, "fb"},      {SYSCALL_ISDIR, 2, "f"},
    {SYSCALL_INUMBER, 2, "f"},       {SYSCALL_FORK, 4, ""},
    {SYSCALL_SBRK, 6, "d"},          {SYSCALL_VM_MAP, 20, "alrgfo"},
    {SYSCALL_VM_UNMAP, 10, "al"},    {SYSCALL_VM_PROTECT, 10, "alr"},
    {SYSCALL_VM_ADVISE, 8, "alw"},   {SYSCALL_VM_SYNC, 5, "al"},
    {SYSCALL_VM_LOCK, 6, "al"},      {SYSCALL_VM_UNLOCK, 6, "al"},
    {SYSCALL_VM_RESIDENT, 6, "alb"}, {SYSCALL_GETRLIMIT, 2, "wb"},
    {SYSCALL_SETRLIMIT, 3, "ws"},    {SYSCALL_FSYNC, 2, "f"},
    {SYSCALL_GETPID, 1, ""},         {SYSCALL_SLEEP_MS, 2, "w"},
    {SYSCALL_YIELD, 6, ""},          {SYSCALL_VM_INFO, 3, "bs"},
    {SYSCALL_TIME_MS, 1, ""},        {SYSCALL_READDIR_NAME, 4, "fbs"},
    {SYSCALL_CONSOLE_MODE, 1, "w"},  {SYSCALL_CONSOLE_FOREGROUND, 2, "t"},
    {SYSCALL_KILL, 2, "t"},          {SYSCALL_PROCESS_INFO, 3, "tbs"},
    {SYSCALL_FILE_INFO, 4, "fpbs"},  {SYSCALL_FILE_INFO, 2, "fwbs"},
    {SYSCALL_WALL_TIME, 1, ""},
};

#define CALLS (sizeof calls / sizeof *calls)

/* No name is one of the programs that come afterwards; "attack" runs, and so cannot be changed. */
static const char *const paths[] = {"r0", "r1",    "r2", "rd", "rd/r3",  "rd/rd",
                                    "/",  "rd/..", ".",  "",   "attack", "no/such/file"};
static const char *const removed_later[] = {"r0",       "r1",    "r2",       "rd/r0",    "rd/r1",
                                            "rd/r2",    "rd/r3", "rd/rd/r0", "rd/rd/r1", "rd/rd/r2",
                                            "rd/rd/rd", "rd/rd", "rd"};

static struct commons *commons;
static char own[3 * PAGE];
static uint32_t state;
static unsigned generation;

/* A random number below LIMIT. */
static unsigned pick(unsigned limit) {
  return next_random(&state) % limit;
}

/* One of numbers that are at some edge. */
static uint32_t pick_edge(void) {
  static const uint32_t edges[] = {0,          1,          3,          0x7fffffff,
                                   0x80000000, 0xbfffffff, 0xc0000000, 0xc0100000,
                                   0xfffff000, 0xffffffff, PAGE - 1,   PAGE + 1};
  return edges[pick(sizeof edges / sizeof *edges)];
}

/* An address, most often of a page of the area. */
static uint32_t pick_address(void) {
  unsigned kind = pick(40);
  if (kind == 0) return pick_edge();
  if (kind == 1) return (uint32_t)(uintptr_t)own & ~(PAGE - 1);
  if (kind == 2) return 0xc0000000 - PAGE * (1 + pick(40));
  if (kind == 3) return 0x08048000 + PAGE * pick(24);
  if (kind < 8) return 0;
  return (uint32_t)(uintptr_t)PAGE_AT(PLACE, pick(AREA_PAGES));
}

/* Whether PLACE, of one byte, is mapped, though it may have no rights. */
static bool is_mapped(uint32_t place) {
  uint8_t bit;
  return vm_resident((void *)(uintptr_t)(place & ~(PAGE - 1)), PAGE, &bit) == VM_OK;
}

/* A place for data: a bad one now and then, for that is the end of the process. */
static uint32_t pick_buffer(void) {
  unsigned kind = pick(100);
  uint32_t place = pick_address() + pick(PAGE);
  if (kind == 0) return pick_edge();
  if (kind == 1) return (uint32_t)(uintptr_t)PROGRAM_START + pick(PAGE);
  if (kind < 40) return (uint32_t)(uintptr_t)commons->text + pick(100);
  if (kind < 80 && (kind == 79 || is_mapped(place))) return place;
  return (uint32_t)(uintptr_t)own + pick(PAGE);
}

/* A path. */
static uint32_t pick_path(void) {
  unsigned kind = pick(30);
  if (kind == 0) return pick_buffer();
  if (kind == 1) memset(own, 'x', 300);
  if (kind == 1) return (uint32_t)(uintptr_t)own;
  const char *path = paths[pick(sizeof paths / sizeof *paths)];
  if (kind > 5) return (uint32_t)(uintptr_t)path;
  strlcpy(commons->text, path, sizeof commons->text);
  return (uint32_t)(uintptr_t)commons->text;
}

/* A size or length: of some bytes, of some pages, or at an edge. */
static uint32_t pick_size(unsigned pages) {
  if (pick(40) == 0) return pick_edge();
  return pick(2) == 0 ? pick(600) : PAGE * pick(pages);
}

/* A command line: seldom one that starts something. */
static uint32_t pick_command(void) {
  if (pick(4) == 0) return (uint32_t)(uintptr_t) "attack-canary";
  return pick_path();
}

/* An argument of KIND. */
static uint32_t pick_argument(char kind) {
  switch (kind) {
  case 'f': return pick(10) == 0 ? pick_edge() : 2 + pick(8);
  case 'p': return pick_path();
  case 'b': return pick_buffer();
  case 's': return pick_size(6);
  case 'a': return pick_address();
  case 'l': return pick_size(10);
  case 'r': return pick(12) == 0 ? pick_edge() : pick(8);
  case 'g': return pick(12) == 0 ? pick_edge() : 1 + pick(15);
  case 'o': return pick(8) == 0 ? pick_edge() : pick(2) == 0 ? PAGE * pick(12) : pick(60000);
  case 'd': return pick(8) == 0 ? pick_edge() : pick(20000) - 10000;
  case 't': return pick(4) == 0 ? pick_edge() : (uint32_t)getpid() - 4 + pick(12);
  case 'c': return pick_command();
  case 'm': return pick(16) == 0 ? pick_edge() : 1 + pick(12);
  case 'w': return pick(16) == 0 ? pick_edge() : pick(6);
  default: return next_random(&state);
  }
}

/* A call by its weight. */
static const struct random_call *pick_call(void) {
  unsigned total = 0, at = 0;
  for (unsigned i = 0; i < CALLS; i++) total += calls[i].weight;
  for (unsigned left = pick(total); left >= calls[at].weight; at++) left -= calls[at].weight;
  return &calls[at];
}

/* What may not be: it would wait for the keyboard, print, or sleep for days. */
static bool is_harmful(const uint32_t *words) {
  if (words[0] == SYSCALL_READ) return words[1] == 0;
  if (words[0] == SYSCALL_WRITE) return words[1] == 1;
  return words[0] == SYSCALL_SLEEP_MS && words[1] > 5;
}

/* Makes the call that WORDS are; now and then from memory to which all write, so that it may be another
   and its result is as good as none. */
static int make_call(const uint32_t *words) {
  bool stays_own = words[0] == SYSCALL_READ || words[0] == SYSCALL_WRITE ||
                   words[0] == SYSCALL_FORK || words[0] == SYSCALL_SLEEP_MS;
  if (stays_own || pick(8) != 0) return call_at((void *)(uintptr_t)words);
  for (unsigned i = 0; i < 7; i++) commons->words[i] = words[i];
  call_at((void *)(uintptr_t)commons->words);
  return 0;
}

/* Uses some page of the area, which may be the end. */
static void touch_memory(void) {
  volatile char *memory = PAGE_AT(PLACE, pick(AREA_PAGES)) + pick(PAGE);
  if (!is_mapped((uint32_t)(uintptr_t)memory)) return;
  if (pick(2) == 0) *memory = (char)pick(256);
  (void)*memory;
}

/* Makes one call, or touches memory.  False in a child that was made by it. */
static bool step(void) {
  uint32_t words[8] = {0};
  if (pick(8) == 0) {
    touch_memory();
    return true;
  }
  const struct random_call *call = pick_call();
  words[0] = call->number;
  for (unsigned i = 0; call->arguments[i] != '\0'; i++)
    words[1 + i] = pick_argument(call->arguments[i]);
  if (is_harmful(words) || (words[0] == SYSCALL_FORK && generation > 1)) return true;
  int result = make_call(words);
  if (words[0] == SYSCALL_FORK && result == 0) return false;
  /* These two give what a program has chosen itself. */
  bool chosen = words[0] == SYSCALL_TELL || words[0] == SYSCALL_WAIT;
  CHECK(chosen || (uint32_t)result < 0xc0000000 || result > -(int)PAGE,
        "call %u gave %x, an address of the kernel's", (unsigned)words[0], (unsigned)result);
  return true;
}

/* A child that a random fork made: a few calls with other numbers, then its end; the same for what it
   forks itself. */
static void be_child(void) {
  generation++;
  state = (state * 69069 + (uint32_t)getpid() * 2) | 1;
  for (unsigned left = CHILD_CALLS; left > 0; left--) {
    if (step()) continue;
    generation++;
    left = CHILD_CALLS;
  }
  exit(0);
}

/* Makes what calls worker INDEX has left. */
static int work(char *index) {
  volatile uint32_t *left = &commons->left[(uintptr_t)index];
  state = (state + *left * 4 + (uint32_t)(uintptr_t)index) * 2654435761u | 1;
  while (*left > 0) {
    --*left;
    if (!step()) be_child();
  }
  return 0;
}

/* Starts worker INDEX, as soon as there is memory for it. */
static pid_t start_worker(unsigned index) {
  pid_t pid;
  while ((pid = fork()) == PID_ERROR) yield();
  if (pid == 0) exit(work((char *)(uintptr_t)index));
  return pid;
}

/* COUNT calls by each worker, in the way of SEED. */
void attack_random(uint32_t seed, unsigned count) {
  pid_t workers[WORKERS];
  char *memory = map_anonymous(OWN_PAGES);
  commons = (struct commons *)map_shared(1);
  state = seed * 40503u;
  fill_pages(memory, OWN_PAGES, seed);
  if (canary_has_room()) stay_resident();
  for (unsigned i = 0; i < WORKERS; i++) {
    commons->left[i] = count;
    workers[i] = start_worker(i);
  }
  for (unsigned i = 0; i < WORKERS; i++)
    while (wait(workers[i]), commons->left[i] > 0) workers[i] = start_worker(i);
  check_pages(memory, OWN_PAGES, seed);
  for (unsigned i = 0; i < sizeof removed_later / sizeof *removed_later; i++)
    remove(removed_later[i]);
}
