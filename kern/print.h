/* What the kernel says: lines to the console, and the last words of a panic. */
#ifndef KERN_PRINT_H
#define KERN_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/* Writes to the console; one call is never interleaved with another's output.  May be called
   anywhere, never sleeps (preemption is disabled around it). */
void kprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void kvprintf(const char *format, va_list args);
/* Writes SIZE raw bytes of TEXT to the console, as one piece. */
void kwrite(const char *text, size_t size);

/* Ends a line that somebody else began; for reports, which can come in the middle of one. */
void print_start_line(void);

/* Runs REPORT once when the kernel panics, after the call stack, and before it leaves by
   machine_exit(STATUS). */
void panic_set_hook(void (*report)(void));
#define PANIC_EXIT_STATUS 1 /* QEMU ends with 3. */

/* Makes a panic restart the machine instead of leaving by machine_exit(). */
void panic_set_reboot(void);

struct trap_frame;
/* Says that a panic to come is about the exception at FRAME: its registers will be shown. */
void panic_set_frame(const struct trap_frame *frame);
/* Makes exceptions panic that nobody else serves, and a non-maskable interrupt tell what every
   thread does. */
void panic_init(void);

#endif
