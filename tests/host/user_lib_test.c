/* Unit tests of what user/lib/ has of the C library, against the host's own, on random inputs and at the
   edges.  Ours is called quire_NAME here. */
#include <ctype.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROUNDS     200000
#define SORT_COUNT 2000

char *quire_strcpy(char *dst, const char *src);
char *quire_strncpy(char *dst, const char *src, size_t size);
char *quire_strcat(char *dst, const char *src);
char *quire_strncat(char *dst, const char *src, size_t size);
char *quire_strdup(const char *string);
char *quire_strndup(const char *string, size_t size);
char *quire_strpbrk(const char *string, const char *stop);
char *quire_strtok(char *string, const char *delimiters);
long quire_strtol(const char *string, char **end, int base);
unsigned long quire_strtoul(const char *string, char **end, int base);
int quire_atoi(const char *string);
int quire_rand(void);
void quire_srand(unsigned seed);
void quire_qsort(void *array, size_t count, size_t size,
                 int (*compare)(const void *, const void *));
void *quire_bsearch(const void *key, const void *array, size_t count, size_t size,
                    int (*compare)(const void *, const void *));
int quire_sscanf(const char *string, const char *format, ...);
int quire_scanf(const char *format, ...);
int quire_read_int(int *value);
int quire_class(int number, int c);

static const char *typed; /* What the keyboard gives next. */

/* The keyboard of ours. */
int quire_getchar(void) {
  return *typed == '\0' ? EOF : (unsigned char)*typed++;
}

int quire_ungetchar(int c) {
  typed--;
  return c;
}

int quire_readline(char *buffer, size_t size) {
  size_t length = 0;
  if (*typed == '\0') return EOF;
  for (; *typed != '\0' && *typed != '\n'; typed++)
    if (length + 1 < size) buffer[length++] = *typed;
  if (*typed == '\n') typed++;
  buffer[length] = '\0';
  return (int)length;
}

/* A number below LIMIT. */
static unsigned below(unsigned limit) {
  static uint32_t state = 88172645;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % limit;
}

/* Fills TEXT with up to MAX characters of LETTERS. */
static void random_text(char *text, unsigned max, const char *letters) {
  unsigned length = below(max + 1);
  for (unsigned i = 0; i < length; i++) text[i] = letters[below((unsigned)strlen(letters))];
  text[length] = '\0';
}

/* Both give the same number and the same end for TEXT in BASE. */
static void check_number(const char *text, int base) {
  char *their_end, *our_end;
  long theirs = strtol(text, &their_end, base), ours = quire_strtol(text, &our_end, base);
  if (theirs != ours || their_end != our_end) fail_msg("strtol(\"%s\", %d)", text, base);
  unsigned long their_word = strtoul(text, &their_end, base);
  unsigned long our_word = quire_strtoul(text, &our_end, base);
  if (their_word != our_word || their_end != our_end) fail_msg("strtoul(\"%s\", %d)", text, base);
}

/* Numbers: random ones, and where they end and overflow. */
static void test_numbers(void **state) {
  (void)state;
  static const char *const edges[] = {"",
                                      " ",
                                      "-",
                                      "+",
                                      "--1",
                                      "+-1",
                                      "0",
                                      "-0",
                                      "0x",
                                      "0X",
                                      "0xg",
                                      "-0x",
                                      "0x1",
                                      "08",
                                      "0778",
                                      "00",
                                      "9223372036854775807",
                                      "9223372036854775808",
                                      "-9223372036854775808",
                                      "-9223372036854775809",
                                      "18446744073709551615",
                                      "18446744073709551616",
                                      "-18446744073709551615",
                                      "-18446744073709551616",
                                      "2147483647",
                                      "2147483648",
                                      "-2147483649",
                                      "99999999999999999999999999",
                                      "zz",
                                      "\t\n\v\f\r 7",
                                      "1 2",
                                      "0xffffffffffffffffff",
                                      "\xa0"
                                      "1",
                                      "1\x80"};
  for (unsigned i = 0; i < sizeof edges / sizeof *edges; i++) {
    check_number(edges[i], 0);
    for (int base = 2; base <= 36; base++) check_number(edges[i], base);
  }
  for (unsigned i = 0; i < ROUNDS; i++) {
    char text[40];
    int base = below(3) == 0 ? 0 : (int)(2 + below(35));
    random_text(text, below(4) == 0 ? 39 : 8, below(2) ? " +-0xX19azZ7f8" : "0123456789");
    check_number(text, base);
  }
  char *end;
  static const int bad[] = {-1, 1, 37, INT_MAX, INT_MIN};
  for (unsigned i = 0; i < 5; i++) {
    const char *text = "12";
    assert_int_equal(quire_strtol(text, &end, bad[i]), 0);
    assert_ptr_equal(end, text);
  }
  assert_int_equal(quire_strtol("12", NULL, 10), 12);
  assert_int_equal(quire_atoi("99999999999"), INT_MAX);
  assert_int_equal(quire_atoi(" -42x"), -42);
}

