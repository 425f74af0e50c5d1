/* Playing a plan. */
#include "tests/soak/play.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "vm/error.h"
#include "vm/heap.h"
#include "vm/policy.h"
#include "vm/port.h"
#include "host/record.h"
#include "vm/event.h"
#include "vm/vm.h"
#include "vm/sync.h"
#include "vm/exit.h"

/* Checks between two recordings of the tables, where events are recorded. */
#define TABLES_EVERY 50

const struct plan *playing;
struct process processes[4];
unsigned play_check_every = 1;

static play_function *const functions[OP_KINDS] = {[OP_READ] = play_read,
                                                   [OP_WRITE] = play_write,
                                                   [OP_STACK] = play_stack,
                                                   [OP_MAP] = play_map,
                                                   [OP_MMAP] = play_mmap,
                                                   [OP_MUNMAP] = play_munmap,
                                                   [OP_UNMAP] = play_unmap,
                                                   [OP_PROTECT] = play_protect,
                                                   [OP_FORK] = play_fork,
                                                   [OP_EXIT] = play_exit,
                                                   [OP_SBRK] = play_sbrk,
                                                   [OP_FILE_READ] = play_file_read,
                                                   [OP_FILE_WRITE] = play_file_write,
                                                   [OP_RECREATE] = play_recreate,
                                                   [OP_SYNC] = play_sync,
                                                   [OP_VM_SYNC] = play_vm_sync,
                                                   [OP_LOCK] = play_lock,
                                                   [OP_UNLOCK] = play_unlock,
                                                   [OP_ADVISE] = play_advise,
                                                   [OP_EVICT] = play_evict,
                                                   [OP_DROP] = play_drop,
                                                   [OP_RESIDENT] = play_resident,
                                                   [OP_LOOK] = play_look};

/* Says that T went wrong. */
_Noreturn void complain(const struct turn *t, const char *format, ...) {
  va_list args;
  printf("operation %u of process %u: ", t->number, t->process->id);
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
  printf("\n");
  threads_report();
  fflush(stdout);
  record_finish();
  abort();
}

/* Whether ERROR may come from the machine of the plan at any time. */
bool excusable(int error) {
  bool all = playing->errors == ERRORS_ALL;
  bool swap = all || playing->errors == ERRORS_SWAP, file = all || playing->errors == ERRORS_FILE;
  switch (error) {
  case VM_ENOMEM: return all || playing->errors == ERRORS_MEMORY;
  case VM_EIO: return swap || file;
  case VM_ENOSPC: return file;
  case VM_ENOFRAME: return swap || file || playing->slots < SLOTS_PLENTY;
  }
  return false;
}

/* Judges the ERROR of T. */
bool judge(const struct turn *t, int error, int expected) {
  if (error != expected && !excusable(error))
    complain(t, "the result is `%s', should be `%s'", vm_error_text(error),
             vm_error_text(expected));
  return error == VM_OK;
}

/* Ends T's operation now. */
void turn_end(struct turn *t) {
  rig_lock();
  t->w.end = oracle_now();
}

/* A fresh space, or NULL if the machine has no memory. */
struct space *space_create(void) {
  struct addrspace *as = addrspace_create();
  if (as == NULL) return NULL;
  struct space *space = calloc(1, sizeof *space);
  space->as = as;
  heap_init(as, page_address(0));
  addrspace_lock(as);
  int error = region_add_stack(as, STACK_LIMIT);
  addrspace_unlock(as);
  as->user_esp = USER_END;
  space->pages[PAGES - 1] = (struct opage){.mapped = true, .prot = PROT_READ | PROT_WRITE};
  if (error == VM_OK) return space;
  addrspace_destroy(as);
  free(space);
  return NULL;
}

/* Ends SPACE. */
void space_end(struct space *space) {
  machine_activate(space->as);
  addrspace_destroy(space->as);
  rig_lock();
  space_clear(space);
  rig_unlock();
  free(space);
}

/* The process of T has a space: its own, or a fresh one.  Whether it has. */
static bool have_space(struct turn *t) {
  rig_lock();
  t->space = t->process->space;
  rig_unlock();
  if (t->space != NULL) return true;
  struct space *fresh = space_create();
  if (fresh == NULL) {
    judge(t, VM_ENOMEM, VM_OK);
    return false;
  }
  rig_lock();
  bool taken = t->process->space != NULL;
  if (!taken) t->process->space = fresh;
  t->space = t->process->space;
  rig_unlock();
  if (taken) space_end(fresh);
  return true;
}

