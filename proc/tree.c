/* The tree of processes. */
#include "proc/tree.h"

/* Guards who is whose parent, and the end of processes. */
struct lock process_table;
/* Stands for the kernel where it starts processes itself: the top of the tree. */
static struct process kernel_process;

/* Sets the tree up, with the kernel alone in it. */
void tree_init(void) {
  lock_init(&process_table, RANK_PROCESS, "processes");
  list_init(&kernel_process.children);
}

/* Looks for the lowest pid above PID below TOP. */
static struct process *find_above(struct process *top, int pid) {
  struct process *best = NULL;
  for (struct process *at = tree_next(top, top); at != NULL; at = tree_next(top, at))
    if (at->pid > pid && (best == NULL || at->pid < best->pid)) best = at;
  return best;
}

/* It has no parent, and is no process. */
struct process *tree_top(void) {
  return &kernel_process;
}

/* Looks through all processes. */
struct process *process_find_above(int pid) {
  return find_above(&kernel_process, pid);
}

/* Whose children a spawn or a wait by the running thread is about. */
struct process *process_current_parent(void) {
  struct process *process = process_current();
  return process != NULL ? process : &kernel_process;
}

/* Whether the kernel spawned PROCESS, whose spawner waits for it to be loaded. */
bool process_is_started_by_kernel(const struct process *process) {
  return process->parent == &kernel_process;
}

/* Adds CHILD to PARENT's children. */
void tree_add(struct process *parent, struct process *child) {
  child->parent = parent;
  list_push_back(&parent->children, &child->child_node);
}

/* Takes all children from PROCESS. */
void tree_hand_over(struct process *process, void (*free)(struct process *)) {
  list_for_each_safe(node, next, &process->children) {
    struct process *child = list_entry(node, struct process, child_node);
    list_remove(node);
    if (child->ended) {
      free(child);
    } else {
      child->is_adopted = true;
      tree_add(process->parent, child);
    }
  }
}

/* The child of PARENT at NODE of its list; NULL at the list's end. */
static struct process *child_at(const struct process *parent, struct list_node *node) {
  return node != &parent->children.head ? list_entry(node, struct process, child_node) : NULL;
}

/* The next in the order "a process, then its children", without recursion: a chain of processes may
   be long. */
struct process *tree_next(const struct process *top, struct process *at) {
  struct process *next = child_at(at, at->children.head.next);
  for (; next == NULL && at != top; at = at->parent)
    next = child_at(at->parent, at->child_node.next);
  return next;
}

/* Looks for TOP among PROCESS and its ancestors. */
bool tree_is_within(const struct process *top, const struct process *process) {
  while (process != NULL && process != top) process = process->parent;
  return process != NULL;
}

/* Looks for PID from TOP on. */
struct process *tree_find(struct process *top, int pid) {
  struct process *at = top;
  while (at != NULL && at->pid != pid) at = tree_next(top, at);
  return at;
}
