/* String functions that only user programs want. */
#include <string.h>

/* The first character of STRING that is in STOP, or NULL. */
char *strpbrk(const char *string, const char *stop) {
  string += strcspn(string, stop);
  return *string != '\0' ? (char *)string : NULL;
}
