/* Pseudo-random numbers: the same for the same seed, everywhere.  Not for secrets. */
#ifndef USER_RANDOM_H
#define USER_RANDOM_H

#include <stddef.h>

/* Starts the sequence of SEED; that of seed 0 if never called. */
void random_init(unsigned seed);
/* Fills SIZE bytes at BUFFER. */
void random_bytes(void *buffer, size_t size);
/* A number of 32 bits. */
unsigned long random_ulong(void);

#endif
