/* What the kernel says: lines to the console, and the last words of a panic. */
#ifndef KERN_PRINT_H
#define KERN_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/* Writes to the console; one call is never interleaved with another's output.  May be called
   anywhere, never sleeps (preemption is disabled around it). */
void kprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void kvprintf(const char *format, va_list args);
/* The same for SIZE raw bytes. */
void kwrite(const char *text, size_t size);

/* Runs REPORT once when the kernel panics, after the call stack, and before it leaves by
   machine_exit(STATUS). */
void panic_set_hook(void (*report)(void));
#define PANIC_EXIT_STATUS 1 /* QEMU ends with 3. */

/* Prints the call stack of the current thread as "Call stack: 0x... 0x....". */
void print_backtrace(void);

#endif
