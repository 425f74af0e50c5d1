/* Unit tests of lib/: strings, printf, bitmaps and lists, each against what the standard says or
   against a slow model. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "dev/clock.h"
#include "lib/bitmap.h"
#include "lib/calendar.h"
#include "lib/debug.h"
#include "lib/list.h"
#include "lib/printf.h"
#include "lib/string.h"

/* An assertion of lib/ failed. */
void debug_panic(const char *file, int line, const char *function, const char *format, ...) {
  (void)format;
  fprintf(stderr, "panic at %s:%d in %s()\n", file, line, function);
  abort();
}

/* The C library's own, for comparison; snprintf is renamed. */
static int libc_format(char *buffer, size_t size, const char *format, va_list args) {
  FILE *file = fmemopen(buffer, size, "w");
  int length = vfprintf(file, format, args);
  fputc('\0', file);
  fclose(file);
  return length;
}

/* Formats by both printfs and compares text and length. */
static void check_format(const char *format, ...) {
  char ours[512], theirs[512];
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int our_length = vsnprintf(ours, sizeof ours, format, args);
  int their_length = libc_format(theirs, sizeof theirs, format, again);
  va_end(again);
  va_end(args);
  assert_string_equal(ours, theirs);
  assert_int_equal(our_length, their_length);
}

/* Integers in every base, with flags, width, precision and size. */
static void test_printf_integers(void **state) {
  (void)state;
  static const int values[] = {0, 1, -1, 7, 42, -42, 1000, 123456789, INT_MAX, INT_MIN};
  static const char *const formats[] = {
      "%d",  "%i",   "%u",  "%x",   "%X",    "%o",      "%5d",  "%-5d|",  "%05d",  "%+d",
      "% d", "%#x",  "%#o", "%.3d", "%8.3d", "%-8.3d|", "%08x", "%#010x", "%+.0d", "%.0d",
      "%hd", "%hhd", "%hu", "%hhx", "%12u",  "%-12x|",  "%+5d", "% 05d",  "%#8o"};
  for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) check_format(formats[f], values[v]);
  for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
    check_format("%*d|%-*d|%.*d", 9, values[v], 9, values[v], 4, values[v]);
    check_format("%*d|", -9, values[v]);
  }
}

/* Sizes beyond int. */
static void test_printf_sizes(void **state) {
  (void)state;
  check_format("%lld %llu %llx", LLONG_MIN, ULLONG_MAX, 0x123456789abcdefLL);
  check_format("%ld %lu %lx", LONG_MIN, ULONG_MAX, 123456789L);
  check_format("%zu %zx %jd %td", (size_t)12345, SIZE_MAX, (intmax_t)-5, (ptrdiff_t)-77);
  check_format("%20lld|%-20llx|%020llu", -1LL, 255LL, 10000000000ULL);
}

/* Strings and characters. */
static void test_printf_strings(void **state) {
  (void)state;
  check_format("%s|%10s|%-10s|%.2s|%10.2s|%-10.2s|", "word", "word", "word", "word", "word",
               "word");
  check_format("%.0s|%s|%c%c%%", "gone", "", 'a', 'z');
  check_format("%.*s|%*s", 3, "abcdef", 8, "right");
  check_format("plain text without conversions\n");
}

/* Our own flag: thousands. */
static void test_printf_groups(void **state) {
  (void)state;
  char text[64];
  snprintf(text, sizeof text, "%'d %'d %'d", 3968, 999, 1234567);
  assert_string_equal(text, "3,968 999 1,234,567");
}

/* A buffer too small is ended, never overrun, and the length wanted is returned. */
static void test_printf_cuts(void **state) {
  (void)state;
  char text[8] = "xxxxxxx";
  assert_int_equal(snprintf(text, 4, "%s", "abcdef"), 6);
  assert_memory_equal(text, "abc\0xxx", 8);
  assert_int_equal(snprintf(text, 1, "%d", 12345), 5);
  assert_int_equal(text[0], 0);
  assert_int_equal(snprintf(NULL, 0, "%d", 12345), 5);
}

