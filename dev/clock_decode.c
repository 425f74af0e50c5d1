/* What the registers of the machine's clock mean.

   Firmware has chosen between decimal digits and binary numbers, and between hours to 12 and to 24;
   a bit for each tells which.  With hours to 12 the top bit of the hour is set after noon. */
#include "dev/clock.h"
#include "lib/calendar.h"

#define FORMAT_24_HOURS 0x02
#define FORMAT_BINARY   0x04
#define AFTERNOON       0x80
#define CENTURY_FIRST   19 /* What makes no sense as a century is none. */
#define CENTURY_LAST    21
#define YEAR_PIVOT      70 /* Without one, years below this are of the 21st. */

/* The number in register VALUE, of a clock of FORMAT. */
static uint32_t number_of(uint8_t value, uint8_t format) {
  if (format & FORMAT_BINARY) return value;
  return (uint32_t)(value >> 4) * 10 + (value & 15);
}

/* The hour, 0 to 23, that the register VALUE shows. */
static uint32_t hour_of(uint8_t value, uint8_t format) {
  if (format & FORMAT_24_HOURS) return number_of(value, format);
  uint32_t hour = number_of(value & (uint8_t)~AFTERNOON, format);
  if (hour < 1 || hour > 12) return UINT32_MAX;
  return hour % 12 + (value & AFTERNOON ? 12 : 0);
}

/* The year, such as 2026. */
static uint32_t year_of(const struct clock_registers *registers) {
  uint32_t year = number_of(registers->year, registers->format);
  uint32_t century = number_of(registers->century, registers->format);
  if (century >= CENTURY_FIRST && century <= CENTURY_LAST) return century * 100 + year;
  return year + (year < YEAR_PIVOT ? 2000 : 1900);
}

/* Takes the registers apart. */
bool clock_decode(const struct clock_registers *registers, uint32_t *seconds) {
  uint8_t format = registers->format;
  struct calendar calendar = {.year = year_of(registers),
                              .month = number_of(registers->month, format),
                              .day = number_of(registers->day, format),
                              .hour = hour_of(registers->hour, format),
                              .minute = number_of(registers->minute, format),
                              .second = number_of(registers->second, format)};
  if (!calendar_is_valid(&calendar)) return false;
  *seconds = calendar_to_seconds(&calendar);
  return true;
}
