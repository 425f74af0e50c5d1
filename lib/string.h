/* Memory and string functions with the standard names and meanings. */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include <stddef.h>

void *memcpy(void *dst, const void *src, size_t size);
void *memmove(void *dst, const void *src, size_t size);
void *memset(void *dst, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *block, int byte, size_t size);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
char *strchr(const char *string, int c);
char *strrchr(const char *string, int c);
char *strstr(const char *haystack, const char *needle);
size_t strlen(const char *string);
size_t strnlen(const char *string, size_t max);
size_t strlcpy(char *dst, const char *src, size_t size);
size_t strlcat(char *dst, const char *src, size_t size);
char *strtok_r(char *string, const char *delimiters, char **save);
size_t strspn(const char *string, const char *accept);
size_t strcspn(const char *string, const char *reject);

#endif
