/* The line editor against a model: random keys do the same to a plain array of characters, and a screen of
   one row, fed with what the editor shows, must show what the model has. */
#include <edit.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants these before it. */
#include <cmocka.h>

#define COLUMNS 20
#define PROMPT  "> "
#define ROUNDS  400
#define KEYS    300

static struct edit edit;

/* -- A screen of one row ------------------------------------------------------------------------- */

static struct {
  char cells[COLUMNS + 1];
  unsigned column;
} screen;

/* Does what the escape sequence at TEXT says; returns its last character. */
static const char *take_sequence(const char *text) {
  unsigned number = 0;
  assert_int_equal(text[1], '[');
  for (text += 2; *text >= '0' && *text <= '9'; text++)
    number = number * 10 + (unsigned)(*text - '0');
  if (*text == 'K' || *text == 'J')
    memset(screen.cells + screen.column, ' ', COLUMNS - screen.column);
  else if (*text == 'D')
    screen.column -= number;
  else if (*text == 'H')
    screen.column = 0;
  else
    fail_msg("sequence ends with %c", *text);
  return text;
}

/* Shows SIZE bytes of TEXT, ASCII. */
static void show(const char *text, size_t size) {
  char copy[2 * EDIT_SIZE];
  assert_true(size < sizeof copy);
  memcpy(copy, text, size);
  copy[size] = '\0';
  for (const char *at = copy; *at != '\0'; at++) {
    if (*at == '\033') {
      at = take_sequence(at);
    } else if (*at == '\r' || *at == '\n') {
      screen.column = 0;
    } else if (*at != '\a') {
      assert_true(screen.column < COLUMNS - 1); /* The last column would begin a new row. */
      screen.cells[screen.column++] = *at;
    }
  }
}

/* The screen must show the prompt, a part of TEXT that holds PLACE, and the cursor there. */
static void check_screen(const char *text, size_t place) {
  char expected[COLUMNS + 1];
  size_t first = edit.first;
  assert_true(first <= place && place - first < COLUMNS - 3);
  snprintf(expected, sizeof expected, PROMPT "%-*.*s", COLUMNS - 2, COLUMNS - 3, text + first);
  assert_string_equal(screen.cells, expected);
  assert_int_equal(screen.column, strlen(PROMPT) + place - first);
}

/* -- The model ----------------------------------------------------------------------------------- */

static struct {
  char text[EDIT_SIZE];
  size_t length, cursor;
} model;

/* Takes characters away from FROM to TO. */
static void model_take(size_t from, size_t to) {
  char rest[EDIT_SIZE];
  strcpy(rest, model.text + to);
  strcpy(model.text + from, rest);
  model.length = strlen(model.text);
  model.cursor = from;
}

/* Puts C in. */
static void model_put(char c) {
  char rest[EDIT_SIZE];
  if (model.length == EDIT_SIZE - 1) return;
  strcpy(rest, model.text + model.cursor);
  model.text[model.cursor++] = c;
  strcpy(model.text + model.cursor, rest);
  model.length++;
}

/* Where the word before the cursor begins. */
static size_t model_word(void) {
  size_t at = model.cursor;
  while (at > 0 && model.text[at - 1] == ' ') at--;
  while (at > 0 && model.text[at - 1] != ' ') at--;
  return at;
}

/* What can be typed besides characters, and what of it the model does: by number. */
static const char *const sequences[] = {"\x01",   "\033[H",  "\x05",       "\033OF",  "\x02",
                                        "\033[D", "\x06",    "\033[1;5C",  "\b",      "\x7f",
                                        "\x04",   "\033[3~", "\x0b",       "\x15",    "\x17",
                                        "\x0c",   "\033x",   "\033[99;1z", "\033[[A", "\x1c"};

/* Does what sequence NUMBER does. */
static void model_do(unsigned number) {
  size_t left = model.cursor > 0 ? model.cursor - 1 : 0;
  size_t right = model.cursor < model.length ? model.cursor + 1 : model.cursor;
  switch (number) {
  case 0:
  case 1: model.cursor = 0; break;
  case 2:
  case 3: model.cursor = model.length; break;
  case 4:
  case 5: model.cursor = left; break;
  case 6:
  case 7: model.cursor = right; break;
  case 8:
  case 9: model_take(left, model.cursor); break;
  case 10:
  case 11: model_take(model.cursor, right); break;
  case 12: model_take(model.cursor, model.length); break;
  case 13: model_take(0, model.cursor); break;
  case 14: model_take(model_word(), model.cursor); break;
  default: break; /* The screen is cleared, or nothing is known of it. */
  }
}

