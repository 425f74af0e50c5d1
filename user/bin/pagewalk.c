/* pagewalk PAGES [TOUCHES [SEED]]: touches pages in random order and checks that each holds how
   often it was touched. */
#include <random.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <syscall.h>

#define PAGE_SIZE 4096
#define PAGES_MAX 16384

static uint32_t memory[PAGES_MAX][PAGE_SIZE / sizeof(uint32_t)];
static uint32_t touches[PAGES_MAX];

/* Whether page PAGE holds the number of its touches. */
static bool check(uint32_t page) {
  uint32_t found = memory[page][page % (PAGE_SIZE / sizeof(uint32_t))];
  if (found == touches[page]) return true;
  printf("pagewalk: page %u was touched %u times and says %u\n", (unsigned)page,
         (unsigned)touches[page], (unsigned)found);
  return false;
}

/* Touches COUNT random ones of PAGES pages, then checks all. */
static bool walk(uint32_t pages, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    uint32_t page = random_ulong() % pages;
    if (!check(page)) return false;
    touches[page]++;
    memory[page][page % (PAGE_SIZE / sizeof(uint32_t))]++;
  }
  for (uint32_t page = 0; page < pages; page++)
    if (!check(page)) return false;
  return true;
}

/* Walks; fails at the first wrong page. */
int main(int argc, char *argv[]) {
  int pages = argc > 1 ? atoi(argv[1]) : 0;
  int count = argc > 2 ? atoi(argv[2]) : 4 * pages;
  if (argc > 4 || pages < 1 || pages > PAGES_MAX || count < 0) {
    printf("usage: pagewalk PAGES [TOUCHES [SEED]], up to %d pages\n", PAGES_MAX);
    return EXIT_FAILURE;
  }
  random_init(argc > 3 ? (unsigned)atoi(argv[3]) : 1);
  uint32_t start = time_ms();
  if (!walk(pages, count)) return EXIT_FAILURE;
  printf("pagewalk: %d touches of %d pages in %u ms\n", count, pages,
         (unsigned)(time_ms() - start));
  return EXIT_SUCCESS;
}
