/* Assertions, panics and the attributes that Pintos programs use. */
#ifndef USER_DEBUG_H
#define USER_DEBUG_H

#include "lib/debug.h"

#define UNUSED                    __attribute__((unused))
#define NO_RETURN                 __attribute__((noreturn))
#define NO_INLINE                 __attribute__((noinline))
#define PRINTF_FORMAT(FMT, FIRST) __attribute__((format(printf, FMT, FIRST)))
#define SCANF_FORMAT(FMT, FIRST)  __attribute__((format(__scanf__, FMT, FIRST)))

#endif
