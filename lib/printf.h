/* Formatted output to anything that takes characters.

   Conversions: d i u x X o c s p %, flags - 0 + space # and ' (groups thousands by commas),
   width and precision as digits or *, sizes hh h l ll z j t.  User programs have f F e E g G and the
   size L as well (format.h); the kernel has no floating point. */
#ifndef LIB_PRINTF_H
#define LIB_PRINTF_H

#include <stdarg.h>
#include <stddef.h>

typedef void put_char(char c, void *aux);

/* Formats into PUT(character, AUX), one call a character; returns their number. */
int format_to(put_char *put, void *aux, const char *format, va_list args);

/* As in C99: at most SIZE bytes with the terminator; returns the length it wanted. */
int vsnprintf(char *buffer, size_t size, const char *format, va_list args);
int snprintf(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
