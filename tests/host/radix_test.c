/* Unit tests of vm/radix: random work against an array, sparse indexes, and a lack of memory. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "lib/debug.h"
#include "vm/port.h"
#include "vm/radix.h"

static long blocks;             /* Handed out and not given back. */
static long allowed = LONG_MAX; /* How many more may be handed out. */

/* An assertion failed. */
void debug_panic(const char *file, int line, const char *function, const char *format, ...) {
  (void)format;
  fprintf(stderr, "panic at %s:%d in %s()\n", file, line, function);
  abort();
}

/* Memory, as long as it is allowed. */
void *port_alloc(size_t size) {
  if (allowed == 0) return NULL;
  allowed--;
  blocks++;
  return malloc(size);
}

/* Gives it back. */
void port_free(void *block) {
  if (block != NULL) blocks--;
  free(block);
}

/* An item for an index: any pointer that tells it. */
static void *item(uint32_t index) {
  return (void *)((uintptr_t)index * 2 + 1);
}

/* A new tree holds nothing. */
static void test_empty(void **state) {
  (void)state;
  struct radix radix;
  uint32_t index = 0;
  radix_init(&radix);
  assert_true(radix_is_empty(&radix));
  assert_null(radix_get(&radix, 0));
  assert_null(radix_get(&radix, UINT32_MAX));
  assert_null(radix_remove(&radix, 5));
  assert_null(radix_next(&radix, &index, UINT32_MAX));
}

/* Indexes at the ends and edges of levels. */
static void test_sparse(void **state) {
  (void)state;
  static const uint32_t indexes[] = {0,          1,          31,        32,         33,
                                     1023,       1024,       32767,     32768,      0xfffff,
                                     0x100000,   0x1ffffff,  0x2000000, 0x3fffffff, 0x40000000,
                                     0x7fffffff, 0xfffffffe, 0xffffffff};
  enum { COUNT = sizeof indexes / sizeof *indexes };
  struct radix radix;
  radix_init(&radix);
  for (int i = COUNT - 1; i >= 0; i--) assert_true(radix_insert(&radix, indexes[i], item(i)));
  uint32_t index = 0;
  for (int i = 0; i < COUNT; i++) {
    assert_ptr_equal(radix_get(&radix, indexes[i]), item(i));
    assert_ptr_equal(radix_next(&radix, &index, UINT32_MAX), item(i));
    assert_int_equal(index, indexes[i]);
    index++;
  }
  index = 34;
  assert_null(radix_next(&radix, &index, 1022));
  for (int i = 0; i < COUNT; i++) assert_ptr_equal(radix_remove(&radix, indexes[i]), item(i));
  assert_true(radix_is_empty(&radix));
  assert_int_equal(blocks, 0);
}

enum { SPAN = 3000 };

/* Random work over SPAN indexes from BASE on, compared with an array. */
static void work(uint32_t base) {
  static bool model[SPAN];
  struct radix radix;
  radix_init(&radix);
  for (int i = 0; i < SPAN; i++) model[i] = false;
  for (int step = 0; step < 60000; step++) {
    uint32_t i = (uint32_t)rand() % SPAN;
    if (step > 40000 || rand() % 2 == 0) {
      assert_ptr_equal(radix_remove(&radix, base + i), model[i] ? item(base + i) : NULL);
      model[i] = false;
    } else if (!model[i]) {
      assert_true(radix_insert(&radix, base + i, item(base + i)));
      model[i] = true;
    }
    uint32_t from = (uint32_t)rand() % SPAN, last = from + (uint32_t)rand() % (SPAN - from),
             expected = from;
    while (expected <= last && !model[expected]) expected++;
    uint32_t index = base + from;
    void *found = radix_next(&radix, &index, base + last);
    assert_ptr_equal(found, expected <= last ? item(base + expected) : NULL);
    if (found != NULL) assert_int_equal(index, base + expected);
  }
  for (uint32_t i = 0; i < SPAN; i++)
    assert_ptr_equal(radix_remove(&radix, base + i), model[i] ? item(base + i) : NULL);
  assert_true(radix_is_empty(&radix));
  assert_int_equal(blocks, 0);
}

/* At the bottom, across a level's edge, and at the top. */
static void test_random(void **state) {
  (void)state;
  srand(1);
  work(0);
  work(0x100000 - SPAN / 2);
  work(UINT32_MAX - SPAN);
}

/* Whatever allocation fails, the tree stays as it was. */
static void test_no_memory(void **state) {
  (void)state;
  for (long limit = 0; limit < 20; limit++) {
    struct radix radix;
    radix_init(&radix);
    allowed = LONG_MAX;
    assert_true(radix_insert(&radix, 7, item(7)));
    allowed = limit;
    bool inserted = radix_insert(&radix, 0xfffffff0, item(8));
    allowed = LONG_MAX;
    assert_ptr_equal(radix_get(&radix, 7), item(7));
    assert_ptr_equal(radix_get(&radix, 0xfffffff0), inserted ? item(8) : NULL);
    assert_true(inserted || limit < 14);
    assert_ptr_equal(radix_remove(&radix, 0xfffffff0), inserted ? item(8) : NULL);
    assert_ptr_equal(radix_remove(&radix, 7), item(7));
    assert_true(radix_is_empty(&radix));
    assert_int_equal(blocks, 0);
  }
}

/* Runs all. */
int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_empty), cmocka_unit_test(test_sparse),
                                     cmocka_unit_test(test_random),
                                     cmocka_unit_test(test_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
