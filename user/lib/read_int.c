/* Numbers from the keyboard, one a line. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define LINE_SIZE 80 /* A longer line is no number. */

/* Reads a line that holds a number. */
int read_int(int *value) {
  char line[LINE_SIZE], *end;
  int length = readline(line, sizeof line);
  if (length == EOF) return EOF;
  if (length == LINE_SIZE - 1) return 0; /* It may have been cut. */
  long number = strtol(line, &end, 10);
  if (end == line || (unsigned long)number != strtoul(line, NULL, 10)) return 0;
  while (isspace((unsigned char)*end)) end++;
  if (*end != '\0') return 0;
  *value = (int)number;
  return 1;
}
