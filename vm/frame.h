/* Frames: the physical pages of the user pool, and what is known of each.

   state   page        leaves by
   FREE    -           frame_lend -> LENT, frame_lend_kernel -> LENT
   LENT    its page    frame_free -> FREE
   LENT    the kernel  frame_return -> FREE

   This is the table alone.  Who may have a frame, and what must leave for it, is said in vm/supply.h.
   A pinned frame's page stays RESIDENT.  All fields and functions: VM lock; none sleeps unless it
   says so. */
#ifndef VM_FRAME_H
#define VM_FRAME_H

#include <stdbool.h>
#include "vm/policy.h"
#include "vm/port.h"
#include "vm/types.h"

struct page;

struct frame {
  union {
    struct page *page;       /* LENT */
    struct frame *next_free; /* FREE */
  };
  union {
    struct {
      uint16_t pins;
      uint8_t wired; /* How many of the pins are for long (vm_lock). */
      uint8_t lent : 1;
      uint8_t admitted : 1; /* Known to the policy. */
      uint8_t accessed : 1; /* By the kernel, since the policy asked the last time. */
      uint8_t kernel : 1;   /* Lent to the kernel for its own memory: it has no page. */
      uint8_t kept : 1;     /* For who has the turn (vm/turn.h). */
      uint8_t zeroed : 1;   /* Its content was zeroes when it was lent. */
    };
    uint32_t word; /* All of these, for page_assert(). */
  };
};

/* Masks of frame->word. */
#define FRAME_PINS     0xffffu
#define FRAME_LENT     (1u << 24)
#define FRAME_ADMITTED (1u << 25)
#define FRAME_KERNEL   (1u << 27)
#define FRAME_ZEROED   (1u << 29)

/* So many frames, in small pools fewer, stay such that their pages can come and go: none is lent to
   the kernel, wired, or given to a new page when there is no slot to send one to.  An instruction
   needs up to six pages at the same time, a copy two frames. */
#define FRAMES_MOVING 8

/* Sets up COUNT frames, all free, and POLICY, which will choose among them; false if there is no memory.
   One frame more, number COUNT, is there for page_zero. */
bool frame_init(frameno_t count, const struct policy *policy);

/* Lends the frame that has been free for longest, of which there must be one, to PAGE; its content is
   undefined.  If there is one that was zeroed ahead, PAGE gets it if it WANTS_ZEROES, and else only if there is no
   other. */
void frame_lend(struct page *page, bool wants_zeroes);
/* Zeroes the free frame that would be lent next; false if all free ones are zeroed. */
bool frame_zero_ahead(void);
/* Takes FRAME, not pinned, back from its page. */
void frame_free(struct frame *frame);
/* Lends a free frame, of which there must be one, to the kernel; its content is undefined. */
struct frame *frame_lend_kernel(void);
/* Takes FRAME back from the kernel. */
void frame_return(struct frame *frame);

/* Sleeps, the VM lock given up, until some frame has come to rest or was given back.  Callers look
   again: it may not be the one they need. */
void frame_wait(void);
/* Wakes those in frame_wait(). */
void frame_wake(void);

/* Gives up one pin of frame_pin(); those who wait for frames look again when it was the last. */
void frame_unpin(struct frame *frame);

#define FRAME_WIRES UINT8_MAX /* Of one frame, at most. */
/* Wires FRAME, that is, pins it for long (vm_lock()).  False, and nothing changed, if as many wires as half of the frames
   that the kernel has not borrowed are there, or FRAME_WIRES of this frame, or if fewer than FRAMES_MOVING frames would be
   left. */
bool frame_wire(struct frame *frame);
/* Gives up one wire of FRAME. */
void frame_unwire(struct frame *frame);
/* Moves one wire from FROM to TO, which has none, whatever the limits say. */
void frame_move_wire(struct frame *from, struct frame *to);

/* The table; for the functions below. */
extern struct frame_table {
  struct frame *frames; /* The pool's, then the zero frame. */
  frameno_t total, free;
  frameno_t zeroed; /* Free ones that were zeroed ahead. */
  frameno_t kernel; /* Lent to the kernel. */
  uint32_t transit; /* Lent to pages that are not RESIDENT, and pins that are not for long. */
  frameno_t wired;  /* Pins for long, of all frames: one for each locked entry, because those that
                       share a page may come to need one each. */
  unsigned waiters; /* In frame_wait(). */
  const struct policy *policy; /* Chooses among them. */
} frame_table;

/* The number of FRAME; frame_count() for page_zero's. */
static inline frameno_t frame_number(const struct frame *frame) {
  return frame - frame_table.frames;
}
/* The frame with NUMBER, up to frame_count(). */
static inline struct frame *frame_at(frameno_t number) {
  return &frame_table.frames[number];
}
/* Frames in the pool. */
static inline frameno_t frame_count(void) {
  return frame_table.total;
}
/* Frames that nobody has. */
static inline frameno_t frame_free_count(void) {
  return frame_table.free;
}
/* Free frames that were zeroed ahead. */
static inline frameno_t frame_zeroed_count(void) {
  return frame_table.zeroed;
}
/* Frames lent to the kernel. */
static inline frameno_t frame_kernel_count(void) {
  return frame_table.kernel;
}
/* Wires of all frames together. */
static inline frameno_t frame_wired_count(void) {
  return frame_table.wired;
}
/* The policy that chooses among them. */
static inline const struct policy *frame_policy(void) {
  return frame_table.policy;
}
/* Tells the policy of FRAME, whose page, KEY for the policy, became RESIDENT, and WHY: it may be chosen from now on. */
static inline void frame_admit(struct frame *frame, page_key_t key, enum policy_why why) {
  ASSERT(!frame->admitted);
  frame->admitted = 1;
  frame_table.transit--;
  frame_table.policy->admit(frame_number(frame), key, why);
}
/* Wakes those in frame_wait(), since some frame has come to rest: it may be the last that they could wait for. */
static inline void frame_settled(void) {
  if (frame_table.waiters > 0) frame_wake();
}
/* Pins FRAME for a moment: its page stays where it is until it is unpinned as often. */
static inline void frame_pin(struct frame *frame) {
  ASSERT(frame->pins < UINT16_MAX);
  frame->pins++;
  frame_table.transit++;
}
/* Counts the frame of a page that starts to leave as in transit. */
static inline void frame_start_leaving(void) {
  frame_table.transit++;
}
/* Counts it as in transit no more: the page has left, or stays RESIDENT. */
static inline void frame_end_leaving(void) {
  frame_table.transit--;
}
/* How many frames, and pins of frames, come to rest without anybody else's doing. */
static inline uint32_t frame_transit_count(void) {
  return frame_table.transit - frame_at(frame_count())->pins;
}
/* Where the kernel sees the content of FRAME. */
static inline void *frame_memory(const struct frame *frame) {
  return port_frame_memory(frame_number(frame));
}

/* Whether FRAME has a page that is RESIDENT and that nobody needs to stay. */
bool frame_is_evictable(const struct frame *frame);

#endif
