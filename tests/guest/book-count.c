/* TEST: A textbook's program: counts lines, words and characters of its input.
   STDIN: the quick brown fox\n\njumps over\n
   OUTPUT: ^lines 3 words 6 characters 32$
   ALLOW: the quick brown fox|jumps over */
#include <ctype.h>
#include <stdio.h>

int main(void) {
  int c, lines = 0, words = 0, characters = 0, in_word = 0;
  while ((c = getchar()) != EOF) {
    characters++;
    if (c == '\n') lines++;
    if (isspace(c))
      in_word = 0;
    else if (!in_word) {
      in_word = 1;
      words++;
    }
  }
  printf("lines %d words %d characters %d\n", lines, words, characters);
  return 0;
}
