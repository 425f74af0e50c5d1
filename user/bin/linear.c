/* linear PAGES [PASSES]: goes through PAGES pages from first to last PASSES times (twice if not
   said), reading what the pass before left in every page and writing something new. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <syscall.h>

#define PAGE_SIZE 4096
#define PAGES_MAX 16384

static uint32_t memory[PAGES_MAX][PAGE_SIZE / sizeof(uint32_t)];

/* What pass PASS leaves in page PAGE. */
static uint32_t stamp(uint32_t page, uint32_t pass) {
  return (page + 1) * 2654435761U ^ (pass * 40503U);
}

/* One pass; whether all was as the one before left it (zero before the first). */
static bool walk(uint32_t pages, uint32_t pass) {
  for (uint32_t page = 0; page < pages; page++) {
    uint32_t *words = memory[page];
    uint32_t *last = &words[PAGE_SIZE / sizeof(uint32_t) - 1];
    uint32_t expected = pass == 0 ? 0 : stamp(page, pass - 1);
    if (*words != expected || *last != expected) {
      printf("linear: pass %u, page %u: %08x and %08x instead of %08x\n", (unsigned)pass,
             (unsigned)page, (unsigned)*words, (unsigned)*last, (unsigned)expected);
      return false;
    }
    *words = *last = stamp(page, pass);
  }
  return true;
}

/* Walks; fails at the first wrong word. */
int main(int argc, char *argv[]) {
  int pages = argc > 1 ? atoi(argv[1]) : 0;
  int passes = argc > 2 ? atoi(argv[2]) : 2;
  if (argc > 3 || pages < 1 || pages > PAGES_MAX || passes < 1) {
    printf("usage: linear PAGES [PASSES], up to %d pages\n", PAGES_MAX);
    return EXIT_FAILURE;
  }
  uint32_t start = time_ms();
  for (int pass = 0; pass < passes; pass++)
    if (!walk(pages, pass)) return EXIT_FAILURE;
  printf("linear: %d passes over %d pages in %u ms\n", passes, pages,
         (unsigned)(time_ms() - start));
  return EXIT_SUCCESS;
}
