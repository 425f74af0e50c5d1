/* Formatted output. */
#include "lib/format.h"
#include <stdint.h>
#include "lib/round.h"
#include "lib/string.h"

/* The digits of a 64-bit number in base 8, with a comma after each three of them. */
#define DIGITS_MAX 32

/* Puts out C, COUNT times. */
void output_run(struct output *output, char c, int count) {
  for (int i = 0; i < count; i++) {
    output->put(c, output->aux);
    output->count++;
  }
}

/* Puts out the LENGTH characters at TEXT. */
void output_text(struct output *output, const char *text, int length) {
  for (int i = 0; i < length; i++) output_run(output, text[i], 1);
}

/* Puts out the LENGTH characters at TEXT, padded to CONVERSION's width. */
static void put_padded(struct output *output, const struct conversion *conversion, const char *text,
                       int length) {
  int padding = conversion->width - length;
  if (!(conversion->flags & FLAG_LEFT)) output_run(output, ' ', padding);
  output_text(output, text, length);
  if (conversion->flags & FLAG_LEFT) output_run(output, ' ', padding);
}

/* Divides *VALUE by BASE and returns the remainder; where it can, without 64-bit arithmetic. */
static unsigned take_digit(uint64_t *value, unsigned base) {
  unsigned digit;
  if (*value <= UINT32_MAX) {
    uint32_t small = (uint32_t)*value;
    digit = small % base;
    *value = small / base;
  } else {
    digit = (unsigned)(*value % base);
    *value /= base;
  }
  return digit;
}

/* Writes the digits of VALUE in front of END, as CONVERSION wants them; none for 0.  Returns their
   first. */
static char *make_digits(uint64_t value, const struct conversion *conversion, char *end) {
  char type = conversion->type;
  unsigned base = type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
  const char *symbols = type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
  char *first = end;
  for (int digits = 0; value != 0; digits++) {
    if (conversion->flags & FLAG_GROUP && digits > 0 && digits % 3 == 0) *--first = ',';
    *--first = symbols[take_digit(&value, base)];
  }
  return first;
}

/* What stands before the digits of VALUE: the sign, or 0x. */
static const char *number_prefix(uint64_t value, bool negative,
                                 const struct conversion *conversion) {
  bool is_signed = conversion->type == 'd';
  if (negative) return "-";
  if (is_signed && conversion->flags & FLAG_PLUS) return "+";
  if (is_signed && conversion->flags & FLAG_SPACE) return " ";
  if (value == 0 || !(conversion->flags & FLAG_PREFIX)) return "";
  return conversion->type == 'x' ? "0x" : conversion->type == 'X' ? "0X" : "";
}

/* Puts out the number whose absolute value is VALUE. */
static void put_number(struct output *output, const struct conversion *conversion, uint64_t value,
                       bool negative) {
  char buffer[DIGITS_MAX];
  char *end = buffer + sizeof buffer;
  char *digits = make_digits(value, conversion, end);
  const char *prefix = number_prefix(value, negative, conversion);
  int prefix_length = (int)strlen(prefix), length = (int)(end - digits);
  int zeroes = MAX((conversion->precision < 0 ? 1 : conversion->precision) - length, 0);
  if (conversion->type == 'o' && conversion->flags & FLAG_PREFIX && zeroes == 0) zeroes = 1;
  int padding = MAX(conversion->width - prefix_length - zeroes - length, 0);
  bool left = conversion->flags & FLAG_LEFT;
  if (conversion->flags & FLAG_ZERO && !left && conversion->precision < 0) {
    zeroes += padding;
    padding = 0;
  }
  if (!left) output_run(output, ' ', padding);
  output_text(output, prefix, prefix_length);
  output_run(output, '0', zeroes);
  output_text(output, digits, length);
  if (left) output_run(output, ' ', padding);
}

/* Takes the flags at *FORMAT. */
static unsigned parse_flags(const char **format) {
  unsigned flags = 0;
  for (;; ++*format) {
    switch (**format) {
    case '-': flags |= FLAG_LEFT; break;
    case '0': flags |= FLAG_ZERO; break;
    case '+': flags |= FLAG_PLUS; break;
    case ' ': flags |= FLAG_SPACE; break;
    case '#': flags |= FLAG_PREFIX; break;
    case '\'': flags |= FLAG_GROUP; break;
    default: return flags;
    }
  }
}

/* Takes the decimal number at *FORMAT, 0 if there is none. */
static int parse_digits(const char **format) {
  int value = 0;
  while (**format >= '0' && **format <= '9') value = value * 10 + (*(*format)++ - '0');
  return value;
}

/* Takes the size letters at *FORMAT; the bytes of an integer of that size, or FORMAT_LONG_DOUBLE. */
static int parse_size(const char **format) {
  switch (*(*format)++) {
  case 'h':
    if (**format != 'h') return sizeof(short);
    ++*format;
    return sizeof(char);
  case 'l':
    if (**format != 'l') return sizeof(long);
    ++*format;
    return sizeof(long long);
  case 'z': return sizeof(size_t);
  case 't': return sizeof(ptrdiff_t);
  case 'j': return sizeof(intmax_t);
  case 'L': return FORMAT_LONG_DOUBLE;
  default: --*format; return sizeof(int);
  }
}

