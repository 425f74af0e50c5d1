/* Numbers, from strings and at random, and the end. */
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define KNUTH_FACTOR 6364136223846793005u

/* What read_number() found. */
struct number {
  unsigned long magnitude; /* ULONG_MAX if it is larger. */
  bool overflows;
  bool is_negative;
  const char *end; /* Behind the last digit; NULL if there was none. */
};

/* The value of C as a digit in any base, or one that is none in every base. */
static int digit_of(char c) {
  unsigned char letter = (unsigned char)toupper((unsigned char)c);
  if (isdigit(letter)) return letter - '0';
  return isalpha(letter) ? letter - 'A' + 10 : INT_MAX;
}

/* The base that the digits at *STRING are written in, where BASE was asked for; steps over 0x. */
static int choose_base(const char **string, int base) {
  const char *s = *string;
  bool is_hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && digit_of(s[2]) < 16;
  if (is_hex && (base == 0 || base == 16)) {
    *string += 2;
    return 16;
  }
  if (base != 0) return base;
  return *s == '0' ? 8 : 10;
}

/* Reads the number at the start of STRING, after white space and a sign, in BASE. */
static struct number read_number(const char *string, int base) {
  struct number number = {0};
  if (base < 0 || base == 1 || base > 36) return number;
  while (isspace((unsigned char)*string)) string++;
  number.is_negative = *string == '-';
  if (*string == '-' || *string == '+') string++;
  base = choose_base(&string, base);
  for (int digit; (digit = digit_of(*string)) < base; string++) {
    number.overflows |= __builtin_mul_overflow(number.magnitude, (unsigned)base, &number.magnitude);
    number.overflows |=
        __builtin_add_overflow(number.magnitude, (unsigned)digit, &number.magnitude);
    number.end = string + 1;
  }
  if (number.overflows) number.magnitude = ULONG_MAX;
  return number;
}

/* Tells in *END, unless END is NULL, where NUMBER of STRING ends. */
static void tell_end(char **end, const char *string, const struct number *number) {
  if (end != NULL) *end = (char *)(uintptr_t)(number->end != NULL ? number->end : string);
}

/* The number at the start of STRING in BASE, cut to what a long holds. */
long strtol(const char *string, char **end, int base) {
  struct number number = read_number(string, base);
  tell_end(end, string, &number);
  if (number.is_negative) return number.magnitude > LONG_MAX ? LONG_MIN : -(long)number.magnitude;
  return number.magnitude > LONG_MAX ? LONG_MAX : (long)number.magnitude;
}

/* The number at the start of STRING in BASE as an unsigned long, or the largest if it is too large; where it ends in *END. */
unsigned long strtoul(const char *string, char **end, int base) {
  struct number number = read_number(string, base);
  tell_end(end, string, &number);
  return number.is_negative && !number.overflows ? -number.magnitude : number.magnitude;
}

/* The decimal number at the start of STRING. */
long atol(const char *string) {
  return strtol(string, NULL, 10);
}

/* The decimal number at the start of STRING as an int, or the nearest there is. */
int atoi(const char *string) {
  long value = strtol(string, NULL, 10);
  return value > INT_MAX ? INT_MAX : value < INT_MIN ? INT_MIN : (int)value;
}

/* VALUE without its sign. */
int abs(int value) {
  return value < 0 ? -value : value;
}

/* VALUE without its sign. */
long labs(long value) {
  return value < 0 ? -value : value;
}

static uint64_t rand_state = 1;

/* Starts the sequence of SEED. */
void srand(unsigned seed) {
  rand_state = seed;
}

/* The next number of the sequence: the upper bits of a linear congruence. */
int rand(void) {
  rand_state = rand_state * KNUTH_FACTOR + 1;
  return (int)(rand_state >> 33);
}

/* Ends the program for a bug of its own. */
void abort(void) {
  printf("aborted\n");
  exit(1);
}
