/* Console input: from the serial line's interrupt through a ring to the line editor, or key by key.

   The editor runs in the thread that reads, not in the interrupt: what is typed ahead is echoed
   when somebody asks for it, so input that nobody reads never stands in a program's output.  Only
   Ctrl-C is looked at when it comes, and only where a terminal is at the other end. */
#include "dev/console.h"
#include "arch/i386/intr.h"
#include "arch/i386/machine.h"
#include "kern/print.h"
#include "kern/sync.h"
#include "lib/round.h"
#include "lib/string.h"

#define RING_SIZE       2048 /* Bytes typed ahead; more are lost. */
#define LINE_SIZE       512  /* A longer line is handed out in pieces. */

#define CONTROL(LETTER) ((LETTER) - '@')
#define DELETE          0x7f

/* Bytes as they came; guarded by interrupts being off. */
static struct {
  uint8_t bytes[RING_SIZE];
  unsigned head, tail;        /* Written and read so far; they wrap around at 2^32. */
  bool is_stopped;            /* It was full: the port waits. */
  struct semaphore available; /* Counts the bytes. */
} ring;

/* The line being typed or handed out; guarded by the turn. */
static struct {
  struct semaphore turn; /* Down while somebody reads. */
  char text[LINE_SIZE];
  size_t length; /* Bytes in TEXT. */
  size_t next;   /* The first of them that was not handed out. */
  bool returned; /* The last byte was a CR: an LF right behind it belongs to it. */
} line;

/* Fixed after start. */
static struct {
  unsigned columns;        /* Of the terminal at the other end; 0: there is none. */
  bool (*interrupt)(void); /* Who is told of Ctrl-C. */
} terminal;

/* What is typed goes to its reader key by key, not by lines. */
static volatile bool by_keys;

/* Forgets what was typed and not read.  A byte that was promised to a reader stays.  Interrupts are
   off. */
static void ring_clear(void) {
  while (sema_try_down(&ring.available)) ring.tail++;
}

/* Takes BYTE from the serial line; called by its interrupt.  Returns false if it was the last for
   which there is room. */
static bool ring_put(uint8_t byte) {
  if (byte == CONTROL('C') && terminal.columns > 0 && terminal.interrupt()) {
    ring_clear();
    return true;
  }
  ring.bytes[ring.head++ % RING_SIZE] = byte;
  sema_up(&ring.available);
  ring.is_stopped = ring.head - ring.tail == RING_SIZE;
  return !ring.is_stopped;
}

/* Takes the byte for which AVAILABLE was downed.  A port that waits may go on when half of the ring is
   free. */
static uint8_t ring_take(void) {
  bool were_on = intr_disable();
  uint8_t byte = ring.bytes[ring.tail++ % RING_SIZE];
  if (ring.is_stopped && ring.head - ring.tail <= RING_SIZE / 2) {
    ring.is_stopped = false;
    uart_resume_receiver();
  }
  intr_restore(were_on);
  return byte;
}

/* Sleeps until there is a byte, and takes it into *BYTE; false if the thread was interrupted. */
static bool ring_get(uint8_t *byte) {
  if (!sema_down_interruptible(&ring.available, "console")) return false;
  *byte = ring_take();
  return true;
}

/* Notes that a terminal COLUMNS wide is at the other end, and who is told of its Ctrl-C. */
void console_set_terminal(unsigned columns, bool (*interrupt)(void)) {
  terminal.interrupt = interrupt;
  terminal.columns = columns;
}

/* The terminal's columns, or 0. */
unsigned console_columns(void) {
  return terminal.columns;
}

/* Switches between keys and lines. */
void console_set_keys(bool keys) {
  by_keys = keys;
}

/* Gets input going. */
void console_init(void) {
  sema_init(&ring.available, 0);
  sema_init(&line.turn, 1);
  uart_set_receiver(ring_put);
}

/* Whether C is echoed as a caret and a letter. */
static bool is_control(uint8_t c) {
  return (c < ' ' && c != '\t') || c == DELETE;
}

