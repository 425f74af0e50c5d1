/* The console: the serial line, with a line editor for those who type.

   Input comes by interrupt into a buffer.  By lines (the default) it is echoed and edited
   (backspace, ^U kills the line, ^W the word, ^D at the start ends the input, CR becomes LF) and
   handed out by whole lines, as a terminal does.  By keys it is handed out as it comes, without echo.
   Where a terminal is at the other end, Ctrl-C goes to whoever asked to be told of it. */
#ifndef DEV_CONSOLE_H
#define DEV_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void console_init(void);
/* A terminal COLUMNS wide is at the other end.  INTERRUPT is called by the interrupt handler when Ctrl-C
   comes; it returns false to have it read like any other key. */
void console_set_terminal(unsigned columns, bool (*interrupt)(void));
/* The columns of the terminal at the other end, or 0: it may be a file or a pipe. */
unsigned console_columns(void);
/* From the next read on, what is typed is read by keys, or by lines. */
void console_set_keys(bool keys);
/* What console_read() gives to a thread that was interrupted (kern/sync.h). */
#define CONSOLE_INTERRUPTED (-1)
/* Takes up to SIZE bytes; sleeps until there is a line (or the end of input, which gives 0), or a
   key. */
long console_read(char *buffer, size_t size);
/* Writes SIZE bytes as a whole, never interleaved with other output. */
void console_write(const char *text, size_t size);

#endif
