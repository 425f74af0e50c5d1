/* assert(): a bug of the program if the expression is false.  With NDEBUG, nothing.  May be included again with
   and without it, as the standard has it. */
#undef assert

#ifdef NDEBUG
#define assert(EXPRESSION) ((void)0)
#else
#define assert(EXPRESSION)                                                                         \
  ((EXPRESSION) ? (void)0                                                                          \
                : debug_panic(__FILE__, __LINE__, __func__, "assertion `%s' failed", #EXPRESSION))
#endif

#ifndef USER_ASSERT_H
#define USER_ASSERT_H

#include <debug.h>

#define static_assert _Static_assert

#endif
