/* Gives the names that user/lib/ defines, and the C library too, other names on the host. */
#ifndef TESTS_HOST_RENAME_USER_H
#define TESTS_HOST_RENAME_USER_H

#include "tests/host/rename.h"

#define strcpy    quire_strcpy
#define strncpy   quire_strncpy
#define strcat    quire_strcat
#define strncat   quire_strncat
#define strdup    quire_strdup
#define strndup   quire_strndup
#define strpbrk   quire_strpbrk
#define strtok    quire_strtok
#define strtol    quire_strtol
#define strtoul   quire_strtoul
#define atol      quire_atol
#define atoi      quire_atoi
#define abs       quire_abs
#define labs      quire_labs
#define rand      quire_rand
#define srand     quire_srand
#define abort     quire_abort
#define qsort     quire_qsort
#define bsearch   quire_bsearch
#define sscanf    quire_sscanf
#define vsscanf   quire_vsscanf
#define scanf     quire_scanf
#define vscanf    quire_vscanf
#define getchar   quire_getchar
#define ungetchar quire_ungetchar
#define readline  quire_readline
#define read_int  quire_read_int

#endif
