/* Text to floating-point numbers. */
#include <stdbool.h>
#include <stdlib.h>
#include "user/lib/decimal.h"

/* Exponents beyond are all the same: too large, or too small. */
#define EXPONENT_MAX 100000000

/* A number without its sign, as it stands in a text. */
struct numeral {
  const char *digits; /* The first digit that is not 0; a point may be among those that follow. */
  const char *digits_end;
  const char *end; /* Behind the exponent, too. */
  int place;       /* Of the first digit. */
  bool any;        /* There is a digit. */
};

/* Whether C is one. */
static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Behind WORD, in small letters, at the start of TEXT in any; NULL if that begins otherwise. */
static const char *skip_word(const char *text, const char *word) {
  for (; *word != '\0'; text++, word++)
    if ((*text | 0x20) != *word) return NULL;
  return text;
}

/* Finds the digits at TEXT and their places, as if there were no exponent. */
static struct numeral find_digits(const char *text) {
  struct numeral n = {.digits = NULL, .place = -1};
  bool behind_point = false;
  for (;; text++) {
    if (*text == '.' && !behind_point) {
      behind_point = true;
      continue;
    }
    if (!is_digit(*text)) break;
    n.any = true;
    if (n.digits == NULL && *text != '0') n.digits = text;
    if (n.digits == NULL && behind_point) n.place--;
    if (n.digits != NULL && !behind_point) n.place++;
  }
  n.end = n.digits_end = text;
  return n;
}

/* Takes the exponent at the end of N, if there is one. */
static void take_exponent(struct numeral *n) {
  const char *text = n->end;
  if (*text != 'e' && *text != 'E') return;
  text++;
  bool negative = *text == '-';
  if (*text == '-' || *text == '+') text++;
  if (!is_digit(*text)) return;
  int exponent = 0;
  for (; is_digit(*text); text++)
    if (exponent < EXPONENT_MAX) exponent = exponent * 10 + (*text - '0');
  n->place += negative ? -exponent : exponent;
  n->end = text;
}

/* The bits of the double next to N. */
static uint64_t convert(const struct numeral *n) {
  struct decimal value;
  if (n->digits == NULL || n->place < DECIMAL_PLACE_MIN) return 0;
  if (n->place >= DECIMAL_PLACE_MAX) return DOUBLE_INFINITY;
  decimal_clear(&value);
  int place = n->place;
  for (const char *text = n->digits; text < n->digits_end; text++)
    if (*text != '.') decimal_add_digit(&value, place--, *text - '0');
  return decimal_to_double(&value);
}

/* The words for what is no number at TEXT; their end in *END, NULL if there is neither. */
static uint64_t convert_word(const char *text, const char **end) {
  *end = skip_word(text, "nan");
  if (*end != NULL) return DOUBLE_NAN;
  *end = skip_word(text, "infinity");
  if (*end == NULL) *end = skip_word(text, "inf");
  return DOUBLE_INFINITY;
}

/* The double next to the decimal number at the start of TEXT, after white space and a sign. */
double strtod(const char *text, char **end) {
  const char *start = text, *behind;
  while (*start == ' ' || (*start >= '\t' && *start <= '\r')) start++;
  uint64_t sign = *start == '-' ? DOUBLE_SIGN : 0;
  if (*start == '-' || *start == '+') start++;
  union double_bits number = {.bits = convert_word(start, &behind)};
  if (behind == NULL) {
    struct numeral n = find_digits(start);
    if (n.any) take_exponent(&n);
    behind = n.any ? n.end : text;
    number.bits = n.any ? convert(&n) : 0;
    if (!n.any) sign = 0;
  }
  number.bits |= sign;
  if (end != NULL) *end = (char *)behind;
  return number.value;
}

/* The number at the start of TEXT. */
double atof(const char *text) {
  return strtod(text, NULL);
}