/* Copies and joins, with all bytes around them. */
static void test_copies(void **state) {
  (void)state;
  for (unsigned i = 0; i < ROUNDS; i++) {
    char src[24], theirs[64], ours[64];
    size_t size = below(30);
    random_text(src, 23, "ab\xff");
    memset(theirs, 'x', sizeof theirs);
    random_text(theirs, 20, "cd");
    memcpy(ours, theirs, sizeof ours);
    switch (below(4)) {
    case 0:
      assert_ptr_equal(quire_strcpy(ours, src), ours);
      strcpy(theirs, src);
      break;
    case 1:
      assert_ptr_equal(quire_strncpy(ours, src, size), ours);
      strncpy(theirs, src, size);
      break;
    case 2:
      assert_ptr_equal(quire_strcat(ours, src), ours);
      strcat(theirs, src);
      break;
    default:
      assert_ptr_equal(quire_strncat(ours, src, size), ours);
      strncat(theirs, src, size);
      break;
    }
    assert_memory_equal(theirs, ours, sizeof ours);
    char *copy = quire_strdup(src), *part = quire_strndup(src, size);
    assert_string_equal(copy, src);
    assert_int_equal(strlen(part), strnlen(src, size));
    assert_memory_equal(part, src, strlen(part));
    free(copy);
    free(part);
  }
}

/* Words and stops. */
static void test_words(void **state) {
  (void)state;
  for (unsigned i = 0; i < ROUNDS; i++) {
    char theirs[30], ours[30], stops[4];
    random_text(theirs, 29, "ab,; ");
    memcpy(ours, theirs, sizeof ours);
    random_text(stops, 3, "a,; ");
    char *stop = strpbrk(theirs, stops), *our_stop = quire_strpbrk(ours, stops);
    assert_true(stop == NULL ? our_stop == NULL : our_stop - ours == stop - theirs);
    char *word = strtok(theirs, stops), *our_word = quire_strtok(ours, stops);
    for (; word != NULL; word = strtok(NULL, stops), our_word = quire_strtok(NULL, stops)) {
      assert_non_null(our_word);
      assert_string_equal(word, our_word);
    }
    assert_null(our_word);
    assert_null(quire_strtok(NULL, stops));
  }
}

/* Classes of characters, as in the C locale. */
static void test_classes(void **state) {
  (void)state;
  static int (*const theirs[])(int) = {isalpha, isdigit,  isalnum, isupper, islower,
                                       isspace, isblank,  isprint, isgraph, iscntrl,
                                       ispunct, isxdigit, toupper, tolower};
  for (int number = 0; number < 14; number++)
    for (int c = EOF; c < 256; c++) {
      int wanted = theirs[number](c), got = quire_class(number, c);
      bool same = number < 12 ? (wanted != 0) == (got != 0) : wanted == got;
      if (!same) fail_msg("class %d of character %d is %d", number, c, got);
    }
}

static unsigned comparisons;

/* Compares the first bytes, and counts. */
static int compare_bytes(const void *a, const void *b) {
  comparisons++;
  return *(const uint8_t *)a - *(const uint8_t *)b;
}

/* Compares ints, and counts. */
static int compare_ints(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  comparisons++;
  return x < y ? -1 : x > y;
}

/* Number I of COUNT in an order of KIND. */
static int in_order(unsigned kind, unsigned i, unsigned count) {
  switch (kind) {
  case 0: return (int)i;
  case 1: return (int)(count - i);
  case 2: return 7;
  case 3: return (int)(i < count / 2 ? i : count - i);
  case 4: return (int)(i % 2 ? i : count - i);
  case 5: return (int)(i * 2654435761u % 5);
  case 6: return (int)(i < count - 1 ? i : 0);
  default: return (int)below(1u << 30);
  }
}

/* Numbers in every bad order are sorted, within a bound of comparisons. */
static void test_sort_orders(void **state) {
  (void)state;
  static int theirs[SORT_COUNT], ours[SORT_COUNT];
  for (unsigned kind = 0; kind < 12; kind++)
    for (unsigned count = 0; count <= SORT_COUNT; count = count < 40 ? count + 1 : count * 3) {
      for (unsigned i = 0; i < count; i++) theirs[i] = ours[i] = in_order(kind, i, count);
      qsort(theirs, count, sizeof *theirs, compare_ints);
      comparisons = 0;
      quire_qsort(ours, count, sizeof *ours, compare_ints);
      assert_memory_equal(theirs, ours, count * sizeof *ours);
      unsigned log = 1;
      while (1u << log < count) log++;
      assert_true(comparisons <= 6 * count * log + 1);
    }
}

