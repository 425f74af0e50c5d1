/* HELPER: call-sorter WHERE PAGES sorts as many pages of random numbers on the stack, in data, on the
   heap or in a mapping of a new file, shuffles the pages and sorts them back.  80 if all was right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES_MAX 110

static uint32_t data[PAGES_MAX * WORDS];

/* Compares two numbers. */
static int compare(const void *a, const void *b) {
  uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return (left > right) - (left < right);
}

/* Exchanges two pages. */
static void swap_pages(uint32_t *a, uint32_t *b) {
  for (unsigned i = 0; i < WORDS; i++) {
    uint32_t word = a[i];
    a[i] = b[i];
    b[i] = word;
  }
}

/* Sorts COUNT words at ARRAY, checks order and sum, shuffles pages and sorts them by first word. */
static int sort_pages(uint32_t *array, unsigned count) {
  uint32_t state = 5u + (uint32_t)getpid(), sum = 0, pages = count / WORDS;
  for (unsigned i = 0; i < count; i++) sum += array[i] = next_random(&state);
  qsort(array, count, sizeof *array, compare);
  for (unsigned i = 0; i < pages; i++)
    swap_pages(array + i * WORDS, array + next_random(&state) % pages * WORDS);
  for (unsigned i = 0; i < pages; i++) {
    unsigned least = i;
    for (unsigned k = i + 1; k < pages; k++)
      if (array[k * WORDS] < array[least * WORDS]) least = k;
    if (least != i) swap_pages(array + i * WORDS, array + least * WORDS);
  }
  for (unsigned i = 0; i < count; i++) {
    sum -= array[i];
    if (i > 0 && array[i - 1] > array[i]) return 81;
  }
  return sum == 0 ? 80 : 82;
}

/* Sorts COUNT pages on the stack. */
static int sort_on_stack(unsigned count) {
  uint32_t array[PAGES_MAX * WORDS];
  return sort_pages(array, count);
}

/* Sorts COUNT pages in a file's mapping. */
static int sort_in_file(unsigned count) {
  char name[20];
  snprintf(name, sizeof name, "sort%d", getpid());
  if (!create(name, count * sizeof(uint32_t))) return 83;
  map_file(name, PLACE);
  return sort_pages((uint32_t *)PLACE, count);
}

/* Chooses. */
int main(int argc, char *argv[]) {
  test_name = "call-sorter";
  if (argc != 3 || atoi(argv[2]) > PAGES_MAX) return 84;
  unsigned count = (unsigned)atoi(argv[2]) * WORDS;
  switch (*argv[1]) {
  case 's': return sort_on_stack(count);
  case 'd': return sort_pages(data, count);
  case 'h': return sort_pages(malloc(count * sizeof(uint32_t)), count);
  case 'm': return sort_in_file(count);
  }
  return 85;
}
