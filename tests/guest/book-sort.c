/* TEST: A textbook's program: sorts names and numbers and looks some up.
   OUTPUT: ^Ada Barbara Dennis Edsger Grace Ken$
   OUTPUT: ^Grace found, Linus not found$
   OUTPUT: ^sum of "12, -7, 0x1f": 36, then the rest ";"$
   OUTPUT: ^17 as text is < +17>, and \[11\]$ */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Compares two names. */
static int compare(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Says whether NAME is one of COUNT NAMES. */
static const char *look_up(const char *name, char **names, size_t count) {
  return bsearch(&name, names, count, sizeof *names, compare) != NULL ? "found" : "not found";
}

int main(void) {
  char *names[] = {"grace", "ada", "ken", "dennis", "barbara", "edsger"};
  size_t count = sizeof names / sizeof *names;
  char buffer[80];
  for (size_t i = 0; i < count; i++) {
    names[i] = strdup(names[i]);
    names[i][0] = (char)toupper(names[i][0]);
  }
  qsort(names, count, sizeof *names, compare);
  buffer[0] = '\0';
  for (size_t i = 0; i < count; i++)
    sprintf(buffer + strlen(buffer), i > 0 ? " %s" : "%s", names[i]);
  puts(buffer);
  printf("Grace %s, Linus %s\n", look_up("Grace", names, count), look_up("Linus", names, count));
  const char *text = "12, -7, 0x1f;";
  char *end = (char *)text;
  long sum = 0;
  for (const char *at = text; *at != '\0' && *at != ';'; at = *end == ',' ? end + 1 : end)
    sum += strtol(at, &end, 0);
  printf("sum of \"%.12s\": %ld, then the rest \"%s\"\n", text, sum, end);
  int number;
  sscanf("x=17", "x=%d", &number);
  printf("%d as text is <%5d>, and [%x]\n", number, number, number);
  return number < INT_MAX ? EXIT_SUCCESS : EXIT_FAILURE;
}
