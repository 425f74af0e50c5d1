/* Unit tests of floating point in the user library: text and back, and mathematics, each against the C
   library of the host, with values of every size. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "lib/printf.h"

#define ROUNDS      20000
#define MATH_ROUNDS 100000

double quire_strtod(const char *text, char **end);
/* The C library's own. */
double host_strtod(const char *text, char **end) __asm__("strtod");

/* The user library's mathematics. */
double quire_fabs(double x);
double quire_sqrt(double x);
double quire_floor(double x);
double quire_ceil(double x);
double quire_trunc(double x);
double quire_round(double x);
double quire_fmod(double x, double y);
double quire_sin(double x);
double quire_cos(double x);
double quire_tan(double x);
double quire_atan(double x);
double quire_atan2(double y, double x);
double quire_exp(double x);
double quire_log(double x);
double quire_log10(double x);
double quire_log2(double x);
double quire_pow(double x, double y);

static uint64_t random_state = 88172645463325252ull;

/* The next of a row of random numbers (xorshift). */
static uint64_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  return random_state ^= random_state << 17;
}

/* The double with these BITS, and the bits of VALUE. */
static double double_of(uint64_t bits) {
  double value;
  memmove(&value, &bits, sizeof value);
  return value;
}
static uint64_t bits_of(double value) {
  uint64_t bits;
  memmove(&bits, &value, sizeof bits);
  return bits;
}

/* A double: of any bits, an ordinary one, or a whole number of halves. */
static double random_double(void) {
  uint64_t bits = next_random();
  switch (bits % 4) {
  case 0: return double_of(next_random());
  case 1: return (double)(int64_t)next_random() / (double)(1ull << next_random() % 63);
  case 2: return (double)(int32_t)next_random() / 2;
  default: return (double)(int64_t)(next_random() % 2000000) / 1000;
  }
}

/* Formats VALUE by FORMAT with our function and the host's, and compares. */
static void check_format(const char *format, ...) {
  static char ours[4096], theirs[4096];
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int our_length = vsnprintf(ours, sizeof ours, format, args);
  FILE *file = fmemopen(theirs, sizeof theirs, "w");
  int their_length = vfprintf(file, format, again);
  fputc('\0', file);
  fclose(file);
  va_end(again);
  va_end(args);
  assert_string_equal(ours, theirs);
  assert_int_equal(our_length, their_length);
}

/* Values that are special in some way. */
static const double values[] = {0,
                                -0.0,
                                1,
                                -1,
                                0.5,
                                1.5,
                                2.5,
                                0.1,
                                9.5,
                                99.5,
                                999999.5,
                                0.0001,
                                0.00001,
                                123456,
                                1234567,
                                1e15,
                                1e16,
                                1e17,
                                1e21,
                                1e22,
                                1e23,
                                1e100,
                                1e-100,
                                1.7976931348623157e308,
                                5e-324,
                                2.2250738585072014e-308,
                                4503599627370496.5,
                                9007199254740993.0,
                                0.3,
                                3.14159265358979,
                                0.000123456789,
                                1e5,
                                1e6,
                                9.9999995,
                                0.99999995,
                                100,
                                1024.0009765625};

/* Some C libraries forget zeroes that # asks for where rounding makes a digit more. */
static int forgets_zeroes(const char *format, double value) {
  return strcmp(format, "%#g") == 0 &&
         (value == 999999.5 || value == 9.9999995 || value == 0.99999995);
}

/* Every conversion with every flag, of values that are special. */
static void test_formats(void **state) {
  (void)state;
  static const char *const formats[] = {
      "%f",      "%e",       "%g",     "%F",     "%E",     "%G",       "%.0f",   "%.0e",
      "%.0g",    "%#.0f",    "%#.0e",  "%#g",    "%+f",    "% f",      "%12.3f", "%-12.3f|",
      "%012.3f", "%+012.3e", "%.1f",   "%.15g",  "%.17g",  "%.20f",    "%.3g",   "%25g|",
      "%-25g|",  "%.1100f",  "%.800e", "%#.30g", "%.340f", "% 010.2f", "%.2000f"};
  for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
    for (size_t v = 0; v < sizeof values / sizeof *values; v++)
      if (!forgets_zeroes(formats[f], values[v])) check_format(formats[f], values[v]);
    check_format(formats[f], INFINITY);
    check_format(formats[f], -INFINITY);
    check_format(formats[f], NAN);
    check_format(formats[f], -NAN);
  }
  check_format("%d %f %s %g %Lf %c", 3, 1.25, "text", 1e10, 2.5L, 'x');
  check_format("%*.*f|%-*.*e|", 10, 2, 3.14159, 15, 3, 3.14159);
}

/* Random values, precisions and widths. */
static void test_random_formats(void **state) {
  (void)state;
  static const char *const formats[] = {"%.*f",     "%.*e",    "%.*g",  "%20.*f|",
                                        "%-20.*g|", "%020.*e", "%+#.*g"};
  for (unsigned i = 0; i < ROUNDS; i++) {
    double value = random_double();
    check_format(formats[next_random() % 7], (int)(next_random() % 25), value);
  }
}

/* Our reading of TEXT is the host's, and ends at the same place. */
static void check_text(const char *text) {
  char *our_end, *their_end;
  double ours = quire_strtod(text, &our_end), theirs = host_strtod(text, &their_end);
  if (bits_of(ours) != bits_of(theirs) && !(isnan(ours) && isnan(theirs)))
    fail_msg("'%.60s': %.17g, not %.17g", text, ours, theirs);
  if (our_end != their_end) fail_msg("'%.60s' ends at %td", text, our_end - text);
}

