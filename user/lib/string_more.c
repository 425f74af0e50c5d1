/* String functions that only user programs want. */
#include <malloc.h>
#include <string.h>

/* Copies SRC to DST, without knowing its room. */
char *strcpy(char *dst, const char *src) {
  memcpy(dst, src, strlen(src) + 1);
  return dst;
}

/* Copies up to SIZE characters of SRC to DST and pads it to SIZE. */
char *strncpy(char *dst, const char *src, size_t size) {
  size_t length = strnlen(src, size);
  memcpy(dst, src, length);
  memset(dst + length, '\0', size - length);
  return dst;
}

/* Appends SRC to DST, without knowing its room. */
char *strcat(char *dst, const char *src) {
  strcpy(dst + strlen(dst), src);
  return dst;
}

/* Appends up to SIZE characters of SRC and a terminator to DST. */
char *strncat(char *dst, const char *src, size_t size) {
  char *end = dst + strlen(dst);
  size_t length = strnlen(src, size);
  memcpy(end, src, length);
  end[length] = '\0';
  return dst;
}

/* A copy of STRING in memory of its own, or NULL. */
char *strdup(const char *string) {
  return strndup(string, strlen(string));
}

/* A copy of up to SIZE characters of STRING, or NULL. */
char *strndup(const char *string, size_t size) {
  size_t length = strnlen(string, size);
  char *copy = malloc(length + 1);
  if (copy == NULL) return NULL;
  memcpy(copy, string, length);
  copy[length] = '\0';
  return copy;
}

/* The first character of STRING that is in STOP, or NULL. */
char *strpbrk(const char *string, const char *stop) {
  string += strcspn(string, stop);
  return *string != '\0' ? (char *)string : NULL;
}

/* The next word of STRING; the place is kept here. */
char *strtok(char *string, const char *delimiters) {
  static char *save;
  if (string == NULL && save == NULL) return NULL;
  return strtok_r(string, delimiters, &save);
}
