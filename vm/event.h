/* Events: what happens to memory, as records that can be written down for next to nothing and read later.

   The table below is the only list of them: tools/quire-trace reads it from this file, and the kernel prints from it.
   - event_note() records always; it stands only where things are slow anyway, and feeds the flight recorder: the
     last EVENT_FLIGHT events, which a panic shows.
   - event_trace() records while everything is recorded (event_start()); otherwise it costs a test of a flag.

   Records have 32 bytes, little endian, and lie in a ring that the symbol event_ring leads to.  From them the state
   of every table can be rebuilt: tools/quire/rebuild.py does.  docs/trace.md tells about both.

   No lock: a record's place is taken by one atomic step.  The last record may not be whole yet for who reads meanwhile. */
#ifndef VM_EVENT_H
#define VM_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_VERSION 1 /* Changes with whatever below a reader must know. */
#define EVENT_MAGIC   "QUIREVT"
#define EVENT_ARGS    5
#define EVENT_TEXT                                                                                 \
  (EVENT_ARGS * 4) /* Bytes of a text, which stands in the place of the arguments. */
#define EVENT_FLIGHT 256

/* E(NAME, what `detail' is, what the arguments are, a sentence).  Behind the name of an argument stands what kind of
   number it is: of a page of content, a virtual page (vpn), a frame, a slot, a store, an address, a mask of pages from
   a vpn on.  `who' is the address space, by a number that event SPACE gives out; 0 is the kernel. */
#define EVENTS(E)                                                                                  \
  E(BOOT, "", "frames:count slots:count", "The VM starts with so many frames and slots.")          \
  E(POLICY, "", "text", "The replacement policy is called so.")                                    \
  E(SPACE, "", "", "An address space is made.")                                                    \
  E(SPACE_END, "", "", "An address space has given everything back.")                              \
  E(NAME, "", "text", "The process of this address space is called so.")                           \
  E(PROCESS, "how:start", "pid:count parent:space", "A process starts.")                           \
  E(EXEC, "", "store:store entry:address heap:address", "A program was loaded from a file.")       \
  E(EXIT, "cause:ending", "pid:count status:signed", "A process ends.")                            \
  E(SWITCH, "", "thread:count", "The processor goes to a thread.")                                 \
  E(CALL, "call:call", "first:hex second:hex third:hex fourth:hex fifth:hex",                      \
    "A system call begins.")                                                                       \
  E(RETURN, "call:call", "result:signed", "A system call is over.")                                \
  E(MARK, "", "text", "A program set a mark.")                                                     \
  E(REGION, "rights:region", "region:region start:vpn end:vpn store:store offset:count",           \
    "A region is so from now on.")                                                                 \
  E(REGION_END, "", "region:region start:vpn end:vpn", "A region is gone.")                        \
  E(FAULT_START, "found:access", "address:address page:page tries:count store:store index:count",  \
    "A fault found which page stands at its address.")                                             \
  E(FAULT, "result:fault", "address:address page:page frame:frame", "A fault has mapped a page.")  \
  E(FAULT_FAILED, "access:access", "address:address error:error",                                  \
    "A fault could not be resolved.")                                                              \
  E(STORE_PAGE, "anonymous:flag", "page:page store:store index:count", "A store has a page more.") \
  E(LEND, "", "frame:frame page:page", "A frame is lent to a page, which is on its way in.")       \
  E(FREE, "", "frame:frame page:page", "A frame is free again: its page did not arrive.")          \
  E(ARRIVE, "came:arrival", "frame:frame page:page key:hex store:store index:count",               \
    "A page is in its frame, and the policy knows it.")                                            \
  E(LEFT, "ended:flag", "frame:frame page:page", "A page is out of its frame, which is free.")     \
  E(GONE, "", "page:page", "A page of content has ended.")                                         \
  E(LEND_KERNEL, "", "frame:frame", "The kernel borrows a frame.")                                 \
  E(RETURN_KERNEL, "", "frame:frame", "The kernel gives a frame back.")                            \
  E(UNMAPPED, "dirty:flag", "page:page", "A page was taken out of all page tables.")               \
  E(UNMAP_RUN, "", "vpn:vpn mask:mask", "Pages were taken out of a page table.")                   \
  E(CLEAR_RUN, "", "vpn:vpn mask:mask", "Entries end.")                                            \
  E(FORK, "", "child:space", "An address space is copied.")                                        \
  E(COPY_RUN, "", "child:space vpn:vpn mask:mask mapped:mask",                                     \
    "A child gets entries for its parent's pages.")                                                \
  E(FOLD, "", "vpn:vpn page:page slot:slot",                                                       \
    "An entry names the slot itself: its page needs no record.")                                   \
  E(UNFOLD, "", "vpn:vpn page:page slot:slot", "A folded entry has a page again.")                 \
  E(EVICT, "how:eviction", "frame:frame page:page place:vpn slots_free:count",                     \
    "A page goes, clean, or is on its way to a slot or its file.")                                 \
  E(NOT_LEFT, "", "page:page", "A page could not be written: it stays.")                           \
  E(IN_SLOT, "", "page:page slot:slot", "A page stands in a slot, or no longer.")                  \
  E(SLOTS, "", "slot:slot count:count", "Neighbouring slots are taken.")                           \
  E(SLOT_FREE, "", "slot:slot", "A slot is free.")                                                 \
  E(SLOT_BAD, "", "slot:slot", "A slot could not be written and is never used again.")             \
  E(READ, "from:device", "store:store first:count count:count wanted:count",                       \
    "Pages are asked for in one request, of which one is wanted and the rest read ahead.")         \
  E(READ_DONE, "from:device", "store:store first:count count:count error:error",                   \
    "They are there, or not.")                                                                     \
  E(WRITE, "to:device", "store:store first:count count:count",                                     \
    "Pages are written in one request.")                                                           \
  E(WRITE_DONE, "to:device", "store:store first:count count:count error:error",                    \
    "They are, or not.")                                                                           \
  E(SYNC, "", "page:page frame:frame", "A page is being written to its file and stays.")           \
  E(SYNC_DONE, "dirty:flag", "page:page", "It has been, or is still dirty.")                       \
  E(LOCK, "", "vpn:vpn page:page frame:frame", "A page is locked in its frame.")                   \
  E(UNLOCK, "", "vpn:vpn page:page frame:frame", "A lock of a page is given up.")                  \
  E(PIN, "", "frame:frame page:page", "The kernel keeps a page for a moment, to copy.")            \
  E(VICTIM, "", "frame:frame page:page", "The policy has chosen a frame.")                         \
  E(FOUND, "", "frame:frame page:page",                                                            \
    "A frame was found to have been touched since it was looked at.")                              \
  E(DECISION, "what:decision", "frame:frame key:hex", "The policy noticed or did something.")      \
  E(STOP, "", "pages:count", "Load control stops a process.")                                      \
  E(RESUME, "", "pages:count", "Load control lets a process go on.")                               \
  E(TABLES, "", "frames:count free:count", "What follows are the tables as they are now.")         \
  E(TABLE_REGION, "rights:region", "region:region start:vpn end:vpn store:store offset:count",     \
    "A region.")                                                                                   \
  E(TABLE_ENTRY, "flags:entry", "vpn:vpn page:page slot:slot", "An entry.")                        \
  E(TABLE_PAGE, "flags:page", "page:page frame:frame slot:slot store:store index:count",           \
    "A page.")                                                                                     \
  E(TABLE_FRAME, "kernel:flag", "frame:frame page:page wired:count", "A frame that is lent.")      \
  E(TABLE_SLOTS, "", "slot:slot taken:mask", "Which of 32 slots are taken, or bad.")               \
  E(TABLES_END, "", "free:count used:count bad:count",                                             \
    "Those were all: free frames, used slots, bad ones.")

