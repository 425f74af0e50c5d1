/* Characters and lines from the keyboard and from files. */
#include <stdio.h>
#include <syscall.h>

static int put_back = EOF; /* What ungetchar() was given. */

/* The next byte of the file FD, or EOF. */
static int get_byte(int fd) {
  unsigned char byte;
  return read(fd, &byte, 1) == 1 ? byte : EOF;
}

/* The next character of the keyboard, or EOF; sleeps until there is one. */
int getchar(void) {
  int c = put_back;
  put_back = EOF;
  return c != EOF ? c : get_byte(STDIN_FILENO);
}

/* Puts C back. */
int ungetchar(int c) {
  put_back = c;
  return c;
}

/* Reads a line, which starts with C, from FD into the SIZE bytes of BUFFER without its LF or CR LF; its length,
   or EOF. */
static int read_rest(int fd, int c, char *buffer, size_t size) {
  size_t length = 0;
  bool returned = false; /* The last character is a CR, in the buffer. */
  if (c == EOF) return EOF;
  for (; c != EOF && c != '\n'; c = get_byte(fd)) {
    returned = c == '\r' && length + 1 < size;
    if (length + 1 < size) buffer[length++] = (char)c;
  }
  if (returned && c == '\n') length--;
  if (size > 0) buffer[length] = '\0';
  return (int)length;
}

/* Reads a line from the keyboard. */
int readline(char *buffer, size_t size) {
  return read_rest(STDIN_FILENO, getchar(), buffer, size);
}

/* Reads a line from FD. */
int hreadline(int fd, char *buffer, size_t size) {
  return fd == STDIN_FILENO ? readline(buffer, size) : read_rest(fd, get_byte(fd), buffer, size);
}
