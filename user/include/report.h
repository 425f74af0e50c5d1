/* Reading what stands in /proc: lines that begin with a name. */
#ifndef USER_REPORT_H
#define USER_REPORT_H

#include <stdbool.h>

/* The content of PATH, a string in memory of malloc()'s; NULL if it cannot be opened or read, or if there is no memory. */
char *report_read(const char *path);
/* What follows NAME and white space in the first line of TEXT that begins with them; NULL if there is none. */
const char *report_find(const char *text, const char *name);
/* The number there, 0 if there is none. */
unsigned report_number(const char *text, const char *name);
/* What follows the next line end in TEXT; NULL if nothing does. */
const char *report_next_line(const char *text);

#endif
