/* TEST: malloc, calloc, realloc, free and aligned_alloc do what the standard says; what is too
         large or overflows gives NULL and harms nothing. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

/* Pieces of all sizes are aligned, apart, and keep their content. */
static void check_sizes(void) {
  static char *pieces[600];
  for (unsigned i = 0; i < 600; i++) {
    pieces[i] = malloc(i);
    CHECK(pieces[i] != NULL && (uintptr_t)pieces[i] % 8 == 0, "malloc(%u)", i);
    CHECK(malloc_usable_size(pieces[i]) >= i, "malloc(%u) is too small", i);
    pattern_fill(pieces[i], i, 0, i);
  }
  for (unsigned i = 0; i < 600; i += 2) free(pieces[i]);
  for (unsigned i = 1; i < 600; i += 2) {
    CHECK(pattern_is(pieces[i], i, 0, i), "piece of %u bytes", i);
    pieces[i] = realloc(pieces[i], 2 * i + 5);
    CHECK(pieces[i] != NULL && pattern_is(pieces[i], i, 0, i), "realloc of %u bytes", i);
    pieces[i] = realloc(pieces[i], i / 3);
    CHECK(pieces[i] != NULL && pattern_is(pieces[i], i / 3, 0, i), "realloc of %u bytes", i);
  }
  malloc_check();
  for (unsigned i = 1; i < 600; i += 2) free(pieces[i]);
}

/* calloc gives zeroes also where something was; alignment of all powers of two. */
static void check_special(void) {
  void *dirty = malloc(10000);
  memset(dirty, 'x', 10000);
  free(dirty);
  void *zeroes = calloc(100, 99);
  CHECK(zeroes != NULL && memory_is_zero(zeroes, 9900), "calloc must give zeroes");
  free(zeroes);
  for (unsigned alignment = 1; alignment <= 1u << 16; alignment *= 2) {
    char *piece = aligned_alloc(alignment, 3 * alignment / 2 + 1);
    CHECK(piece != NULL && (uintptr_t)piece % alignment == 0, "aligned_alloc(%u)", alignment);
    memset(piece, 'y', 3 * alignment / 2 + 1);
    malloc_check();
    free(piece);
  }
  CHECK(aligned_alloc(24, 10) == NULL && aligned_alloc(0, 10) == NULL, "no power of two");
  free(NULL);
  char *piece = realloc(NULL, 10);
  CHECK(piece != NULL, "realloc of NULL");
  free(piece);
}

/* Sizes that cannot be. */
static void check_refusals(void) {
  volatile size_t huge = UINT_MAX, half = INT_MAX;
  char *piece = malloc(100);
  pattern_fill(piece, 100, 0, 1);
  CHECK(malloc(huge) == NULL && malloc(half) == NULL && malloc(huge - 7) == NULL, "malloc");
  CHECK(calloc(huge, 2) == NULL && calloc(2, half + 1) == NULL, "calloc must not overflow");
  CHECK(calloc(1 << 16, 1 << 16) == NULL && calloc(half / 2, 5) == NULL, "calloc");
  CHECK(realloc(piece, huge) == NULL && realloc(piece, half) == NULL, "realloc");
  CHECK(aligned_alloc(8192, huge - 100) == NULL && aligned_alloc(half + 1, 8) == NULL, "aligned");
  CHECK(pattern_is(piece, 100, 0, 1), "the piece must be as it was");
  free(piece);
}

/* All, and then everything is one free piece again. */
void test_main(void) {
  check_sizes();
  check_special();
  check_refusals();
  CHECK(malloc_check() < 0x40000, "the heap must not stay large: %u", (unsigned)malloc_check());
}
