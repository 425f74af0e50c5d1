/* rm FILE...: removes files and empty directories. */
#include <stdio.h>
#include <syscall.h>

/* Removes each argument; fails if one could not be removed. */
int main(int argc, char *argv[]) {
  bool success = true;
  for (int i = 1; i < argc; i++)
    if (!remove(argv[i])) {
      printf("%s: remove failed\n", argv[i]);
      success = false;
    }
  return success ? EXIT_SUCCESS : EXIT_FAILURE;
}
