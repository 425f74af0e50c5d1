/* Events: the ring. */
#include "vm/event.h"
#include "vm/port.h"

_Static_assert(sizeof(struct event) == 32, "a record has 32 bytes");
_Static_assert(offsetof(struct event, kind) == 8, "a head follows the time");
_Static_assert(sizeof(struct event_ring) == 128, "the head of a trace has 128 bytes");
_Static_assert(EVENT_KINDS <= UINT8_MAX, "a kind fits its field");

/* Where events go before there is a ring. */
static struct event nowhere;

struct event_ring event_ring = {.magic = EVENT_MAGIC,
                                .version = EVENT_VERSION,
                                .record_size = sizeof(struct event),
                                .capacity = 1};
bool event_all;
static struct event *records = &nowhere;

/* Lets the ring be MEMORY, empty. */
static void use(struct event *memory, uint32_t capacity, uint32_t flags) {
  records = memory;
  event_ring.events = (uintptr_t)memory;
  event_ring.capacity = capacity;
  event_ring.flags = flags;
  event_ring.written = 0;
  event_ring.first_time = event_ring.last_time = 0;
  event_ring.first_ms = event_ring.last_ms = 0;
  event_all = (flags & EVENTS_ALL) != 0;
}

/* Records everything in MEMORY from now on. */
void event_start(void *memory, uint32_t capacity, uint32_t flags) {
  ASSERT(capacity > 0);
  use(memory, capacity, flags | EVENTS_ALL);
}

/* Records nothing from now on. */
void event_reset(void) {
  use(&nowhere, 1, 0);
}

/* Makes the flight recorder, and uses it unless everything is recorded; memory is then as it is without. */
bool event_init(void) {
  struct event *flight = port_alloc(EVENT_FLIGHT * sizeof *flight);
  if (flight == NULL) return false;
  if (!event_all) use(flight, EVENT_FLIGHT, 0);
  return true;
}

/* Where the arguments of record NUMBER of kind KIND go, where it may be one too many or is to be shown. */
static __attribute__((noinline)) struct event *place_slowly(uint32_t number, unsigned kind) {
  static struct event missing;
  if (event_ring.flags & EVENTS_OUT) port_event(kind);
  bool is_full = (event_ring.flags & EVENTS_STOP) && number >= event_ring.capacity;
  return is_full ? &missing : &records[number % event_ring.capacity];
}

/* Begins the next record. */
__attribute__((noinline)) union event_args *event_begin(uint32_t head) {
  uint32_t number = __atomic_fetch_add(&event_ring.written, 1, __ATOMIC_RELAXED);
  struct event *at;
  if (event_ring.flags & (EVENTS_STOP | EVENTS_OUT))
    at = place_slowly(number, (uint8_t)head);
  else
    at = &records[number % event_ring.capacity];
  at->time = port_time();
  at->head = head;
  return &at->rest;
}

/* Records TEXT, cut to what there is room for. */
void event_text(enum event_kind kind, unsigned who, const char *text) {
  ASSERT(kind > EVENT_NONE && kind < EVENT_KINDS);
  union event_args *rest = event_begin(event_head(kind, who, 0));
  *rest = (union event_args){0};
  for (int i = 0; i < EVENT_TEXT && text[i] != '\0'; i++) rest->text[i] = text[i];
}

/* Where record NUMBER is, counted from the end. */
const struct event *event_last(uint32_t back) {
  uint32_t written = event_ring.written;
  if ((event_ring.flags & EVENTS_STOP) && written > event_ring.capacity)
    written = event_ring.capacity;
  if (back >= written || back >= event_ring.capacity) return NULL;
  return &records[(written - 1 - back) % event_ring.capacity];
}

/* Records what the VM starts with, in the head of the ring as well, where it stays. */
void event_boot(const char *policy, uint32_t frames, uint32_t slots) {
  event_ring.frames = frames;
  event_ring.slots = slots;
  for (unsigned i = 0; i < sizeof event_ring.policy - 1 && policy[i] != '\0'; i++)
    event_ring.policy[i] = policy[i];
  event_note(BOOT, 0, 0, frames, slots);
  event_text(EVENT_POLICY, 0, policy);
}
