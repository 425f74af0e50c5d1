/* crowd [-r] [-p PAGES] [-w TIMES] [-i SECONDS] [-s SECONDS] [COPIES]: copies of a worker that need memory at the same time,
   and what they get done.

   Each works on as many pages of its own as are a quarter of the frames for programs (-p: on so many), in their order, or
   in a random one (-r).  A piece of work is a page read and written through.  What is done in the first second does not
   count. */
#include <random.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>
#include <vm.h>
#include <vm_info.h>

#define WORDS      (VM_PAGE_SIZE / sizeof(uint32_t))
#define COPIES_MAX 64u
#define PAGES_MAX  (1u << 18)

static unsigned copies = 4, pages, start_seconds = 1, seconds = 4, passes = 1;
static bool at_random;
/* What all can see: when they start (0: not yet), and the pieces of work of each. */
static volatile struct {
  uint32_t start_ms, done[COPIES_MAX];
  bool ready[COPIES_MAX];
} * shared;

/* Ends the program, after a line that says how it is called. */
static void refuse(void) {
  printf("usage: crowd [-r] [-p PAGES] [-w TIMES] [-i SECONDS] [-s SECONDS] [COPIES]\n");
  exit(EXIT_FAILURE);
}

/* COUNT fresh pages, shared with children if FLAGS say so. */
static void *map_pages(unsigned count, int flags) {
  void *memory =
      vm_map(NULL, count * VM_PAGE_SIZE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
  if (!vm_is_error(memory)) return memory;
  printf("crowd: %u pages cannot be mapped\n", count);
  exit(EXIT_FAILURE);
}

/* Reads and writes PAGE through. */
static void work(uint32_t *page) {
  uint32_t sum = 1;
  for (unsigned i = 0; i < WORDS; i++) sum += page[i];
  for (unsigned i = 0; i < WORDS; i++) page[i] ^= sum;
}

/* Works as copy COPY until the time is over. */
static void work_on(unsigned copy) {
  char *memory = map_pages(pages, MAP_PRIVATE);
  random_init(copy);
  for (unsigned i = 0; i < pages; i++) {
    work((uint32_t *)(memory + i * VM_PAGE_SIZE));
    yield();
  }
  shared->ready[copy] = true;
  while (shared->start_ms == 0) sleep_ms(10);
  uint32_t warm_ms = shared->start_ms + start_seconds * 1000, end_ms = warm_ms + seconds * 1000,
           now;
  for (unsigned i = 0; (int32_t)((now = time_ms()) - end_ms) < 0; i++) {
    unsigned page = (at_random ? random_ulong() : i) % pages;
    for (unsigned pass = 0; pass < passes; pass++) work((uint32_t *)(memory + page * VM_PAGE_SIZE));
    if ((int32_t)(now - warm_ms) >= 0) shared->done[copy]++;
  }
}

/* Has all copies work, and waits for them. */
static void run(void) {
  pid_t pids[COPIES_MAX];
  for (unsigned i = 0; i < copies; i++) {
    pids[i] = fork();
    if (pids[i] == PID_ERROR) printf("crowd: there is no memory for copy %u\n", i + 1);
    if (pids[i] != 0) continue;
    work_on(i);
    exit(EXIT_SUCCESS);
  }
  for (unsigned i = 0; i < copies; i++)
    while (!shared->ready[i]) sleep_ms(10);
  shared->start_ms = time_ms();
  for (unsigned i = 0; i < copies; i++) wait(pids[i]);
}

/* Says what was done; BEFORE and AFTER have the figures around it. */
static void report(const struct vm_info *before, const struct vm_info *after) {
  unsigned total = 0, least = UINT32_MAX, most = 0;
  for (unsigned i = 0; i < copies; i++) {
    total += shared->done[i];
    if (shared->done[i] < least) least = shared->done[i];
    if (shared->done[i] > most) most = shared->done[i];
  }
  printf("crowd: %u copies with %u pages each in %u frames: %u pieces of work in %u s; of a copy "
         "%u to %u\n",
         copies, pages, (unsigned)after->frames_total, total, seconds, least, most);
  printf("crowd: %u pages in by %u requests, %u out by %u; %u times suspended, %u ticks\n",
         (unsigned)(after->swap_reads - before->swap_reads),
         (unsigned)(after->swap_read_requests - before->swap_read_requests),
         (unsigned)(after->swap_writes - before->swap_writes),
         (unsigned)(after->swap_write_requests - before->swap_write_requests),
         (unsigned)(after->suspensions - before->suspensions),
         (unsigned)(after->suspended_ticks - before->suspended_ticks));
}

/* The number WORD, from 1 to MAX. */
static unsigned parse(const char *word, unsigned max) {
  int number = word != NULL ? atoi(word) : 0;
  if (number < 1 || (unsigned)number > max) refuse();
  return number;
}

/* Takes the words of the command line. */
static void parse_words(char **words) {
  for (; *words != NULL; words++) {
    if (strcmp(*words, "-r") == 0) {
      at_random = true;
    } else if (strcmp(*words, "-p") == 0) {
      pages = parse(*++words, PAGES_MAX);
    } else if (strcmp(*words, "-w") == 0) {
      passes = parse(*++words, 1000000);
    } else if (strcmp(*words, "-i") == 0) {
      start_seconds = parse(*++words, 3600);
    } else if (strcmp(*words, "-s") == 0) {
      seconds = parse(*++words, 3600);
    } else {
      copies = parse(*words, COPIES_MAX);
      if (words[1] != NULL) refuse();
    }
  }
}

/* Runs them and reports. */
int main(int argc, char *argv[]) {
  struct vm_info before, after;
  (void)argc;
  vm_info(&before, sizeof before);
  pages = before.frames_total / 4;
  parse_words(argv + 1);
  shared = map_pages(1, MAP_SHARED);
  run();
  vm_info(&after, sizeof after);
  report(&before, &after);
  return EXIT_SUCCESS;
}
