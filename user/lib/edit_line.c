/* Editing a line at the guest's console. */
#include <edit.h>
#include <stdio.h>
#include <syscall.h>
#include "proc/syscall_numbers.h"

/* Shows SIZE bytes of TEXT. */
static void write_console(const char *text, size_t size) {
  write(STDOUT_FILENO, text, size);
}

/* Reads byte by byte, so that what was typed ahead of the line's end is left to whoever reads next. */
enum edit_result edit_line(struct edit *edit, const char *prompt) {
  int columns = console_mode(CONSOLE_KEYS);
  enum edit_result result = EDIT_MORE;
  unsigned char byte;
  if (columns <= 0) return EDIT_NO_TERMINAL;
  edit->columns = (unsigned)columns;
  edit->write = write_console;
  edit_begin(edit, prompt);
  while (result == EDIT_MORE)
    result = read(STDIN_FILENO, &byte, 1) == 1 ? edit_byte(edit, byte) : EDIT_END;
  console_mode(CONSOLE_LINES);
  return result;
}
