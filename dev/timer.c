/* The tick of the 8254, and those who wait for one.

   An alarm is a point of time at which a semaphore is raised.  Alarms stand in a list by time, so
   that a tick looks at the first only.  Both the list and the clock are guarded by interrupts
   being off. */
#include "dev/timer.h"
#include "arch/i386/intr.h"
#include "arch/i386/machine.h"
#include "kern/sync.h"
#include "kern/thread.h"
#include "lib/list.h"

#define TIMER_IRQ   0
#define MS_PER_TICK (1000 / TIMER_HZ)

struct alarm {
  struct list_node node;
  uint64_t tick; /* When it is due. */
  struct semaphore *sema;
  bool rang; /* It was due: off the list, and SEMA was raised for it. */
};

static struct list alarms;
static uint64_t ticks;
static void (*tick_hook)(bool in_program); /* NULL: none. */

/* Raises the semaphores of all alarms that are due.  Interrupts are off. */
static void alarms_ring(void) {
  for (struct list_node *node; (node = list_first(&alarms)) != NULL;) {
    struct alarm *alarm = list_entry(node, struct alarm, node);
    if (alarm->tick > ticks) return;
    list_remove(node);
    alarm->rang = true;
    sema_up(alarm->sema);
  }
}

/* The interrupt of the 8254. */
static void timer_interrupt(struct trap_frame *frame) {
  ticks++;
  thread_tick();
  alarms_ring();
  if (tick_hook != NULL) tick_hook(trap_from_user(frame));
}

/* There is one hook at most. */
void timer_set_hook(void (*hook)(bool in_program)) {
  tick_hook = hook;
}

/* Starts the clock. */
void timer_init(void) {
  list_init(&alarms);
  intr_register_irq(TIMER_IRQ, timer_interrupt, "8254 Timer");
  pit_init(TIMER_HZ);
}

/* The ticks since timer_init(). */
uint64_t timer_ticks(void) {
  bool were_on = intr_disable();
  uint64_t now = ticks;
  intr_restore(were_on);
  return now;
}

/* Puts ALARM into the list, due when MS milliseconds have surely passed: the tick under way does
   not count. */
static void alarm_set(struct alarm *alarm, struct semaphore *sema, uint32_t ms) {
  alarm->sema = sema;
  alarm->rang = false;
  bool were_on = intr_disable();
  alarm->tick = ticks + ms / MS_PER_TICK + (ms % MS_PER_TICK != 0) + 1;
  struct list_node *before = &alarms.head;
  while (before->prev != &alarms.head &&
         list_entry(before->prev, struct alarm, node)->tick > alarm->tick)
    before = before->prev;
  list_insert_before(before, &alarm->node);
  intr_restore(were_on);
}

/* Takes ALARM back.  Returns whether it rang before. */
static bool alarm_cancel(struct alarm *alarm) {
  bool were_on = intr_disable();
  if (!alarm->rang) list_remove(&alarm->node);
  bool rang = alarm->rang;
  intr_restore(were_on);
  return rang;
}

/* Sleeps for at least MS milliseconds; 0 does nothing. */
void timer_sleep_ms(uint32_t ms) {
  if (ms == 0) return;
  struct alarm alarm;
  struct semaphore sema;
  sema_init(&sema, 0);
  alarm_set(&alarm, &sema, ms);
  sema_down(&sema);
}

/* Sleeps for at least MS milliseconds, unless the thread is interrupted.  The alarm is on this stack, so it must
   not ring any more. */
void timer_sleep_interruptible(uint32_t ms) {
  if (ms == 0) return;
  struct alarm alarm;
  struct semaphore sema;
  sema_init(&sema, 0);
  alarm_set(&alarm, &sema, ms);
  if (!sema_down_interruptible(&sema, "time")) alarm_cancel(&alarm);
}

/* Downs SEMA within MS milliseconds and returns true, or gives up.  The alarm raises SEMA itself,
   so the wait ends either way; if it rang and another raised SEMA too, that one is still there to
   be taken.  The caller must be the only one who downs SEMA. */
bool timer_sema_down(struct semaphore *sema, uint32_t ms) {
  if (sema_try_down(sema)) return true;
  struct alarm alarm;
  alarm_set(&alarm, sema, ms);
  sema_down(sema);
  if (!alarm_cancel(&alarm)) return true;
  return sema_try_down(sema);
}
