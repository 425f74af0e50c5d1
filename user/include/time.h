/* The time of day, in UTC, and how it is written. */
#ifndef USER_TIME_H
#define USER_TIME_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t time_t; /* Seconds since 1970; up to 2106. */

/* Fields as in the C standard: tm_mon and tm_yday count from 0, tm_year from 1900, tm_wday from
   Sunday. */
struct tm {
  int tm_sec, tm_min, tm_hour;
  int tm_mday, tm_mon, tm_year;
  int tm_wday, tm_yday;
  int tm_isdst; /* Always 0. */
};

/* The time now, also in *RESULT unless that is NULL; 0 if the machine has no clock. */
time_t time(time_t *result);
/* Takes *SECONDS apart into *RESULT, which it returns. */
struct tm *gmtime_r(const time_t *seconds, struct tm *result);
/* Writes TIME by FORMAT into BUFFER of SIZE bytes: the length without the terminator, or 0 if it does not
   fit; the buffer then holds nothing of use.  %Y %m %d %H %M %S %j %y are numbers with leading zeroes,
   %e a day with a leading blank, %a and %b the first three letters of day and month, %F is %Y-%m-%d, %T is
   %H:%M:%S, %R is %H:%M, %c is "%a %b %e %T %Y", %% is a percent sign.  Others are left as they stand. */
size_t strftime(char *buffer, size_t size, const char *format, const struct tm *time);
/* Writes SECONDS into BUFFER, 26 bytes, as "Sat Nov 28 03:10:00 2026\n"; returns BUFFER. */
char *ctime_r(const time_t *seconds, char *buffer);

#endif
