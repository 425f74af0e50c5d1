/* How a program of ours fails. */
#include <debug.h>
#include <stdio.h>
#include <syscall.h>

/* Prints where and why, and ends the program with status 1. */
void debug_panic(const char *file, int line, const char *function, const char *format, ...) {
  char message[200];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  printf("User process ABORT at %s:%d in %s(): %s\n", file, line, function, message);
  exit(1);
}
