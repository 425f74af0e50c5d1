/* The contract of vm/policy.h, tried on every policy: frames come, are used, pinned, written to, and leave
   in random order, and what a policy says is compared with what is so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "vm/policy.h"
#include "vm/policy_ghost.h"

#define FRAMES_MAX 300
#define STEPS      40000
#define BLOCKS_MAX 8

/* What is known of a frame. */
struct known {
  bool admitted, pinned, accessed, dirty;
};

static struct known known[FRAMES_MAX];
static frameno_t frame_total;
static void *blocks[BLOCKS_MAX];
static unsigned block_count, fail_at;
static size_t bytes;
static uint32_t random_state;

/* A random number below LIMIT. */
static uint32_t random_below(uint32_t limit) {
  random_state = random_state * 1664525u + 1013904223u;
  return (random_state >> 8) % limit;
}

/* A policy may ask about frames of the pool alone, and about accessed bits of admitted ones alone: a frame
   without a page has none. */
static struct known *look(frameno_t frame) {
  assert_true(frame < frame_total);
  return &known[frame];
}
bool policy_may_evict(frameno_t frame) {
  const struct known *it = look(frame);
  return it->admitted && !it->pinned;
}
bool policy_take_accessed(frameno_t frame) {
  struct known *it = look(frame);
  assert_true(it->admitted);
  bool accessed = it->accessed;
  it->accessed = false;
  return accessed;
}
bool policy_is_dirty(frameno_t frame) {
  assert_true(look(frame)->admitted);
  return known[frame].dirty;
}

/* What is said of a frame is said of one there is. */
void policy_note(enum policy_decision decision, frameno_t frame, page_key_t key) {
  (void)decision, (void)key;
  assert_true(frame < frame_total || frame == FRAME_NONE);
}

/* Memory that forget_all() frees; the call FAIL_AT gets none. */
void *policy_alloc(frameno_t count, size_t size) {
  if (fail_at > 0 && --fail_at == 0) return NULL;
  assert_true(block_count < BLOCKS_MAX);
  bytes += count * size;
  return blocks[block_count++] = calloc(count, size);
}
static void forget_all(void) {
  while (block_count > 0) free(blocks[--block_count]);
  bytes = 0;
  for (frameno_t i = 0; i < FRAMES_MAX; i++) known[i] = (struct known){.admitted = false};
}

/* Starts POLICY with FRAMES frames. */
static void start(const struct policy *policy, frameno_t frames) {
  forget_all();
  frame_total = frames;
  random_state = frames;
  assert_true(policy->init(frames));
}

/* A page comes into FRAME, which the access that faulted touches. */
static void admit(const struct policy *policy, frameno_t frame) {
  enum policy_why why = random_below(4);
  known[frame] = (struct known){.admitted = true};
  policy->admit(frame, random_below(3 * frame_total), why);
  known[frame].accessed = why != CAME_READAHEAD;
}

/* The page in FRAME leaves. */
static void leave(const struct policy *policy, frameno_t frame) {
  policy->remove(frame);
  known[frame].admitted = false;
}

/* How many frames may go. */
static frameno_t count_evictable(void) {
  frameno_t count = 0;
  for (frameno_t i = 0; i < frame_total; i++) count += policy_may_evict(i);
  return count;
}

/* The victim of POLICY is one that may go; there is none only if none may. */
static frameno_t checked_victim(const struct policy *policy) {
  frameno_t frame = policy->victim();
  if (frame == FRAME_NONE)
    assert_int_equal(count_evictable(), 0);
  else
    assert_true(policy_may_evict(frame));
  return frame;
}

