/* The line editor. */
#include <edit.h>
#include <stdio.h>
#include <string.h>

#define CONTROL(LETTER) ((LETTER) - '@')
#define RUBOUT          0x7f
#define BELL            "\a"
#define CLEAR_SCREEN    "\033[H\033[2J"
#define CLEAR_TO_END    "\033[K"
#define GO_LEFT         "\033[%uD"
#define PROMPT_SIZE     64

/* -- The text ------------------------------------------------------------------------------------ */

/* Whether the byte at PLACE goes on with a character that began before it. */
static bool is_inside(const struct edit *edit, size_t place) {
  return ((unsigned char)edit->text[place] & 0xc0) == 0x80;
}

/* Where the character before PLACE begins; PLACE if that is the start. */
static size_t step_back(const struct edit *edit, size_t place) {
  if (place > 0) place--;
  while (place > 0 && is_inside(edit, place)) place--;
  return place;
}

/* Where the character at PLACE ends; PLACE if that is the end. */
static size_t step_forward(const struct edit *edit, size_t place) {
  if (place < edit->length) place++;
  while (place < edit->length && is_inside(edit, place)) place++;
  return place;
}

/* The columns of what stands from FROM up to TO. */
static size_t columns_between(const struct edit *edit, size_t from, size_t to) {
  size_t columns = 0;
  for (; from < to; from++) columns += !is_inside(edit, from);
  return columns;
}

/* Takes away what stands from FROM up to TO, and leaves the cursor there. */
static void take_away(struct edit *edit, size_t from, size_t to) {
  memmove(edit->text + from, edit->text + to, edit->length - to + 1);
  edit->length -= to - from;
  edit->cursor = from;
  if (to > from) edit->is_too_long = false;
}

/* Makes TEXT the line, with the cursor at its end. */
static void set_text(struct edit *edit, const char *text) {
  edit->length = edit->cursor = strlen(text);
  memmove(edit->text, text, edit->length + 1);
  edit->is_too_long = false;
}

/* Where the word before the cursor begins. */
static size_t word_start(const struct edit *edit) {
  size_t place = edit->cursor;
  while (place > 0 && edit->text[place - 1] == ' ') place--;
  while (place > 0 && edit->text[place - 1] != ' ') place--;
  return place;
}

/* -- What is shown ------------------------------------------------------------------------------- */

/* Shows the string TEXT. */
static void show(struct edit *edit, const char *text) {
  edit->write(text, strlen(text));
}

/* The columns for the line besides the prompt; the last of a row stays empty, or the terminal would
   begin another. */
static size_t room(const struct edit *edit) {
  size_t prompt = strlen(edit->prompt);
  return edit->columns > prompt + 2 ? edit->columns - prompt - 1 : 1;
}

/* Chooses where what is shown begins, so that the cursor is there to be seen.  It jumps by half a row: long
   lines that are pasted are not shown once for each character. */
static void scroll(struct edit *edit) {
  if (edit->cursor < edit->first) edit->first = edit->cursor;
  if (columns_between(edit, edit->first, edit->cursor) < room(edit)) return;
  while (columns_between(edit, edit->first, edit->cursor) > room(edit) / 2)
    edit->first = step_forward(edit, edit->first);
}

/* Shows prompt and line, and puts the cursor to its place, in one piece: nothing of others comes in
   between. */
void edit_show(struct edit *edit) {
  char out[PROMPT_SIZE + EDIT_SIZE + 16];
  scroll(edit);
  size_t end = edit->first;
  for (size_t column = 0; column < room(edit); column++) end = step_forward(edit, end);
  size_t back = columns_between(edit, edit->cursor, end);
  int used = snprintf(out, sizeof out, "\r%.*s%.*s" CLEAR_TO_END, PROMPT_SIZE - 1, edit->prompt,
                      (int)(end - edit->first), edit->text + edit->first);
  if (back > 0) snprintf(out + used, sizeof out - (size_t)used, GO_LEFT, (unsigned)back);
  show(edit, out);
}

/* -- Keys ---------------------------------------------------------------------------------------- */

/* Puts SIZE bytes of TEXT in at the cursor. */
bool edit_insert(struct edit *edit, const char *text, size_t size) {
  if (edit->length + size >= EDIT_SIZE) return false;
  char *place = edit->text + edit->cursor;
  memmove(place + size, place, edit->length - edit->cursor + 1);
  memcpy(place, text, size);
  edit->length += size;
  edit->cursor += size;
  return true;
}

