/* mkdir DIRECTORY...: makes directories. */
#include <stdio.h>
#include <syscall.h>

/* Makes each argument; fails if one could not be made. */
int main(int argc, char *argv[]) {
  bool success = argc > 1;
  if (argc < 2) printf("usage: mkdir DIRECTORY...\n");
  for (int i = 1; i < argc; i++)
    if (!mkdir(argv[i])) {
      printf("%s: mkdir failed\n", argv[i]);
      success = false;
    }
  return success ? EXIT_SUCCESS : EXIT_FAILURE;
}
