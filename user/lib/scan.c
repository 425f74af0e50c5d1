/* Formatted input: scanf() and sscanf().

   Characters are taken one by one, with one looked at ahead.  A number is gathered as text first, as long as what
   comes can belong to one, and then converted by strtol() and the like. */
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_SIZE 64 /* Characters of a number; more are another's. */

/* Where characters come from. */
struct input {
  int (*get)(void *aux); /* The next character, or EOF. */
  void *aux;
  int ahead; /* The next character, if HAS_AHEAD. */
  bool has_ahead;
  int taken; /* Characters taken so far. */
};

/* One conversion. */
struct conversion {
  bool is_discarded; /* *: nothing is stored. */
  unsigned width;    /* Most characters it takes; UINT_MAX: all. */
  int size;          /* Bytes of an integer. */
  bool is_long;      /* A double, not a float. */
  char type;
  const char *set, *set_end; /* Of %[: the characters, and the bracket behind them. */
};

/* The next character of INPUT, which stays there, or EOF. */
static int peek(struct input *input) {
  if (!input->has_ahead) input->ahead = input->get(input->aux);
  input->has_ahead = true;
  return input->ahead;
}

/* Takes the character that peek() gave. */
static void take(struct input *input) {
  input->has_ahead = false;
  input->taken++;
}

/* Takes white space. */
static void skip_space(struct input *input) {
  while (isspace(peek(input))) take(input);
}

/* Reads the size letters at *FORMAT into C. */
static void parse_size(const char **format, struct conversion *c) {
  c->size = sizeof(int);
  for (;; ++*format) {
    switch (**format) {
    case 'h': c->size = c->size == sizeof(short) ? sizeof(char) : sizeof(short); break;
    case 'l':
      c->size = c->is_long ? sizeof(long long) : sizeof(long);
      c->is_long = true;
      break;
    case 'j': c->size = sizeof(intmax_t); break;
    case 'z': c->size = sizeof(size_t); break;
    case 't': c->size = sizeof(ptrdiff_t); break;
    default: return;
    }
  }
}

/* Reads the conversion at FORMAT, behind its %; returns what follows it. */
static const char *parse(const char *format, struct conversion *c) {
  *c = (struct conversion){.width = UINT_MAX};
  if (*format == '*') {
    c->is_discarded = true;
    format++;
  }
  if (isdigit((unsigned char)*format)) {
    char *end;
    c->width = (unsigned)strtoul(format, &end, 10);
    format = end;
  }
  parse_size(&format, c);
  c->type = *format;
  if (c->type == '\0') return format;
  format++;
  if (c->type != '[') return format;
  c->set = format;
  if (*format == '^') format++;
  if (*format == ']') format++; /* The first is one of the set. */
  c->set_end = strchr(format, ']');
  if (c->set_end == NULL) c->set_end = format + strlen(format);
  return *c->set_end == '\0' ? c->set_end : c->set_end + 1;
}

/* Whether CHARACTER is in the set of C. */
static bool is_in_set(const struct conversion *c, int character) {
  const char *at = c->set;
  bool is_inverted = *at == '^', found = false;
  if (is_inverted) at++;
  for (const char *first = at; at < c->set_end; at++) {
    bool is_range = *at == '-' && at > first && at + 1 < c->set_end;
    if (is_range && character >= (unsigned char)at[-1] && character <= (unsigned char)at[1])
      found = true;
    if (character == (unsigned char)*at && !is_range) found = true;
  }
  return found != is_inverted;
}

/* Whether CHARACTER belongs to what %s or %[ of C takes. */
static bool is_of_string(const struct conversion *c, int character) {
  if (character == EOF) return false;
  if (c->type == 'c') return true;
  return c->type == 's' ? !isspace(character) : is_in_set(c, character);
}

/* Moves characters of INPUT to TEXT (NULL: nowhere) by C, with a terminator unless it is %c.  Whether there was
   what it wants. */
static bool scan_string(struct input *input, const struct conversion *c, char *text) {
  unsigned width = c->type == 'c' && c->width == UINT_MAX ? 1 : c->width, count = 0;
  while (count < width && is_of_string(c, peek(input))) {
    if (text != NULL) text[count] = (char)peek(input);
    take(input);
    count++;
  }
  if (text != NULL && c->type != 'c') text[count] = '\0';
  return c->type == 'c' ? count == width : count > 0;
}

/* Whether TEXT, of LENGTH characters, and CHARACTER behind it may begin an integer in BASE. */
static bool is_of_integer(const char *text, unsigned length, int character, int base) {
  bool has_sign = length > 0 && (text[0] == '-' || text[0] == '+');
  const char *digits = text + has_sign;
  unsigned count = length - has_sign;
  if (character == '-' || character == '+') return length == 0;
  if (character == 'x' || character == 'X')
    return (base == 16 || base == 0) && count == 1 && digits[0] == '0';
  bool is_hex = base == 16 || (base == 0 && count > 1 && (digits[1] | 0x20) == 'x');
  bool is_octal = base == 8 || (base == 0 && count > 0 && digits[0] == '0' && !is_hex);
  if (is_hex) return isxdigit(character);
  return isdigit(character) && (!is_octal || character < '8');
}

/* Whether TEXT and CHARACTER behind it may begin a number with a point and an exponent. */
static bool is_of_float(const char *text, unsigned length, int character) {
  const char *exponent = strpbrk(text, "eE");
  if (isdigit(character)) return true;
  if (character == '-' || character == '+') return length == 0 || exponent == text + length - 1;
  if (character == '.') return exponent == NULL && strchr(text, '.') == NULL;
  return (character == 'e' || character == 'E') && exponent == NULL &&
         strpbrk(text, "0123456789") != NULL;
}

