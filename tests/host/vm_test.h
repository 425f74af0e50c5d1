/* What the unit tests of the VM share: a machine with a process on it. */
#ifndef TESTS_HOST_VM_TEST_H
#define TESTS_HOST_VM_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "host/file.h"
#include "host/machine.h"

#define BASE 0x10000000u
#define RW   (PROT_READ | PROT_WRITE)

/* A machine of FRAMES frames and SLOTS slots, and on it a process with a stack; ends both. */
struct addrspace *start(frameno_t frames, slot_t slots);
void finish(struct addrspace *as);
/* Adds two pages of KIND with PROT at ADDRESS of AS. */
void add(struct addrspace *as, uaddr_t address, unsigned kind, uint8_t prot);

/* The tests of vm_check(), of how long the VM lock is held, of page_assert(), of vm_count_own(), and of -swap-keep:
   how many failed. */
int run_check_tests(void);
int run_bounds_tests(void);
int run_states_tests(void);
int run_own_tests(void);
int run_usage_tests(void); /* Of vm/usage.h. */
int run_swap_tests(void);

#endif