/* Puts the byte C in.  At the end of a line that is shown whole nothing else changes on the screen. */
static void put_in(struct edit *edit, char c) {
  if (!edit_insert(edit, &c, 1)) {
    edit->is_too_long = true;
    show(edit, BELL);
  } else if (edit->cursor == edit->length && edit->first == 0 &&
             columns_between(edit, 0, edit->length) < room(edit)) {
    edit->write(&c, 1);
  } else {
    edit_show(edit);
  }
}

/* Shows line NUMBER of the history in place of the line; the one after the last is the line that was
   being typed. */
static void recall(struct edit *edit, unsigned number) {
  if (number > edit->remembered) {
    show(edit, BELL);
    return;
  }
  if (edit->recalled == edit->remembered) memcpy(edit->kept, edit->text, edit->length + 1);
  edit->recalled = number;
  set_text(edit, number == edit->remembered ? edit->kept : edit->history[number]);
}

/* Remembers the line, unless it is empty or the last one again.  The oldest makes room. */
static void remember(struct edit *edit) {
  if (edit->length == 0) return;
  if (edit->remembered > 0 && strcmp(edit->history[edit->remembered - 1], edit->text) == 0) return;
  if (edit->remembered == EDIT_HISTORY) {
    memmove(edit->history[0], edit->history[1], sizeof edit->history - sizeof edit->history[0]);
    edit->remembered--;
  }
  memcpy(edit->history[edit->remembered++], edit->text, edit->length + 1);
}

/* Moves the cursor, or looks into the history, by KEY; false if it does neither. */
static bool move(struct edit *edit, int key) {
  switch (key) {
  case CONTROL('A'):
  case KEY_HOME: edit->cursor = 0; return true;
  case CONTROL('E'):
  case KEY_END: edit->cursor = edit->length; return true;
  case CONTROL('B'):
  case KEY_LEFT: edit->cursor = step_back(edit, edit->cursor); return true;
  case CONTROL('F'):
  case KEY_RIGHT: edit->cursor = step_forward(edit, edit->cursor); return true;
  case CONTROL('P'):
  case KEY_UP: recall(edit, edit->recalled - 1); return true;
  case CONTROL('N'):
  case KEY_DOWN: recall(edit, edit->recalled + 1); return true;
  default: return false;
  }
}

/* Takes something away by KEY, or clears the screen; false if it does neither. */
static bool cut(struct edit *edit, int key) {
  size_t cursor = edit->cursor;
  switch (key) {
  case '\b':
  case RUBOUT: take_away(edit, step_back(edit, cursor), cursor); return true;
  case CONTROL('D'):
  case KEY_DELETE: take_away(edit, cursor, step_forward(edit, cursor)); return true;
  case CONTROL('K'): take_away(edit, cursor, edit->length); return true;
  case CONTROL('U'): take_away(edit, 0, cursor); return true;
  case CONTROL('W'): take_away(edit, word_start(edit), cursor); return true;
  case CONTROL('L'): show(edit, CLEAR_SCREEN); return true;
  default: return false;
  }
}

/* The line is complete, or given up by KEY: the screen goes on below it. */
static enum edit_result finish(struct edit *edit, int key) {
  show(edit, key == CONTROL('C') ? "^C\n" : "\n");
  if (key == CONTROL('C')) return EDIT_INTERRUPTED;
  if (key == CONTROL('D')) return EDIT_END;
  if (edit->is_too_long) return EDIT_TOO_LONG;
  remember(edit);
  return EDIT_DONE;
}

/* Starts with nothing, after the history's last line. */
void edit_begin(struct edit *edit, const char *prompt) {
  edit->prompt = prompt;
  edit->first = 0;
  edit->after_tab = false;
  edit->keys = (struct key_reader){0};
  edit->recalled = edit->remembered;
  set_text(edit, "");
  edit_show(edit);
}

/* Has KEY do its work. */
static enum edit_result take_key(struct edit *edit, int key) {
  bool again = edit->after_tab;
  edit->after_tab = key == '\t';
  if (key == '\r' || key == '\n' || key == CONTROL('C')) return finish(edit, key);
  if (key == CONTROL('D') && edit->length == 0) return finish(edit, key);
  if (key == '\t' && edit->complete != NULL) edit->complete(edit, again);
  if (move(edit, key) || cut(edit, key) || key == '\t')
    edit_show(edit);
  else if (key >= ' ' && key < KEY_LEFT)
    put_in(edit, (char)key);
  return EDIT_MORE;
}

/* Waits for the end of an escape sequence before it does anything. */
enum edit_result edit_byte(struct edit *edit, unsigned char byte) {
  int key = key_read(&edit->keys, byte);
  return key == KEY_NONE ? EDIT_MORE : take_key(edit, key);
}
