/* Failures: memory larger than the pool. */
#include "host/random.h"
#include "tests/host/failures.h"
#include "vm/fork.h"
#include "vm/swap.h"
#include "vm/exit.h"

/* Writes more than fits: pages leave. */
static void leave(void) {
  struct addrspace *as = process_with(14);
  for (unsigned i = 0; i < 14; i++) writes(as, i, 0, (uint8_t)(i + 1));
  EXPECT(holds(as, 0, 14, 1));
  addrspace_destroy(as);
}

/* Reads what has left; the page that cannot be read is the only one that cannot be had. */
static void come_back(void) {
  struct addrspace *as = process_with(6);
  fill(as, 0, 6, 1);
  evict();
  EXPECT(as->counters.swapped == 6);
  for (unsigned i = 0; i < 6; i++) {
    reads(as, (5 * i) % 6, (uint8_t)((5 * i) % 6 + 1), PAGING);
    EXPECT(as->counters.swapped == swap_used());
  }
  addrspace_destroy(as);
}

/* Pages that left together come back together, upwards. */
static void back_upwards(void) {
  struct addrspace *as = process_with(20);
  fill(as, 0, 20, 1);
  evict();
  for (unsigned i = 0; i < 20; i++) reads(as, i, (uint8_t)(i + 1), PAGING);
  EXPECT(vm_stats.swap_read_requests < 20 || trouble.kind >= 0);
  addrspace_destroy(as);
}

/* And downwards. */
static void back_downwards(void) {
  struct addrspace *as = process_with(20);
  fill(as, 0, 20, 1);
  evict();
  for (unsigned i = 20; i-- > 0;) reads(as, i, (uint8_t)(i + 1), PAGING);
  EXPECT(vm_stats.swap_read_requests < 20 || trouble.kind >= 0);
  addrspace_destroy(as);
}

/* As advised: all at once, or none ahead. */
static void back_advised(void) {
  struct addrspace *as = process_with(20);
  fill(as, 0, 20, 1);
  evict();
  MUST(vm_advise(as, AT(0), BYTES(10), ADVICE_SEQUENTIAL));
  MUST(vm_advise(as, AT(10), BYTES(10), ADVICE_RANDOM));
  for (unsigned i = 0; i < 20; i++) reads(as, i, (uint8_t)(i + 1), PAGING);
  addrspace_destroy(as);
}

/* A request for many that fails once is tried again for the page that is needed: nobody is told. */
static void back_many(void) {
  struct addrspace *as = process_with(20);
  fill(as, 0, 20, 1);
  evict();
  MUST(vm_advise(as, BASE, BYTES(20), ADVICE_SEQUENTIAL));
  bool is_single = trouble.kind == FAIL_SWAP_READ && !trouble.forever;
  reads(as, 4, 5, is_single ? 0 : PAGING);
  EXPECT(holds(as, 0, 20, 1));
  addrspace_destroy(as);
}

/* In and out, at random. */
static void to_and_fro(void) {
  uint8_t values[16] = {0};
  uint64_t random = 1;
  struct addrspace *as = process_with(ARRAY_SIZE(values));
  for (unsigned i = 0; i < 24; i++) {
    unsigned page = random_below(&random, ARRAY_SIZE(values));
    if (i % 3 == 2) {
      reads(as, page, values[page], PAGING);
    } else {
      writes(as, page, values[page], (uint8_t)(i + 1));
      values[page] = (uint8_t)(i + 1);
    }
  }
  for (unsigned i = 0; i < ARRAY_SIZE(values); i++) EXPECT(get(as, i) == values[i]);
  addrspace_destroy(as);
}

/* A page that came back, is written, and leaves again. */
static void changed_again(void) {
  struct addrspace *as = process_with(4);
  fill(as, 0, 4, 1);
  evict();
  writes(as, 1, 2, 22);
  evict();
  reads(as, 1, 22, PAGING);
  writes(as, 2, 3, 23);
  EXPECT(holds(as, 1, 2, 22));
  addrspace_destroy(as);
}

