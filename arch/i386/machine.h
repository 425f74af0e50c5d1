/* What the boot loader and the PC tell and do: memory size, command line, chipset, ways to end. */
#ifndef ARCH_I386_MACHINE_H
#define ARCH_I386_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ends of the kernel image, from the linker script (kernel addresses). */
extern char kernel_start[], kernel_text_end[], kernel_end[];

/* Bytes of RAM from 0 to the end of the highest usable run that starts at or below 1 MB. */
uint32_t machine_ram_end(void);
/* The kernel's own command line, without the kernel's path; read-only, "" if there is none. */
const char *machine_command_line(void);
/* Whether the loader's line was longer than is kept. */
bool machine_command_line_is_cut(void);

/* The way out by QEMU's debug exit port (0x501, then 0xf4) with STATUS, QEMU's exit status being
   2*STATUS+1; where there is none, ACPI power-off (0x604); where that fails, halts for ever. */
_Noreturn void machine_exit(uint8_t status);
_Noreturn void machine_power_off(void); /* ACPI first: QEMU's exit status 0. */
_Noreturn void machine_reboot(void);

/* 8254 channel 0 at HERTZ on IRQ 0. */
void pit_init(unsigned hertz);
/* 16550 at COM1, polled output; input by IRQ 4 once uart_set_receiver() was called. */
void uart_init(void);
void uart_write(const char *text, size_t size);
void uart_drain(void); /* Waits until all is sent; the ways out above do it themselves. */
/* RECEIVE returns false when it can take no more for now, until uart_resume_receiver(). */
void uart_set_receiver(bool (*receive)(uint8_t byte));
void uart_resume_receiver(void);

/* PCI configuration space by mechanism 1. */
struct pci_address {
  uint8_t bus, device, function;
};
uint32_t pci_read(struct pci_address where, uint8_t offset);
void pci_write(struct pci_address where, uint8_t offset, uint32_t value);
/* Finds the first function of class CLASS_CODE (class << 8 | subclass). */
bool pci_find_class(uint16_t class_code, struct pci_address *where);

#endif
