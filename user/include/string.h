/* Memory and string functions with the standard names and meanings. */
#ifndef USER_STRING_H
#define USER_STRING_H

#include "lib/string.h"

/* The first character of STRING that is in STOP, or NULL. */
char *strpbrk(const char *string, const char *stop);

#endif
