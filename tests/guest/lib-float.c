/* TEST: Floating point in the user library: printing, reading, mathematics and conversions, as on paper.
   OUTPUT: ^3.142 -0.5000 1e\+10 2.5e-07 inf nan 100$
   OUTPUT: ^1 0 1 0 2.71828183 1024 3 -3 -2$ */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/test.h"

/* FORMAT makes TEXT of VALUE. */
static void check_text(const char *format, double value, const char *text) {
  char buffer[64];
  int length = snprintf(buffer, sizeof buffer, format, value);
  CHECK(strcmp(buffer, text) == 0, "%s gives '%s' instead of '%s'", format, buffer, text);
  CHECK(length == (int)strlen(text), "%s tells length %d", format, length);
}

/* Numbers that the compiler does not know. */
static volatile double zero = 0, one = 1, two = 2, tenth = 0.1;

/* Printing and reading. */
static void check_texts(void) {
  char *end;
  check_text("%f", one / 3, "0.333333");
  check_text("%.0f", 2.5, "2");
  check_text("%.0f", 3.5, "4");
  check_text("%10.3e|", 12345.678, " 1.235e+04|");
  check_text("%-8g|", 0.0001, "0.0001  |");
  check_text("%.17g", 0.1, "0.10000000000000001");
  check_text("%g", 5e-324, "4.94066e-324");
  CHECK(atof(" -12.5e1x") == -125, "atof");
  CHECK(strtod("0.1x", &end) == tenth && *end == 'x', "strtod");
  printf("%.3f %.4f %g %g %g %g %.15g\n", M_PI, -one / two, 1e10, 2.5e-7, one / zero,
         fabs(zero / zero), atof("1e2"));
}

/* Mathematics, with results that are known. */
static void check_mathematics(void) {
  CHECK(sqrt(two) * sqrt(two) > 1.9999999999999 && isnan(sqrt(-one)), "sqrt");
  CHECK(fmod(7.5, two) == 1.5 && fmod(-7.5, two) == -1.5, "fmod");
  CHECK(pow(two, 10) == 1024 && pow(-two, 3) == -8 && isnan(pow(-two, 0.5)), "pow");
  CHECK(exp(zero) == 1 && isinf(exp(1000)) && exp(-1000) == 0 && log(one) == 0, "exp, log");
  CHECK(floor(-2.5) == -3 && ceil(-2.5) == -2 && trunc(2.9) == 2 && round(2.5) == 3, "rounding");
  printf("%g %g %g %g %.9g %g %g %g %g\n", cos(zero), sin(zero), fabs(-one), log(one), exp(one),
         pow(two, 10), floor(3.7), floor(-2.5), ceil(-2.5));
}

/* To integers and back. */
static void check_conversions(void) {
  volatile double large = 18446744073709549568.0, small = -3.99;
  CHECK((uint64_t)large == 18446744073709549568u, "to 64 bits");
  CHECK((int)small == -3 && (unsigned)(-small) == 3, "to 32 bits");
  CHECK((double)(uint64_t)large == large && (float)one == 1.0f, "and back");
}

void test_main(void) {
  check_texts();
  check_mathematics();
  check_conversions();
}
