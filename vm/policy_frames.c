/* What a policy may ask about a frame, answered from the frame table and the pages. */
#include "lib/string.h"
#include "vm/addrspace.h"
#include "vm/event.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/policy.h"
#include "vm/port.h"
#include "vm/stats.h"

/* Whether FRAME may be chosen. */
bool policy_may_evict(frameno_t frame) {
  vm_stats.scans++;
  return frame_is_evictable(frame_at(frame));
}

/* Whether the page in FRAME was touched since the last time, which is recorded. */
static EVENT_COLD bool take_and_record(frameno_t frame) {
  const struct page *page = frame_at(frame)->page;
  bool accessed = page_take_accessed(page);
  const struct spte *spte = page->sptes;
  if (accessed)
    event_note(FOUND, spte != NULL ? spte->block->as->number : 0, 0, frame, event_id(page));
  return accessed;
}

/* Whether FRAME was touched since the last time. */
inline bool policy_take_accessed(frameno_t frame) {
  if (event_wanted()) return take_and_record(frame);
  return page_take_accessed(frame_at(frame)->page);
}

/* Whether FRAME's page is dirty. */
bool policy_is_dirty(frameno_t frame) {
  return page_is_dirty(frame_at(frame)->page);
}

/* Records DECISION. */
void policy_note(enum policy_decision decision, frameno_t frame, page_key_t key) {
  event_trace(DECISION, 0, decision, frame, key);
}

/* Kernel memory for the policy, which is chosen once. */
void *policy_alloc(frameno_t count, size_t size) {
  void *records = port_alloc(count * size);
  if (records != NULL) memset(records, 0, count * size);
  return records;
}
