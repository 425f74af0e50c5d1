/* Panics for those who take traps, and what reports are made of. */
#ifndef KERN_PANIC_H
#define KERN_PANIC_H

struct trap_frame;

/* Makes every exception a panic until somebody registers for it; and the NMI a report of what
   everybody waits for, for launchers that ran out of patience. */
void panic_init(void);
/* A trap in kernel code that cannot be: never returns. */
_Noreturn void panic_trap(const struct trap_frame *frame);
/* The register dump that follows a user program's fatal trap. */
void print_registers(const struct trap_frame *frame);
/* All threads, what each waits for, and where. */
void print_threads(void);

#endif
