/* The path of the working directory, found by asking each parent for its child's name. */
#include <path.h>
#include <stdio.h>
#include <string.h>
#include <syscall.h>

/* Deepest working directory whose name is found. */
#define DEPTH_MAX 128
/* What the root has without listing it. */
#define UNLISTED "proc"

/* inumber of the file or directory PATH, or -1. */
static int path_inumber(const char *path) {
  int fd = open(path);
  if (fd < 0) return -1;
  int number = inumber(fd);
  close(fd);
  return number;
}

/* Whether NAME in directory PARENT (a path with a slash at its end) is what has NUMBER as its inumber. */
static bool is_number_of(const char *parent, const char *name, int number) {
  char path[3 * DEPTH_MAX + NAME_MAX + 2];
  snprintf(path, sizeof path, "%s%s", parent, name);
  return path_inumber(path) == number;
}

/* The entry of PARENT whose inumber is NUMBER, in NAME of NAME_MAX + 1 bytes; false if there is none.  One that is not
   on disk is not listed. */
static bool find_name(const char *parent, int number, char *name) {
  bool found = false;
  int fd = open(parent);
  if (fd < 0) return false;
  while (!found && readdir_name(fd, name, NAME_MAX + 1) > 0)
    found = is_number_of(parent, name, number);
  close(fd);
  if (!found) strlcpy(name, UNLISTED, NAME_MAX + 1);
  return found || is_number_of(parent, name, number);
}

/* Puts "/NAME" in front of the path at *START, NAME being the entry of directory PARENT whose inumber is NUMBER; FIRST
   is where the buffer begins. */
static bool prepend_name(const char *parent, int number, char *first, char **start) {
  char name[NAME_MAX + 1];
  if (!find_name(parent, number, name) || strlen(name) + 1 > (size_t)(*start - first)) return false;
  *start -= strlen(name) + 1;
  **start = '/';
  memcpy(*start + 1, name, strlen(name));
  return true;
}

/* The path of the working directory in BUFFER of SIZE bytes. */
bool getcwd(char *buffer, size_t size) {
  char parent[3 * DEPTH_MAX + 1] = "";
  char *start = buffer + size - 1;
  int number = path_inumber(".");
  if (size < 2 || number < 0) return false;
  *start = '\0';
  for (int depth = 0;; depth++) {
    if (depth == DEPTH_MAX) return false;
    strlcat(parent, "../", sizeof parent);
    int above = path_inumber(parent);
    if (above < 0) return false;
    if (above == number) break; /* The root is its own parent. */
    if (!prepend_name(parent, number, buffer, &start)) return false;
    number = above;
  }
  if (*start == '\0') *--start = '/';
  memmove(buffer, start, strlen(start) + 1);
  return true;
}

/* Whether PATH begins like an ELF file. */
bool is_program(const char *path) {
  unsigned char magic[4] = {0};
  int fd = open(path);
  if (fd < 0) return false;
  bool result = !isdir(fd) && read(fd, magic, sizeof magic) == sizeof magic &&
                memcmp(magic, "\177ELF", sizeof magic) == 0;
  close(fd);
  return result;
}
