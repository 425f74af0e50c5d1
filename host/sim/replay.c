/* Replay under the kernel's policies: frames with an accessed and a dirty bit, as a processor sets them. */
#include <stdlib.h>
#include <string.h>
#include "host/sim/sim.h"
#include "vm/policy_window.h"

#define PIECE      (1u << 20) /* References between two calls for progress. */
#define BLOCKS_MAX 8

enum { ACCESSED = 1, DIRTY = 2, LENT = 4 };

static struct {
  uint8_t *bits; /* By frame. */
  uint64_t tests;
  void *blocks[BLOCKS_MAX]; /* What the policy allocated. */
  unsigned block_count;
} machine;

/* Any frame that has a page may go. */
bool policy_may_evict(frameno_t frame) {
  return (machine.bits[frame] & LENT) != 0;
}

/* The accessed bit, which is clear then. */
bool policy_take_accessed(frameno_t frame) {
  bool accessed = machine.bits[frame] & ACCESSED;
  machine.tests++;
  machine.bits[frame] &= (uint8_t)~ACCESSED;
  return accessed;
}

/* The dirty bit. */
bool policy_is_dirty(frameno_t frame) {
  return (machine.bits[frame] & DIRTY) != 0;
}

/* Memory that is freed after the replay. */
void *policy_alloc(frameno_t count, size_t size) {
  if (machine.block_count == BLOCKS_MAX) abort();
  return machine.blocks[machine.block_count++] = must_alloc(count, size);
}

/* The frames, and who is in them. */
struct memory {
  frameno_t frames, used;
  uint32_t *frame_of; /* By page; FRAME_NONE: in none. */
  uint32_t *page_in;  /* By frame. */
  const struct policy *policy;
  struct window *window; /* Or NULL. */
};

/* Sends the policy's victim away; its frame. */
static frameno_t evict(struct memory *memory, struct result *result) {
  frameno_t frame = memory->policy->victim();
  if (frame == FRAME_NONE) abort();
  memory->policy->remove(frame);
  if (memory->window != NULL) window_remove(memory->window, frame);
  if (machine.bits[frame] & DIRTY) result->write_backs++;
  machine.bits[frame] = 0;
  memory->frame_of[memory->page_in[frame]] = FRAME_NONE;
  return frame;
}

/* Brings PAGE in; its frame. */
static frameno_t bring_in(struct memory *memory, uint32_t page, struct result *result) {
  result->faults++;
  frameno_t frame = memory->used < memory->frames ? memory->used++ : evict(memory, result);
  memory->frame_of[page] = frame;
  memory->page_in[frame] = page;
  machine.bits[frame] = LENT;
  if (memory->window != NULL) window_add(memory->window, frame);
  memory->policy->admit(frame, page, CAME_FAULT);
  return frame;
}

/* The references from FROM on, COUNT of them. */
static void replay_piece(struct memory *memory, const uint32_t *from, size_t count,
                         struct result *result) {
  for (size_t i = 0; i < count; i++) {
    uint32_t page = from[i] & ~REFERENCE_WRITE;
    frameno_t frame = memory->frame_of[page];
    if (frame == FRAME_NONE) frame = bring_in(memory, page, result);
    machine.bits[frame] |= from[i] & REFERENCE_WRITE ? ACCESSED | DIRTY : ACCESSED;
  }
}

/* Replays TRACE under SETTING. */
struct result replay(const struct trace *trace, const struct setting *setting,
                     progress_fn *progress) {
  struct result result = {.faults = 0};
  struct memory memory = {.frames = setting->frames, .policy = setting->policy};
  memory.window = setting->filter ? must_alloc(1, sizeof *memory.window) : NULL;
  if (memory.window != NULL) window_init(memory.window);
  memory.frame_of = must_alloc(trace->pages, sizeof *memory.frame_of);
  memory.page_in = must_alloc(memory.frames, sizeof *memory.page_in);
  memset(memory.frame_of, 0xff, trace->pages * sizeof *memory.frame_of);
  machine.bits = must_alloc(memory.frames, 1);
  machine.tests = 0;
  if (!memory.policy->init(memory.frames)) abort();
  for (size_t done = 0; done < trace->count;) {
    size_t piece = trace->count - done < PIECE ? trace->count - done : PIECE;
    replay_piece(&memory, trace->references + done, piece, &result);
    done += piece;
    progress((double)done / (double)trace->count);
  }
  result.tests = machine.tests;
  while (machine.block_count > 0) free(machine.blocks[--machine.block_count]);
  free(machine.bits);
  free(memory.window);
  free(memory.frame_of);
  free(memory.page_in);
  return result;
}
