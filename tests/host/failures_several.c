/* Failures: several processes at once.  Requests take time and overtake each other.  Who gets an error ends, as the
   kernel would end it; the others go on and find all their data right. */
#include "host/threads.h"
#include "tests/host/failures.h"
#include "vm/fork.h"
#include "vm/store.h"
#include "vm/user.h"
#include "vm/exit.h"

#define PROCESSES_MAX 6
#define ALL           (PAGING | CAN(VM_ENOSPC))

static struct sim_file *file;
static struct addrspace *spaces[PROCESSES_MAX];
static unsigned killed; /* Processes that were told. */

/* Ends the life of a process when CALL gives an error. */
#define LIVE(AS, CALL, MAY)                                                                        \
  do {                                                                                             \
    if (!judge((CALL), (MAY), #CALL)) {                                                            \
      die(AS);                                                                                     \
      return;                                                                                      \
    }                                                                                              \
  } while (0)

/* AS is told of an error and ends. */
static void die(struct addrspace *as) {
  rig_lock();
  killed++;
  rig_unlock();
  addrspace_destroy(as);
}

/* Reads page PAGE of AS, which must be VALUE if it can be had; the error. */
static int read_back(struct addrspace *as, unsigned page, uint8_t value) {
  int got = get(as, page);
  if (got >= 0 && got != value) PANIC("page %u reads as %d, should be %d", page, got, value);
  return got;
}

/* What one that fails once may do at most. */
static void end_once(void) {
  if (trouble.kind < 0) EXPECT(killed == 0);
  if (!trouble.forever && trouble.kind != FAIL_SLOT) EXPECT(killed <= 1);
}

/* A new world: nobody has died. */
static void begin(void) {
  killed = 0;
  file = file_of(12, 1);
}

/* Ends the world. */
static void end(void) {
  end_once();
  file_destroy(file);
}

/* A process with WHAT mapped; NULL: it was told that there is no memory. */
static struct addrspace *born(struct mapped what) {
  machine_activate(NULL);
  struct addrspace *as = addrspace_create();
  if (!judge(as != NULL ? VM_OK : VM_ENOMEM, CAN(VM_ENOMEM), "addrspace_create()")) {
    rig_lock();
    killed++;
    rig_unlock();
    return NULL;
  }
  machine_activate(as);
  if (judge(map(as, what), CAN(VM_ENOMEM), "vm_map()")) return as;
  die(as);
  return NULL;
}

/* All read one file, from different places on. */
static void read_one_file(unsigned self) {
  struct addrspace *as = born((struct mapped){0, 12, MAP_SHARED, file});
  if (as == NULL) return;
  for (unsigned i = 0; i < 12; i++) {
    unsigned page = (i + 5 * self) % 12;
    LIVE(as, read_back(as, page, (uint8_t)(page + 1)), PAGING);
  }
  addrspace_destroy(as);
}

/* Each writes more than its share of memory, and reads it back. */
static void own_memory(unsigned self) {
  struct addrspace *as = born((struct mapped){0, 8, MAP_PRIVATE, NULL});
  if (as == NULL) return;
  for (unsigned i = 0; i < 8; i++) LIVE(as, put(as, i, (uint8_t)(30 * self + i)), PAGING);
  for (unsigned i = 8; i-- > 0;) LIVE(as, read_back(as, i, (uint8_t)(30 * self + i)), PAGING);
  addrspace_destroy(as);
}

/* Each changes its own pages of the file, syncs them, and finds them on disk. */
static void write_and_sync(unsigned self) {
  struct addrspace *as = born((struct mapped){0, 12, MAP_SHARED, file});
  if (as == NULL) return;
  for (unsigned i = self; i < 12; i += 4) LIVE(as, put(as, i, (uint8_t)(100 + i)), ALL);
  LIVE(as, vm_sync(as, BASE, BYTES(12)), CAN(VM_EIO));
  for (unsigned i = self; i < 12; i += 4) EXPECT(on_disk(file, i) == 100 + i);
  for (unsigned i = self; i < 12; i += 4) LIVE(as, read_back(as, i, (uint8_t)(100 + i)), PAGING);
  addrspace_destroy(as);
}

/* CHILD finds what process SELF has left it, changes some, and ends. */
static void live_as_child(struct addrspace *child, unsigned self) {
  machine_activate(child);
  LIVE(child, put(child, 2, 99), PAGING);
  for (unsigned i = 0; i < 4; i++)
    LIVE(child, read_back(child, i, i == 2 ? 99 : (uint8_t)(30 * self + i)), PAGING);
  addrspace_destroy(child);
}

/* Each forks, both change what they had, and end. */
static void fork_and_change(unsigned self) {
  struct addrspace *as = born((struct mapped){0, 4, MAP_PRIVATE, NULL}), *child;
  if (as == NULL) return;
  for (unsigned i = 0; i < 4; i++) LIVE(as, put(as, i, (uint8_t)(30 * self + i)), PAGING);
  LIVE(as, addrspace_fork(as, &child), CAN(VM_ENOMEM) | CAN(VM_ENOFRAME));
  live_as_child(child, self);
  machine_activate(as);
  LIVE(as, put(as, 1, 200), PAGING);
  for (unsigned i = 0; i < 4; i++)
    LIVE(as, read_back(as, i, i == 1 ? 200 : (uint8_t)(30 * self + i)), PAGING);
  addrspace_destroy(as);
}

/* Processes that share memory without a file, made before. */
static void begin_shared(void) {
  begin();
  spaces[0] = process();
  MUST(map(spaces[0], (struct mapped){0, 12, MAP_SHARED, NULL}));
  for (unsigned i = 1; i < 4; i++) MUST(addrspace_fork(spaces[0], &spaces[i]));
}

/* Each has some of the pages; the others see them. */
static void shared_memory(unsigned self) {
  struct addrspace *as = spaces[self];
  machine_activate(as);
  for (unsigned i = self; i < 12; i += 4) LIVE(as, put(as, i, (uint8_t)(100 + i)), PAGING);
  for (unsigned i = 0; i < 12; i++) {
    int got = get(as, i);
    LIVE(as, got, PAGING);
    EXPECT(got == (int)(100 + i) || (got == 0 && i % 4 != self));
  }
  addrspace_destroy(as);
}

/* Each locks a page, and writes others. */
static void lock_one(unsigned self) {
  struct addrspace *as = born((struct mapped){0, 6, MAP_PRIVATE, NULL});
  if (as == NULL) return;
  LIVE(as, vm_lock(as, AT(1), BYTES(1)), PAGING);
  for (unsigned i = 0; i < 6; i++) LIVE(as, put(as, i, (uint8_t)(30 * self + i)), PAGING);
  uint8_t in;
  MUST(vm_resident(as, vpn_of(AT(1)), 1, &in));
  EXPECT(in & 1);
  for (unsigned i = 6; i-- > 0;) LIVE(as, read_back(as, i, (uint8_t)(30 * self + i)), PAGING);
  addrspace_destroy(as);
}

/* Each copies the file to its memory by read(), changes its pages and writes them back. */
static void read_and_write(unsigned self) {
  struct addrspace *as = born((struct mapped){0, 12, MAP_PRIVATE, NULL});
  if (as == NULL) return;
  struct user_range all = {.as = as, .address = BASE, .size = BYTES(12)};
  struct user_range one = {.as = as, .address = AT(self), .size = VM_PAGE_SIZE};
  long got = store_read_user(&file->store, 0, &all);
  LIVE(as, got, PAGING);
  EXPECT(got == BYTES(12) || has_failed());
  for (unsigned i = 4; BYTES(i) < (uint32_t)got; i++)
    LIVE(as, read_back(as, i, (uint8_t)(i + 1)), PAGING);
  LIVE(as, put(as, self, (uint8_t)(200 + self)), PAGING);
  got = store_write_user(&file->store, self * VM_PAGE_SIZE, &one);
  LIVE(as, got, ALL);
  uint8_t byte;
  got = store_read(&file->store, self * VM_PAGE_SIZE + 100, &byte, 1);
  LIVE(as, got, PAGING);
  EXPECT(byte == 200 + self);
  addrspace_destroy(as);
}

/* The first writes its pages of a private mapping; others need the file's own. */
static void copy_and_read(unsigned self) {
  unsigned flags = self == 0 ? MAP_PRIVATE : MAP_SHARED;
  struct addrspace *as = born((struct mapped){0, 12, flags, file});
  if (as == NULL) return;
  for (unsigned i = 0; i < 12; i++) {
    if (self == 0) LIVE(as, put(as, i, (uint8_t)(50 + i)), PAGING);
    LIVE(as, read_back(as, i, (uint8_t)(self == 0 ? 50 + i : 1 + i)), PAGING);
  }
  addrspace_destroy(as);
}

/* Processes come and go. */
static void come_and_go(unsigned self) {
  for (unsigned round = 0; round < 3; round++) own_memory(self + round);
}

/* One process that may be told for each round. */
static void end_of_rounds(void) {
  if (trouble.kind < 0) EXPECT(killed == 0);
  file_destroy(file);
}

#define FOUR(NAME, LIVE)                                                                           \
  {                                                                                                \
    .name = NAME, .set_up = begin, .live = LIVE, .end = end, .processes = 4, .frames = 12,         \
    .slots = 96                                                                                    \
  }

static const struct scenario scenarios[] = {
    FOUR("all read one file", read_one_file),
    FOUR("all have memory", own_memory),
    FOUR("all write one file", write_and_sync),
    FOUR("all fork", fork_and_change),
    FOUR("all lock", lock_one),
    FOUR("all read and write", read_and_write),
    FOUR("one copies, others read", copy_and_read),
    {.name = "all share memory",
     .set_up = begin_shared,
     .live = shared_memory,
     .end = end,
     .processes = 4,
     .frames = 8,
     .slots = 96},
    {.name = "all come and go",
     .set_up = begin,
     .live = come_and_go,
     .end = end_of_rounds,
     .processes = 3,
     .frames = 12,
     .slots = 96},
};
const struct topic topic_several = {"several", scenarios, ARRAY_SIZE(scenarios)};
