/* Names of directories. */
#ifndef USER_PATH_H
#define USER_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Longest name of a file. */
#define NAME_MAX 255

/* Puts the path of the working directory from the root into BUFFER; false if it cannot be found
   or is longer than SIZE - 1 characters. */
bool getcwd(char *buffer, size_t size);

/* Whether the file PATH is a program. */
bool is_program(const char *path);

#endif