/* One thing happens to a random frame. */
static void step(const struct policy *policy) {
  frameno_t frame = random_below(frame_total);
  struct known *it = &known[frame];
  switch (random_below(8)) {
  case 0:
  case 1:
  case 2:
    if (!it->admitted) admit(policy, frame);
    it->accessed = true;
    break;
  case 3: it->dirty = it->accessed = it->admitted; break;
  case 4: it->pinned = !it->pinned; break;
  case 5:
    if (it->admitted && !it->pinned && random_below(4) == 0) leave(policy, frame);
    break;
  default:
    frame = checked_victim(policy);
    if (frame != FRAME_NONE && random_below(8) != 0) leave(policy, frame);
  }
}

/* Whatever happens, victims are right. */
static void test_victims(void **state) {
  static const frameno_t sizes[] = {1, 2, 3, 4, 7, 16, 64, FRAMES_MAX};
  (void)state;
  const struct policy *policy;
  for (unsigned i = 0; (policy = policy_number(i)) != NULL; i++)
    for (unsigned size = 0; size < sizeof sizes / sizeof *sizes; size++) {
      start(policy, sizes[size]);
      for (int n = 0; n < STEPS; n++) step(policy);
    }
  forget_all();
}

/* When victims cannot go after all, others come up. */
static void test_others_come_up(void **state) {
  (void)state;
  const struct policy *policy;
  for (unsigned i = 0; (policy = policy_number(i)) != NULL; i++)
    for (frameno_t frames = 2; frames <= 40; frames++) {
      start(policy, frames);
      for (frameno_t frame = 0; frame < frames; frame++) admit(policy, frame);
      bool seen[FRAMES_MAX] = {false};
      frameno_t others = 0;
      for (frameno_t n = 0; n < 2 * frames; n++) {
        frameno_t frame = checked_victim(policy);
        others += !seen[frame];
        seen[frame] = true;
      }
      if (others < frames / 2 + 1)
        fail_msg("%s, %u frames: %u", policy->name, (unsigned)frames, (unsigned)others);
    }
  forget_all();
}

/* What policies allocate stays within what policy.h allows; without it they do not start. */
static void test_memory(void **state) {
  (void)state;
  const struct policy *policy;
  for (unsigned i = 0; (policy = policy_number(i)) != NULL; i++) {
    start(policy, 1000);
    assert_true(bytes <= 1000 * (POLICY_FRAME_BYTES + POLICY_GHOST_BYTES));
    unsigned calls = block_count;
    for (unsigned call = 1; call <= calls; call++) {
      forget_all();
      fail_at = call;
      assert_false(policy->init(1000));
    }
    fail_at = 0;
  }
  forget_all();
}

/* All have names and summaries, and are found by their name alone. */
static void test_names(void **state) {
  (void)state;
  const struct policy *policy;
  for (unsigned i = 0; (policy = policy_number(i)) != NULL; i++) {
    assert_ptr_equal(policy_lookup(policy->name), policy);
    assert_non_null(policy->summary);
  }
  assert_ptr_equal(policy_lookup(NULL), policy_number(0));
  assert_null(policy_lookup(""));
  assert_null(policy_lookup("clocks"));
}

/* Ghosts are found until as many more have come as there is room for. */
static void test_ghosts(void **state) {
  (void)state;
  for (uint32_t room = 1; room <= 200; room += 7) {
    struct ghosts ghosts;
    uint32_t note, forgotten = 0;
    assert_true(ghosts_init(&ghosts, room));
    for (uint32_t key = 0; key < 1000; key++) {
      bool full = ghosts_add(&ghosts, key, 2 * key, &forgotten);
      assert_int_equal(full, key >= ghosts.size);
      if (full) assert_int_equal(forgotten, 2 * (key - ghosts.size));
    }
    for (uint32_t key = 0; key < 1000; key++) {
      assert_int_equal(ghosts_take(&ghosts, key, &note), key >= 1000 - ghosts.size);
      assert_false(ghosts_take(&ghosts, key, &note));
    }
    forget_all();
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_victims), cmocka_unit_test(test_others_come_up),
      cmocka_unit_test(test_memory), cmocka_unit_test(test_names), cmocka_unit_test(test_ghosts)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