/* -- Tests --------------------------------------------------------------------------------------- */

/* Types TEXT; the last byte's result. */
static enum edit_result type(const char *text) {
  enum edit_result result = EDIT_MORE;
  for (; *text != '\0'; text++) result = edit_byte(&edit, (unsigned char)*text);
  return result;
}

/* Starts an empty line. */
static void begin(void) {
  memset(screen.cells, ' ', COLUMNS);
  screen.column = 0;
  memset(&model, 0, sizeof model);
  edit.write = show;
  edit.columns = COLUMNS;
  edit_begin(&edit, PROMPT);
}

/* Presses one random key; with Ctrl-D on an empty line nothing, since that is the end. */
static void press_random(void) {
  char key[2] = {(char)("abc  xyz/-"[rand() % 10]), '\0'};
  unsigned number = (unsigned)rand() % 60;
  if (number >= sizeof sequences / sizeof *sequences) {
    model_put(key[0]);
    type(key);
  } else if (number != 10 || model.length > 0) {
    model_do(number);
    assert_int_equal(type(sequences[number]), EDIT_MORE);
  }
}

/* Random keys, many lines. */
static void test_model(void **state) {
  (void)state;
  srand(1);
  for (int round = 0; round < ROUNDS; round++) {
    begin();
    for (int i = 0; i < KEYS; i++) {
      press_random();
      assert_string_equal(edit.text, model.text);
      assert_int_equal(edit.cursor, model.cursor);
      assert_int_equal(edit.length, model.length);
      check_screen(model.text, model.cursor);
    }
    assert_int_equal(type("\r"), EDIT_DONE);
  }
}

/* Up and down go through what was entered, and back to the line that was being typed. */
static void test_history(void **state) {
  (void)state;
  char line[24];
  memset(&edit, 0, sizeof edit);
  for (int i = 0; i < EDIT_HISTORY + 5; i++) {
    begin();
    snprintf(line, sizeof line, "line %d\r", i);
    assert_int_equal(type(line), EDIT_DONE);
    begin();
    assert_int_equal(type(line), EDIT_DONE); /* Again: remembered once. */
  }
  begin();
  type("new\033[A");
  snprintf(line, sizeof line, "line %d", EDIT_HISTORY + 4);
  assert_string_equal(edit.text, line);
  for (int i = 0; i < 2 * EDIT_HISTORY; i++) type("\x10");
  assert_string_equal(edit.text, "line 5");
  for (int i = 0; i < 2 * EDIT_HISTORY; i++) type("\033[B");
  assert_string_equal(edit.text, "new");
}

/* A line too long is refused when it is complete, unless something was taken away since. */
static void test_too_long(void **state) {
  (void)state;
  for (int cut = 0; cut < 2; cut++) {
    begin();
    for (int i = 0; i < EDIT_SIZE + 10; i++) type("x");
    assert_int_equal(edit.length, EDIT_SIZE - 1);
    if (cut) type("\b");
    assert_int_equal(type("\r"), cut ? EDIT_DONE : EDIT_TOO_LONG);
  }
}

/* Ctrl-D ends an empty line only, Ctrl-C any; a sequence that is cut off swallows no Enter. */
static void test_ends(void **state) {
  (void)state;
  begin();
  assert_int_equal(type("\x04"), EDIT_END);
  begin();
  assert_int_equal(type("ab\x04"), EDIT_MORE);
  assert_int_equal(type("\x03"), EDIT_INTERRUPTED);
  begin();
  assert_int_equal(type("a\033[12\r"), EDIT_DONE);
  assert_string_equal(edit.text, "a");
}

/* Shows nothing. */
static void show_nothing(const char *text, size_t size) {
  (void)text, (void)size;
}

/* A character of several bytes is one, to move over and to take away. */
static void test_utf8(void **state) {
  (void)state;
  begin();
  edit.write = show_nothing;
  type("a\xc3\xa4\xe2\x82\xac\033[D\b");
  assert_string_equal(edit.text, "a\xe2\x82\xac");
  type("\x06\x7f");
  assert_string_equal(edit.text, "a");
}

/* Lines of a file lose their control characters, and nothing else. */
static void test_strip(void **state) {
  (void)state;
  char line[] = "\033[Aec\033[1;5Dho\t\033OPa\x7f\xc3\xa4\033";
  key_strip(line);
  assert_string_equal(line, "echo a\xc3\xa4");
}

/* All of them. */
int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_model), cmocka_unit_test(test_history), cmocka_unit_test(test_too_long),
      cmocka_unit_test(test_ends),  cmocka_unit_test(test_utf8),    cmocka_unit_test(test_strip)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