/* Carries out operation NUMBER for PROCESS. */
static void step(struct process *process, uint32_t number) {
  struct turn turn = {.op = &playing->ops[number], .number = number, .process = process};
  rig_lock();
  turn.w.start = turn.w.end = oracle_now();
  rig_unlock();
  if (!have_space(&turn)) return;
  machine_activate(turn.space->as);
  functions[turn.op->kind](&turn);
  if (number % play_check_every != 0) return;
  const char *broken = vm_check();
  if (broken == NULL && !files_are_reserved()) broken = "what can be written has blocks";
  if (broken != NULL) complain(&turn, "broken invariant: %s", broken);
  if (number % (TABLES_EVERY * play_check_every) == 0) event_tables();
}

/* The life of a process. */
static void live(void *aux) {
  struct process *process = aux;
  for (uint32_t i = 0; i < playing->count; i++)
    if (playing->ops[i].by % playing->processes == process->id) step(process, i);
}

/* Ends all processes, writes everything back and compares. */
static void end_all(void *unused) {
  (void)unused;
  static const struct op sync = {.kind = OP_SYNC};
  struct turn t = {.op = &sync, .number = playing->count, .process = &processes[0]};
  for (unsigned i = 0; i < playing->processes; i++)
    if (processes[i].space != NULL) space_end(processes[i].space);
  for (unsigned i = 0; i < FILES; i++)
    if (store_sync(&oracle_files[i]->file->store) != VM_OK && !oracle_files[i]->file->store.lost)
      complain(&t, "file %u: no sync", i);
  rig_lock();
  t.w.start = t.w.end = oracle_now();
  rig_unlock();
  check_disks(&t);
  files_end();
}

/* After the end nothing is in use but what there was before: BLOCKS of memory. */
static void check_nothing_lost(size_t blocks) {
  struct vm_stats stats;
  const char *broken = vm_check();
  if (broken != NULL) PANIC("at the end: %s", broken);
  vm_get_stats(&stats);
  if (machine_blocks() != blocks) PANIC("blocks are lost: %zu, were %zu", machine_blocks(), blocks);
  if (stats.frames_free != stats.frames_total) PANIC("frames are lost");
  if (stats.slots_used > 0) PANIC("slots are lost");
}

/* Lets so much go wrong as the plan says. */
static void set_failures(void) {
  unsigned *rates = machine_failures.per_thousand;
  bool all = playing->errors == ERRORS_ALL;
  if (all || playing->errors == ERRORS_MEMORY) rates[FAIL_ALLOC] = 30;
  machine_failures.makes_memory = playing->schedule % 2 == 0;
  if (all || playing->errors == ERRORS_SWAP) rates[FAIL_SWAP_READ] = rates[FAIL_SWAP_WRITE] = 30;
  if (all || playing->errors == ERRORS_FILE)
    rates[FAIL_FILE_READ] = rates[FAIL_FILE_WRITE] = rates[FAIL_RESERVE] = 30;
}

/* Runs the threads that are there to their end. */
static void run_threads(void) {
  unsigned left = threads_run();
  if (left > 0) PANIC("%u threads wait for ever", left);
}

/* The name of the policy that PLAN is played under: each seed has its own. */
static const char *choose_policy(const struct plan *plan) {
  unsigned count = 0;
  while (policy_number(count) != NULL) count++;
  return policy_number(plan->schedule % count)->name;
}

/* Plays PLAN. */
void play(const struct plan *plan) {
  playing = plan;
  struct machine_options options = {.seed = plan->schedule,
                                    .policy = choose_policy(plan),
                                    .frames = plan->frames,
                                    .slots = plan->slots,
                                    .latency = plan->latency,
                                    .stack_limit = STACK_LIMIT,
                                    .stress = plan->stress,
                                    .block_size = plan->blocks,
                                    .swap_keep = plan->keep == 1};
  machine_init(&options);
  size_t blocks = machine_blocks();
  oracle_init();
  files_create();
  set_failures();
  for (unsigned i = 0; i < plan->processes; i++) {
    processes[i] = (struct process){.id = i};
    thread_spawn(live, &processes[i]);
  }
  run_threads();
  machine_failures = (struct machine_failures){0};
  thread_spawn(end_all, NULL);
  run_threads();
  check_nothing_lost(blocks);
  machine_finish();
}
