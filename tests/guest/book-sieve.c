/* TEST: A textbook's program: the sieve of Eratosthenes.
   OUTPUT: ^9592 primes below 100000, the last is 99991$ */
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT 100000

int main(void) {
  bool *composite = calloc(LIMIT, sizeof *composite);
  assert(composite != NULL);
  int count = 0, last = 0;
  for (int i = 2; i < LIMIT; i++) {
    if (composite[i]) continue;
    count++;
    last = i;
    for (long k = (long)i * i; k < LIMIT && k > 0; k += i) composite[k] = true;
  }
  free(composite);
  printf("%d primes below %d, the last is %d\n", count, LIMIT, last);
  return EXIT_SUCCESS;
}
