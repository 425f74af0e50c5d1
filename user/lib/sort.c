/* Sorting and searching arrays of anything.

   Quicksort, because it goes through memory in order and leaves a page for good soon; a part that
   splits badly too often is given to heapsort, so that no input takes quadratic time. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Parts below this are sorted by insertion. */
#define SMALL_COUNT 12

typedef int compare_function(const void *, const void *, void *aux);

struct array {
  size_t size; /* Bytes of an element. */
  compare_function *compare;
  void *aux;
};

/* Whether the element at A belongs before that at B. */
static bool less(const struct array *array, const char *a, const char *b) {
  return array->compare(a, b, array->aux) < 0;
}

/* Exchanges the elements at A and B. */
static void swap(const struct array *array, char *a, char *b) {
  if ((array->size | (uintptr_t)a | (uintptr_t)b) % sizeof(uint32_t) == 0) {
    for (size_t i = 0; i < array->size; i += sizeof(uint32_t)) {
      uint32_t word = *(uint32_t *)(a + i);
      *(uint32_t *)(a + i) = *(uint32_t *)(b + i);
      *(uint32_t *)(b + i) = word;
    }
    return;
  }
  for (size_t i = 0; i < array->size; i++) {
    char byte = a[i];
    a[i] = b[i];
    b[i] = byte;
  }
}

/* Sorts COUNT elements at FIRST by moving each down to its place. */
static void insertion_sort(const struct array *array, char *first, size_t count) {
  char *end = first + count * array->size;
  for (char *next = first + array->size; next < end; next += array->size)
    for (char *at = next; at > first && less(array, at, at - array->size); at -= array->size)
      swap(array, at, at - array->size);
}

/* Moves element I of the heap of COUNT elements at FIRST down to where it may be. */
static void sift_down(const struct array *array, char *first, size_t i, size_t count) {
  for (size_t child = 2 * i + 1; child < count; i = child, child = 2 * i + 1) {
    char *larger = first + child * array->size;
    if (child + 1 < count && less(array, larger, larger + array->size)) {
      larger += array->size;
      child++;
    }
    if (!less(array, first + i * array->size, larger)) return;
    swap(array, first + i * array->size, larger);
  }
}

/* Sorts COUNT elements at FIRST in O(n log n) steps whatever they are. */
static void heap_sort(const struct array *array, char *first, size_t count) {
  for (size_t i = count / 2; i > 0; i--) sift_down(array, first, i - 1, count);
  for (size_t end = count; end > 1; end--) {
    swap(array, first, first + (end - 1) * array->size);
    sift_down(array, first, 0, end - 1);
  }
}

/* Puts the median of first, middle and last element of COUNT at FIRST into the first place. */
static void choose_pivot(const struct array *array, char *first, size_t count) {
  char *middle = first + count / 2 * array->size;
  char *last = first + (count - 1) * array->size;
  if (less(array, middle, first)) swap(array, middle, first);
  if (less(array, last, middle)) swap(array, last, middle);
  if (less(array, middle, first)) swap(array, middle, first);
  swap(array, first, middle);
}

/* Splits COUNT elements at FIRST by their first; returns the place of the one in the middle. */
static size_t partition(const struct array *array, char *first, size_t count) {
  size_t size = array->size;
  choose_pivot(array, first, count);
  char *low = first, *high = first + count * size;
  for (;;) {
    do low += size;
    while (low < first + count * size && less(array, low, first));
    do high -= size;
    while (less(array, first, high));
    if (low >= high) break;
    swap(array, low, high);
  }
  swap(array, first, high);
  return (size_t)(high - first) / size;
}

/* Sorts COUNT elements at FIRST; DEPTH bad splits are put up with. */
static void quick_sort(const struct array *array, char *first, size_t count, int depth) {
  while (count > SMALL_COUNT) {
    if (depth-- == 0) {
      heap_sort(array, first, count);
      return;
    }
    size_t middle = partition(array, first, count);
    size_t above = count - middle - 1;
    char *upper = first + (middle + 1) * array->size;
    if (middle < above) {
      quick_sort(array, first, middle, depth);
      first = upper;
      count = above;
    } else {
      quick_sort(array, upper, above, depth);
      count = middle;
    }
  }
  insertion_sort(array, first, count);
}

/* Sorts COUNT elements of SIZE bytes by COMPARE, which gets AUX. */
void sort(void *elements, size_t count, size_t size, compare_function *compare, void *aux) {
  struct array array = {.size = size, .compare = compare, .aux = aux};
  int depth = 4;
  for (size_t rest = count; rest > 1; rest /= 2) depth += 2;
  quick_sort(&array, elements, count, depth);
}

/* Calls the comparison of two arguments that AUX points to. */
static int compare_plain(const void *a, const void *b, void *aux) {
  int (**compare)(const void *, const void *) = aux;
  return (*compare)(a, b);
}

/* Sorts COUNT elements of SIZE bytes by COMPARE. */
void qsort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  sort(array, count, size, compare_plain, &compare);
}

/* Finds an element equal to KEY among COUNT sorted ones by halving, or NULL. */
void *binary_search(const void *key, const void *array, size_t count, size_t size,
                    compare_function *compare, void *aux) {
  const char *first = array;
  while (count > 0) {
    const char *middle = first + count / 2 * size;
    int order = compare(key, middle, aux);
    if (order == 0) return (void *)middle;
    if (order > 0) {
      first = middle + size;
      count = (count - 1) / 2;
    } else {
      count /= 2;
    }
  }
  return NULL;
}

/* binary_search() without the word. */
void *bsearch(const void *key, const void *array, size_t count, size_t size,
              int (*compare)(const void *, const void *)) {
  return binary_search(key, array, count, size, compare_plain, &compare);
}
