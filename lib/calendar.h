/* Days and seconds of the Gregorian calendar, in UTC: from 1970 to 2105, without leap seconds. */
#ifndef LIB_CALENDAR_H
#define LIB_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

struct calendar {
  uint32_t year;                 /* Such as 2026. */
  uint32_t month;                /* 1 to 12. */
  uint32_t day;                  /* 1 to 31. */
  uint32_t hour, minute, second; /* From 0. */
  uint32_t week_day;             /* 0 is Sunday. */
  uint32_t year_day;             /* 0 is the first of January. */
};

#define CALENDAR_YEAR_FIRST 1970
#define CALENDAR_YEAR_LAST  2105

/* Whether there is such a day and time; week_day and year_day are not looked at. */
bool calendar_is_valid(const struct calendar *calendar);
/* The seconds from 1970 to CALENDAR, which is valid; week_day and year_day are not looked at. */
uint32_t calendar_to_seconds(const struct calendar *calendar);
/* Fills in CALENDAR for SECONDS since 1970. */
void calendar_from_seconds(uint32_t seconds, struct calendar *calendar);

#endif
