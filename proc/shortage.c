/* Who ends when there is no memory. */
#include "proc/shortage.h"
#include "arch/i386/intr.h"
#include "dev/timer.h"
#include "proc/mark.h"
#include "vm/own.h"

/* The one that was chosen has so long to end; then another is chosen. */
#define END_MS 5000
/* Who has less than this part of what the one with the largest share has is never chosen for its pages. */
#define SMALL_PART 4
/* What the end of any process gives back besides what is counted: its kernel stack, its page directory, its records.  Who
   has more by less than this has no more. */
#define PROCESS_BYTES 0x4000u

enum shortage_rule shortage_rule;
struct shortage shortage;

static struct semaphore ended; /* Up when the one that was chosen has ended; its chooser waits. */

/* A search among all processes for the one that ends for ERROR. */
struct search {
  int error;
  uint32_t parts_max; /* The largest share that any of them has. */
  struct process *best;
  struct vm_own own; /* What that has. */
};

/* Whether PROCESS can be waited for: it has memory, was not chosen before, and goes on to where it looks for
   marks.  Process table lock. */
static bool is_candidate(const struct process *process) {
  return process->as != NULL && !process->is_loading && !process->was_chosen &&
         process->killed != KILL_STOP;
}

/* Whether PROCESS ends anyway, and gives back what it has.  Process table lock. */
static bool is_ending(const struct process *process) {
  if (process->ended || process->was_chosen) return false;
  return process->is_leaving || (process->killed != KILL_NONE && is_candidate(process));
}

/* Whether the end of A gives back more than that of B of what ERROR says is out. */
static bool gives_more(const struct vm_own *a, const struct vm_own *b, int error) {
  if (error == VM_ENOMEM && a->kernel != b->kernel) return a->kernel > b->kernel;
  return a->pages > b->pages;
}

/* Whether the end of A gives back so much more than that of B that it is worth looking for A. */
static bool gives_much_more(const struct vm_own *a, const struct vm_own *b, int error) {
  if (error == VM_ENOMEM) return a->kernel >= b->kernel + PROCESS_BYTES;
  return a->pages >= b->pages + PROCESS_BYTES / VM_PAGE_SIZE;
}

/* Whether OWN is so little, beside what others have, that its end is no help.  Kernel memory is shared by nobody. */
static bool is_small(const struct vm_own *own, const struct search *search) {
  return search->error == VM_ENOFRAME && own->parts < search->parts_max / SMALL_PART;
}

/* Notes the largest share.  Process table lock. */
static void find_largest_share(struct search *search) {
  struct process *top = tree_top();
  for (struct process *at = tree_next(top, top); at != NULL; at = tree_next(top, at)) {
    struct vm_own own;
    if (!is_candidate(at)) continue;
    vm_count_own(at->as, &own);
    if (own.parts > search->parts_max) search->parts_max = own.parts;
  }
}

/* PROCESS is the best so far, if it is a candidate and better than the others.  Process table lock. */
static void consider(struct search *search, struct process *process) {
  struct vm_own own;
  if (!is_candidate(process)) return;
  vm_count_own(process->as, &own);
  if (is_small(&own, search)) return;
  if (search->best != NULL && !gives_more(&own, &search->own, search->error)) return;
  search->best = process;
  search->own = own;
}

/* Looks for one that ends anyway, or else for the candidate whose end gives back the most: the running process, unless
   another gives much more; of equal ones the oldest.  In a crowd of a parent and its children, who have nearly the same, so
   the one ends that wants memory, and not the parent for a page that it has more.  Process table lock. */
static void search_all(struct search *search) {
  struct process *top = tree_top();
  find_largest_share(search);
  consider(search, process_current());
  struct search running = *search;
  for (struct process *at = tree_next(top, top); at != NULL; at = tree_next(top, at)) {
    if (is_ending(at)) {
      search->best = at;
      return;
    }
    consider(search, at);
  }
  if (running.best != NULL && !gives_much_more(&search->own, &running.own, search->error))
    *search = running;
}

