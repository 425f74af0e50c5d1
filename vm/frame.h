/* Frames: the physical pages of the user pool.

   state   page        leaves by
   FREE    -           frame_alloc -> LENT
   LENT    its page    frame_free -> FREE
   LENT    the kernel  frame_return -> FREE

   frame_alloc() lends one to a page, by reclaim if none is free; frame_free() takes it back.  A
   pinned frame's page stays RESIDENT.  All fields and functions: VM lock. */
#ifndef VM_FRAME_H
#define VM_FRAME_H

#include <stdbool.h>
#include "vm/types.h"

struct page;

struct frame {
  union {
    struct page *page;       /* LENT */
    struct frame *next_free; /* FREE */
  };
  uint16_t pins;
  uint8_t wired; /* How many of the pins are for long (vm_lock). */
  uint8_t lent : 1;
  uint8_t admitted : 1; /* Known to the policy. */
  uint8_t touched : 1;  /* The kernel used it since the policy asked the last time. */
  uint8_t kernel : 1;   /* Lent to the kernel for its own memory: it has no page. */
};

enum frame_wait {
  FRAME_WAIT, /* The caller holds no other frame: it waits for frames in transit. */
  FRAME_RETRY /* It does: VM_RETRY rather than waiting, so that two such cannot wait for each
                   other; it gives up all it holds and starts over. */
};

/* Sets up COUNT frames and the zero frame (number COUNT); false if there is no memory. */
bool frame_init(frameno_t count);

/* Lends a frame to PAGE (not pinned, content undefined).  May give the VM lock up and sleep.
   VM_OK, VM_RETRY, or VM_ENOFRAME. */
int frame_alloc(struct page *page, enum frame_wait wait);
/* Whether frame_alloc() has room for COUNT new pages now, whose content has no home but slots.  Such
   pages are refused while pages of files and slots can still come and go. */
bool frame_has_room(frameno_t count);
/* Lends a frame to PAGE, ARRIVING, if one is free or the policy's next victim is clean; never sleeps.
   Whether it did. */
bool frame_try_alloc(struct page *page);
/* Takes FRAME back from its page. */
void frame_free(struct frame *frame);
/* A page's state became RESIDENT. */
void frame_settled(void);
/* With nothing held: waits until some frame in transit has arrived, if there is one. */
void frame_wait_transit(void);

/* A free frame for the kernel's own memory, if plenty are free; NULL otherwise.  For kernel memory
   allocators, with or without the VM lock; frame_return() takes it back. */
struct frame *frame_borrow(void);
bool frame_may_borrow(void);
void frame_return(struct frame *frame);

void frame_pin(struct frame *frame);
void frame_unpin(struct frame *frame);

/* A pin for long, for vm_lock(); false if they are as many as half of the frames that the kernel has
   not borrowed, or FRAME_WIRES of this frame, or if too few frames would be left for all others. */
#define FRAME_WIRES UINT8_MAX
bool frame_wire(struct frame *frame);
void frame_unwire(struct frame *frame);
/* Moves such a pin to another frame, whatever the limits say. */
void frame_move_wire(struct frame *from, struct frame *to);

frameno_t frame_number(const struct frame *frame);
struct frame *frame_at(frameno_t number);
void *frame_memory(const struct frame *frame);
frameno_t frame_count(void);
frameno_t frame_free_count(void);
frameno_t frame_kernel_count(void);
frameno_t frame_wired_count(void);

/* Whether FRAME's page may leave now. */
bool frame_is_evictable(const struct frame *frame);

#endif