/* Memory that is shared without a file goes to swap as well. */
static void shared_memory(void) {
  struct addrspace *as = process();
  MUST(map(as, (struct mapped){0, 12, MAP_SHARED, NULL}));
  for (unsigned i = 0; i < 12; i++) writes(as, i, 0, (uint8_t)(i + 1));
  evict();
  for (unsigned i = 0; i < 12; i += 2) reads(as, i, (uint8_t)(i + 1), PAGING);
  struct addrspace *child;
  MUST(addrspace_fork(as, &child));
  machine_activate(child);
  reads(child, 3, 4, PAGING);
  writes(child, 5, 6, 99);
  EXPECT(get(as, 5) == 99);
  addrspace_destroy(child);
  addrspace_destroy(as);
}

/* A page that two share is in swap when one of them writes. */
static void copy_from_swap(void) {
  struct addrspace *as = process_with(4), *child;
  fill(as, 0, 4, 1);
  MUST(addrspace_fork(as, &child));
  evict();
  writes(as, 1, 2, 42);
  machine_activate(child);
  reads(child, 1, 2, PAGING);
  writes(child, 2, 3, 43);
  EXPECT(holds(as, 2, 2, 3));
  addrspace_destroy(as);
  EXPECT(holds(child, 0, 2, 1));
  addrspace_destroy(child);
}

/* The process ends while its pages are in swap: slots come back, whatever fails. */
static void end_in_swap(void) {
  struct addrspace *as = process_with(12);
  fill(as, 0, 12, 1);
  evict();
  EXPECT(swap_used() == 12);
  work();
  addrspace_destroy(as);
  rest();
  EXPECT(swap_used() == 0);
}

/* Every invariant is checked at every eviction. */
static void checked(void) {
  vm_options.check_every = 1;
  struct addrspace *as = process_with(14);
  for (unsigned i = 0; i < 14; i++) writes(as, i, 0, (uint8_t)(i + 1));
  EXPECT(holds(as, 0, 14, 1));
  addrspace_destroy(as);
}

/* Slots that turn out bad are left alone for good, and what was to go there stays; the others do. */
static void bad_slots(void) {
  struct addrspace *as = process_with(12);
  fill(as, 0, 7, 1);
  machine_failures.fail_at[FAIL_SWAP_WRITE] = 1;
  machine_failures.forever = true;
  evict();
  EXPECT(swap_bad() > 0 && swap_used() == 0 && as->counters.swapped == 0);
  machine_failures.fail_at[FAIL_SWAP_WRITE] = 0;
  for (unsigned i = 7; i < 12; i++) writes(as, i, 0, (uint8_t)(i + 1));
  EXPECT(holds(as, 0, 12, 1));
  addrspace_destroy(as);
}

static const struct scenario scenarios[] = {
    {.name = "leave", .run = leave, .frames = 8},
    {.name = "come back", .run = come_back},
    {.name = "back upwards", .run = back_upwards, .frames = 32, .slots = 2000},
    {.name = "back downwards", .run = back_downwards, .frames = 32, .slots = 2000},
    {.name = "back as advised", .run = back_advised, .frames = 32, .slots = 2000},
    {.name = "back many", .run = back_many, .frames = 32, .slots = 2000},
    {.name = "to and fro", .run = to_and_fro, .frames = 8},
    {.name = "changed again", .run = changed_again},
    {.name = "shared memory", .run = shared_memory, .frames = 8},
    {.name = "copy from swap", .run = copy_from_swap},
    {.name = "end in swap", .run = end_in_swap},
    {.name = "checked", .run = checked, .frames = 8},
    {.name = "bad slots", .run = bad_slots, .frames = 8},
};
const struct topic topic_swap = {"swap", scenarios, ARRAY_SIZE(scenarios)};
