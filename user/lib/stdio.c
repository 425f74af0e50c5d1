/* Output that is gathered on the stack and written in one piece. */
#include <stdio.h>
#include <string.h>
#include <syscall.h>
#include "lib/printf.h"

/* Output of one call on its way to FD. */
struct output {
  int fd;
  int used;
  char text[STDIO_CHUNK];
};

/* Writes what OUT holds. */
static void output_flush(struct output *out) {
  if (out->used > 0) write(out->fd, out->text, out->used);
  out->used = 0;
}

/* Adds C to the struct output AUX, writing it out when it is full. */
static void output_put(char c, void *aux) {
  struct output *out = aux;
  if (out->used == STDIO_CHUNK) output_flush(out);
  out->text[out->used++] = c;
}

/* Formats ARGS by FORMAT to the file FD; returns the number of characters. */
int vhprintf(int fd, const char *format, va_list args) {
  struct output out;
  out.fd = fd;
  out.used = 0;
  int count = format_to(output_put, &out, format, args);
  output_flush(&out);
  return count;
}

/* Formats to the console from a va_list. */
int vprintf(const char *format, va_list args) {
  return vhprintf(STDOUT_FILENO, format, args);
}

/* Formats to the console; returns the number of characters. */
int printf(const char *format, ...) {
  va_list args;
  va_start(args, format);
  int count = vhprintf(STDOUT_FILENO, format, args);
  va_end(args);
  return count;
}

/* Formats to the file FD; returns the number of characters. */
int hprintf(int fd, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int count = vhprintf(fd, format, args);
  va_end(args);
  return count;
}

/* Writes the character C to the console and returns it. */
int putchar(int c) {
  char byte = (char)c;
  write(STDOUT_FILENO, &byte, 1);
  return c;
}

/* Writes STRING and a newline to the console. */
int puts(const char *string) {
  printf("%s\n", string);
  return 0;
}

/* Formats ARGS to BUFFER, without knowing its room. */
int vsprintf(char *buffer, const char *format, va_list args) {
  return vsnprintf(buffer, SIZE_MAX, format, args);
}

/* Formats to BUFFER, without knowing its room; returns the number of characters. */
int sprintf(char *buffer, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int count = vsprintf(buffer, format, args);
  va_end(args);
  return count;
}

/* Prints SIZE as a number below 1024 and a unit. */
void print_human_readable_size(uint64_t size) {
  static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
  unsigned unit = 0;
  if (size == 1) {
    printf("1 byte");
    return;
  }
  for (; size >= 1024 && unit < 4; unit++) size >>= 10;
  printf("%llu %s", (unsigned long long)size, units[unit]);
}