/* An opponent who decides while he is asked: each element is as large as makes quicksort split badly. */
static int answers[SORT_COUNT], solid, candidate;

/* Compares two of the opponent's. */
static int compare_hostile(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  comparisons++;
  if (answers[x] == INT_MAX && answers[y] == INT_MAX) answers[x == candidate ? x : y] = solid++;
  if (answers[x] == INT_MAX)
    candidate = x;
  else if (answers[y] == INT_MAX)
    candidate = y;
  return answers[x] < answers[y] ? -1 : answers[x] > answers[y];
}

/* No opponent makes it quadratic. */
static void test_sort_hostile(void **state) {
  (void)state;
  static int places[SORT_COUNT];
  for (int i = 0; i < SORT_COUNT; i++) {
    places[i] = i;
    answers[i] = INT_MAX;
  }
  comparisons = 0;
  quire_qsort(places, SORT_COUNT, sizeof *places, compare_hostile);
  assert_true(comparisons < SORT_COUNT * 11 * 6);
  for (int i = 1; i < SORT_COUNT; i++) assert_true(answers[places[i - 1]] <= answers[places[i]]);
}

/* Elements of every size, with what they carry; and each is found again. */
static void test_sort_sizes(void **state) {
  (void)state;
  for (size_t size = 1; size <= 20; size++) {
    uint8_t array[100 * 20 + 1];
    unsigned count = below(101), sums[256] = {0};
    for (unsigned i = 0; i < count * size; i++) array[i] = (uint8_t)below(100);
    for (unsigned i = 0; i < count; i++) sums[array[i * size]] += array[i * size + size - 1];
    array[count * size] = 0xee;
    quire_qsort(array, count, size, compare_bytes);
    assert_int_equal(array[count * size], 0xee);
    for (unsigned i = 1; i < count; i++) assert_true(array[(i - 1) * size] <= array[i * size]);
    for (unsigned i = 0; i < count; i++) sums[array[i * size]] -= array[i * size + size - 1];
    for (unsigned i = 0; i < 256; i++) assert_int_equal(sums[i], 0);
    for (unsigned key = 0; key < 101; key++) {
      uint8_t wanted = (uint8_t)key;
      const uint8_t *theirs = bsearch(&wanted, array, count, size, compare_bytes);
      const uint8_t *ours = quire_bsearch(&wanted, array, count, size, compare_bytes);
      assert_int_equal(theirs == NULL, ours == NULL);
      if (ours == NULL) continue;
      assert_true(*ours == wanted && ours >= array && (size_t)(ours - array) % size == 0);
    }
  }
  assert_null(quire_bsearch("x", NULL, 0, 1, compare_bytes));
}

/* Formatted input: numbers and words by some formats. */
static void test_scan(void **state) {
  (void)state;
  static const char *const formats[] = {"%d%d%d",   "%d,%d %d",      "%i %i%i",     "%x%o%u",
                                        "%3d%2d%d", " %d ; %d %%%d", "%*d%d %*d%d", "%2x%2x%2x",
                                        "%d%n%d",   "%X%i%d",        "%1d%1d%1d",   "%o.%x%d"};
  for (unsigned i = 0; i < ROUNDS; i++) {
    char text[24];
    int theirs[3] = {-7, -7, -7}, ours[3] = {-7, -7, -7};
    const char *format = formats[below(sizeof formats / sizeof *formats)];
    random_text(text, 23, below(2) ? "0123456789 ,-f%;" : "12 ");
    int wanted = sscanf(text, format, &theirs[0], &theirs[1], &theirs[2]);
    int got = quire_sscanf(text, format, &ours[0], &ours[1], &ours[2]);
    if (wanted != got || memcmp(theirs, ours, sizeof ours) != 0)
      fail_msg("sscanf(\"%s\", \"%s\") is %d (%d %d %d), not %d (%d %d %d)", text, format, got,
               ours[0], ours[1], ours[2], wanted, theirs[0], theirs[1], theirs[2]);
  }
}

