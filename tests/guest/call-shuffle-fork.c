/* TEST: Processes made by fork shuffle pages of private and of shared memory at once in a pool smaller
         than either; private ones stay apart, shared ones lose nothing.
   POOL: 40
   SWAP: 3 */
#include "tests/guest/lib/memory.h"

#define PAGES    60
#define CHILDREN 3
#define SWAPS    150

static char *private, *shared;
static char numbers[CHILDREN] = {1, 2, 3};

/* Exchanges the first words of two pages at A and B. */
static void exchange(char *a, char *b) {
  uint32_t word = *(volatile uint32_t *)a;
  *(volatile uint32_t *)a = *(volatile uint32_t *)b;
  *(volatile uint32_t *)b = word;
}

/* Shuffles the private pages and its own third of the shared ones, all by their first words. */
static int shuffle(char *number) {
  uint32_t state = 99u + (uint8_t)*number, third = PAGES / CHILDREN;
  char *own = PAGE_AT(shared, (*number - 1) * third);
  for (unsigned i = 0; i < SWAPS; i++) {
    exchange(PAGE_AT(private, next_random(&state) % PAGES),
             PAGE_AT(private, next_random(&state) % PAGES));
    exchange(PAGE_AT(own, next_random(&state) % third), PAGE_AT(own, next_random(&state) % third));
  }
  unsigned seen[PAGES] = {0};
  for (unsigned i = 0; i < PAGES; i++) seen[*(uint32_t *)PAGE_AT(private, i) % PAGES]++;
  for (unsigned i = 0; i < PAGES; i++)
    if (seen[i] != 1) return 100;
  return *number;
}

/* Children and parent shuffle. */
void test_main(void) {
  private = map_anonymous(PAGES);
  shared = map_shared(PAGES);
  for (unsigned i = 0; i < PAGES; i++)
    *(uint32_t *)PAGE_AT(private, i) = *(uint32_t *)PAGE_AT(shared, i) = i;
  pid_t children[CHILDREN];
  for (int i = 0; i < CHILDREN; i++) children[i] = start_child(shuffle, &numbers[i]);
  for (int i = 0; i < CHILDREN; i++) CHECK_IS(wait(children[i]), numbers[i]);
  unsigned seen[PAGES] = {0};
  for (unsigned i = 0; i < PAGES; i++) {
    CHECK(*(uint32_t *)PAGE_AT(private, i) == i, "the parent's page %u was moved", i);
    unsigned page = *(uint32_t *)PAGE_AT(shared, i);
    CHECK(page / (PAGES / CHILDREN) == i / (PAGES / CHILDREN), "shared page %u is of another", i);
    seen[page]++;
  }
  for (unsigned i = 0; i < PAGES; i++)
    CHECK(seen[i] == 1, "shared page %u is there %u times", i, seen[i]);
}