/* Adds C to the line and shows it; a tab as one space, so that it can be erased as one. */
static void line_add(uint8_t c) {
  line.text[line.length++] = c;
  if (c == '\n' || !is_control(c)) {
    char shown = c == '\t' ? ' ' : c;
    kwrite(&shown, 1);
  } else {
    char shown[2] = {'^', c ^ '@'};
    kwrite(shown, sizeof shown);
  }
}

/* Takes the last character off the line, all bytes of it in UTF-8, and off the screen. */
static void line_erase(void) {
  uint8_t c;
  do {
    if (line.length == 0) return;
    c = line.text[--line.length];
  } while ((c & 0xc0) == 0x80);
  const char *rubout = is_control(c) ? "\b\b  \b\b" : "\b \b";
  kwrite(rubout, strlen(rubout));
}

/* Whether the line ends in a blank. */
static bool line_ends_in_blank(void) {
  char last = line.text[line.length - 1];
  return last == ' ' || last == '\t';
}

/* Takes the last word off the line, and the blanks behind it. */
static void line_erase_word(void) {
  while (line.length > 0 && line_ends_in_blank()) line_erase();
  while (line.length > 0 && !line_ends_in_blank()) line_erase();
}

/* Lets C do its work on the line.  Returns true if the line is complete.  CR, LF and CR LF are one line
   end each; which it is shows only after the line was handed out. */
static bool line_edit(uint8_t c) {
  bool ends_pair = line.returned && c == '\n';
  line.returned = c == '\r';
  if (ends_pair) return false;
  switch (c) {
  case '\b':
  case DELETE: line_erase(); return false;
  case CONTROL('U'):
    while (line.length > 0) line_erase();
    return false;
  case CONTROL('W'): line_erase_word(); return false;
  case CONTROL('D'): return true;
  case '\r':
  case '\n': line_add('\n'); return true;
  default: line_add(c); return line.length == LINE_SIZE;
  }
}

/* Has a new line typed; false if the thread was interrupted, and what was typed is forgotten. */
static bool line_read(void) {
  uint8_t c;
  do {
    if (!ring_get(&c)) {
      line.length = 0;
      return false;
    }
  } while (!line_edit(c));
  return true;
}

/* Takes up to SIZE bytes of the line into BUFFER, reading a new one first if all of the last was
   handed out.  Their number, 0 at the end of input, or CONSOLE_INTERRUPTED.  Sleeps; the turn. */
static long take_line(char *buffer, size_t size) {
  if (line.next == line.length) {
    line.next = line.length = 0;
    if (!line_read()) return CONSOLE_INTERRUPTED;
  }
  size_t taken = MIN(size, line.length - line.next);
  memcpy(buffer, line.text + line.next, taken);
  line.next += taken;
  return (long)taken;
}

/* Takes what was typed into BUFFER, from one byte up to SIZE.  What was left of a line is gone.  Their
   number, or CONSOLE_INTERRUPTED.  Sleeps; the turn. */
static long take_keys(char *buffer, size_t size) {
  uint8_t byte;
  line.next = line.length = 0;
  if (!ring_get(&byte)) return CONSOLE_INTERRUPTED;
  long taken = 0;
  buffer[taken++] = (char)byte;
  while ((size_t)taken < size && sema_try_down(&ring.available))
    buffer[taken++] = (char)ring_take();
  return taken;
}

/* Takes up to SIZE bytes into BUFFER.  Sleeps until it is the thread's turn and there are some. */
long console_read(char *buffer, size_t size) {
  if (size == 0) return 0;
  if (!sema_down_interruptible(&line.turn, "console")) return CONSOLE_INTERRUPTED;
  long taken = by_keys ? take_keys(buffer, size) : take_line(buffer, size);
  sema_up(&line.turn);
  return taken;
}

/* Writes SIZE bytes as a whole; does not sleep. */
void console_write(const char *text, size_t size) {
  kwrite(text, size);
}
