/* mcp OLD NEW: copies a file from one mapping to another. */
#include <stdio.h>
#include <string.h>
#include <syscall.h>

/* Where they are mapped: 256 MB apart. */
#define OLD_ADDRESS ((void *)0x10000000)
#define NEW_ADDRESS ((void *)0x20000000)

/* Opens the file NAME; ends the program if that fails. */
static int open_or_exit(const char *name) {
  int fd = open(name);
  if (fd >= 0) return fd;
  printf("%s: open failed\n", name);
  exit(EXIT_FAILURE);
}

/* Maps the file FD, called NAME, at ADDRESS; ends the program if that fails. */
static void map_or_exit(int fd, const char *name, void *address) {
  if (mmap(fd, address) != MAP_FAILED) return;
  printf("%s: mmap failed\n", name);
  exit(EXIT_FAILURE);
}

/* Makes NEW as large as OLD and copies. */
int main(int argc, char *argv[]) {
  if (argc != 3) {
    printf("usage: mcp OLD NEW\n");
    return EXIT_FAILURE;
  }
  int old = open_or_exit(argv[1]);
  int size = filesize(old);
  if (!create(argv[2], size)) {
    printf("%s: create failed\n", argv[2]);
    return EXIT_FAILURE;
  }
  if (size == 0) return EXIT_SUCCESS;
  map_or_exit(old, argv[1], OLD_ADDRESS);
  map_or_exit(open_or_exit(argv[2]), argv[2], NEW_ADDRESS);
  memcpy(NEW_ADDRESS, OLD_ADDRESS, size);
  return EXIT_SUCCESS;
}
