/* Memory and string functions with the standard names and meanings. */
#ifndef USER_STRING_H
#define USER_STRING_H

#include "lib/string.h"

/* Copies SRC with its terminator to DST, which has room for it; returns DST.  strlcpy() checks the room. */
char *strcpy(char *dst, const char *src);
/* Copies up to SIZE characters of SRC to DST and fills the rest of the SIZE with terminators: there is none if
   SRC has SIZE characters or more. */
char *strncpy(char *dst, const char *src, size_t size);
/* Appends SRC, or up to SIZE characters of it and a terminator, to DST, which has room for it; returns DST. */
char *strcat(char *dst, const char *src);
char *strncat(char *dst, const char *src, size_t size);
/* A copy of STRING, or of up to SIZE characters of it, for free(); NULL: no memory. */
char *strdup(const char *string);
char *strndup(const char *string, size_t size);

/* The first character of STRING that is in STOP, or NULL. */
char *strpbrk(const char *string, const char *stop);
/* strtok_r() with a place of its own: one string at a time. */
char *strtok(char *string, const char *delimiters);

#endif
