/* The kernel's command line as words. */
#include "init/cmdline.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include "arch/i386/machine.h"
#include "kern/print.h"
#include "lib/string.h"

#define LINE_SIZE      2048
#define WORDS_MAX      256
#define REFUSED_STATUS 2

static char line[LINE_SIZE];
static char *words[WORDS_MAX + 1];

/* Says the line FORMAT and ends the machine. */
void cmdline_refuse(const char *format, ...) {
  va_list args;
  va_start(args, format);
  kvprintf(format, args);
  va_end(args);
  kprintf("\n");
  machine_exit(REFUSED_STATUS);
}

/* Takes the quotes out of the word at *NEXT, closing the gaps, and ends it; moves *NEXT behind it.
   Returns false if a quote has no partner. */
static bool take_word(char **next) {
  char *to = *next, *from = *next, quote = '\0';
  for (; *from != '\0' && (quote != '\0' || *from != ' '); from++) {
    if (*from == quote)
      quote = '\0';
    else if (quote == '\0' && (*from == '\'' || *from == '"'))
      quote = *from;
    else
      *to++ = *from;
  }
  if (*from != '\0') from++;
  *to = '\0';
  *next = from;
  return quote == '\0';
}

/* Splits the machine's command line. */
char **cmdline_split(void) {
  size_t length = strlcpy(line, machine_command_line(), sizeof line);
  if (length >= sizeof line || machine_command_line_is_cut())
    cmdline_refuse("the kernel's command line is too long");
  unsigned count = 0;
  for (char *next = line;;) {
    next += strspn(next, " ");
    if (*next == '\0') break;
    if (count == WORDS_MAX)
      cmdline_refuse("too many words on the kernel's command line (at most %d)", WORDS_MAX);
    words[count++] = next;
    if (!take_word(&next)) cmdline_refuse("a quote without its partner in `%s'", words[count - 1]);
  }
  words[count] = NULL;
  return words;
}
