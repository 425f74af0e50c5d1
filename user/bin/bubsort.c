/* bubsort: sorts a small array by exchanging neighbours, to have something that computes. */
#include <stdio.h>
#include <syscall.h>

#define SIZE 128

static int numbers[SIZE];

/* Sorts falling numbers and returns the smallest, which is 0. */
int main(void) {
  for (int i = 0; i < SIZE; i++) numbers[i] = SIZE - i - 1;
  for (int end = SIZE - 1; end > 0; end--)
    for (int i = 0; i < end; i++)
      if (numbers[i] > numbers[i + 1]) {
        int larger = numbers[i];
        numbers[i] = numbers[i + 1];
        numbers[i + 1] = larger;
      }
  printf("sort exiting with code %d\n", numbers[0]);
  return numbers[0];
}
