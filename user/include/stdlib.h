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

/* The number at the start of STRING, after white space and a sign; 0 if there is none. */
int atoi(const char *string);
int abs(int value);

/* The double next to the decimal number at the start of TEXT, after white space and a sign; "inf",
   "infinity" and "nan" are numbers, too.  An infinity if it is too large; 0 if there is none, or if it is
   too small.  Where it ends goes to *END, unless END is NULL: TEXT itself if there is none. */
double strtod(const char *text, char **end);
/* The same without the end. */
double atof(const char *text);

/* Sorts COUNT elements of SIZE bytes by COMPARE, in place and in O(n log n) steps at worst. */
void qsort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *));
/* Finds an element equal to KEY in a sorted array, or NULL. */
void *bsearch(const void *key, const void *array, size_t count, size_t size,
              int (*compare)(const void *, const void *));

/* The same with a word AUX that is passed to COMPARE. */
void sort(void *array, size_t count, size_t size,
          int (*compare)(const void *, const void *, void *aux), void *aux);
void *binary_search(const void *key, const void *array, size_t count, size_t size,
                    int (*compare)(const void *, const void *, void *aux), void *aux);

#endif
