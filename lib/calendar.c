/* The Gregorian calendar. */
#include "lib/calendar.h"

#define DAY_SECONDS    86400u
#define FIRST_WEEK_DAY 4u /* The first of January 1970 was a Thursday. */

/* Whether YEAR has 366 days. */
static bool is_leap(uint32_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The days of YEAR. */
static uint32_t year_days(uint32_t year) {
  return is_leap(year) ? 366 : 365;
}

/* The days of MONTH, 1 to 12, of YEAR. */
static uint32_t month_days(uint32_t year, uint32_t month) {
  static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap(year));
}

/* Checks each field. */
bool calendar_is_valid(const struct calendar *calendar) {
  if (calendar->year < CALENDAR_YEAR_FIRST || calendar->year > CALENDAR_YEAR_LAST) return false;
  if (calendar->month < 1 || calendar->month > 12) return false;
  if (calendar->day < 1 || calendar->day > month_days(calendar->year, calendar->month))
    return false;
  return calendar->hour < 24 && calendar->minute < 60 && calendar->second < 60;
}

/* Counts years, months and days. */
uint32_t calendar_to_seconds(const struct calendar *calendar) {
  uint32_t days = calendar->day - 1;
  for (uint32_t year = CALENDAR_YEAR_FIRST; year < calendar->year; year++) days += year_days(year);
  for (uint32_t month = 1; month < calendar->month; month++)
    days += month_days(calendar->year, month);
  return days * DAY_SECONDS + calendar->hour * 3600 + calendar->minute * 60 + calendar->second;
}

/* Takes years and months off the days. */
void calendar_from_seconds(uint32_t seconds, struct calendar *calendar) {
  uint32_t days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
  uint32_t year = CALENDAR_YEAR_FIRST, month = 1;
  calendar->week_day = (days + FIRST_WEEK_DAY) % 7;
  for (; days >= year_days(year); year++) days -= year_days(year);
  calendar->year_day = days;
  for (; days >= month_days(year, month); month++) days -= month_days(year, month);
  calendar->year = year;
  calendar->month = month;
  calendar->day = days + 1;
  calendar->hour = rest / 3600;
  calendar->minute = rest / 60 % 60;
  calendar->second = rest % 60;
}
