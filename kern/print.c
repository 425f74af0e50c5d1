/* What the kernel says. */
#include "kern/print.h"
#include "arch/i386/machine.h"
#include "kern/thread.h"
#include "lib/printf.h"

/* Characters gathered before they go to the line together. */
struct line {
  size_t used;
  char text[128];
};

/* Writes out what LINE has gathered. */
static void line_flush(struct line *line) {
  uart_write(line->text, line->used);
  line->used = 0;
}

/* Adds C to the line AUX. */
static void line_put(char c, void *aux) {
  struct line *line = aux;
  if (line->used == sizeof line->text) line_flush(line);
  line->text[line->used++] = c;
}

/* Formats to the console, as a whole. */
void kvprintf(const char *format, va_list args) {
  struct line line = {.used = 0};
  preempt_disable();
  format_to(line_put, &line, format, args);
  line_flush(&line);
  preempt_enable();
}

/* Formats to the console, as a whole. */
void kprintf(const char *format, ...) {
  va_list args;
  va_start(args, format);
  kvprintf(format, args);
  va_end(args);
}

/* Writes SIZE bytes of TEXT to the console, as a whole. */
void kwrite(const char *text, size_t size) {
  preempt_disable();
  uart_write(text, size);
  preempt_enable();
}
