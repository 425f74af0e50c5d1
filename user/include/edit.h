/* Editing a line at a terminal: arrows, Home, End and the usual control keys, history, completion.

   - edit_line() does it all at the guest's console.  edit_begin() and edit_byte() are its inside,
     without the console: bytes come one by one, and what is to be shown goes to `write`.
   - The line is shown in one row; it scrolls sideways if it is longer.  Characters are UTF-8, one
     column each. */
#ifndef USER_EDIT_H
#define USER_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#define EDIT_SIZE    512 /* Bytes of a line, with its terminator. */
#define EDIT_HISTORY 32  /* Lines that are remembered. */

/* Keys that are more than a byte. */
enum key {
  KEY_NONE = -1, /* Nothing yet, or one that means nothing. */
  KEY_LEFT = 256,
  KEY_RIGHT,
  KEY_UP,
  KEY_DOWN,
  KEY_HOME,
  KEY_END,
  KEY_DELETE
};

/* The place in an escape sequence. */
struct key_reader {
  enum { KEYS_PLAIN, KEYS_ESCAPE, KEYS_CSI, KEYS_ONE_MORE } state;
  unsigned number; /* The sequence's first number. */
  bool is_first;   /* No other has begun. */
};

/* The key that BYTE completes: itself, an enum key, or KEY_NONE.  A sequence that nobody knows is
   swallowed whole. */
int key_read(struct key_reader *reader, unsigned char byte);
/* Takes escape sequences and control characters out of the string TEXT. */
void key_strip(char *text);

enum edit_result {
  EDIT_MORE,        /* The line is not complete. */
  EDIT_DONE,        /* It is, in `text`. */
  EDIT_TOO_LONG,    /* It is, but characters did not fit. */
  EDIT_END,         /* Ctrl-D on an empty line, or the end of the input. */
  EDIT_INTERRUPTED, /* Ctrl-C. */
  EDIT_NO_TERMINAL  /* edit_line() only: nothing was read. */
};

struct edit {
  /* For the caller to set; the rest is zero at first. */
  void (*write)(const char *text, size_t size); /* Shows it. */
  void (*complete)(struct edit *edit,
                   bool again); /* Tab, AGAIN if the last key was one; or NULL. */
  const char *const *words; /* For edit_complete(): first words besides programs; ends with NULL. */
  unsigned columns;         /* Of the terminal. */
  /* The line; its end is a terminator. */
  char text[EDIT_SIZE];
  size_t length, cursor;
  bool is_too_long; /* Characters did not fit since something was taken away. */
  /* Private. */
  const char *prompt;
  size_t first; /* Where what is shown begins. */
  bool after_tab;
  struct key_reader keys;
  char history[EDIT_HISTORY][EDIT_SIZE]; /* The oldest first. */
  unsigned remembered,
      recalled;         /* How many, and which one is shown; the latter is the former for none. */
  char kept[EDIT_SIZE]; /* The line from which the history was entered. */
};

/* Starts an empty line after PROMPT, a string that stays. */
void edit_begin(struct edit *edit, const char *prompt);
/* Takes BYTE as it came from the terminal. */
enum edit_result edit_byte(struct edit *edit, unsigned char byte);
/* Puts SIZE bytes of TEXT in at the cursor; false and nothing if they do not fit. */
bool edit_insert(struct edit *edit, const char *text, size_t size);
/* Shows prompt and line again, from the start of a row. */
void edit_show(struct edit *edit);
/* For `complete`: programs where the first word stands, files elsewhere.  Puts in what all that fit have
   in common; AGAIN, and nothing more is common: lists them. */
void edit_complete(struct edit *edit, bool again);
/* Reads a line at the guest's console after PROMPT; sleeps. */
enum edit_result edit_line(struct edit *edit, const char *prompt);

#endif