/* Gathers what may be a number in BASE (-1: with a point) of C's width in TEXT, of NUMBER_SIZE bytes. */
static void gather(struct input *input, const struct conversion *c, int base, char *text) {
  unsigned length = 0;
  text[0] = '\0';
  while (length < c->width && length + 1 < NUMBER_SIZE) {
    int character = peek(input);
    bool belongs = character != EOF && (base < 0 ? is_of_float(text, length, character)
                                                 : is_of_integer(text, length, character, base));
    if (!belongs) return;
    text[length++] = (char)character;
    text[length] = '\0';
    take(input);
  }
}

/* Stores VALUE at PLACE as an integer of SIZE bytes. */
static void store(void *place, int size, unsigned long long value) {
  switch (size) {
  case 1: *(uint8_t *)place = (uint8_t)value; break;
  case 2: *(uint16_t *)place = (uint16_t)value; break;
  case 4: *(uint32_t *)place = (uint32_t)value; break;
  default: *(uint64_t *)place = value; break;
  }
}

/* Reads an integer of C to PLACE (NULL: nowhere); whether there was one.  Larger ones than a long are cut to
   its size. */
static bool scan_integer(struct input *input, const struct conversion *c, void *place) {
  bool is_hex = c->type == 'x' || c->type == 'X' || c->type == 'p';
  int base = is_hex ? 16 : c->type == 'o' ? 8 : c->type == 'i' ? 0 : 10;
  char text[NUMBER_SIZE], *end;
  gather(input, c, base, text);
  bool is_signed = c->type == 'd' || c->type == 'i';
  unsigned long long value = is_signed ? (unsigned long long)strtol(text, &end, base)
                                       : (unsigned long long)strtoul(text, &end, base);
  if (end == text || *end != '\0') return false;
  if (place != NULL) store(place, c->type == 'p' ? (int)sizeof(void *) : c->size, value);
  return true;
}

/* Reads a floating-point number of C to PLACE (NULL: nowhere); whether there was one. */
static bool scan_float(struct input *input, const struct conversion *c, void *place) {
  char text[NUMBER_SIZE], *end;
  gather(input, c, -1, text);
  if (place == NULL) return strpbrk(text, "0123456789") != NULL;
  double value = strtod(text, &end);
  if (end == text) return false;
  if (c->is_long)
    *(double *)place = value;
  else
    *(float *)place = (float)value;
  return true;
}

/* Carries C out, storing at PLACE; whether the input was as it should be. */
static bool convert(struct input *input, const struct conversion *c, void *place) {
  switch (c->type) {
  case 'd':
  case 'i':
  case 'u':
  case 'o':
  case 'x':
  case 'X':
  case 'p': return scan_integer(input, c, place);
  case 'e':
  case 'f':
  case 'g':
  case 'E':
  case 'G': return scan_float(input, c, place);
  case 's':
  case 'c':
  case '[': return scan_string(input, c, place);
  default: return false;
  }
}

/* Takes the character C of the format, or white space for white space; whether it was there. */
static bool match(struct input *input, char c) {
  if (isspace((unsigned char)c)) {
    skip_space(input);
    return true;
  }
  if (peek(input) != (unsigned char)c) return false;
  take(input);
  return true;
}

/* Reads INPUT by FORMAT to ARGS; the number of conversions stored, or EOF if it ended before the first. */
static int scan(struct input *input, const char *format, va_list args) {
  int stored = 0;
  bool fits = true, has_ended = false;
  while (fits && *format != '\0') {
    if (*format != '%' || format[1] == '%') {
      if (*format == '%') {
        skip_space(input);
        format++;
      }
      fits = match(input, *format++);
      has_ended = !fits && peek(input) == EOF;
      continue;
    }
    struct conversion c;
    format = parse(format + 1, &c);
    if (c.type == 'n') {
      store(va_arg(args, void *), c.size, (unsigned long long)input->taken);
      continue;
    }
    if (c.type != 'c' && c.type != '[') skip_space(input);
    has_ended = peek(input) == EOF;
    if (has_ended) break;
    fits = convert(input, &c, c.is_discarded ? NULL : va_arg(args, void *));
    if (fits && !c.is_discarded) stored++;
  }
  return has_ended && stored == 0 ? EOF : stored;
}

/* The next character of the string *AUX, or EOF. */
static int get_of_string(void *aux) {
  const char **string = aux;
  return **string == '\0' ? EOF : (unsigned char)*(*string)++;
}

/* Reads STRING by FORMAT to ARGS. */
int vsscanf(const char *string, const char *format, va_list args) {
  struct input input = {.get = get_of_string, .aux = &string};
  return scan(&input, format, args);
}

/* Reads STRING by FORMAT. */
int sscanf(const char *string, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int stored = vsscanf(string, format, args);
  va_end(args);
  return stored;
}

/* The next character of the keyboard. */
static int get_of_keyboard(void *unused) {
  (void)unused;
  return getchar();
}

/* Reads from the keyboard by FORMAT to ARGS; a character that was only looked at is put back. */
int vscanf(const char *format, va_list args) {
  struct input input = {.get = get_of_keyboard};
  int stored = scan(&input, format, args);
  if (input.has_ahead && input.ahead != EOF) ungetchar(input.ahead);
  return stored;
}

/* Reads from the keyboard by FORMAT. */
int scanf(const char *format, ...) {
  va_list args;
  va_start(args, format);
  int stored = vscanf(format, args);
  va_end(args);
  return stored;
}
