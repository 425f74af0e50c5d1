/* The 16550 serial port at COM1 (National Semiconductor PC16550D data sheet). */
#include "arch/i386/intr.h"
#include "arch/i386/io.h"
#include "arch/i386/machine.h"

#define COM1     0x3f8
#define COM1_IRQ 4

/* Registers; the first two are the divisor while LCR_DIVISOR is set. */
#define DATA               (COM1 + 0)
#define INTERRUPT_ENABLE   (COM1 + 1)
#define INTERRUPT_ID       (COM1 + 2)
#define FIFO_CONTROL       (COM1 + 2)
#define LINE_CONTROL       (COM1 + 3)
#define MODEM_CONTROL      (COM1 + 4)
#define LINE_STATUS        (COM1 + 5)

#define INTERRUPT_RECEIVED 0x01
#define FIFO_ON_CLEARED    0x07
#define LCR_8N1            0x03
#define LCR_DIVISOR        0x80
#define MCR_READY          0x0b /* DTR, RTS, and OUT2, which lets the IRQ out on a PC. */
#define LSR_RECEIVED       0x01
#define LSR_SEND_EMPTY     0x20 /* Send FIFO empty. */
#define LSR_ALL_SENT       0x40
#define FIFO_BYTES         16
#define DIVISOR_115200     1

static bool (*receiver)(uint8_t byte);

/* 115,200 baud, 8 data bits, no parity, FIFOs on, no interrupts yet. */
void uart_init(void) {
  io_out8(INTERRUPT_ENABLE, 0);
  io_out8(LINE_CONTROL, LCR_DIVISOR);
  io_out8(DATA, DIVISOR_115200);
  io_out8(DATA + 1, 0);
  io_out8(LINE_CONTROL, LCR_8N1);
  io_out8(FIFO_CONTROL, FIFO_ON_CLEARED);
  io_out8(MODEM_CONTROL, MCR_READY);
}

/* Waits until the bits MASK of the line status are set.  Where there is no port they read as 1. */
static void status_await(uint8_t mask) {
  while ((io_in8(LINE_STATUS) & mask) != mask) continue;
}

/* Sends the SIZE bytes at TEXT as they are, a FIFO at a time; waits until the port took the
   last. */
void uart_write(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (i % FIFO_BYTES == 0) status_await(LSR_SEND_EMPTY);
    io_out8(DATA, (uint8_t)text[i]);
  }
}

/* Waits until the last bit has left. */
void uart_drain(void) {
  status_await(LSR_ALL_SENT);
}

/* IRQ 4: hands on all bytes that have come, until the receiver wants no more: the rest waits in the
   port, and in a pipe behind it.  Reading the identification and the line status ends whatever else
   the port may want. */
static void serve_irq(struct trap_frame *frame) {
  (void)frame;
  (void)io_in8(INTERRUPT_ID);
  while (io_in8(LINE_STATUS) & LSR_RECEIVED) {
    if (receiver(io_in8(DATA))) continue;
    io_out8(INTERRUPT_ENABLE, 0);
    return;
  }
}

/* RECEIVE is called by the interrupt handler, once a byte. */
void uart_set_receiver(bool (*receive)(uint8_t byte)) {
  bool is_first = receiver == NULL;
  receiver = receive;
  if (!is_first) return;
  intr_register_irq(COM1_IRQ, serve_irq, "serial");
  io_out8(INTERRUPT_ENABLE, INTERRUPT_RECEIVED);
}

/* What waits in the port interrupts at once. */
void uart_resume_receiver(void) {
  io_out8(INTERRUPT_ENABLE, INTERRUPT_RECEIVED);
}