/* Strings, characters and sets. */
static void test_scan_strings(void **state) {
  (void)state;
  static const char *const formats[] = {"%s%s",      "%3s%2s",  "%c%s",    "%1c%s",    "%[a-c]%s",
                                        "%[^a-c]%s", "%[]a]%s", "%[^]]%s", "%*s%s",    "%2[abx-]%s",
                                        " %c%s",     "ab%s%s",  "%[-a]%s", "%*[ab] %s"};
  for (unsigned i = 0; i < ROUNDS; i++) {
    char text[24], theirs[2][32] = {"", ""}, ours[2][32] = {"", ""};
    const char *format = formats[below(sizeof formats / sizeof *formats)];
    random_text(text, 23, below(2) ? "abcx]- \n" : "ab ");
    int wanted = sscanf(text, format, theirs[0], theirs[1]);
    int got = quire_sscanf(text, format, ours[0], ours[1]);
    if (wanted != got || memcmp(theirs, ours, sizeof ours) != 0)
      fail_msg("sscanf(\"%s\", \"%s\") is %d ('%s', '%s'), not %d ('%s', '%s')", text, format, got,
               ours[0], ours[1], wanted, theirs[0], theirs[1]);
  }
}

/* Sizes, and floating point. */
static void test_scan_sizes(void **state) {
  (void)state;
  struct {
    signed char tiny;
    short small;
    long large;
    long long huge;
    size_t size;
    float single;
    double full;
  } theirs, ours;
  memset(&theirs, 0, sizeof theirs);
  memset(&ours, 0, sizeof ours);
  static const char text[] = "-5 1234 -123456789 99999999999 77 1.5e3 -.25x",
                    format[] = "%hhd%hd%ld%lld%zu%f%lfx";
  int wanted = sscanf(text, format, &theirs.tiny, &theirs.small, &theirs.large, &theirs.huge,
                      &theirs.size, &theirs.single, &theirs.full);
  int got = quire_sscanf(text, format, &ours.tiny, &ours.small, &ours.large, &ours.huge, &ours.size,
                         &ours.single, &ours.full);
  assert_int_equal(wanted, got);
  assert_memory_equal(&theirs, &ours, sizeof ours);
  int number = 0;
  assert_int_equal(quire_sscanf("0x1F", "%x", &number), 1);
  assert_int_equal(number, 0x1f);
  assert_int_equal(quire_sscanf("-0x1f", "%i", &number), 1);
  assert_int_equal(number, -0x1f);
  assert_int_equal(quire_sscanf("0xg", "%x", &number), 0);
  char letters[4] = "xxx";
  assert_int_equal(quire_sscanf("ab", "%3c", letters), 0);
  assert_int_equal(quire_sscanf("abc", "%3c", letters), 1);
  assert_memory_equal(letters, "abc", 4);
}

/* The keyboard: what is looked at stays; lines with numbers. */
static void test_keyboard(void **state) {
  (void)state;
  int a = 0, b = 0;
  typed = "12 34x\n";
  assert_int_equal(quire_scanf("%d%d", &a, &b), 2);
  assert_true(a == 12 && b == 34 && strcmp(typed, "x\n") == 0);
  assert_int_equal(quire_scanf("%d", &a), 0);
  assert_string_equal(typed, "x\n");
  typed = "  ";
  assert_int_equal(quire_scanf("%d", &a), EOF);
  typed = " 42 \nno\n7 8\n2147483647\n2147483648\n-2147483648\n-9999999999\n\n99999999999999999999";
  static const int wanted[] = {1, 0, 0, 1, 0, 1, 0, 0, 0, EOF};
  for (unsigned i = 0; i < 10; i++) {
    int got = quire_read_int(&a);
    if (sizeof(long) > 4 && (i == 4 || i == 6))
      continue; /* An int is narrower than a long there. */
    assert_int_equal(got, wanted[i]);
    if (i == 0) assert_int_equal(a, 42);
  }
}

/* One seed gives one row of numbers, all in range and of every kind; without a seed it is 1. */
static void test_random(void **state) {
  (void)state;
  int first[100];
  unsigned bits[31] = {0};
  for (unsigned i = 0; i < 100; i++) first[i] = quire_rand();
  quire_srand(1);
  for (unsigned i = 0; i < 100; i++) assert_int_equal(quire_rand(), first[i]);
  quire_srand(2);
  for (unsigned i = 0; i < 10000; i++) {
    int number = quire_rand();
    assert_true(number >= 0);
    for (unsigned k = 0; k < 31; k++) bits[k] += (unsigned)number >> k & 1;
  }
  for (unsigned k = 0; k < 31; k++) assert_true(bits[k] >= 4700 && bits[k] <= 5300);
}

/* Runs all. */
int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_numbers),      cmocka_unit_test(test_copies),
      cmocka_unit_test(test_words),        cmocka_unit_test(test_classes),
      cmocka_unit_test(test_sort_orders),  cmocka_unit_test(test_sort_hostile),
      cmocka_unit_test(test_sort_sizes),   cmocka_unit_test(test_scan),
      cmocka_unit_test(test_scan_strings), cmocka_unit_test(test_scan_sizes),
      cmocka_unit_test(test_keyboard),     cmocka_unit_test(test_random),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
