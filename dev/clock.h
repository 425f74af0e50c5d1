/* The time of day: read once from the machine's clock, the MC146818 and those that came after it, and
   counted by the timer from then on.  Ticks that a loaded host loses make it late. */
#ifndef DEV_CLOCK_H
#define DEV_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Reads the machine's clock.  The timer runs already. */
void clock_init(void);
/* Seconds since 1970, UTC; 0 if the machine has no clock, or one that shows no valid time. */
uint32_t clock_seconds(void);

/* The clock's registers as they were read. */
struct clock_registers {
  uint8_t second, minute, hour, day, month, year;
  uint8_t century; /* Of which not every clock knows. */
  uint8_t format;  /* Register B: whether numbers are binary, and hours go to 24. */
};

/* The seconds since 1970 that REGISTERS show; false if that is no valid time. */
bool clock_decode(const struct clock_registers *registers, uint32_t *seconds);

#endif