/* What the numbers in `detail' mean.  L(KIND, words from 0 on); with a `|' the bits from the lowest on. */
#define EVENT_WORDS(L)                                                                             \
  L(start, "exec fork")                                                                            \
  L(ending, "exit call console memory stop")                                                       \
  L(access, "read|write")                                                                          \
  L(fault, "cached zero file swap cow error")                                                      \
  L(arrival, "fault readahead copy new")                                                           \
  L(eviction, "clean slot file|together")                                                          \
  L(device, "swap file")                                                                           \
  L(decision, "hand ghost promoted demoted by-count youngest-idle last-came spared")               \
  L(kind, "code data stack heap mapping")                                                          \
  L(state, "absent arriving resident leaving")                                                     \
  L(home, "zero file swap")

enum event_kind {
  EVENT_NONE, /* Nothing was written here. */
#define EVENT_ENUM(NAME, DETAIL, ARGUMENTS, SENTENCE) EVENT_##NAME,
  EVENTS(EVENT_ENUM)
#undef EVENT_ENUM
      EVENT_KINDS
};

/* What stands behind the head of a record, or a text in its place, which ends with a zero where it is shorter. */
union event_args {
  uint32_t args[EVENT_ARGS];
  char text[EVENT_TEXT];
};

struct event {
  uint64_t time; /* port_time(). */
  union {
    struct {
      uint8_t kind; /* enum event_kind */
      uint8_t detail;
      uint16_t who; /* Number of an address space; 0: the kernel. */
    };
    uint32_t head; /* All of these. */
  };
  union event_args rest;
};

