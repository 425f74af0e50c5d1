/* The console: the serial line, with a line editor for those who type.

   Input comes by interrupt into a buffer.  In line mode (the default) it is echoed and edited
   (backspace, ^U kills the line, ^W the word, ^D at the start ends the input, CR becomes LF) and
   handed out by whole lines, as a terminal does. */
#ifndef DEV_CONSOLE_H
#define DEV_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

void console_init(void);
/* Takes up to SIZE bytes; sleeps until there is a line (or the end of input, which gives 0). */
size_t console_read(char *buffer, size_t size);
/* Writes SIZE bytes as a whole, never interleaved with other output. */
void console_write(const char *text, size_t size);

#endif
