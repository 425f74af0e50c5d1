/* TEST: The user library formats as C99 does, by one write for each call.
   OUTPUT: ^\(lib\) 42 -7 2a 0X2A 52 c str % 00042\s+42\|$ */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "tests/guest/lib/test.h"

/* What FORMAT makes must be TEXT. */
#define SAME(TEXT, ...)                                                                            \
  do {                                                                                             \
    char made[100];                                                                                \
    int length = snprintf(made, sizeof made, __VA_ARGS__);                                         \
    CHECK(strcmp(made, TEXT) == 0, "'%s' instead of '%s'", made, TEXT);                            \
    CHECK(length == (int)strlen(TEXT), "length %d of '%s'", length, TEXT);                         \
  } while (0)

/* Numbers, strings, widths, and a buffer that is too small. */
void test_main(void) {
  char small[6];
  printf("(lib) %d %i %x %#X %o %c %s %% %05d %5u|\n", 42, -7, 42, 42, 42, 'c', "str", 42, 42);
  SAME("-2147483648 2147483647", "%d %d", INT_MIN, INT_MAX);
  SAME("4294967295 ffffffff", "%u %x", UINT_MAX, UINT_MAX);
  SAME("-9223372036854775808", "%lld", LLONG_MIN);
  SAME("18446744073709551615", "%llu", ULLONG_MAX);
  SAME("12345678901234567890", "%" PRIu64, UINT64_C(12345678901234567890));
  SAME("  x|x  |00x", "%3s|%-3s|00%s", "x", "x", "x");
  SAME("+5  5 -5", "%+d % d % d", 5, 5, -5);
  SAME("abc", "%.3s", "abcdef");
  SAME("  007", "%5.3d", 7);
  SAME("    9|9   ", "%*d|%-*d", 5, 9, 4, 9);
  SAME("1,234,567", "%'d", 1234567);
  SAME("ff -12", "%hhx %hd", (unsigned char)0x1ff, (short)-12);
  CHECK(snprintf(small, sizeof small, "%s", "abcdefgh") == 8, "the wanted length");
  CHECK(strcmp(small, "abcde") == 0, "what fits");
}