/* Copies, forwards and overlapping, of every small size and alignment. */
static void test_memory_moves(void **state) {
  (void)state;
  unsigned char model[64], ours[64];
  for (size_t from = 0; from < 20; from++)
    for (size_t to = 0; to < 20; to++)
      for (size_t size = 0; size < 40; size++) {
        for (size_t i = 0; i < 64; i++) model[i] = ours[i] = (unsigned char)(i * 7);
        unsigned char kept[40];
        for (size_t i = 0; i < size; i++) kept[i] = model[from + i];
        for (size_t i = 0; i < size; i++) model[to + i] = kept[i];
        assert_ptr_equal(memmove(ours + to, ours + from, size), ours + to);
        assert_int_equal(memcmp(ours, model, 64), 0);
      }
}

/* memset, memcpy, memcmp, memchr. */
static void test_memory(void **state) {
  (void)state;
  char text[40];
  for (size_t size = 0; size < 36; size++) {
    for (size_t i = 0; i < sizeof text; i++) text[i] = 'x';
    memset(text + 1, 'y', size);
    for (size_t i = 0; i < sizeof text; i++)
      assert_int_equal(text[i], i >= 1 && i < size + 1 ? 'y' : 'x');
  }
  assert_true(memcmp("abc", "abd", 3) < 0);
  assert_true(memcmp("\xff", "\x01", 1) > 0);
  assert_int_equal(memcmp("abc", "abd", 2), 0);
  assert_null(memchr("abc", 'd', 3));
  assert_ptr_equal(memchr(text, text[3], 40), memchr(text, text[3], 4));
}

/* Comparisons, searches and lengths. */
static void test_strings(void **state) {
  (void)state;
  const char *text = "a needle in a haystack";
  assert_int_equal(strlen(text), 22);
  assert_int_equal(strnlen(text, 5), 5);
  assert_int_equal(strcmp("abc", "abc"), 0);
  assert_true(strcmp("abc", "abcd") < 0 && strcmp("b", "abcd") > 0);
  assert_true(strcmp("\x80", "a") > 0);
  assert_int_equal(strncmp("abcx", "abcy", 3), 0);
  assert_true(strncmp("abcx", "abcy", 4) < 0);
  assert_ptr_equal(strchr(text, 'n'), text + 2);
  assert_ptr_equal(strchr(text, '\0'), text + 22);
  assert_ptr_equal(strrchr(text, 'a'), text + 19);
  assert_null(strchr(text, 'z'));
  assert_null(strrchr(text, 'z'));
  assert_ptr_equal(strstr(text, "hay"), text + 14);
  assert_ptr_equal(strstr(text, ""), text);
  assert_null(strstr(text, "haystacks"));
  assert_ptr_equal(strstr("aaab", "aab"), strstr("aaab", "aab"));
  assert_int_equal(strspn("aabbc", "ab"), 4);
  assert_int_equal(strcspn("aabbc", "bc"), 2);
}

/* Copies with a limit. */
static void test_string_copies(void **state) {
  (void)state;
  char text[6] = "";
  assert_int_equal(strlcpy(text, "abcdefgh", sizeof text), 8);
  assert_string_equal(text, "abcde");
  assert_int_equal(strlcpy(text, "ab", sizeof text), 2);
  assert_int_equal(strlcat(text, "cdefg", sizeof text), 7);
  assert_string_equal(text, "abcde");
}

/* Words, at runs of delimiters. */
static void test_strtok(void **state) {
  (void)state;
  char text[] = "  one two   three ";
  char *save;
  assert_string_equal(strtok_r(text, " ", &save), "one");
  assert_string_equal(strtok_r(NULL, " ", &save), "two");
  assert_string_equal(strtok_r(NULL, " ", &save), "three");
  assert_null(strtok_r(NULL, " ", &save));
}

