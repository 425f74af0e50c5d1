/* Times as text. */
#include <stdio.h>
#include <string.h>
#include <syscall.h>
#include <time.h>
#include "lib/calendar.h"

#define CTIME_SIZE 26
#define TEXT_SIZE  32 /* Of the longest that one letter of a format stands for. */

/* Asks the kernel. */
time_t time(time_t *result) {
  time_t now = wall_time();
  if (result != NULL) *result = now;
  return now;
}

/* Counts as C does. */
struct tm *gmtime_r(const time_t *seconds, struct tm *result) {
  struct calendar calendar;
  calendar_from_seconds(*seconds, &calendar);
  *result = (struct tm){.tm_sec = (int)calendar.second,
                        .tm_min = (int)calendar.minute,
                        .tm_hour = (int)calendar.hour,
                        .tm_mday = (int)calendar.day,
                        .tm_mon = (int)calendar.month - 1,
                        .tm_year = (int)calendar.year - 1900,
                        .tm_wday = (int)calendar.week_day,
                        .tm_yday = (int)calendar.year_day};
  return result;
}

/* The three letters at INDEX of NAMES; question marks if COUNT shows that there are none. */
static void put_name(char *text, const char *names, int index, int count) {
  strlcpy(text, index >= 0 && index < count ? names + 3 * index : "???", 4);
}

/* Writes what LETTER stands for into TEXT, of TEXT_SIZE bytes; false if it stands for nothing. */
static bool put_field(char *text, char letter, const struct tm *time) {
  int year = time->tm_year + 1900;
  switch (letter) {
  case 'Y': snprintf(text, TEXT_SIZE, "%d", year); break;
  case 'y': snprintf(text, TEXT_SIZE, "%02d", year % 100); break;
  case 'm': snprintf(text, TEXT_SIZE, "%02d", time->tm_mon + 1); break;
  case 'd': snprintf(text, TEXT_SIZE, "%02d", time->tm_mday); break;
  case 'e': snprintf(text, TEXT_SIZE, "%2d", time->tm_mday); break;
  case 'H': snprintf(text, TEXT_SIZE, "%02d", time->tm_hour); break;
  case 'M': snprintf(text, TEXT_SIZE, "%02d", time->tm_min); break;
  case 'S': snprintf(text, TEXT_SIZE, "%02d", time->tm_sec); break;
  case 'j': snprintf(text, TEXT_SIZE, "%03d", time->tm_yday + 1); break;
  case 'a': put_name(text, "SunMonTueWedThuFriSat", time->tm_wday, 7); break;
  case 'b': put_name(text, "JanFebMarAprMayJunJulAugSepOctNovDec", time->tm_mon, 12); break;
  case '%': strlcpy(text, "%", TEXT_SIZE); break;
  default: return false;
  }
  return true;
}

/* The format that LETTER is short for, or NULL. */
static const char *long_form(char letter) {
  switch (letter) {
  case 'F': return "%Y-%m-%d";
  case 'T': return "%H:%M:%S";
  case 'R': return "%H:%M";
  case 'c': return "%a %b %e %T %Y";
  default: return NULL;
  }
}

/* Field by field; long forms by itself. */
size_t strftime(char *buffer, size_t size, const char *format, const struct tm *time) {
  size_t length = 0;
  for (; *format != '\0'; format++) {
    char text[TEXT_SIZE] = {*format, '\0'};
    char letter = *format == '%' ? format[1] : '\0';
    const char *longer = long_form(letter);
    bool good = longer != NULL ? strftime(text, sizeof text, longer, time) > 0
                               : letter == '\0' || put_field(text, letter, time);
    if (good && letter != '\0') format++;
    size_t more = strlen(text);
    if (length + more >= size) return 0;
    memcpy(buffer + length, text, more);
    length += more;
  }
  if (size > 0) buffer[length] = '\0';
  return length;
}

/* The form that mail has, with a new line. */
char *ctime_r(const time_t *seconds, char *buffer) {
  struct tm parts;
  strftime(buffer, CTIME_SIZE, "%c\n", gmtime_r(seconds, &parts));
  return buffer;
}
