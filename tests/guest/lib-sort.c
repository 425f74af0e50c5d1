/* TEST: The user library sorts and searches arrays of any kind and order. */
#include <random.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/test.h"

#define COUNT 3000

struct record {
  int key;
  char text[5]; /* An odd size. */
};

static int numbers[COUNT];
static struct record records[COUNT];

/* Compares two ints. */
static int compare_ints(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return x < y ? -1 : x > y;
}

/* Compares two records backwards; AUX counts how often. */
static int compare_records(const void *a, const void *b, void *aux) {
  ++*(int *)aux;
  return compare_ints(&((const struct record *)b)->key, &((const struct record *)a)->key);
}

/* Fills the numbers in order KIND. */
static void fill(int kind) {
  for (int i = 0; i < COUNT; i++) {
    int random = (int)(random_ulong() % 100000);
    int values[] = {random, i, COUNT - i, 7, i % 10, i < COUNT / 2 ? i : COUNT - i};
    numbers[i] = values[kind];
  }
}

/* All kinds of orders, then records. */
void test_main(void) {
  random_init(5);
  for (int kind = 0; kind < 6; kind++) {
    fill(kind);
    long before = 0, after = 0;
    for (int i = 0; i < COUNT; i++) before += numbers[i];
    qsort(numbers, COUNT, sizeof *numbers, compare_ints);
    for (int i = 0; i < COUNT; i++) after += numbers[i];
    CHECK(before == after, "sum of order %d", kind);
    for (int i = 1; i < COUNT; i++) CHECK(numbers[i - 1] <= numbers[i], "order %d at %d", kind, i);
    for (int i = 0; i < COUNT; i += 100) {
      int *found = bsearch(&numbers[i], numbers, COUNT, sizeof *numbers, compare_ints);
      CHECK(found != NULL && *found == numbers[i], "search %d in order %d", i, kind);
    }
  }
  int missing = -1, comparisons = 0;
  CHECK(bsearch(&missing, numbers, COUNT, sizeof *numbers, compare_ints) == NULL, "not there");
  for (int i = 0; i < COUNT; i++) {
    records[i].key = (int)(random_ulong() % 1000);
    memset(records[i].text, records[i].key % 127, sizeof records[i].text);
  }
  sort(records, COUNT, sizeof *records, compare_records, &comparisons);
  CHECK(comparisons < COUNT * 40, "%d comparisons", comparisons);
  for (int i = 0; i < COUNT; i++) {
    CHECK(i == 0 || records[i - 1].key >= records[i].key, "record %d", i);
    CHECK(records[i].text[4] == records[i].key % 127, "record %d is whole", i);
  }
}
