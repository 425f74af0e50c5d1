/* Time: 100 ticks a second, and sleeping for a while.  Ticks may be lost on a loaded host: nothing
   may depend on their number. */
#ifndef DEV_TIMER_H
#define DEV_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct semaphore;

#define TIMER_HZ 100

void timer_init(void);
/* HOOK runs at each tick, in its interrupt; IN_PROGRAM says whether that came amid a program's own instructions. */
void timer_set_hook(void (*hook)(bool in_program));
uint64_t timer_ticks(void);
void timer_sleep_ms(uint32_t ms); /* Sleeps for MS milliseconds or a little more. */
/* Sleeps for MS milliseconds, or until the thread is interrupted. */
void timer_sleep_interruptible(uint32_t ms);
/* Downs SEMA, but gives up after MS milliseconds: false if it could not be downed.  Sleeps. */
bool timer_sema_down(struct semaphore *sema, uint32_t ms);

#endif
