/* The machine's clock, behind two ports: the number of a register, then its content.

   While the clock moves on to the next second its registers make no sense.  A bit tells that this is about to
   happen; it may begin just after one has looked, so all are read twice, until nothing changed. */
#include "dev/clock.h"
#include "arch/i386/io.h"
#include "dev/timer.h"
#include "lib/string.h"

#define PORT_INDEX       0x70 /* Its top bit would mask the non-maskable interrupt. */
#define PORT_DATA        0x71

#define REGISTER_SECOND  0x00
#define REGISTER_MINUTE  0x02
#define REGISTER_HOUR    0x04
#define REGISTER_DAY     0x07
#define REGISTER_MONTH   0x08
#define REGISTER_YEAR    0x09
#define REGISTER_A       0x0a
#define REGISTER_B       0x0b
#define REGISTER_CENTURY 0x32
#define A_UPDATING       0x80

/* Looks at bit A_UPDATING before a clock counts as none: it is set for 2 ms at most, and a look takes a
   microsecond on real machines. */
#define LOOKS_MAX 100000
#define TRIES_MAX 10

/* Fixed after clock_init(). */
static uint32_t start_seconds; /* When ticks were start_ticks; 0: there is no clock. */
static uint64_t start_ticks;

/* Register NUMBER of the clock. */
static uint8_t read_register(uint8_t number) {
  io_out8(PORT_INDEX, number);
  return io_in8(PORT_DATA);
}

/* Waits until the clock is not moving on; false if that never ends, as where there is no clock. */
static bool wait_for_update(void) {
  for (unsigned i = 0; i < LOOKS_MAX; i++)
    if (!(read_register(REGISTER_A) & A_UPDATING)) return true;
  return false;
}

/* Reads all that matters. */
static void read_registers(struct clock_registers *registers) {
  *registers = (struct clock_registers){.second = read_register(REGISTER_SECOND),
                                        .minute = read_register(REGISTER_MINUTE),
                                        .hour = read_register(REGISTER_HOUR),
                                        .day = read_register(REGISTER_DAY),
                                        .month = read_register(REGISTER_MONTH),
                                        .year = read_register(REGISTER_YEAR),
                                        .century = read_register(REGISTER_CENTURY),
                                        .format = read_register(REGISTER_B)};
}

/* Reads registers that belong together; false if there are none. */
static bool read_whole(struct clock_registers *registers) {
  for (unsigned i = 0; i < TRIES_MAX; i++) {
    struct clock_registers again;
    if (!wait_for_update()) return false;
    read_registers(registers);
    if (!wait_for_update()) return false;
    read_registers(&again);
    if (memcmp(registers, &again, sizeof again) == 0) return true;
  }
  return false;
}

/* Notes what the clock shows, and when it did. */
void clock_init(void) {
  struct clock_registers registers;
  uint32_t seconds;
  start_ticks = timer_ticks();
  if (read_whole(&registers) && clock_decode(&registers, &seconds)) start_seconds = seconds;
}

/* Adds the ticks since then. */
uint32_t clock_seconds(void) {
  if (start_seconds == 0) return 0;
  return start_seconds + (uint32_t)((timer_ticks() - start_ticks) / TIMER_HZ);
}
