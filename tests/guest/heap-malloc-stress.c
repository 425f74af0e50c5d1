/* TEST: A million random calls of malloc, calloc, realloc, free and aligned_alloc, checked against a
         model that knows every piece's size and content, with less memory than the pieces need.
   ARGS: 1000000
   POOL: 400
   SWAP: 8
   STRESS: takes minutes */
#include <stdlib.h>
#include "tests/guest/lib/memory.h"

#define PIECES 1500

/* The model: the first and last word of a piece are its tag. */
static struct piece {
  uint32_t *memory;
  uint32_t size, tag;
} pieces[PIECES];

static uint32_t state = 12345;

/* A size: mostly small, sometimes of some pages. */
static uint32_t random_size(void) {
  uint32_t random = next_random(&state);
  return random % 64 == 0 ? (random >> 8) % 30000 : (random >> 8) % 700;
}

/* Writes P's tag at both ends of its words. */
static void mark(struct piece *p) {
  p->tag = next_random(&state);
  if (p->size < 4) return;
  p->memory[0] = p->tag;
  p->memory[p->size / 4 - 1] = p->tag;
}

/* Whether the first SIZE bytes of P still begin with its tag, and end with it if they are all. */
static void check(const struct piece *p, uint32_t size) {
  if (size < 4) return;
  CHECK(p->memory[0] == p->tag, "a piece of %u bytes begins wrong", (unsigned)p->size);
  if (size < p->size) return;
  CHECK(p->memory[p->size / 4 - 1] == p->tag, "a piece of %u bytes ends wrong", (unsigned)p->size);
}

/* Makes P a new piece. */
static void fill(struct piece *p, uint32_t kind) {
  p->size = random_size();
  uint32_t alignment = 8;
  if (kind < 2) {
    p->memory = calloc(p->size / 4, 4);
    CHECK(p->memory == NULL || memory_is_zero(p->memory, p->size & ~3u), "calloc gave no zeroes");
  } else if (kind == 2) {
    alignment = 16u << next_random(&state) % 8;
    p->memory = aligned_alloc(alignment, p->size);
  } else {
    p->memory = malloc(p->size);
  }
  CHECK(p->memory != NULL && (uintptr_t)p->memory % alignment == 0, "no piece or not aligned");
  mark(p);
}

/* Gives P another size. */
static void resize(struct piece *p) {
  uint32_t old = p->size, size = random_size();
  uint32_t *memory = realloc(p->memory, size);
  CHECK(memory != NULL, "realloc");
  p->memory = memory;
  p->size = old < size ? old : size;
  if (old <= size)
    check(p, old);
  else
    check(&(struct piece){memory, old, p->tag}, size);
  p->size = size;
  mark(p);
}

/* As many calls as the argument says. */
void test_main(void) {
  int calls = test_argc > 1 ? atoi(test_argv[1]) : 100000;
  for (int i = 0; i < calls; i++) {
    struct piece *p = &pieces[next_random(&state) % PIECES];
    uint32_t kind = next_random(&state) % 16;
    if (p->memory == NULL) {
      fill(p, kind);
    } else {
      check(p, p->size);
      if (kind < 4) {
        resize(p);
      } else {
        free(p->memory);
        p->memory = NULL;
      }
    }
    if (i % 50000 == 0) malloc_check();
  }
  for (int i = 0; i < PIECES; i++) {
    if (pieces[i].memory != NULL) check(&pieces[i], pieces[i].size);
    free(pieces[i].memory);
  }
  CHECK(malloc_check() < 0x20000, "%u bytes are left", (unsigned)malloc_check());
}
