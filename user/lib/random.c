/* A small generator with 128 bits of state.

   The state walks by shifts and exclusive-ors with period 2^128 - 1; a multiplication hides the
   weak low bits of that walk.  The seed is spread over the state by a mixing function, so that
   seeds that differ in one bit have nothing in common. */
#include <random.h>
#include <stdbool.h>
#include <stdint.h>

static uint32_t state[4];
static bool seeded;

/* Turns VALUE into a number that depends on all its bits. */
static uint32_t mix(uint32_t value) {
  value = (value ^ (value >> 16)) * 0x7feb352dU;
  value = (value ^ (value >> 15)) * 0x846ca68bU;
  return value ^ (value >> 16);
}

/* Starts the sequence of SEED. */
void random_init(unsigned seed) {
  for (unsigned i = 0; i < 4; i++) state[i] = mix(seed + (i + 1) * 0x9e3779b9U);
  state[0] |= 1; /* A state of zeroes would stay. */
  seeded = true;
}

/* The next number of the sequence. */
unsigned long random_ulong(void) {
  if (!seeded) random_init(0);
  uint32_t t = state[3];
  t ^= t << 11;
  t ^= t >> 8;
  state[3] = state[2];
  state[2] = state[1];
  state[1] = state[0];
  state[0] = t ^ state[0] ^ (state[0] >> 19);
  return (state[0] + state[3]) * 0x9e3779b1U ^ (state[1] >> 16);
}

/* Fills SIZE bytes at BUFFER, four from each number. */
void random_bytes(void *buffer, size_t size) {
  uint8_t *bytes = buffer;
  uint32_t word = 0;
  for (size_t i = 0; i < size; i++) {
    word = i % 4 == 0 ? (uint32_t)random_ulong() : word >> 8;
    bytes[i] = (uint8_t)word;
  }
}
