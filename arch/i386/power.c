/* The ways to end. */
#include "arch/i386/cpu.h"
#include "arch/i386/io.h"
#include "arch/i386/machine.h"

#define ACPI_CONTROL      0x604  /* PM1a control, where most emulators' firmware puts it. */
#define ACPI_SLEEP_S5     0x2000 /* Sleep enable, type 0: off. */
#define DEBUG_EXIT_PINTOS 0x501
#define DEBUG_EXIT_USUAL  0xf4
#define DELAY_PORT        0x80 /* Writing takes about a microsecond and does nothing. */
#define DELAY_WRITES      100000
#define KEYBOARD_COMMAND  0x64
#define KEYBOARD_BUSY     0x02
#define KEYBOARD_RESET    0xfe

/* Gives a machine that was told to stop the time to do so. */
static void wait_for_end(void) {
  for (unsigned i = 0; i < DELAY_WRITES; i++) io_out8(DELAY_PORT, 0);
}

/* Waits first until the console's last bytes are out, as all of these do. */
_Noreturn void machine_exit(uint8_t status) {
  uart_drain();
  io_out8(DEBUG_EXIT_PINTOS, status);
  io_out8(DEBUG_EXIT_USUAL, status);
  io_out16(ACPI_CONTROL, ACPI_SLEEP_S5);
  cpu_halt();
}

/* A page that runs the kernel in an emulator without ACPI listens on the debug exit port. */
_Noreturn void machine_power_off(void) {
  uart_drain();
  io_out16(ACPI_CONTROL, ACPI_SLEEP_S5);
  wait_for_end();
  io_out8(DEBUG_EXIT_USUAL, 0);
  cpu_halt();
}

/* The keyboard controller holds the processor's reset line; without one, an exception while there
   is no interrupt table resets as well. */
_Noreturn void machine_reboot(void) {
  static const uint8_t no_table[6];
  uart_drain();
  for (unsigned i = 0; i < DELAY_WRITES && io_in8(KEYBOARD_COMMAND) & KEYBOARD_BUSY; i++) continue;
  io_out8(KEYBOARD_COMMAND, KEYBOARD_RESET);
  wait_for_end();
  __asm__ volatile("lidt %0; int3" : : "m"(no_table));
  cpu_halt();
}
