/* <ctype.h> of the user library, for user_lib_test.c. */
#include <ctype.h>

int quire_class(int number, int c);

/* What class NUMBER (or conversion: the last two) of <ctype.h> gives for C. */
int quire_class(int number, int c) {
  switch (number) {
  case 0: return isalpha(c);
  case 1: return isdigit(c);
  case 2: return isalnum(c);
  case 3: return isupper(c);
  case 4: return islower(c);
  case 5: return isspace(c);
  case 6: return isblank(c);
  case 7: return isprint(c);
  case 8: return isgraph(c);
  case 9: return iscntrl(c);
  case 10: return ispunct(c);
  case 11: return isxdigit(c);
  case 12: return toupper(c);
  default: return tolower(c);
  }
}
