/* TEST: A textbook's program: guess the number, which answers to what is typed.
   STDIN: 50\nabc\n101\n 7 \n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n
   OUTPUT: ^not a number$
   OUTPUT: ^too large$
   OUTPUT: ^found after \d+ guesses$
   ALLOW: .* */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  srand(2024);
  int secret = 1 + rand() % 10, guess, tries = 0;
  for (;;) {
    printf("guess (1 to 10): ");
    int got = scanf("%d", &guess);
    if (got == EOF) return 1;
    if (got != 1) {
      printf("not a number\n");
      while (getchar() != '\n') continue;
      continue;
    }
    tries++;
    if (guess == secret) break;
    printf(guess < secret ? "too small\n" : "too large\n");
  }
  printf("found after %d guesses\n", tries);
  return 0;
}
