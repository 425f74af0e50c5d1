/* Filling and copying memory where every instruction counts; memory.S has most of it, and the
   string functions of lib/string.h too.

   Whole pages go through the SSE registers where the processor has them: a quarter of the work.  No
   program may use those, so nothing is to be saved; but whoever calls these functions has
   preemption disabled, so that no other thread comes upon them in between.  Interrupt handlers leave
   them alone. */
#ifndef ARCH_I386_MEMORY_H
#define ARCH_I386_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* The end of memory.S's code, which begins with memcpy(): functions without frames on the stack. */
extern char memory_text_end[];

/* Makes use of SSE if it is there. */
void memory_init_sse(void);
/* Fills the page at PAGE with WORD. */
void page_fill(void *page, uint32_t word);
/* Copies the page at SRC to DST. */
void page_copy(void *dst, const void *src);

/* Fills COUNT words at MEMORY with WORD. */
static inline void memory_fill(void *memory, uint32_t word, size_t count) {
  __asm__ volatile("rep stosl" : "+D"(memory), "+c"(count) : "a"(word) : "memory");
}

#endif
