/* Memory and string functions in portable C.

   memcpy(), memmove() and memset() are weak: a program that links a machine's own ones (the
   kernel: arch/i386/memory.S) gets those.  KEEP_LOOP stands in each loop that a compiler may take
   for one of these functions and turn into a call of itself. */
#include "lib/string.h"

#include <stdint.h>

#define KEEP_LOOP() __asm__ volatile("" : : : "memory")
#define WEAK        __attribute__((weak))

/* Copies SIZE bytes; DST and SRC do not overlap, or DST begins below SRC. */
WEAK void *memcpy(void *dst, const void *src, size_t size) {
  char *to = dst;
  const char *from = src;
  while (size-- > 0) {
    *to++ = *from++;
    KEEP_LOOP();
  }
  return dst;
}

/* Copies SIZE bytes; DST and SRC may overlap. */
WEAK void *memmove(void *dst, const void *src, size_t size) {
  if ((uintptr_t)dst - (uintptr_t)src >= size) return memcpy(dst, src, size);
  char *to = dst;
  const char *from = src;
  while (size-- > 0) {
    to[size] = from[size];
    KEEP_LOOP();
  }
  return dst;
}

/* Sets SIZE bytes to BYTE. */
WEAK void *memset(void *dst, int byte, size_t size) {
  char *to = dst;
  while (size-- > 0) {
    *to++ = (char)byte;
    KEEP_LOOP();
  }
  return dst;
}

/* Compares SIZE bytes: below 0, 0, or above 0. */
int memcmp(const void *a, const void *b, size_t size) {
  const unsigned char *left = a, *right = b;
  for (size_t i = 0; i < size; i++) {
    KEEP_LOOP();
    if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return 0;
}

/* The first BYTE in the SIZE bytes at BLOCK, or NULL. */
void *memchr(const void *block, int byte, size_t size) {
  const unsigned char *bytes = block;
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] == (unsigned char)byte) return (void *)(uintptr_t)&bytes[i];
  }
  return NULL;
}

/* Compares two strings by their bytes without sign. */
int strcmp(const char *a, const char *b) {
  return strncmp(a, b, SIZE_MAX);
}

/* Compares at most SIZE characters of two strings. */
int strncmp(const char *a, const char *b, size_t size) {
  for (size_t i = 0; i < size; i++) {
    unsigned char left = (unsigned char)a[i], right = (unsigned char)b[i];
    if (left != right) return left < right ? -1 : 1;
    if (left == '\0') return 0;
  }
  return 0;
}

/* The first C in STRING, whose terminator counts, or NULL. */
char *strchr(const char *string, int c) {
  for (;; string++) {
    if (*string == (char)c) return (char *)(uintptr_t)string;
    if (*string == '\0') return NULL;
  }
}

/* The last C in STRING, whose terminator counts, or NULL. */
char *strrchr(const char *string, int c) {
  const char *last = NULL;
  for (;; string++) {
    if (*string == (char)c) last = string;
    if (*string == '\0') return (char *)(uintptr_t)last;
  }
}

/* The first NEEDLE in HAYSTACK, or NULL. */
char *strstr(const char *haystack, const char *needle) {
  size_t size = strlen(needle);
  for (;; haystack++) {
    if (strncmp(haystack, needle, size) == 0) return (char *)(uintptr_t)haystack;
    if (*haystack == '\0') return NULL;
  }
}

/* The length of STRING without its terminator. */
size_t strlen(const char *string) {
  size_t length = 0;
  while (string[length] != '\0') {
    length++;
    KEEP_LOOP();
  }
  return length;
}

/* The length of STRING, or MAX if it is longer. */
size_t strnlen(const char *string, size_t max) {
  size_t length = 0;
  while (length < max && string[length] != '\0') length++;
  return length;
}

/* Copies SRC into the SIZE bytes at DST, cut to fit with its terminator.  Returns SRC's length: the
   copy was cut if that is SIZE or more. */
size_t strlcpy(char *dst, const char *src, size_t size) {
  size_t length = strlen(src);
  if (size > 0) {
    size_t copied = length < size ? length : size - 1;
    memcpy(dst, src, copied);
    dst[copied] = '\0';
  }
  return length;
}

/* Appends SRC to the string in the SIZE bytes at DST, cut to fit.  Returns the length wanted. */
size_t strlcat(char *dst, const char *src, size_t size) {
  size_t length = strnlen(dst, size);
  return length + strlcpy(dst + length, src, size - length);
}

/* The next word of STRING between any of DELIMITERS, or NULL if there is none left.  STRING is NULL
   after the first call; *SAVE keeps the place.  Writes terminators into the string. */
char *strtok_r(char *string, const char *delimiters, char **save) {
  char *word = string != NULL ? string : *save;
  word += strspn(word, delimiters);
  if (*word == '\0') {
    *save = word;
    return NULL;
  }
  char *end = word + strcspn(word, delimiters);
  *save = end;
  if (*end != '\0') {
    *end = '\0';
    *save = end + 1;
  }
  return word;
}

/* The number of characters at the start of STRING that are in ACCEPT. */
size_t strspn(const char *string, const char *accept) {
  size_t length = 0;
  while (string[length] != '\0' && strchr(accept, string[length]) != NULL) length++;
  return length;
}

/* The number of characters at the start of STRING that are not in REJECT. */
size_t strcspn(const char *string, const char *reject) {
  size_t length = 0;
  while (string[length] != '\0' && strchr(reject, string[length]) == NULL) length++;
  return length;
}
