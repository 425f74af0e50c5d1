/* The kernel's output, to the serial line. */
#include "kern/print.h"
#include <stdbool.h>
#include "arch/i386/machine.h"
#include "kern/thread.h"
#include "lib/printf.h"

#define PIECE_SIZE 64

/* Characters on their way, for one kvprintf(). */
struct piece {
  unsigned count;
  char text[PIECE_SIZE];
};

/* Whether nothing, or a newline, was put out last; preemption disabled. */
static bool at_line_start = true;

/* Puts SIZE bytes out. */
static void put_out(const char *text, size_t size) {
  if (size == 0) return;
  at_line_start = text[size - 1] == '\n';
  uart_write(text, size);
}

/* Adds C to a struct piece, which is put out when it is full. */
static void piece_put(char c, void *aux) {
  struct piece *piece = aux;
  piece->text[piece->count++] = c;
  if (piece->count < PIECE_SIZE) return;
  put_out(piece->text, piece->count);
  piece->count = 0;
}

/* Writes ARGS after FORMAT as a whole. */
void kvprintf(const char *format, va_list args) {
  struct piece piece;
  piece.count = 0;
  preempt_disable();
  format_to(piece_put, &piece, format, args);
  put_out(piece.text, piece.count);
  preempt_enable();
}

/* Writes its arguments after FORMAT as a whole. */
void kprintf(const char *format, ...) {
  va_list args;
  va_start(args, format);
  kvprintf(format, args);
  va_end(args);
}

/* Writes SIZE bytes as a whole. */
void kwrite(const char *text, size_t size) {
  preempt_disable();
  put_out(text, size);
  preempt_enable();
}

/* Ends a line that somebody else began; for reports, which can come in the middle of one. */
void print_start_line(void) {
  if (!at_line_start) kwrite("\n", 1);
}
