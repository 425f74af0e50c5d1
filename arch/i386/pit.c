/* The 8254 interval timer (Intel data sheet). */
#include "arch/i386/io.h"
#include "arch/i386/machine.h"
#include "lib/debug.h"

#define PIT_HERTZ   1193182u
#define PIT_CHANNEL 0x40
#define PIT_COMMAND 0x43
/* Channel 0, both bytes of the count, mode 2 (rate generator), binary. */
#define PIT_RATE_GENERATOR 0x34

/* Channel 0 counts 1,193,182 times a second from its 16-bit count to 0, so HERTZ is 19 or more. */
void pit_init(unsigned hertz) {
  ASSERT(hertz >= 19 && hertz <= PIT_HERTZ / 2);
  unsigned count = (PIT_HERTZ + hertz / 2) / hertz;
  io_out8(PIT_COMMAND, PIT_RATE_GENERATOR);
  io_out8(PIT_CHANNEL, (uint8_t)count);
  io_out8(PIT_CHANNEL, (uint8_t)(count >> 8));
}
