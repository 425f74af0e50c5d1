/* Carries out the operations of a plan on the VM and on the oracle, and compares.

   Each process is a thread; it takes the operations that are its own, in their order.  play_*.c have a
   function for each kind of operation, which gets a turn. */
#ifndef TESTS_SOAK_PLAY_H
#define TESTS_SOAK_PLAY_H

#include "host/threads.h"
#include "tests/soak/oracle.h"
#include "tests/soak/plan.h"

struct process {
  unsigned id;
  struct space *space; /* NULL: it has ended.  The rig's lock. */
};

/* One operation at work. */
struct turn {
  const struct op *op;
  uint32_t number; /* Of the operation in the plan. */
  struct process *process;
  struct space *space;
  struct window w;
};

/* The plan at work, and its processes. */
extern const struct plan *playing;
extern struct process processes[];

/* Plays PLAN from beginning to end; panics at the first thing that is wrong. */
void play(const struct plan *plan);
/* vm_check() after every so many operations; 1 unless set. */
extern unsigned play_check_every;

/* Ends T's operation now, for the oracle: takes the rig's lock. */
void turn_end(struct turn *t);
/* Says that T went wrong. */
_Noreturn void complain(const struct turn *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Complains unless ERROR is EXPECTED, or one that the plan's machine excuses.  Whether it is VM_OK. */
bool judge(const struct turn *t, int error, int expected);
/* Whether the plan's machine may give ERROR at any time. */
bool excusable(int error);

typedef void play_function(struct turn *t);
play_function play_read, play_look, play_write, play_stack, play_sbrk;
play_function play_map, play_mmap, play_munmap, play_unmap, play_protect;
play_function play_lock, play_unlock, play_advise, play_resident, play_vm_sync;
play_function play_fork, play_exit;
play_function play_file_read, play_file_write, play_recreate, play_sync, play_evict, play_drop;

/* A fresh space for T's process, or its end. */
struct space *space_create(void);
void space_end(struct space *space);
/* Compares the disk of every file with the oracle: everything was written before W began. */
void check_disks(struct turn *t);
/* Compares the disk of COUNT pages of OBJECT from INDEX on with the oracle, with the rig's lock held. */
void check_disk(struct turn *t, const struct object *object, uint32_t index, uint32_t count);
/* Creates the files of the test; whether what can be written of them has blocks; ends them. */
bool files_are_reserved(void);
void files_create(void);
void files_end(void);

#endif
