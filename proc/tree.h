/* Who descends from whom.

   Every process is a child of the one that started it.  When that ends, its living children are
   adopted by its own parent, which cannot wait for them.  So all processes hang below the kernel's
   record, and whoever started something finds it among its descendants as long as it lives.
   All of it is guarded by the process table's lock (process_priv.h). */
#ifndef PROC_TREE_H
#define PROC_TREE_H

#include <stdbool.h>
#include "proc/process_priv.h"

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
/* The one with the lowest pid above PID among the descendants of TOP, or NULL. */
struct process *tree_find_above(struct process *top, int pid);

#endif
