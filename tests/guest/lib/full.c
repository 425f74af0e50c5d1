/* Rounds of exhaustion. */
#include "tests/guest/lib/full.h"
#include <stdlib.h>

#define MODEST      8 /* Pages. */

#define SETTLING    3   /* Rounds until what is kept for later is kept. */
#define WAITS       200 /* For threads that are ending, */
#define WAIT_MS     5   /* so long each. */
#define FILE_PAGES  12  /* Of the file that is read when memory is full; */
#define OWN_PAGES   3   /* other pages of who reads it. */

#define PAGE_RECORD 28 /* Bytes of kernel memory, in one block, for each cached page. */

/* What must come back. */
enum figure { THREADS, PAGES, BLOCKS, BYTES, FIGURES };
struct figures {
  unsigned of[FIGURES];
};

/* Their names, and by how much they may differ: different pages of files may be cached after each round, found
   by other nodes of their files' indexes, but not more and more. */
static const struct {
  const char *name;
  unsigned slack;
} kinds[FIGURES] = {
    {"threads", 0}, {"pages in frames and slots", 0}, {"kernel blocks", 4}, {"kernel bytes", 1024}};

/* The figures now, without the pages of files that are cached and their records. */
static struct figures figures_now(void) {
  struct vm_info i = figures_all();
  return (struct figures){
      {i.threads, i.frames_total - i.frames_free - i.frames_kernel - i.pages_cached + i.slots_used,
       i.kernel_blocks - i.pages_cached, i.kernel_bytes - i.pages_cached * PAGE_RECORD}};
}

/* Waits until all threads that are ending have ended, and gives the figures. */
static struct figures wait_for_threads(unsigned threads) {
  struct figures now = figures_now();
  for (unsigned wait = 0; wait < WAITS && now.of[THREADS] > threads; wait++) {
    sleep_ms(WAIT_MS);
    now = figures_now();
  }
  return now;
}

/* After round NUMBER all must be as WANTED. */
static void check_back(const struct figures *wanted, unsigned number) {
  struct figures now = wait_for_threads(wanted->of[THREADS]);
  for (unsigned i = 0; i < FIGURES; i++) {
    unsigned low = now.of[i], high = wanted->of[i];
    if (low > high) low = wanted->of[i], high = now.of[i];
    CHECK(high - low <= kinds[i].slack, "round %u: %u %s, %u at first", number, now.of[i],
          kinds[i].name, wanted->of[i]);
  }
}

/* Runs rounds. */
void full_rounds(void (*round)(void)) {
  unsigned rounds = (unsigned)atoi(test_argv[test_argc - 1]);
  CHECK(test_argc > 1 && rounds > 0, "how many rounds?");
  struct figures wanted = {{0}};
  stay_resident();
  unsigned threads = figures_all().threads;
  for (unsigned number = 1; number <= SETTLING + rounds; number++) {
    round();
    if (number <= SETTLING)
      wanted = wait_for_threads(threads);
    else
      check_back(&wanted, number);
  }
  msg("%u rounds", rounds);
}

/* Maps the counter and the pages. */
char *full_map(unsigned pages) {
  char *counted = vm_map(PLACE2, PAGE, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  CHECK_IS(counted, PLACE2);
  CHECK_IS(vm_map(PLACE2 + PAGE, pages * PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0),
           PLACE2 + PAGE);
  *(volatile unsigned *)counted = 0;
  return counted;
}

/* The counter. */
unsigned full_count(const char *counted) {
  return *(const volatile unsigned *)counted;
}

/* Fills in a child, which must be killed for it, and counts. */
unsigned full_measure(char *counted) {
  must_die(full_fill, counted, "filling all memory");
  return full_count(counted);
}

/* Fills. */
int full_fill(char *counted) {
  for (unsigned i = 0;; i++) {
    page_fill(PAGE_AT(counted, i + 1), i, 1);
    *(volatile unsigned *)counted = i + 1;
  }
}

/* On a page that all share. */
struct stage {
  volatile unsigned filled, go, done;
};

static unsigned fit;
static char *stage_page;

/* Fills all but one page of what can be filled, and keeps it until told. */
static int hold_all(char *memory) {
  struct stage *s = (struct stage *)stage_page;
  while (s->go == 0) sleep_ms(1);
  fill_pages(memory, fit - OWN_PAGES - 1, 1);
  s->filled = 1;
  while (s->done == 0) sleep_ms(5);
  check_pages(memory, fit - OWN_PAGES - 1, 1);
  return 5;
}

/* Has its pages, waits until memory is full, and works on. */
static int go_on(char *own) {
  struct stage *s = (struct stage *)stage_page;
  map_file("file", PLACE);
  fill_pages(own, OWN_PAGES, 3);
  CHECK(pattern_is(PLACE, FILE_PAGES * PAGE, 0, 1), "the file");
  s->go = 1;
  while (s->filled == 0) sleep_ms(1);
  for (int pass = 0; pass < 3; pass++)
    for (unsigned i = 0; i < FILE_PAGES; i++) {
      CHECK(pattern_is(PAGE_AT(PLACE, i), PAGE, i * PAGE, 1), "page %u of the file", i);
      check_pages(own, OWN_PAGES, 3);
    }
  return 6;
}

/* How much fits, then both at once. */
void full_hold_all(unsigned pages) {
  char *counted = stage_page = full_map(pages);
  fit = full_measure(counted);
  *(struct stage *)stage_page = (struct stage){0};
  pid_t holder = start_child(hold_all, counted + PAGE), other = start_child(go_on, counted + PAGE);
  CHECK_IS(wait(other), 6);
  ((struct stage *)stage_page)->done = 1;
  CHECK_IS(wait(holder), 5);
  CHECK_IS(vm_unmap(counted, (pages + 1) * PAGE), VM_OK);
}

/* Makes the file. */
void full_make_file(void) {
  make_file("file", FILE_PAGES * PAGE, 1);
}

/* Fills a few pages and checks them. */
static int use_little(char *counted) {
  fill_pages(counted + PAGE, MODEST, 2);
  check_pages(counted + PAGE, MODEST, 2);
  return 5;
}

/* One who wants all, one who wants little. */
void full_greedy_and_modest(void) {
  char *counted = full_map(200);
  must_die(full_fill, counted, "filling all frames");
  CHECK(full_count(counted) >= MODEST, "%u pages could be filled", full_count(counted));
  CHECK_IS(run_child(use_little, counted), 5);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
}
