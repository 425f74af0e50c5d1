/* Reading what stands in /proc. */
#include <ctype.h>
#include <report.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>

/* Reads SIZE bytes from FD's position on into memory with a terminator; NULL if they are not all there. */
static char *read_all(int fd, int size) {
  char *text = size >= 0 ? malloc((size_t)size + 1) : NULL;
  if (text == NULL) return NULL;
  text[size] = '\0';
  if (read(fd, text, size) == size) return text;
  free(text);
  return NULL;
}

/* A report is whole when it is opened, and its size is known. */
char *report_read(const char *path) {
  int fd = open(path);
  if (fd < 0) return NULL;
  char *text = read_all(fd, filesize(fd));
  close(fd);
  return text;
}

/* The start of the line after TEXT. */
const char *report_next_line(const char *text) {
  text = strchr(text, '\n');
  return text != NULL && text[1] != '\0' ? text + 1 : NULL;
}

/* Looks at line after line. */
const char *report_find(const char *text, const char *name) {
  size_t length = strlen(name);
  for (; text != NULL && *text != '\0'; text = report_next_line(text)) {
    const char *rest = text + length;
    if (strncmp(text, name, length) != 0 || !isspace((unsigned char)*rest)) continue;
    while (*rest == ' ' || *rest == '\t') rest++;
    return rest;
  }
  return NULL;
}

/* The number that follows NAME. */
unsigned report_number(const char *text, const char *name) {
  const char *rest = report_find(text, name);
  return rest != NULL ? (unsigned)strtoul(rest, NULL, 10) : 0;
}
