/* Filling and copying memory where every instruction counts; memory.S has most of it, and the
   string functions of lib/string.h too.

   Whole pages go through the SSE registers where the processor has them: a quarter of the work.  If the
   registers are some program's (fpu.h), those used here are put back as they were.  Whoever calls these
   functions has preemption disabled, so that no other thread comes upon them in between.  Interrupt
   handlers leave them alone. */
#ifndef ARCH_I386_MEMORY_H
#define ARCH_I386_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The end of memory.S's code, which begins with memcpy(): functions without frames on the stack. */
extern char memory_text_end[];

/* How whole pages are moved; memory.S knows the numbers. */
enum memory_sse {
  SSE_NONE = 0, /* Without SSE: there is none. */
  SSE_FREE = 1, /* With SSE, whose registers have nothing that anybody needs. */
  SSE_TAKEN = 2 /* With SSE, whose registers are to be kept. */
};
extern uint8_t page_sse;

/* Sets it.  Preemption disabled. */
static inline void memory_set_sse(enum memory_sse sse) {
  page_sse = (uint8_t)sse;
}
/* Whether there is SSE. */
static inline bool memory_has_sse(void) {
  return page_sse != SSE_NONE;
}

/* Fills the page at PAGE with WORD. */
void page_fill(void *page, uint32_t word);
/* Copies the page at SRC to DST. */
void page_copy(void *dst, const void *src);

/* Fills COUNT words at MEMORY with WORD. */
static inline void memory_fill(void *memory, uint32_t word, size_t count) {
  __asm__ volatile("rep stosl" : "+D"(memory), "+c"(count) : "a"(word) : "memory");
}

#endif
