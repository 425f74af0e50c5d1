/* The text of reports. */
#include "lib/printf.h"
#include "lib/round.h"
#include "proc/report.h"
#include "vm/error.h"
#include "vm/store.h"

/* Adds SIZE bytes to TEXT's store, or notes why they do not fit. */
void report_write(struct report_text *text, const void *bytes, uint32_t size) {
  if (text->error != VM_OK || size == 0) return;
  long done = store_write(text->store, text->length, bytes, size);
  if (done > 0) text->length += (uint32_t)done;
  if (done != (long)size) text->error = done < 0 ? (int)done : VM_ENOMEM;
}

/* Adds what FORMAT says, cut to a line. */
void report_print(struct report_text *text, const char *format, ...) {
  char line[REPORT_LINE_SIZE];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(line, sizeof line, format, args);
  va_end(args);
  report_write(text, line, MIN((uint32_t)length, (uint32_t)sizeof line - 1));
}
