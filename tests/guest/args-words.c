/* TEST: The words of the command line become the arguments, in order, split at runs of spaces.
   ARGS: one two t-h.r,e;e 'four five'
   OUTPUT: Execution of 'args-words one two t-h\.r,e;e 'four five'' complete\. */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Compares all: quotes mean nothing. */
void test_main(void) {
  static const char *const words[] = {"args-words", "one", "two", "t-h.r,e;e", "'four", "five'"};
  int count = sizeof words / sizeof *words;
  CHECK(test_argc == count, "argc is %d", test_argc);
  for (int i = 0; i < count; i++)
    CHECK(strcmp(test_argv[i], words[i]) == 0, "argv[%d] is '%s'", i, test_argv[i]);
  CHECK(test_argv[count] == NULL, "argv[argc] must be null");
}
