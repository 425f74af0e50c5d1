/* Scenarios in which everything fails once: each is run with the first call of a kind failing, then the
   second, and so on until a run needs no more, once and from then on.

   - A scenario prepares, lets things fail for one call of the VM at a time (work() and rest(), or the
     macros that use them), judges what came of it, and gives everything back.
   - After an error nothing may have changed, and the same call must work when nothing fails.
   - A scenario of several processes has its parts in set_up, live and end; all of live may fail.

   failures.c runs them, failures_world.c has what they share, failures_TOPIC.c are the scenarios. */
#ifndef TESTS_HOST_FAILURES_H
#define TESTS_HOST_FAILURES_H

#include "host/file.h"
#include "host/machine.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/map.h"
#include "vm/vm.h"

/* Beyond the kinds of calls of the machine: the swap disk has room for N - 1 pages more.  Once: until
   somebody was told. */
enum { FAIL_SLOT = FAIL_KINDS, FAIL_ALL };

struct scenario {
  const char *name;
  void (*run)(void); /* By one thread; NULL: */
  void (*set_up)(void);
  void (*live)(unsigned process); /* Each of PROCESSES threads. */
  void (*end)(void);
  unsigned processes;
  frameno_t frames; /* 0: 16 */
  slot_t slots;     /* 0: 512; or: */
#define NO_SLOTS UINT32_MAX
};

struct topic {
  const char *name;
  const struct scenario *scenarios;
  unsigned count;
};

extern const struct topic topic_memory, topic_files, topic_swap, topic_fork, topic_map, topic_grow,
    topic_calls, topic_transfers, topic_several;

/* What is wrong now: which scenario, and which call fails. */
struct trouble {
  const char *scenario;
  int kind; /* enum fail_kind, FAIL_SLOT, or -1: nothing fails. */
  uint64_t at;
  bool forever;
  uint64_t seed;
};
extern struct trouble trouble;

/* Lets things fail from now on; and no longer.  Nothing happens in a scenario of several processes. */
void work(void);
void rest(void);
/* Somebody got an error: who has taken all slots `once' gives them back. */
void told(void);
/* Whether something has failed in this run. */
bool has_failed(void);
/* Whether the running scenario has several processes. */
extern bool is_several;

/* -- Judging ---------------------------------------------------------------------------------- */

/* A set of errors. */
#define CAN(ERROR) (1u << -(ERROR))
#define PAGING     (CAN(VM_ENOMEM) | CAN(VM_ENOFRAME) | CAN(VM_EIO))

/* Things rest.  RESULT of the call in WORDS is fine, or an error of the set MAY which this kind of trouble
   causes, and there has been trouble; else panics.  Whether it is fine. */
bool judge(long result, unsigned may, const char *words);
/* Panics unless RESULT is fine: nothing fails. */
long must(long result, const char *words);
#define TRY(CALL, MAY) (work(), judge((CALL), (MAY), #CALL))
#define MUST(CALL)     must((CALL), #CALL)

/* Panics unless FACT. */
#define EXPECT(FACT)                                                                               \
  do {                                                                                             \
    if (!(FACT)) PANIC("not so: %s", #FACT);                                                       \
  } while (0)

/* What a process has, as far as a call that failed must leave it. */
#define VIEW_RUNS 24
struct view {
  unsigned count;
  struct view_run {
    vpn_t start, end;
    uint8_t prot, kind;
    bool shared;
    int mapping;
    uint32_t stores; /* Where in its store it starts. */
    const struct store *store;
  } runs[VIEW_RUNS];
  uint32_t locked, heap_break, records; /* The last: of vm/mmap.c. */
};

void view(struct view *view, struct addrspace *as);
/* Panics unless AS is as in BEFORE. */
void same(const struct view *before, struct addrspace *as);

/* Carries CALL out while things fail.  After an error AS must be as it was, KEPT must be true, and the call
   must work. */
#define ATTEMPT(AS, CALL, MAY, KEPT)                                                               \
  do {                                                                                             \
    struct view before;                                                                            \
    view(&before, AS);                                                                             \
    if (!TRY(CALL, MAY)) {                                                                         \
      same(&before, AS);                                                                           \
      EXPECT(KEPT);                                                                                \
      MUST(CALL);                                                                                  \
    }                                                                                              \
  } while (0)

/* -- What scenarios are made of --------------------------------------------------------------- */

#define BASE         0x10000000u
#define HEAP         0x08000000u
#define AT(PAGE)     (BASE + (PAGE)*VM_PAGE_SIZE)
#define BYTES(PAGES) ((PAGES)*VM_PAGE_SIZE)

/* A process with a stack and an empty heap, the running thread's; with COUNT pages of zeroes at BASE. */
struct addrspace *process(void);
struct addrspace *process_with(unsigned count);
/* Maps COUNT pages of FILE (NULL: zeroes) from its first on at page PAGE of AS. */
struct mapped {
  unsigned page, count;
  unsigned flags; /* Of MAP_PRIVATE and MAP_SHARED. */
  struct sim_file *file;
};
int map(struct addrspace *as, struct mapped what);
/* A file of COUNT pages that may grow by as many; page i holds FIRST + i. */
struct sim_file *file_of(unsigned count, uint8_t first);
/* What is on disk of page PAGE of FILE. */
uint8_t on_disk(const struct sim_file *file, unsigned page);
/* Sends home whatever can go. */
void evict(void);

/* The byte that stands for page PAGE of AS, or the error; and writes it. */
int get(struct addrspace *as, unsigned page);
int put(struct addrspace *as, unsigned page, uint8_t value);
/* The byte at any address, or the error; and writes it. */
int get_at(struct addrspace *as, uaddr_t address);
int put_at(struct addrspace *as, uaddr_t address, uint8_t value);

/* Writes FIRST, FIRST+1, ... to COUNT pages from PAGE on; whether they hold them, and zeroes elsewhere.
   Nothing may fail. */
void fill(struct addrspace *as, unsigned page, unsigned count, uint8_t first);
bool holds(struct addrspace *as, unsigned page, unsigned count, uint8_t first);
/* Reads page PAGE while things fail, which must be VALUE, at last when nothing fails. */
void reads(struct addrspace *as, unsigned page, uint8_t value, unsigned may);
/* Writes VALUE to page PAGE while things fail; it held OLD, and does after an error. */
void writes(struct addrspace *as, unsigned page, uint8_t old, uint8_t value);

#endif
