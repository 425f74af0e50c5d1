/* Bytes as numbers and characters. */
#include <ctype.h>
#include <stdio.h>
#include "lib/printf.h"

#define LINE_BYTES 16

/* Formats the line at address BASE; BYTES belong to the places FIRST to END - 1 of it. */
static void dump_line(uintptr_t base, const uint8_t *bytes, const unsigned range[2], bool ascii) {
  char line[96];
  int at = snprintf(line, sizeof line, "%08lx  ", (unsigned long)base);
  for (unsigned i = 0; i < LINE_BYTES; i++) {
    char gap = i == LINE_BYTES / 2 - 1 ? '-' : ' ';
    if (i >= range[0] && i < range[1])
      at += snprintf(line + at, sizeof line - at, "%02hhx%c", bytes[i - range[0]], gap);
    else
      at += snprintf(line + at, sizeof line - at, "   ");
  }
  if (ascii) {
    line[at++] = '|';
    for (unsigned i = 0; i < LINE_BYTES; i++) {
      bool inside = i >= range[0] && i < range[1];
      line[at++] = !inside ? ' ' : isprint(bytes[i - range[0]]) ? (char)bytes[i - range[0]] : '.';
    }
    line[at++] = '|';
  }
  line[at] = '\0';
  puts(line);
}

/* Dumps SIZE bytes at BUFFER in lines of 16, counting from OFS. */
void hex_dump(uintptr_t ofs, const void *buffer, size_t size, bool ascii) {
  const uint8_t *bytes = buffer;
  while (size > 0) {
    unsigned range[2] = {ofs % LINE_BYTES, LINE_BYTES};
    if (size < range[1] - range[0]) range[1] = range[0] + size;
    dump_line(ofs - range[0], bytes, range, ascii);
    ofs += range[1] - range[0];
    bytes += range[1] - range[0];
    size -= range[1] - range[0];
  }
}
