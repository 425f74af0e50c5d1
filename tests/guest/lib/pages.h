/* Helpers of the virtual memory tests: pages filled with patterns that tell where they belong.

   - page_fill() writes a page's pattern, page_verify() checks it; pattern and position differ in
     every word, so a page or part of one in the wrong place is found. */
#ifndef TESTS_GUEST_LIB_PAGES_H
#define TESTS_GUEST_LIB_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE  4096u
#define WORDS (PAGE / sizeof(uint32_t))

/* The word at place WORD of page PAGENO in version VERSION. */
static inline uint32_t page_word(uint32_t pageno, uint32_t version, uint32_t word) {
  return (pageno * 2654435761u) ^ (version * 40503u << 7) ^ (word * 69069u + 1);
}

/* Fills the page at MEMORY with the pattern of PAGENO and VERSION. */
static inline void page_fill(void *memory, uint32_t pageno, uint32_t version) {
  uint32_t *words = memory;
  for (uint32_t i = 0; i < WORDS; i++) words[i] = page_word(pageno, version, i);
}

/* Whether the page at MEMORY holds the pattern of PAGENO and VERSION. */
static inline bool page_verify(const void *memory, uint32_t pageno, uint32_t version) {
  const uint32_t *words = memory;
  for (uint32_t i = 0; i < WORDS; i++)
    if (words[i] != page_word(pageno, version, i)) return false;
  return true;
}

/* Whether all SIZE bytes at MEMORY are zero. */
static inline bool memory_is_zero(const void *memory, size_t size) {
  const char *bytes = memory;
  for (size_t i = 0; i < size; i++)
    if (bytes[i] != 0) return false;
  return true;
}

/* The next of a sequence of pseudo-random numbers; STATE is not 0. */
static inline uint32_t next_random(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

/* Runs COMMAND as a child to its end and gives its status, -2 if it did not start. */
#define RUN_CHILD(COMMAND)                                                                         \
  __extension__({                                                                                  \
    int child_pid = exec(COMMAND);                                                                 \
    child_pid == -1 ? -2 : wait(child_pid);                                                        \
  })

#endif
