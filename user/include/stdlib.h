/* Numbers, memory, sorting and searching. */
#ifndef USER_STDLIB_H
#define USER_STDLIB_H

#include <debug.h>
#include <malloc.h>
#include <stddef.h>

#ifndef EXIT_SUCCESS
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#endif

void exit(int status) NO_RETURN;
/* Says so and ends with status 1. */
void abort(void) NO_RETURN;

/* The number at the start of STRING in BASE, after white space and a sign; *END (END may be NULL) is what
   follows it.  BASE is 2 to 36, or 0: 16 after 0x, 8 after another 0, else 10; 0x may also stand in base 16.
   Too large or small a number gives the largest or smallest there is; there is no errno.  0, and END at
   STRING, if there is none.  strtoul() takes a sign too and wraps around. */
long strtol(const char *string, char **end, int base);
unsigned long strtoul(const char *string, char **end, int base);
/* strtol() in base 10, without the end. */
long atol(const char *string);
int atoi(const char *string);
int abs(int value);
long labs(long value);

/* A number from 0 to RAND_MAX, the next of the sequence of the last srand(), that of 1 if there was none.
   <random.h> has better ones. */
#define RAND_MAX 0x7fffffff
int rand(void);
void srand(unsigned seed);

/* The double next to the decimal number at the start of TEXT, after white space and a sign; "inf",
   "infinity" and "nan" are numbers, too.  An infinity if it is too large; 0 if there is none, or if it is
   too small.  Where it ends goes to *END, unless END is NULL: TEXT itself if there is none. */
double strtod(const char *text, char **end);
/* The double next to the number at the start of TEXT, or 0, where nobody asks for its end. */
double atof(const char *text);

/* Sorts COUNT elements of SIZE bytes by COMPARE, in place and in O(n log n) steps at worst. */
void qsort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *));
/* Finds an element equal to KEY in a sorted array, or NULL. */
void *bsearch(const void *key, const void *array, size_t count, size_t size,
              int (*compare)(const void *, const void *));

/* Sort and find like qsort() and bsearch(), with a word AUX that is passed to COMPARE. */
void sort(void *array, size_t count, size_t size,
          int (*compare)(const void *, const void *, void *aux), void *aux);
void *binary_search(const void *key, const void *array, size_t count, size_t size,
                    int (*compare)(const void *, const void *, void *aux), void *aux);

#endif
