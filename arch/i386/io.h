/* Port input and output, for drivers. */
#ifndef ARCH_I386_IO_H
#define ARCH_I386_IO_H

#include <stddef.h>
#include <stdint.h>

static inline uint8_t io_in8(uint16_t port) {
  uint8_t data;
  __asm__ volatile("inb %w1, %b0" : "=a"(data) : "Nd"(port));
  return data;
}
static inline uint16_t io_in16(uint16_t port) {
  uint16_t data;
  __asm__ volatile("inw %w1, %w0" : "=a"(data) : "Nd"(port));
  return data;
}
static inline uint32_t io_in32(uint16_t port) {
  uint32_t data;
  __asm__ volatile("inl %w1, %0" : "=a"(data) : "Nd"(port));
  return data;
}
static inline void io_out8(uint16_t port, uint8_t data) {
  __asm__ volatile("outb %b0, %w1" : : "a"(data), "Nd"(port));
}
static inline void io_out16(uint16_t port, uint16_t data) {
  __asm__ volatile("outw %w0, %w1" : : "a"(data), "Nd"(port));
}
static inline void io_out32(uint16_t port, uint32_t data) {
  __asm__ volatile("outl %0, %w1" : : "a"(data), "Nd"(port));
}
/* COUNT words of 16 bits from or to PORT. */
static inline void io_in16_run(uint16_t port, void *buffer, size_t count) {
  __asm__ volatile("rep insw" : "+D"(buffer), "+c"(count) : "d"(port) : "memory");
}
static inline void io_out16_run(uint16_t port, const void *buffer, size_t count) {
  __asm__ volatile("rep outsw" : "+S"(buffer), "+c"(count) : "d"(port) : "memory");
}

#endif
