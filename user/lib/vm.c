/* The heap's end. */
#include <vm.h>

/* The system call itself: an address or an enum vm_error. */
void *heap_move(intptr_t delta);

void *sbrk(intptr_t delta) __attribute__((weak));

/* Moves the end of the heap; every error is -1. */
void *sbrk(intptr_t delta) {
  void *old = heap_move(delta);
  return vm_is_error(old) ? (void *)-1 : old;
}
