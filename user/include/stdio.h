/* Formatted output to the console and to files, and lines from the keyboard.

   Output is not kept back: each call passes what it formats to the kernel, in one write as long as
   it is no longer than STDIO_CHUNK bytes, so lines of several programs do not mix. */
#ifndef USER_STDIO_H
#define USER_STDIO_H

#include <debug.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STDIN_FILENO  0
#define STDOUT_FILENO 1
#define EOF           (-1)

/* Longest output that is one write. */
#define STDIO_CHUNK 512

int printf(const char *format, ...) PRINTF_FORMAT(1, 2);
int vprintf(const char *format, va_list args) PRINTF_FORMAT(1, 0);
int hprintf(int fd, const char *format, ...) PRINTF_FORMAT(2, 3);
int vhprintf(int fd, const char *format, va_list args) PRINTF_FORMAT(2, 0);
int snprintf(char *buffer, size_t size, const char *format, ...) PRINTF_FORMAT(3, 4);
int vsnprintf(char *buffer, size_t size, const char *format, va_list args) PRINTF_FORMAT(3, 0);
/* Put text into BUFFER, whose room is not known: it must be enough. */
int sprintf(char *buffer, const char *format, ...) PRINTF_FORMAT(2, 3);
int vsprintf(char *buffer, const char *format, va_list args) PRINTF_FORMAT(2, 0);
int putchar(int c);
int puts(const char *string);

/* The next character of the keyboard, or EOF. */
int getchar(void);
/* Puts C back: the next that getchar(), readline() or scanf() take.  One at a time; returns C. */
int ungetchar(int c);
/* Reads a line into BUFFER, without its LF or CR LF, at most SIZE - 1 characters (the rest of a longer
   line is dropped).  Returns its length, or EOF if the input ended before the line. */
int readline(char *buffer, size_t size);
/* Reads a line of the file FD, from its position on, into BUFFER as readline() does from the keyboard. */
int hreadline(int fd, char *buffer, size_t size);
/* Reads a line of the keyboard that holds one decimal number and blanks, into *VALUE.  1, or 0 if it holds
   something else or the number is no int, or EOF. */
int read_int(int *value);

/* Reads from the keyboard, or STRING, by FORMAT: conversions d i u o x X p c s [ n %, e f g, * for what is not
   stored, a width, sizes hh h l ll j z t.  White space stands for any amount of it.  Returns the number of
   conversions stored, or EOF if the input ended before the first.  A number too large is cut as strtol() does.
   What does not fit stays to be read; %s and %[ without a width write as much as comes. */
int scanf(const char *format, ...) SCANF_FORMAT(1, 2);
int sscanf(const char *string, const char *format, ...) SCANF_FORMAT(2, 3);
int vscanf(const char *format, va_list args) SCANF_FORMAT(1, 0);
int vsscanf(const char *string, const char *format, va_list args) SCANF_FORMAT(2, 0);

/* Prints SIZE bytes at BUFFER, 16 a line, counting from OFS; as characters too if ASCII. */
void hex_dump(uintptr_t ofs, const void *buffer, size_t size, bool ascii);
/* Prints SIZE bytes in the largest fitting unit, as in "12 kB". */
void print_human_readable_size(uint64_t size);

#endif