/* Texts that are numbers in part, or not at all. */
static void test_texts(void **state) {
  (void)state;
  static const char *const texts[] = {"",
                                      "x",
                                      " 1",
                                      "\t\n-2.5x",
                                      "+3",
                                      ".5",
                                      "5.",
                                      ".",
                                      "-.",
                                      "1e5",
                                      "1e",
                                      "1e+",
                                      "1E-3",
                                      "1e5.5",
                                      "1.2.3",
                                      "--1",
                                      "+-1",
                                      "0",
                                      "-0",
                                      "0.0e9",
                                      "00012",
                                      "inf",
                                      "-Inf",
                                      "infi",
                                      "INFINITY9",
                                      "nan",
                                      "-NaNx",
                                      "na",
                                      "1e400",
                                      "-1e400",
                                      "1e-400",
                                      "1e999999999999",
                                      "1e-999999999999",
                                      "0e999999999999",
                                      "2.4703282292062327e-324",
                                      "2.4703282292062328e-324",
                                      "1.7976931348623158e308",
                                      "1.7976931348623159e308",
                                      "2.2250738585072011e-308",
                                      "9007199254740993",
                                      "9007199254740992.99999999999999999999",
                                      "9007199254740993.00000000000000000001",
                                      "1 2",
                                      "e5",
                                      ".e1",
                                      "123abc"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) check_text(texts[i]);
  assert_true(quire_strtod("1.5", NULL) == 1.5);
}

/* Random numbers, written with more or fewer digits than they need, and halves between two doubles,
   written exactly. */
static void test_random_texts(void **state) {
  (void)state;
  static char text[4096];
  static const char *const formats[] = {"%.*e", "%.*f", "%.*g"};
  for (unsigned i = 0; i < ROUNDS; i++) {
    FILE *file = fmemopen(text, sizeof text, "w");
    fprintf(file, formats[i % 3], (int)(next_random() % 40), random_double());
    fputc('\0', file);
    fclose(file);
    check_text(text);
  }
  for (unsigned i = 0; i < ROUNDS / 10; i++) {
    double value = fabs(random_double());
    if (!(value < 1e300)) continue;
    long double half = ((long double)value + nextafter(value, INFINITY)) / 2;
    FILE *file = fmemopen(text, sizeof text, "w");
    fprintf(file, "%.1100Lf%s", half, i % 2 == 0 ? "" : "0000001");
    fputc('\0', file);
    fclose(file);
    check_text(text);
  }
}

/* OURS, a result of NAME for X and Y, is THEIRS or at most ULPS doubles away from it. */
static void check_near(const char *name, double ours, double theirs, unsigned ulps) {
  if (isnan(ours) && isnan(theirs)) return;
  uint64_t a = bits_of(ours), b = bits_of(theirs);
  if (a == b) return;
  uint64_t distance = a > b ? a - b : b - a;
  if (isnan(ours) || isnan(theirs) || distance > ulps)
    fail_msg("%s: %.17g, not %.17g", name, ours, theirs);
}

/* Numbers by which functions of one argument are tried. */
static double random_argument(unsigned round) {
  if (round < sizeof values / sizeof *values) return values[round];
  static const double extremes[] = {INFINITY, -INFINITY, NAN, -0.5, -1.5, -2.5, -1e300, -5e-324};
  if (round % 1000 < 8) return extremes[round % 1000];
  return random_double();
}

/* What is exact. */
static void test_exact_functions(void **state) {
  (void)state;
  for (unsigned i = 0; i < MATH_ROUNDS; i++) {
    double x = random_argument(i), y = random_argument((unsigned)next_random());
    check_near("fabs", quire_fabs(x), fabs(x), 0);
    check_near("sqrt", quire_sqrt(x), sqrt(x), 0);
    check_near("floor", quire_floor(x), floor(x), 0);
    check_near("ceil", quire_ceil(x), ceil(x), 0);
    check_near("trunc", quire_trunc(x), trunc(x), 0);
    check_near("round", quire_round(x), round(x), 0);
    check_near("fmod", quire_fmod(x, y), fmod(x, y), 0);
  }
}

/* What is rounded: at most one double away from the value itself, which the host knows with more digits. */
static void test_rounded_functions(void **state) {
  (void)state;
  for (unsigned i = 0; i < MATH_ROUNDS; i++) {
    double x = random_argument(i), y = random_argument((unsigned)next_random());
    double angle = fmod(x, 3);
    check_near("sin", quire_sin(angle), (double)sinl(angle), 1);
    check_near("cos", quire_cos(angle), (double)cosl(angle), 1);
    check_near("tan", quire_tan(angle), (double)tanl(angle), 1);
    check_near("atan", quire_atan(x), (double)atanl(x), 1);
    check_near("atan2", quire_atan2(y, x), (double)atan2l(y, x), 1);
    check_near("exp", quire_exp(x), (double)expl(x), 1);
    check_near("log", quire_log(x), (double)logl(x), 1);
    check_near("log10", quire_log10(x), (double)log10l(x), 1);
    check_near("log2", quire_log2(x), (double)log2l(x), 1);
    check_near("pow", quire_pow(x, y), (double)powl(x, y), 1);
    check_near("pow", quire_pow(fabs(x), angle), (double)powl(fabs(x), angle), 1);
  }
  for (int base = -20; base <= 20; base++)
    for (int y = -20; y <= 20; y++) check_near("pow", quire_pow(base, y), (double)powl(base, y), 1);
  assert_true(quire_pow(10, 22) == 1e22 && quire_pow(2, -1074) == 5e-324 && quire_pow(3, 3) == 27);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_formats),         cmocka_unit_test(test_random_formats),
      cmocka_unit_test(test_texts),           cmocka_unit_test(test_random_texts),
      cmocka_unit_test(test_exact_functions), cmocka_unit_test(test_rounded_functions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
