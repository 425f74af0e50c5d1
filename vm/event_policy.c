/* Recorded policies. */
#include "vm/event_policy.h"
#include "vm/addrspace.h"
#include "vm/event.h"
#include "vm/frame.h"
#include "vm/page.h"

static const struct policy *real;
static struct policy recorded;

/* Records that the page in FRAME arrived because of WHY, and tells the real policy. */
static void admit(frameno_t frame, page_key_t key, enum policy_why why) {
  const struct page *page = frame_at(frame)->page;
  const struct spte *spte = page->sptes;
  ASSERT(page->frame == frame_at(frame));
  unsigned detail = (unsigned)why | page->home << 2 | page->cached << 5;
  bool filed = page->cached || page->home == HOME_FILE;
  event_note(ARRIVE, spte != NULL ? spte->block->as->number : 0, detail, frame, event_id(page), key,
             filed ? event_id(page->store) : 0,
             filed          ? page->index
             : spte != NULL ? spte->vpn
                            : 0);
  real->admit(frame, key, why);
}

/* Records that FRAME loses its page, which ends if nobody holds it. */
static void forget(frameno_t frame) {
  const struct page *page = frame_at(frame)->page;
  ASSERT(page->frame == frame_at(frame));
  event_note(LEFT, 0, page->refs == 0, frame, event_id(page));
  real->remove(frame);
}

/* Records what was chosen. */
static frameno_t choose(void) {
  frameno_t frame = real->victim();
  if (frame != FRAME_NONE) event_note(VICTIM, 0, 0, frame, event_id(frame_at(frame)->page));
  return frame;
}

/* Puts the recording before POLICY. */
const struct policy *event_policy(const struct policy *policy) {
  real = policy;
  recorded = (struct policy){.name = policy->name,
                             .summary = policy->summary,
                             .init = policy->init,
                             .admit = admit,
                             .remove = forget,
                             .victim = choose};
  return &recorded;
}
