/* pwd: prints the path of the working directory. */
#include <path.h>
#include <stdio.h>
#include <syscall.h>

/* Prints it on a line. */
int main(void) {
  char path[1024];
  if (!getcwd(path, sizeof path)) {
    printf("pwd: cannot find the name of the working directory\n");
    return EXIT_FAILURE;
  }
  puts(path);
  return EXIT_SUCCESS;
}
