/* What a policy may ask about a frame, answered from the frame table and the pages. */
#include "lib/string.h"
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

/* Whether FRAME was touched since the last time. */
bool policy_take_accessed(frameno_t frame) {
  return page_take_accessed(frame_at(frame)->page);
}

/* Whether FRAME's page is dirty. */
bool policy_is_dirty(frameno_t frame) {
  return page_is_dirty(frame_at(frame)->page);
}

/* Kernel memory for the policy, which is chosen once. */
void *policy_alloc(frameno_t count, size_t size) {
  void *records = port_alloc(count * size);
  if (records != NULL) memset(records, 0, count * size);
  return records;
}
