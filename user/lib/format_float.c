/* Floating-point numbers in formatted output: f, e and g, exactly as many digits as are asked for, each of
   them right. */
#include "lib/format.h"
#include "user/lib/decimal.h"

#define PRECISION_DEFAULT 6
/* The least exponent that g writes without an e. */
#define EXPONENT_LEAST (-4)

/* A number on its way out: the digits of VALUE, with PRECISION of them behind the point.  After an e with
   the first digit alone before the point; otherwise the place of units is there. */
struct shape {
  const struct decimal *value;
  int precision;
  bool with_e;
  bool with_point; /* Even if nothing follows it. */
  char e;
};

/* Takes a character that is only counted. */
static void count_only(char c, void *aux) {
  (void)c;
  (void)aux;
}

/* Puts out the digits of VALUE from place FROM down to place TO. */
static void put_places(struct output *output, const struct decimal *value, int from, int to) {
  for (int place = from; place >= to; place--)
    output_run(output, (char)('0' + decimal_digit(value, place)), 1);
}

/* Puts out E, a sign, and EXPONENT with two digits or more. */
static void put_exponent(struct output *output, char e, int exponent) {
  output_run(output, e, 1);
  output_run(output, exponent < 0 ? '-' : '+', 1);
  if (exponent < 0) exponent = -exponent;
  if (exponent >= 100) output_run(output, (char)('0' + exponent / 100), 1);
  output_run(output, (char)('0' + exponent / 10 % 10), 1);
  output_run(output, (char)('0' + exponent % 10), 1);
}

/* Puts out a number without its sign. */
static void put_shape(struct output *output, const struct shape *shape) {
  int top = decimal_top(shape->value);
  int units = shape->with_e ? top : 0;
  put_places(output, shape->value, shape->with_e || top < 0 ? units : top, units);
  if (shape->precision > 0 || shape->with_point) output_run(output, '.', 1);
  put_places(output, shape->value, units - 1, units - shape->precision);
  if (shape->with_e) put_exponent(output, shape->e, top);
}

/* The sign of a number, negative or not, as CONVERSION wants it. */
static const char *sign_of(bool negative, const struct conversion *conversion) {
  if (negative) return "-";
  if (conversion->flags & FLAG_PLUS) return "+";
  return conversion->flags & FLAG_SPACE ? " " : "";
}

/* Puts out SIGN and the number of SHAPE, filled up to CONVERSION's width. */
static void put_filled(struct output *output, const struct conversion *conversion, const char *sign,
                       const struct shape *shape) {
  struct output counter = {.put = count_only};
  int sign_length = *sign != '\0' ? 1 : 0;
  put_shape(&counter, shape);
  int padding = conversion->width - counter.count - sign_length;
  bool left = conversion->flags & FLAG_LEFT, zeroes = !left && conversion->flags & FLAG_ZERO;
  if (!left && !zeroes) output_run(output, ' ', padding);
  output_text(output, sign, sign_length);
  if (zeroes) output_run(output, '0', padding);
  put_shape(output, shape);
  if (left) output_run(output, ' ', padding);
}

/* Puts out what is no number, TEXT of three letters. */
static void put_word(struct output *output, const struct conversion *conversion, const char *sign,
                     const char *text) {
  int sign_length = *sign != '\0' ? 1 : 0;
  int padding = conversion->width - 3 - sign_length;
  bool left = conversion->flags & FLAG_LEFT;
  if (!left) output_run(output, ' ', padding);
  output_text(output, sign, sign_length);
  output_text(output, text, 3);
  if (left) output_run(output, ' ', padding);
}

/* Shapes VALUE, which is rounded, for the conversion g: PRECISION digits that count, those at its end not
   if they are 0, unless there is a #. */
static void shape_general(struct shape *shape, struct decimal *value, int precision) {
  if (precision == 0) precision = 1;
  decimal_round(value, decimal_top(value) - precision + 1);
  int top = decimal_top(value);
  shape->with_e = top < EXPONENT_LEAST || top >= precision;
  shape->precision = shape->with_e ? precision - 1 : precision - 1 - top;
  int units = shape->with_e ? top : 0;
  while (!shape->with_point && shape->precision > 0 &&
         decimal_digit(value, units - shape->precision) == 0)
    shape->precision--;
}

/* Puts out the finite number whose bits but the sign are BITS. */
static void put_finite(struct output *output, const struct conversion *conversion, const char *sign,
                       uint64_t bits) {
  struct decimal value;
  char type = conversion->type;
  int precision = conversion->precision < 0 ? PRECISION_DEFAULT : conversion->precision;
  struct shape shape = {.value = &value,
                        .precision = precision,
                        .with_e = type == 'e' || type == 'E',
                        .with_point = (conversion->flags & FLAG_PREFIX) != 0,
                        .e = type == 'E' || type == 'G' ? 'E' : 'e'};
  decimal_of(&value, bits);
  if (type == 'g' || type == 'G')
    shape_general(&shape, &value, precision);
  else
    decimal_round(&value, (shape.with_e ? decimal_top(&value) : 0) - precision);
  put_filled(output, conversion, sign, &shape);
}

/* Takes a double, or a long double with no more digits than that. */
bool format_float(struct output *output, const struct conversion *conversion,
                  struct arguments *arguments) {
  union double_bits number;
  switch (conversion->type) {
  case 'f':
  case 'F':
  case 'e':
  case 'E':
  case 'g':
  case 'G': break;
  default: return false;
  }
  if (conversion->size == FORMAT_LONG_DOUBLE)
    number.value = (double)va_arg(arguments->list, long double);
  else
    number.value = va_arg(arguments->list, double);
  bool capital = conversion->type < 'a';
  const char *sign = sign_of((number.bits & DOUBLE_SIGN) != 0, conversion);
  uint64_t bits = number.bits & ~DOUBLE_SIGN;
  if (bits < DOUBLE_INFINITY)
    put_finite(output, conversion, sign, bits);
  else if (bits == DOUBLE_INFINITY)
    put_word(output, conversion, sign, capital ? "INF" : "inf");
  else
    put_word(output, conversion, sign, capital ? "NAN" : "nan");
  return true;
}
