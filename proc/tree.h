/* Who descends from whom.

   Every process is a child of the one that started it.  When that ends, its living children are
   adopted by its own parent, which cannot wait for them.  So all processes hang below the kernel's
   record, and whoever started something finds it among its descendants as long as it lives.
   All of it is guarded by the process table's lock. */
#ifndef PROC_TREE_H
#define PROC_TREE_H

#include <stdbool.h>
#include "proc/process_priv.h"

/* Nobody but the kernel is in the tree. */
void tree_init(void);
/* The lock of who is whose parent, and of the end of processes. */
extern struct lock process_table;
static inline void process_table_lock(void) {
  lock_acquire(&process_table);
}
static inline void process_table_unlock(void) {
  lock_release(&process_table);
}
/* What stands for the kernel, above all processes. */
struct process *tree_top(void);
/* The process with the lowest pid above PID, or NULL.  Process table lock. */
struct process *process_find_above(int pid);
/* Whose children a spawn or a wait by the running thread is about: its process, or what stands for the
   kernel. */
struct process *process_current_parent(void);
/* Whether no program but the kernel itself spawned PROCESS.  For the time that it is loaded. */
bool process_is_started_by_kernel(const struct process *process);
/* Makes CHILD the last child of PARENT. */
void tree_add(struct process *parent, struct process *child);
/* Gives the children of PROCESS, which ends, to its parent, and frees by FREE those that have ended. */
void tree_hand_over(struct process *process, void (*free)(struct process *));
/* The one that follows AT among the descendants of TOP, each before its own; NULL after the last.
   TOP itself is where to start. */
struct process *tree_next(const struct process *top, struct process *at);
/* Whether PROCESS is TOP or descends from it. */
bool tree_is_within(const struct process *top, const struct process *process);
/* The process PID among TOP and its descendants, or NULL. */
struct process *tree_find(struct process *top, int pid);

#endif
