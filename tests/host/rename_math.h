/* Gives the functions of user/lib/math.c other names on the host, beside those of the C library. */
#ifndef TESTS_HOST_RENAME_MATH_H
#define TESTS_HOST_RENAME_MATH_H

#define fabs  quire_fabs
#define sqrt  quire_sqrt
#define floor quire_floor
#define ceil  quire_ceil
#define trunc quire_trunc
#define round quire_round
#define fmod  quire_fmod
#define sin   quire_sin
#define cos   quire_cos
#define tan   quire_tan
#define atan  quire_atan
#define atan2 quire_atan2
#define exp   quire_exp
#define log   quire_log
#define log10 quire_log10
#define log2  quire_log2
#define pow   quire_pow

#endif