/* Whether COUNT bits from BIT on are clear in the model of BITS bits. */
static bool model_clear(const unsigned char *model, uint32_t bits, uint32_t bit, uint32_t count) {
  if (bit + count > bits) return false;
  for (uint32_t i = 0; i < count; i++)
    if (model[bit + i]) return false;
  return true;
}

/* Whether any aligned run of COUNT clear bits is in the model. */
static bool model_has_run(const unsigned char *model, uint32_t bits, uint32_t count,
                          uint32_t align) {
  for (uint32_t bit = 0; bit < bits; bit += align)
    if (model_clear(model, bits, bit, count)) return true;
  return false;
}

/* Random sets, clears and searches against an array. */
static void test_bitmap(void **state) {
  (void)state;
  static const uint32_t sizes[] = {1, 31, 32, 33, 100, 256};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    uint32_t bits = sizes[s], words[8];
    unsigned char model[256] = {0};
    struct bitmap bitmap;
    bitmap_init(&bitmap, words, bits);
    assert_int_equal(bitmap_count(&bitmap), 0);
    srand(s + 1);
    for (int step = 0; step < 2000; step++) {
      uint32_t bit = (uint32_t)rand() % bits, count = (uint32_t)rand() % 12 + 1;
      uint32_t align = 1u << rand() % 3;
      uint32_t found = bitmap_find_run(&bitmap, bit, count, align);
      assert_int_equal(found != BITMAP_NONE, model_has_run(model, bits, count, align));
      if (found != BITMAP_NONE) {
        assert_int_equal(found % align, 0);
        assert_true(model_clear(model, bits, found, count));
        bitmap_set_run(&bitmap, found, count);
        for (uint32_t i = 0; i < count; i++) model[found + i] = 1;
      }
      if (count > bits - bit) count = bits - bit;
      if (found == BITMAP_NONE || rand() % 3 == 0) {
        bitmap_clear_run(&bitmap, bit, count);
        for (uint32_t i = 0; i < count; i++) model[bit + i] = 0;
      }
      uint32_t total = 0;
      for (uint32_t i = 0; i < bits; i++) {
        assert_int_equal(bitmap_test(&bitmap, i), model[i]);
        total += model[i];
      }
      assert_int_equal(bitmap_count(&bitmap), total);
    }
    bitmap_set(&bitmap, bits - 1);
    assert_true(bitmap_test(&bitmap, bits - 1));
    bitmap_clear(&bitmap, bits - 1);
    assert_false(bitmap_test(&bitmap, bits - 1));
  }
}

struct item {
  int value;
  struct list_node node;
};

/* Order, removal from the middle, and emptiness. */
static void test_list(void **state) {
  (void)state;
  struct list list;
  struct item items[4] = {{.value = 0}, {.value = 1}, {.value = 2}, {.value = 3}};
  list_init(&list);
  assert_true(list_is_empty(&list) && list_first(&list) == NULL && list_pop_front(&list) == NULL);
  list_push_back(&list, &items[1].node);
  list_push_back(&list, &items[2].node);
  list_push_front(&list, &items[0].node);
  list_insert_before(&items[2].node, &items[3].node);
  static const int order[] = {0, 1, 3, 2};
  int place = 0;
  list_for_each(node, &list)
      assert_int_equal(list_entry(node, struct item, node)->value, order[place++]);
  list_for_each_safe(node, next, &list) if (list_entry(node, struct item, node)->value % 2 == 1)
      list_remove(node);
  assert_false(list_node_is_listed(&items[1].node));
  assert_ptr_equal(list_pop_front(&list), &items[0].node);
  assert_ptr_equal(list_pop_front(&list), &items[2].node);
  assert_true(list_is_empty(&list));
}

