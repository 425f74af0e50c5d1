/* Filling memory where every instruction counts; lib/string.h has the rest, memory.S all of it. */
#ifndef ARCH_I386_MEMORY_H
#define ARCH_I386_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Fills COUNT words at MEMORY with WORD. */
static inline void memory_fill(void *memory, uint32_t word, size_t count) {
  __asm__ volatile("rep stosl" : "+D"(memory), "+c"(count) : "a"(word) : "memory");
}

#endif
