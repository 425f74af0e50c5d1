/* PCI configuration space by access mechanism 1 (PCI Local Bus specification, 3.2.2.3). */
#include "arch/i386/io.h"
#include "arch/i386/machine.h"

#define CONFIG_ADDRESS   0xcf8
#define CONFIG_DATA      0xcfc
#define CONFIG_ENABLE    0x80000000u

#define OFFSET_ID        0x00
#define OFFSET_CLASS     0x08 /* Class in the upper half. */
#define OFFSET_HEADER    0x0c /* Header type in bits 16 to 23. */
#define OFFSET_BUSES     0x18 /* Of a bridge: its secondary bus in bits 8 to 15. */
#define HEADER_MULTIPLE  (0x80u << 16)
#define CLASS_PCI_BRIDGE 0x0604
#define NO_DEVICE        0xffff

#define DEVICES          32
#define FUNCTIONS        8

/* Selects the aligned word that holds OFFSET of function WHERE. */
static void config_select(struct pci_address where, uint8_t offset) {
  io_out32(CONFIG_ADDRESS, CONFIG_ENABLE | (uint32_t)where.bus << 16 |
                               (uint32_t)where.device << 11 | (uint32_t)where.function << 8 |
                               (offset & 0xfcu));
}

/* Reads a word; all ones where there is no such function. */
uint32_t pci_read(struct pci_address where, uint8_t offset) {
  config_select(where, offset);
  return io_in32(CONFIG_DATA);
}

/* Writes a word. */
void pci_write(struct pci_address where, uint8_t offset, uint32_t value) {
  config_select(where, offset);
  io_out32(CONFIG_DATA, value);
}

/* Looks through the functions of device WHERE for CLASS_CODE.  Raises *LAST_BUS to the number of
   each bus that a bridge among them leads to. */
static bool device_find_class(struct pci_address *where, uint16_t class_code, unsigned *last_bus) {
  where->function = 0;
  if ((pci_read(*where, OFFSET_ID) & 0xffff) == NO_DEVICE) return false;
  unsigned functions = pci_read(*where, OFFSET_HEADER) & HEADER_MULTIPLE ? FUNCTIONS : 1;
  for (unsigned function = 0; function < functions; function++) {
    where->function = (uint8_t)function;
    if ((pci_read(*where, OFFSET_ID) & 0xffff) == NO_DEVICE) continue;
    uint32_t found = pci_read(*where, OFFSET_CLASS) >> 16;
    if (found == class_code) return true;
    unsigned bus = pci_read(*where, OFFSET_BUSES) >> 8 & 0xff;
    if (found == CLASS_PCI_BRIDGE && bus > *last_bus) *last_bus = bus;
  }
  return false;
}

/* Goes through the buses that are there, in order of their numbers. */
bool pci_find_class(uint16_t class_code, struct pci_address *where) {
  unsigned last_bus = 0;
  for (unsigned bus = 0; bus <= last_bus; bus++) {
    for (unsigned device = 0; device < DEVICES; device++) {
      *where = (struct pci_address){(uint8_t)bus, (uint8_t)device, 0};
      if (device_find_class(where, class_code, &last_bus)) return true;
    }
  }
  return false;
}
