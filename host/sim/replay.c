/* Replay under the kernel's policies: frames with an accessed and a dirty bit, as a processor sets them. */
#include <stdlib.h>
#include <string.h>
#include "host/sim/sim.h"
#include "vm/policy_window.h"

#define PIECE      (1u << 20) /* References between two calls for progress. */
#define FILE_PIECE 2048u      /* In a page of the file. */
#define BLOCKS_MAX 8

#define KEY_OTHER  0x80000000u /* Keys from here on are those of pages outside the trace. */

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

/* Nobody watches. */
void policy_note(enum policy_decision decision, frameno_t frame, page_key_t key) {
  (void)decision, (void)frame, (void)key;
}

/* Memory that is freed after the replay. */
void *policy_alloc(frameno_t count, size_t size) {
  if (machine.block_count == BLOCKS_MAX) abort();
  return machine.blocks[machine.block_count++] = must_alloc(count, size);
}

/* The frames, and who is in them. */
struct memory {
  frameno_t frames;
  frameno_t *free; /* A ring of `frames' places: those that are free, first come first served. */
  frameno_t free_first, free_count;
  frameno_t file;     /* Where the page of the trace's file is, as in the kernel. */
  uint32_t *frame_of; /* By page; FRAME_NONE: in none. */
  uint32_t *page_in;  /* By frame. */
  const struct policy *policy;
  struct window *window; /* Or NULL. */
  uint8_t came;          /* Bits of a page that came. */
};

/* FRAME is free. */
static void add_free(struct memory *memory, frameno_t frame) {
  memory->free[(memory->free_first + memory->free_count++) % memory->frames] = frame;
}

/* The frame that is free for longest.  There is one. */
static frameno_t take_free(struct memory *memory) {
  frameno_t frame = memory->free[memory->free_first];
  memory->free_first = (memory->free_first + 1) % memory->frames;
  memory->free_count--;
  return frame;
}

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
  frameno_t frame = memory->free_count > 0 ? take_free(memory) : evict(memory, result);
  memory->frame_of[page] = frame;
  memory->page_in[frame] = page;
  machine.bits[frame] = memory->came;
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

/* The program's own pages take the first frames, for good. */
static void start_as_kernel(struct memory *memory) {
  for (frameno_t i = 0; i < REPLAY_FRAMES; i++) {
    memory->file = take_free(memory);
    memory->policy->admit(memory->file, KEY_OTHER + i, CAME_NEW);
  }
  memory->came = LENT | DIRTY;
}

/* The next page of the trace's file comes.  The one before gave its frame back. */
static void read_file(struct memory *memory) {
  memory->policy->remove(memory->file);
  add_free(memory, memory->file);
  memory->file = take_free(memory);
  memory->policy->admit(memory->file, KEY_OTHER, CAME_FAULT);
}

/* Replays TRACE under SETTING. */
struct result replay(const struct trace *trace, const struct setting *setting,
                     progress_fn *progress) {
  struct result result = {.faults = 0};
  struct memory memory = {.frames = setting->frames, .policy = setting->policy, .came = LENT};
  if (setting->as_kernel) memory.frames += REPLAY_FRAMES;
  memory.window = setting->filter ? must_alloc(1, sizeof *memory.window) : NULL;
  if (memory.window != NULL) window_init(memory.window);
  memory.frame_of = must_alloc(trace->pages, sizeof *memory.frame_of);
  memory.page_in = must_alloc(memory.frames, sizeof *memory.page_in);
  memset(memory.frame_of, 0xff, trace->pages * sizeof *memory.frame_of);
  memory.free = must_alloc(memory.frames, sizeof *memory.free);
  for (frameno_t frame = 0; frame < memory.frames; frame++) add_free(&memory, frame);
  machine.bits = must_alloc(memory.frames, 1);
  machine.tests = 0;
  if (!memory.policy->init(memory.frames)) abort();
  if (setting->as_kernel) start_as_kernel(&memory);
  for (size_t done = 0; done < trace->count;) {
    size_t piece = setting->as_kernel ? FILE_PIECE : PIECE;
    if (piece > trace->count - done) piece = trace->count - done;
    if (setting->as_kernel) read_file(&memory);
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
  free(memory.free);
  return result;
}
