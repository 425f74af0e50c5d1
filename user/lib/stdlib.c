/* Numbers. */
#include <ctype.h>
#include <stdlib.h>

/* The number at the start of STRING; overflow wraps. */
int atoi(const char *string) {
  unsigned value = 0;
  while (isspace(*string)) string++;
  char sign = *string;
  if (sign == '-' || sign == '+') string++;
  for (; isdigit(*string); string++) value = value * 10 + (unsigned)(*string - '0');
  return (int)(sign == '-' ? 0 - value : value);
}

/* VALUE without its sign. */
int abs(int value) {
  return value < 0 ? -value : value;
}
