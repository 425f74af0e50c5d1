/* echo [WORD...]: prints its arguments. */
#include <stdio.h>
#include <string.h>
#include <syscall.h>

/* Prints the words and a newline, in one piece while they fit. */
int main(int argc, char *argv[]) {
  char line[STDIO_CHUNK] = "";
  size_t used = 0;
  for (int i = 1; i < argc; i++) {
    if (used + strlen(argv[i]) + 2 > sizeof line) {
      printf("%s", line);
      used = 0;
    }
    if (strlen(argv[i]) + 2 > sizeof line)
      printf("%s%s", argv[i], i + 1 < argc ? " " : "");
    else
      used += snprintf(line + used, sizeof line - used, "%s%s", argv[i], i + 1 < argc ? " " : "");
    line[used] = '\0';
  }
  puts(line);
  return EXIT_SUCCESS;
}