/* Takes a width or precision at *FORMAT: digits, or * for an argument. */
static int parse_count(const char **format, struct arguments *arguments) {
  if (**format != '*') return parse_digits(format);
  ++*format;
  return va_arg(arguments->list, int);
}

/* Takes the conversion at *FORMAT, which follows a percent sign. */
static struct conversion parse_conversion(const char **format, struct arguments *arguments) {
  struct conversion conversion = {.precision = -1};
  conversion.flags = parse_flags(format);
  conversion.width = parse_count(format, arguments);
  if (conversion.width < 0) {
    conversion.flags |= FLAG_LEFT;
    conversion.width = -conversion.width;
  }
  if (**format == '.') {
    ++*format;
    conversion.precision = parse_count(format, arguments);
  }
  conversion.size = parse_size(format);
  conversion.type = **format;
  if (conversion.type == 'i') conversion.type = 'd';
  if (conversion.type != '\0') ++*format;
  return conversion;
}

/* Takes a signed integer of SIZE bytes from ARGUMENTS and puts it out. */
static void put_signed(struct output *output, const struct conversion *conversion,
                       struct arguments *arguments) {
  int64_t value;
  switch (conversion->size) {
  case 1: value = (signed char)va_arg(arguments->list, int); break;
  case 2: value = (short)va_arg(arguments->list, int); break;
  case 4: value = va_arg(arguments->list, int); break;
  default: value = va_arg(arguments->list, int64_t); break;
  }
  put_number(output, conversion, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0);
}

/* Puts the next of ARGUMENTS, an unsigned integer, as CONVERSION says. */
static void put_unsigned(struct output *output, const struct conversion *conversion,
                         struct arguments *arguments) {
  uint64_t value;
  switch (conversion->size) {
  case 1: value = (unsigned char)va_arg(arguments->list, int); break;
  case 2: value = (unsigned short)va_arg(arguments->list, int); break;
  case 4: value = va_arg(arguments->list, unsigned); break;
  default: value = va_arg(arguments->list, uint64_t); break;
  }
  put_number(output, conversion, value, false);
}

/* Takes a pointer from ARGUMENTS and puts it out in base 16. */
static void put_pointer(struct output *output, struct conversion *conversion,
                        struct arguments *arguments) {
  uintptr_t value = (uintptr_t)va_arg(arguments->list, void *);
  conversion->type = 'x';
  conversion->flags |= FLAG_PREFIX;
  put_number(output, conversion, value, false);
}

/* Takes a string from ARGUMENTS and puts it out, at most as much of it as the precision says. */
static void put_string(struct output *output, const struct conversion *conversion,
                       struct arguments *arguments) {
  const char *text = va_arg(arguments->list, const char *);
  if (text == NULL) text = "(null)";
  size_t max = conversion->precision < 0 ? INT32_MAX : (size_t)conversion->precision;
  put_padded(output, conversion, text, (int)strnlen(text, max));
}

/* Puts out one conversion; one that is not known stands as its letter. */
static void put_conversion(struct output *output, struct conversion *conversion,
                           struct arguments *arguments) {
  char c = conversion->type;
  switch (c) {
  case 'd': put_signed(output, conversion, arguments); break;
  case 'u':
  case 'x':
  case 'X':
  case 'o': put_unsigned(output, conversion, arguments); break;
  case 'p': put_pointer(output, conversion, arguments); break;
  case 's': put_string(output, conversion, arguments); break;
  case 'c':
    c = (char)va_arg(arguments->list, int);
    put_padded(output, conversion, &c, 1);
    break;
  case '\0': break;
  default:
    if (!format_float(output, conversion, arguments)) output_run(output, c, 1);
    break;
  }
}

/* Formats ARGS after FORMAT into PUT. */
int format_to(put_char *put, void *aux, const char *format, va_list args) {
  struct output output = {.put = put, .aux = aux};
  struct arguments arguments;
  va_copy(arguments.list, args);
  while (*format != '\0') {
    if (*format != '%') {
      output_run(&output, *format++, 1);
      continue;
    }
    format++;
    struct conversion conversion = parse_conversion(&format, &arguments);
    put_conversion(&output, &conversion, &arguments);
  }
  va_end(arguments.list);
  return output.count;
}

/* A buffer that is being filled. */
struct buffer {
  char *next;
  size_t left; /* Room, that for the terminator not counted. */
};

/* Puts C into BUFFER if there is room. */
static void buffer_put(char c, void *aux) {
  struct buffer *buffer = aux;
  if (buffer->left == 0) return;
  buffer->left--;
  *buffer->next++ = c;
}

/* Formats ARGS into BUFFER of SIZE bytes. */
int vsnprintf(char *buffer, size_t size, const char *format, va_list args) {
  struct buffer target = {.next = buffer, .left = size > 0 ? size - 1 : 0};
  int length = format_to(buffer_put, &target, format, args);
  if (size > 0) *target.next = '\0';
  return length;
}

/* Formats its arguments into BUFFER of SIZE bytes. */
int snprintf(char *buffer, size_t size, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int length = vsnprintf(buffer, size, format, args);
  va_end(args);
  return length;
}
