/* Lists of frames for policies: a frame is in one list at most, oldest first.

   All lists of a policy share one array of links, indexed by frame.  Nothing here allocates. */
#ifndef VM_POLICY_LIST_H
#define VM_POLICY_LIST_H

#include "vm/policy.h"

struct frame_link {
  frameno_t older, newer; /* FRAME_NONE at the ends. */
};

struct frame_list {
  frameno_t oldest, newest; /* FRAME_NONE if it is empty. */
  frameno_t count;
};

/* Makes LIST empty. */
static inline void frame_list_init(struct frame_list *list) {
  *list = (struct frame_list){.oldest = FRAME_NONE, .newest = FRAME_NONE};
}

/* Adds FRAME, in no list, to LIST as the newest. */
static inline void frame_list_push(struct frame_list *list, struct frame_link *links,
                                   frameno_t frame) {
  links[frame] = (struct frame_link){.older = list->newest, .newer = FRAME_NONE};
  if (list->newest != FRAME_NONE)
    links[list->newest].newer = frame;
  else
    list->oldest = frame;
  list->newest = frame;
  list->count++;
}

/* Takes FRAME out of LIST, which it is in. */
static inline void frame_list_remove(struct frame_list *list, struct frame_link *links,
                                     frameno_t frame) {
  struct frame_link link = links[frame];
  if (link.older != FRAME_NONE)
    links[link.older].newer = link.newer;
  else
    list->oldest = link.newer;
  if (link.newer != FRAME_NONE)
    links[link.newer].older = link.older;
  else
    list->newest = link.older;
  list->count--;
}

#endif
