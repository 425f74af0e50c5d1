/* Looking at the whole system. */
#include "init/check.h"
#include <stddef.h>
#include "dev/timer.h"
#include "fs/fs.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "kern/thread.h"
#include "vm/vm.h"

#define SETTLE_MS    10
#define SETTLE_TRIES 100

static unsigned system_threads;

/* Notes the threads there are now. */
void check_set_baseline(void) {
  system_threads = thread_count();
}

/* Waits for threads that are ending: who waits for a process goes on a moment before its thread is
   gone. */
static void settle(void) {
  for (unsigned i = 0; i < SETTLE_TRIES && thread_count() > system_threads; i++)
    timer_sleep_ms(SETTLE_MS);
}

/* Gives back all that is kept only because it may be needed again. */
static void drop_caches(void) {
  fs_drop_caches();
  vm_drop_clean();
  memory_shrink();
}

/* Checks the system and prints the counts. */
void check_all(void) {
  settle();
  drop_caches();
  const char *broken = vm_check();
  struct vm_stats vm;
  vm_get_stats(&vm);
  struct memory_stats memory = memory_stats();
  if (broken != NULL)
    kprintf("check: broken: %s", broken);
  else
    kprintf("check: ok");
  kprintf(", frames %u free of %u, slots %u used of %u, kernel %u bytes in %u blocks, "
          "%u of %u pages free, %u frames dirty\n",
          (unsigned)vm.frames_free, (unsigned)vm.frames_total, (unsigned)vm.slots_used,
          (unsigned)vm.slots_total, (unsigned)memory.bytes, (unsigned)memory.blocks,
          (unsigned)memory.pages_free, (unsigned)memory.pages_total, (unsigned)vm.frames_dirty);
}

/* Prints what the pools of memory are used for. */
void check_show_memory(void) {
  struct vm_stats vm;
  vm_get_stats(&vm);
  struct memory_stats memory = memory_stats();
  kprintf("memory: kernel pool: %u pages, %u free; %'u bytes in %u blocks; %u threads\n",
          (unsigned)memory.pages_total, (unsigned)memory.pages_free, (unsigned)memory.bytes,
          (unsigned)memory.blocks, thread_count());
  kprintf("memory: user pool: %u frames, %u free, %u pinned, %u dirty; %u file pages cached\n",
          (unsigned)vm.frames_total, (unsigned)vm.frames_free, (unsigned)vm.frames_pinned,
          (unsigned)vm.frames_dirty, (unsigned)vm.pages_cached);
  kprintf("memory: swap: %u slots, %u used, %u bad\n", (unsigned)vm.slots_total,
          (unsigned)vm.slots_used, (unsigned)vm.slots_bad);
}