/* Bits of `detail'. */
#define DETAIL_HOME(HOME) ((HOME) << 1) /* FAULT_START: enum page_home. */
#define DETAIL_STATE(S)   ((S) << 4)    /* FAULT_START: enum page_state. */
#define DETAIL_BY_WRITE   0x08u         /* FAULT: beside enum fault_kind. */
#define DETAIL_STACK_GREW 0x10u
#define DETAIL_TOGETHER                                                                            \
  0x80u /* EVICT: beside 0 clean, 1 to a slot, 2 to its file: not chosen, went along. */

/* What leads to the records; also the head of a file of them, where EVENTS is 0.  Fixed layout: 128 bytes. */
struct event_ring {
  char magic[8]; /* EVENT_MAGIC */
  uint32_t version, record_size;
  uint32_t capacity; /* Records there is room for. */
  uint32_t flags;    /* enum event_flags */
  uint32_t
      written; /* Records so far; those beyond the capacity have overwritten the first, or are missing. */
  uint32_t crc;    /* Of the records of a file; 0: not known. */
  uint64_t events; /* Address of the first record. */
  uint64_t first_time,
      last_time; /* The clock, when the ring was started, and when the processor went to another */
  uint32_t first_ms, last_ms; /* thread last: by its records, and in milliseconds since boot. */
  uint32_t frames, slots;
  char policy[16];
  char what[40]; /* What ran, in words. */
};

enum event_flags {
  EVENTS_ALL = 1,    /* Everything is recorded, not only what the flight recorder is for. */
  EVENTS_STOP = 2,   /* When it is full it stops; otherwise the oldest are overwritten. */
  EVENTS_OUT = 4,    /* Each event is shown to port_event(), too. */
  EVENTS_TABLES = 8, /* At each mark, and at the end, the tables are recorded as well. */
};

extern struct event_ring event_ring;
/* Whether everything is recorded.  Fixed after event_start(). */
extern bool event_all;

/* From now on everything is recorded in MEMORY, room for CAPACITY records, after FLAGS of enum event_flags.  Before
   vm_init(). */
void event_start(void *memory, uint32_t capacity, uint32_t flags);
/* Nothing is recorded any more, until event_init() or event_start(). */
void event_reset(void);
/* Makes the flight recorder, empty, and uses it if not everything is recorded; false if there is no memory.  For
   vm_init(). */
bool event_init(void);
/* Begins the next record: HEAD is its kind, in bits 8 to 15 its detail, above them who.  Where its arguments go.  Takes
   no lock, does not sleep; may be called anywhere but by interrupt handlers. */
union event_args *event_begin(uint32_t head);
/* Records the first bytes of TEXT as event KIND of WHO. */
void event_text(enum event_kind kind, unsigned who, const char *text);
/* vm/event_tables.c: records all regions, entries, pages, frames and slots as they are now, between events TABLES and
   TABLES_END, to hold against what the events before them say; if everything is recorded.  Holds the VM lock
   meanwhile, which it takes. */
void event_tables(void);
/* Records that the VM starts with FRAMES and SLOTS, and what its POLICY is called. */
void event_boot(const char *policy, uint32_t frames, uint32_t slots);
/* The record that is BACK before the last one; NULL if it is not there (any more). */
const struct event *event_last(uint32_t back);
/* A number for WHAT, a page or a store, that it alone has while it lives. */
static inline uint32_t event_id(const void *what) {
  return (uint32_t)((uintptr_t)what >> (sizeof what == 4 ? 0 : 4));
}

/* The head of a record. */
#define event_head(KIND, WHO, DETAIL)                                                              \
  ((uint32_t)(KIND) | (uint32_t)(DETAIL) << 8 | (uint32_t)(WHO) << 16)
/* Records KIND of WHO with DETAIL and up to EVENT_ARGS arguments, always. */
#define event_note(KIND, WHO, DETAIL, ...)                                                         \
  (*event_begin(event_head(EVENT_##KIND, WHO, DETAIL)) = (union event_args){.args = {__VA_ARGS__}})
/* Whether everything is recorded.  Where even the arguments of event_trace() would cost something, a function of its own
   that is EVENT_COLD records them. */
static inline bool event_wanted(void) {
  return __builtin_expect(event_all, 0);
}
#define EVENT_COLD __attribute__((noinline, cold))
/* event_note() only while everything is recorded. */
#define event_trace(KIND, WHO, DETAIL, ...)                                                        \
  do {                                                                                             \
    if (event_wanted()) event_note(KIND, WHO, DETAIL, __VA_ARGS__);                                \
  } while (0)

#endif
