/* child-cwd NAME: ends with 0 if NAME is in its working directory, which it then leaves. */
#include <syscall.h>

/* Looks, and goes to the root, which must not matter to the parent. */
int main(int argc, char *argv[]) {
  int fd = argc > 1 ? open(argv[1]) : -1;
  return fd >= 0 && chdir("/") ? 0 : 1;
}