/* Every day from 1970 to 2105 follows the one before it, and comes back from its seconds. */
static void test_calendar(void **state) {
  (void)state;
  struct calendar day = {0}, before;
  for (uint64_t seconds = 0; seconds <= UINT32_MAX; seconds += 86400) {
    before = day;
    calendar_from_seconds((uint32_t)seconds + 86399, &day);
    if (day.year > CALENDAR_YEAR_LAST) break;
    assert_true(calendar_is_valid(&day));
    assert_int_equal(calendar_to_seconds(&day), seconds + 86399);
    assert_int_equal(day.hour * 10000 + day.minute * 100 + day.second, 235959);
    if (seconds == 0) continue;
    assert_int_equal(day.week_day, (before.week_day + 1) % 7);
    assert_true(day.day == before.day + 1 || day.day == 1);
    assert_true(day.year_day == before.year_day + 1 || day.year == before.year + 1);
  }
  calendar_from_seconds(1709164800, &day); /* By date(1). */
  assert_int_equal(day.year * 10000 + day.month * 100 + day.day, 20240229);
  assert_int_equal(day.week_day, 4);
  calendar_from_seconds(4107542400u, &day);
  assert_int_equal(day.year * 10000 + day.month * 100 + day.day, 21000301);
  struct calendar wrong = {.year = 2100, .month = 2, .day = 29};
  assert_false(calendar_is_valid(&wrong));
}

/* The machine's clock in all its formats: digits and numbers, 12 hours and 24, with and without a
   century; and what is no time. */
static void test_clock(void **state) {
  (void)state;
  static const struct {
    struct clock_registers registers;
    uint32_t seconds;
  } times[] = {
      {{0x59, 0x58, 0x23, 0x28, 0x11, 0x26, 0x20, 0x02}, 1795910339},
      {{59, 58, 23, 28, 11, 26, 20, 0x06}, 1795910339},
      {{0x59, 0x58, 0x91, 0x28, 0x11, 0x26, 0x20, 0x00}, 1795910339},
      {{59, 58, 0x8b, 28, 11, 26, 20, 0x04}, 1795910339},
      {{59, 58, 12, 28, 11, 26, 20, 0x04}, 1795910339 - 23 * 3600},
      {{0x59, 0x58, 0x92, 0x28, 0x11, 0x26, 0x20, 0x00}, 1795910339 - 11 * 3600},
      {{0x59, 0x58, 0x23, 0x28, 0x11, 0x26, 0x00, 0x02}, 1795910339},
      {{0x00, 0x00, 0x00, 0x01, 0x01, 0x70, 0xff, 0x02}, 0},
      {{0x00, 0x00, 0x00, 0x29, 0x02, 0x00, 0x20, 0x02}, 951782400},
  };
  static const struct clock_registers wrong[] = {
      {255, 255, 255, 255, 255, 255, 255, 255}, {0, 0, 0, 0, 0, 0, 0, 0},
      {0x60, 0, 0, 1, 1, 0x26, 0x20, 2},        {0, 0, 0x24, 1, 1, 0x26, 0x20, 2},
      {0, 0, 0x13, 1, 1, 0x26, 0x20, 0},        {0, 0, 0x00, 1, 1, 0x26, 0x20, 0},
      {0, 0, 0, 0x29, 2, 0x26, 0x20, 2},        {0, 0, 0, 1, 0x13, 0x26, 0x20, 2},
  };
  uint32_t seconds;
  for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
    assert_true(clock_decode(&times[i].registers, &seconds));
    assert_int_equal(seconds, times[i].seconds);
  }
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_false(clock_decode(&wrong[i], &seconds));
}

/* Runs all. */
int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_printf_integers), cmocka_unit_test(test_printf_sizes),
      cmocka_unit_test(test_printf_strings),  cmocka_unit_test(test_printf_groups),
      cmocka_unit_test(test_printf_cuts),     cmocka_unit_test(test_memory_moves),
      cmocka_unit_test(test_memory),          cmocka_unit_test(test_strings),
      cmocka_unit_test(test_string_copies),   cmocka_unit_test(test_strtok),
      cmocka_unit_test(test_bitmap),          cmocka_unit_test(test_list),
      cmocka_unit_test(test_calendar),        cmocka_unit_test(test_clock),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
