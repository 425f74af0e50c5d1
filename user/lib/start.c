/* Where a program begins. */
#include <syscall.h>

int main(int argc, char *argv[]);
void _start(int argc, char *argv[]) NO_RETURN;

/* The kernel calls this as a C function with a return address that leads nowhere. */
void _start(int argc, char *argv[]) {
  exit(main(argc, argv));
}
