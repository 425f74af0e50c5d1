/* The two 8259 interrupt controllers (Intel 8259A data sheet), the second on line 2 of the
   first. */
#include "arch/i386/pic.h"

#include <stdint.h>

#include "arch/i386/io.h"

#define MASTER_COMMAND     0x20
#define MASTER_DATA        0x21
#define SLAVE_COMMAND      0xa0
#define SLAVE_DATA         0xa1

#define ICW1_INIT          0x11 /* Cascaded, edge-triggered, ICW4 follows. */
#define ICW4_8086          0x01
#define OCW2_END           0x20 /* Non-specific end of interrupt. */
#define OCW3_READ_SERVICED 0x0b

#define CASCADE_IRQ        2
#define IRQS_PER_CHIP      8
#define LAST_OF_CHIP(N)    ((N) % IRQS_PER_CHIP == IRQS_PER_CHIP - 1)

/* A mask bit for each IRQ, as the chips hold them. */
static uint16_t masked;

/* Writes the mask to both chips. */
static void mask_write(void) {
  io_out8(MASTER_DATA, (uint8_t)masked);
  io_out8(SLAVE_DATA, (uint8_t)(masked >> IRQS_PER_CHIP));
}

/* Runs both chips through their four initialisation words. */
void pic_init(unsigned vector_base) {
  io_out8(MASTER_COMMAND, ICW1_INIT);
  io_out8(SLAVE_COMMAND, ICW1_INIT);
  io_out8(MASTER_DATA, (uint8_t)vector_base);
  io_out8(SLAVE_DATA, (uint8_t)(vector_base + IRQS_PER_CHIP));
  io_out8(MASTER_DATA, 1 << CASCADE_IRQ);
  io_out8(SLAVE_DATA, CASCADE_IRQ);
  io_out8(MASTER_DATA, ICW4_8086);
  io_out8(SLAVE_DATA, ICW4_8086);
  masked = (uint16_t) ~(1u << CASCADE_IRQ);
  mask_write();
}

/* Clears the mask bit of IRQ. */
void pic_unmask(unsigned irq) {
  masked &= (uint16_t) ~(1u << irq);
  mask_write();
}

/* Whether the chip at port COMMAND is serving its last line. */
static bool is_serving_last(uint16_t command) {
  io_out8(command, OCW3_READ_SERVICED);
  return io_in8(command) >> (IRQS_PER_CHIP - 1) & 1;
}

/* Ends IRQ at its chip, and at the master for the slave's; a spurious one of the slave's is real
   to the master.  Only the last line of a chip can be spurious, so only that costs a look. */
bool pic_acknowledge(unsigned irq) {
  bool of_slave = irq >= IRQS_PER_CHIP;
  uint16_t command = of_slave ? SLAVE_COMMAND : MASTER_COMMAND;
  bool is_real = !LAST_OF_CHIP(irq) || is_serving_last(command);
  if (is_real) io_out8(command, OCW2_END);
  if (of_slave) io_out8(MASTER_COMMAND, OCW2_END);
  return is_real;
}
