/* Inside formatted output: what printf.c shares with the file that knows floating-point numbers.

   The kernel must not touch the floating-point unit, so that file is another one in each image:
   format_none.c in the kernel, user/lib/format_float.c in user programs. */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>

#include "lib/printf.h"

enum flag {
  FLAG_LEFT = 1,    /* -: padding goes to the right. */
  FLAG_ZERO = 2,    /* 0: numbers are padded with zeroes. */
  FLAG_PLUS = 4,    /* +: numbers that are not negative get a plus, */
  FLAG_SPACE = 8,   /* or a space. */
  FLAG_PREFIX = 16, /* #: 0x, or a leading 0; a point in any case. */
  FLAG_GROUP = 32   /* ': thousands are grouped. */
};

/* Where the output goes. */
struct output {
  put_char *put;
  void *aux;
  int count;
};

/* One conversion. */
struct conversion {
  unsigned flags;
  int width;
  int precision; /* -1: none was given. */
  int size;      /* Bytes of an integer argument; FORMAT_LONG_DOUBLE. */
  char type;
};

/* The size that stands for the letter L. */
#define FORMAT_LONG_DOUBLE 10

/* The argument list, to be handed on by address: a va_list may be an array. */
struct arguments {
  va_list list;
};

/* Puts out C, COUNT times; not at all if that is negative. */
void output_run(struct output *output, char c, int count);
/* Puts out the LENGTH characters at TEXT. */
void output_text(struct output *output, const char *text, int length);

/* Puts out a floating-point number from ARGUMENTS; false, with nothing taken, if CONVERSION is of
   another type. */
bool format_float(struct output *output, const struct conversion *conversion,
                  struct arguments *arguments);

#endif
