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
int putchar(int c);
int puts(const char *string);

/* The next character of the keyboard, or EOF. */
int getchar(void);
/* Reads a line into BUFFER, without its newline, at most SIZE - 1 characters (the rest of a longer
   line is dropped).  Returns its length, or EOF if the input ended before the line. */
int readline(char *buffer, size_t size);

/* Prints SIZE bytes at BUFFER, 16 a line, counting from OFS; as characters too if ASCII. */
void hex_dump(uintptr_t ofs, const void *buffer, size_t size, bool ascii);
/* Prints SIZE bytes in the largest fitting unit, as in "12 kB". */
void print_human_readable_size(uint64_t size);

#endif
