/* Assertions and panics, for every program in the tree.

   The kernel, the host rig and the user library each define debug_panic() in their own way.
   - ASSERT(cond): a bug of ours if COND is false; always compiled in.
   - PANIC(fmt, ...): a bug of ours was found; never returns.
   - NOT_REACHED(): marks code that cannot be reached. */
#ifndef LIB_DEBUG_H
#define LIB_DEBUG_H

_Noreturn void debug_panic(const char *file, int line, const char *function, const char *format,
                           ...) __attribute__((format(printf, 4, 5)));

#define PANIC(...) debug_panic(__FILE__, __LINE__, __func__, __VA_ARGS__)
#define ASSERT(COND)                                                                               \
  do {                                                                                             \
    if (__builtin_expect(!(COND), 0)) PANIC("assertion `%s' failed", #COND);                       \
  } while (0)
#define NOT_REACHED() PANIC("executed an unreachable statement")

#endif