/* The one that was chosen has ended.  Preemption off. */
static void announce_end(void) {
  if (shortage.chooser == shortage.process) shortage.chooser = NULL;
  shortage.process = NULL;
  shortage.ends++;
  sema_up(&ended);
  channel_wake(&shortage);
}

/* The best that SEARCH has found is the one.  If it ends anyway it may have given back everything by now, and needs no mark.
   Process table lock, without which nobody gives its memory up. */
static void note_choice(const struct search *search) {
  struct process *chosen = search->best;
  bool ends_anyway = chosen != process_current() && is_ending(chosen);
  preempt_disable();
  sema_init(&ended, 0);
  chosen->was_chosen = true;
  shortage.process = chosen;
  shortage.own = search->own;
  if (!ends_anyway) chosen->shortage = (int8_t)search->error;
  if (!ends_anyway && chosen != process_current()) mark_process(chosen, KILL_MEMORY);
  if (ends_anyway && chosen->as == NULL && !chosen->is_leaving)
    announce_end();
  else
    channel_wake(&shortage);
  preempt_enable();
}

/* Chooses who ends for ERROR, which the running process met; itself if nobody else can.  May sleep. */
static struct process *choose(int error) {
  struct process *self = process_current();
  struct search search = {.error = error};
  process_table_lock();
  if (shortage_rule == SHORTAGE_LARGEST && self->killed == KILL_NONE) search_all(&search);
  if (search.best == NULL) search.best = self;
  note_choice(&search);
  process_table_unlock();
  return search.best;
}

/* Waits for the end of the one that was chosen; false if that takes too long.  Sleeps. */
static bool outwait(void) {
  if (timer_sema_down(&ended, END_MS)) return true;
  preempt_disable();
  bool has_ended = shortage.process == NULL;
  shortage.process = NULL;
  preempt_enable();
  return has_ended;
}

/* The running process, which is the chooser, chooses who ends for ERROR and waits for that end, and chooses another
   if there is none.  True if it is to end itself; otherwise others may choose again.  May sleep. */
static bool resolve(int error) {
  struct process *self = process_current();
  do {
    if (choose(error) == self) return true;
  } while (!outwait());
  preempt_disable();
  shortage.chooser = NULL;
  channel_wake(&shortage);
  preempt_enable();
  return false;
}

/* Whether SELF, while somebody is chosen or ends, may wait for that.  It may not if it is the one itself, or if the one waits
   until SELF is loaded.  Preemption off. */
static bool may_wait(const struct process *self) {
  return shortage.chooser != NULL && shortage.process != self && self->shortage == VM_OK &&
         !(self->is_loading && shortage.process == self->parent);
}

/* The first chooses.  Others wait for the end of the one, or try again if they had looked before another's.  A
   process that is being loaded never chooses: the call that starts it is refused. */
bool shortage_must_die(int error, uint32_t ends) {
  struct process *self = process_current();
  preempt_disable();
  bool is_over = shortage.chooser == NULL && shortage.ends != ends;
  bool is_first = shortage.chooser == NULL && !is_over && !self->is_loading;
  bool waits = may_wait(self);
  if (is_first) shortage.chooser = self;
  if (waits) channel_sleep(&shortage, "a process that ends for want of memory");
  preempt_enable();
  if (is_first) return resolve(error);
  return self->shortage != VM_OK || (!is_over && !waits);
}

/* Those who wait for PROCESS's end try again.  It was chosen before it says that it has left, or whoever chooses it later sees
   that. */
void shortage_end(struct process *process) {
  __atomic_store_n(&process->is_leaving, false, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&shortage.process, __ATOMIC_SEQ_CST) != process) return;
  preempt_disable();
  if (shortage.process == process) announce_end();
  preempt_enable();
}
