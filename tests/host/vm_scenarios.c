/* Scenarios of the VM on the simulated machine that once went wrong, each under many seeds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/file.h"
#include "host/machine.h"
#include "host/threads.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/fork.h"
#include "vm/heap.h"
#include "vm/map.h"
#include "vm/port.h"
#include "vm/user.h"
#include "vm/vm.h"
#include "vm/exit.h"

#define BASE  0x10000000u
#define SEEDS 200

static unsigned ended;
static bool may_end;

/* A new address space with PAGES pages of SOURCE at BASE, to read and write. */
static struct addrspace *space_of(unsigned pages, struct region_source source) {
  struct addrspace *as = addrspace_create();
  struct region_spec spec = {.start = vpn_of(BASE),
                             .end = vpn_of(BASE) + pages,
                             .prot = PROT_READ | PROT_WRITE,
                             .kind = REGION_MAPPING,
                             .source = source};
  addrspace_lock(as);
  int error = region_add(as, &spec);
  ASSERT(error == VM_OK);
  addrspace_unlock(as);
  return as;
}

/* A process with PAGES pages of FILE, or of zeroes if it is NULL. */
static struct addrspace *space(unsigned pages, struct sim_file *file) {
  struct region_source source = {0};
  if (file != NULL) source = (struct region_source){&file->store, 0, store_length(&file->store)};
  return space_of(pages, source);
}

/* Reads a byte of page PAGE of AS; VM_OK or why not. */
static int read_page(struct addrspace *as, unsigned page) {
  uint8_t byte;
  return machine_touch(as, BASE + page * VM_PAGE_SIZE, ACCESS_READ, &byte);
}

/* Writes PAGE's number into it. */
static int write_page(struct addrspace *as, unsigned page) {
  uint8_t byte = (uint8_t)page;
  return machine_touch(as, BASE + page * VM_PAGE_SIZE, ACCESS_WRITE, &byte);
}

/* A process that reads one page of a file of its own, and stays until all have read theirs. */
static void read_and_stay(void *file) {
  struct addrspace *as = space(1, file);
  int error = read_page(as, 0);
  ASSERT(error == VM_OK);
  ended++;
  while (!may_end) thread_sleep_on(&may_end, "the end of the scenario");
  addrspace_destroy(as);
}

/* More processes than frames fault at the same time and then fault no more: those that wait for a frame
   must learn that pages have arrived, though no frame is given back. */
static void arrivals_wake_waiters(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 4, .slots = 0, .latency = 20};
  struct sim_file *files[8];
  machine_init(&options);
  ended = 0;
  may_end = false;
  for (unsigned i = 0; i < ARRAY_SIZE(files); i++) {
    files[i] = file_create(VM_PAGE_SIZE, VM_PAGE_SIZE);
    thread_spawn(read_and_stay, files[i]);
  }
  threads_run();
  if (ended < ARRAY_SIZE(files))
    PANIC("seed %lu: %u of 8 got their page", (unsigned long)seed, ended);
  may_end = true;
  thread_wake_all(&may_end);
  threads_run();
  for (unsigned i = 0; i < ARRAY_SIZE(files); i++) file_destroy(files[i]);
  machine_finish();
}

/* Fills twice the memory there is; how it ended is in ended. */
static void fill_memory(void *unused) {
  (void)unused;
  struct addrspace *as = space(32, NULL);
  int error = VM_OK;
  for (unsigned i = 0; i < 32 && error == VM_OK; i++) error = write_page(as, i);
  if (error == VM_ENOFRAME) ended++;
  addrspace_destroy(as);
}

/* A swap disk that can be written no more: each process is told that there is no memory, none waits
   for ever, and nothing is lost. */
static void dead_swap_is_no_swap(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 16, .slots = 24, .latency = 5};
  machine_init(&options);
  machine_failures.fail_at[FAIL_SWAP_WRITE] = 1;
  machine_failures.forever = true;
  ended = 0;
  for (int i = 0; i < 3; i++) thread_spawn(fill_memory, NULL);
  unsigned left = threads_run();
  const char *broken = vm_check();
  if (left > 0 || ended == 0 || broken != NULL)
    PANIC("seed %lu: %u wait, %u were told, %s", (unsigned long)seed, left, ended,
          broken != NULL ? broken : "ok");
  machine_finish();
}

/* A parent writes to a page that its child has not touched, and the page leaves memory: what the parent
   had written before the fork must still be there for the child, though only the parent's page table
   knew that it was written. */
static void fork_keeps_dirty(void *unused) {
  (void)unused;
  struct addrspace *parent = space(40, NULL), *child;
  for (unsigned i = 0; i < 8; i++) write_page(parent, i);
  int error = addrspace_fork(parent, &child);
  ASSERT(error == VM_OK);
  for (unsigned i = 0; i < 8; i++) {
    uint8_t other = 99;
    error = machine_touch(parent, BASE + i * VM_PAGE_SIZE, ACCESS_WRITE, &other);
    ASSERT(error == VM_OK);
  }
  for (unsigned i = 8; i < 40; i++) write_page(parent, i);
  for (unsigned i = 0; i < 8; i++) {
    uint8_t byte;
    error = machine_touch(child, BASE + i * VM_PAGE_SIZE, ACCESS_READ, &byte);
    if (error != VM_OK || byte != i) PANIC("page %u of the child holds %u", i, byte);
  }
  addrspace_destroy(child);
  addrspace_destroy(parent);
  ended++;
}

/* The scenario above, in a pool that cannot hold it. */
static void fork_and_evict(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 12, .slots = 200, .latency = 3};
  machine_init(&options);
  ended = 0;
  thread_spawn(fork_keeps_dirty, NULL);
  if (threads_run() > 0 || ended != 1) PANIC("seed %lu: it did not end", (unsigned long)seed);
  machine_finish();
}

/* Maps FILE, shared, at BASE of a new address space. */
static struct addrspace *shared_space(struct sim_file *file) {
  struct addrspace *as = addrspace_create();
  struct map_request request = {.address = BASE,
                                .length = VM_PAGE_SIZE,
                                .prot = PROT_READ | PROT_WRITE,
                                .flags = MAP_SHARED | MAP_FIXED,
                                .store = &file->store};
  uaddr_t address;
  int error = vm_map(as, &request, &address);
  ASSERT(error == VM_OK);
  return as;
}

/* Locks a page of FILE in memory, writes it, syncs it, and stays. */
static void lock_and_sync(void *file) {
  struct addrspace *as = shared_space(file);
  int error = vm_lock(as, BASE, VM_PAGE_SIZE);
  ASSERT(error == VM_OK);
  write_page(as, 0);
  thread_spawn(fill_memory, NULL);
  error = vm_sync(as, BASE, VM_PAGE_SIZE);
  ASSERT(error == VM_OK);
  while (!may_end) thread_sleep_on(&may_end, "the end of the scenario");
  addrspace_destroy(as);
}

/* Who waits for a frame while a locked page is being synced learns when that is over, though the page
   stays pinned. */
static void locked_page_wakes_waiters(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 4, .slots = 0, .latency = 60};
  machine_init(&options);
  ended = 0;
  may_end = false;
  struct sim_file *file = file_create(VM_PAGE_SIZE, VM_PAGE_SIZE);
  thread_spawn(lock_and_sync, file);
  threads_run();
  if (ended != 1) PANIC("seed %lu: nobody was told", (unsigned long)seed);
  may_end = true;
  thread_wake_all(&may_end);
  threads_run();
  file_destroy(file);
  machine_finish();
}

/* Writes one byte into the hole of FILE; all others must read as zeroes. */
static void write_into_hole(void *file) {
  struct addrspace *as = shared_space(file);
  uint8_t byte = 1;
  int error = machine_touch(as, BASE, ACCESS_WRITE, &byte);
  ASSERT(error == VM_OK);
  error = machine_touch(as, BASE + 100, ACCESS_READ, &byte);
  if (error != VM_OK || byte != 0) PANIC("old content of the disk shows: %u", byte);
  addrspace_destroy(as);
}

/* The first write to a hole through a mapping gives it a block; what the block held before must never
   show, whenever the page leaves. */
static void holes_stay_zero(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 4, .slots = 64, .latency = 20};
  machine_init(&options);
  struct sim_file *file = file_create(VM_PAGE_SIZE, VM_PAGE_SIZE);
  file_make_hole(file, 0);
  thread_spawn(write_into_hole, file);
  for (int i = 0; i < 2; i++) thread_spawn(fill_memory, NULL);
  threads_run();
  if (file->disk[100] != 0) PANIC("seed %lu: old content stays on disk", (unsigned long)seed);
  file_destroy(file);
  machine_finish();
}

/* The first writes a byte to FILE, others read it; who has seen it and synced has it on disk. */
static void sync_together(void *of) {
  struct sim_file *file = of;
  struct addrspace *as = shared_space(file);
  uint8_t byte = 7;
  int error = machine_touch(as, BASE, ended++ == 0 ? ACCESS_WRITE : ACCESS_READ, &byte);
  ASSERT(error == VM_OK);
  error = vm_sync(as, BASE, VM_PAGE_SIZE);
  if (error != VM_OK || (byte == 7 && file->disk[0] != 7))
    PANIC("synced (%d), but %u is on disk", error, file->disk[0]);
  addrspace_destroy(as);
}

/* Who syncs a page that another is writing at that moment waits for it. */
static void syncs_wait_for_each_other(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 16, .slots = 0, .latency = 40};
  machine_init(&options);
  struct sim_file *file = file_create(VM_PAGE_SIZE, VM_PAGE_SIZE);
  ended = 0;
  for (int i = 0; i < 4; i++) thread_spawn(sync_together, file);
  if (threads_run() > 0) PANIC("seed %lu: somebody waits for ever", (unsigned long)seed);
  file_destroy(file);
  machine_finish();
}

/* Writes six pages and then reads pages of FILE, one at a time, in the two frames that are left. */
static void read_beside_dirty(void *file) {
  struct addrspace *as = space(6, NULL), *reader = space(9, file);
  for (unsigned i = 0; i < 6; i++) write_page(as, i);
  for (unsigned i = 0; i < 9; i += 2)
    if (read_page(reader, i) != VM_OK) PANIC("page %u found no frame", i);
  addrspace_destroy(reader);
  addrspace_destroy(as);
  ended++;
}

/* Without swap, when only pages that were touched last can leave, and come last in the clock's round. */
static void touched_pages_leave(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 8, .slots = 0, .latency = 3};
  machine_init(&options);
  struct sim_file *file = file_create(9 * VM_PAGE_SIZE, 9 * VM_PAGE_SIZE);
  ended = 0;
  thread_spawn(read_beside_dirty, file);
  if (threads_run() > 0 || ended != 1) PANIC("seed %lu: it did not end", (unsigned long)seed);
  file_destroy(file);
  machine_finish();
}

/* Writes to the heap, shrinks it within that page and grows it again: what is back reads as zeroes, what
   stayed is as it was. */
static void shrink_and_grow(void *unused) {
  (void)unused;
  struct addrspace *as = addrspace_create();
  uint8_t byte = 7, kept, back;
  uaddr_t old;
  heap_init(as, BASE);
  int error = heap_move(as, 100, &old);
  ASSERT(error == VM_OK && old == BASE);
  for (uaddr_t at = BASE; at < BASE + 100; at++) machine_touch(as, at, ACCESS_WRITE, &byte);
  error = heap_move(as, -60, &old);
  ASSERT(error == VM_OK);
  error = heap_move(as, 60, &old);
  ASSERT(error == VM_OK);
  machine_touch(as, BASE + 39, ACCESS_READ, &kept);
  machine_touch(as, BASE + 40, ACCESS_READ, &back);
  if (kept != 7 || back != 0) PANIC("the heap holds %u, then %u", kept, back);
  addrspace_destroy(as);
  ended++;
}

/* The heap gives bytes back for good. */
static void heap_comes_back_as_zeroes(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 8, .slots = 8};
  machine_init(&options);
  ended = 0;
  thread_spawn(shrink_and_grow, NULL);
  if (threads_run() > 0 || ended != 1) PANIC("seed %lu: it did not end", (unsigned long)seed);
  machine_finish();
}

/* Reads the page of FILE until the disk gives it. */
static void read_until_it_works(void *file) {
  struct addrspace *as = space(1, file);
  int error;
  do error = read_page(as, 0);
  while (error == VM_EIO);
  ASSERT(error == VM_OK);
  addrspace_destroy(as);
  ended++;
}

/* Several wait for one page, and reading it fails: those who waited learn of it, and try themselves. */
static void failed_reads_wake_waiters(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 16, .slots = 0, .latency = 20};
  machine_init(&options);
  ended = 0;
  machine_failures.fail_at[FAIL_FILE_READ] = 1;
  struct sim_file *file = file_create(VM_PAGE_SIZE, VM_PAGE_SIZE);
  for (int i = 0; i < 3; i++) thread_spawn(read_until_it_works, file);
  if (threads_run() > 0 || ended != 3)
    PANIC("seed %lu: somebody waits for ever", (unsigned long)seed);
  file_destroy(file);
  machine_finish();
}

/* Makes FILE longer by a byte, with a gap in its page. */
static void grow_with_gap(void *file) {
  long written = store_write(&((struct sim_file *)file)->store, 3000, "e", 1);
  ASSERT(written == 1);
}

/* Writes to FILE's page for the first time, and once more, into the gap, when there is one. */
static void write_beside_growth(void *of) {
  struct sim_file *file = of;
  struct addrspace *as = shared_space(file);
  uint8_t byte = 7;
  int error = machine_touch(as, BASE + 10, ACCESS_WRITE, &byte);
  ASSERT(error == VM_OK);
  while (store_length(&file->store) < 3000) thread_delay(1);
  error = machine_touch(as, BASE + 1500, ACCESS_WRITE, &byte);
  if (error == VM_OK) error = vm_sync(as, BASE, VM_PAGE_SIZE);
  if (error != VM_OK || file_disk_byte(file, 1500) != 7)
    PANIC("synced (%d), but %u is on disk", error, file_disk_byte(file, 1500));
  addrspace_destroy(as);
  ended++;
}

/* What comes into a file while somebody writes to its page for the first time has blocks when he writes
   there. */
static void gaps_have_blocks(uint64_t seed) {
  struct machine_options options = {
      .seed = seed, .frames = 8, .slots = 8, .latency = 20, .block_size = 1024};
  machine_init(&options);
  ended = 0;
  struct sim_file *file = file_create(100, VM_PAGE_SIZE);
  if (seed % 2 == 0) file_make_hole(file, 0);
  thread_spawn(write_beside_growth, file);
  thread_spawn(grow_with_gap, file);
  if (threads_run() > 0 || ended != 1) PANIC("seed %lu: it did not end", (unsigned long)seed);
  if (!file_is_reserved(file)) PANIC("seed %lu: not reserved", (unsigned long)seed);
  file_destroy(file);
  machine_finish();
}

/* Makes FILE grow by what lies across two pages of its own memory, piece by piece. */
static void grow_from_memory(void *file) {
  struct addrspace *as = space(2, NULL);
  machine_activate(as);
  for (unsigned i = 0; i < 8; i++) {
    write_page(as, 0);
    write_page(as, 1);
    struct user_range range = {.as = as, .address = BASE + 100, .size = VM_PAGE_SIZE};
    long written = store_write_user(&((struct sim_file *)file)->store, i * VM_PAGE_SIZE, &range);
    if (written != VM_PAGE_SIZE) PANIC("%ld bytes were written", written);
  }
  addrspace_destroy(as);
}

/* Memory that is written to a file stays until it is copied, however long the file takes to grow. */
static void sources_stay(uint64_t seed) {
  struct machine_options options = {
      .seed = seed, .frames = 6, .slots = 64, .latency = 20, .block_size = 1024};
  machine_init(&options);
  struct sim_file *file = file_create(0, 8 * VM_PAGE_SIZE);
  thread_spawn(grow_from_memory, file);
  for (int i = 0; i < 2; i++) thread_spawn(fill_memory, NULL);
  if (threads_run() > 0) PANIC("seed %lu: it did not end", (unsigned long)seed);
  file_destroy(file);
  machine_finish();
}

#define PART 100 /* Bytes. */

/* A process that has a part of FILE's page, as an ELF segment may, and reads it again and again: the part, then
   zeroes. */
static void read_part(void *file) {
  struct addrspace *as =
      space_of(1, (struct region_source){&((struct sim_file *)file)->store, 0, PART});
  for (unsigned i = 0; i < 6; i++) {
    uint8_t last, rest;
    int error = machine_touch(as, BASE + PART - 1, ACCESS_READ, &last);
    if (error == VM_OK) error = machine_touch(as, BASE + PART, ACCESS_READ, &rest);
    if (error != VM_OK || last != 7 || rest != 0) PANIC("error %d, %u and %u", error, last, rest);
  }
  ended++;
  addrspace_destroy(as);
}

/* Whoever makes such a page needs two frames.  With as many at it as there are frames, nobody may keep one
   while he waits for the other. */
static void parts_wait_for_no_frame(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 4, .slots = 0, .latency = 20};
  struct sim_file *files[8];
  machine_init(&options);
  ended = 0;
  for (unsigned i = 0; i < ARRAY_SIZE(files); i++) {
    files[i] = file_create(VM_PAGE_SIZE, VM_PAGE_SIZE);
    memset(files[i]->disk, 7, VM_PAGE_SIZE);
    thread_spawn(read_part, files[i]);
  }
  threads_run();
  if (ended < ARRAY_SIZE(files))
    PANIC("seed %lu: %u of 8 got their page", (unsigned long)seed, ended);
  for (unsigned i = 0; i < ARRAY_SIZE(files); i++) file_destroy(files[i]);
  machine_finish();
}

/* -- Everybody gets on ------------------------------------------------------------------------- */

#define CROWD        5  /* Processes, */
#define CROWD_PAGES  10 /* each with so many pages, */
#define INSTRUCTIONS 30 /* which runs so many instructions. */
#define GREED_MAX    3000
#define STREAM_PAGES 40
#define FAULTS_MAX   36 /* The bound of docs/design.md; */
#define FAULTS_EXTRA 8  /* more in pools of 6 and 7 frames. */

static unsigned faults_most, crowd; /* Of the crowd, that is left. */

/* Whether all of COUNT PAGES of AS are mapped at this moment, the last to be written; if not, *MISSING
   is the first that is not. */
static bool all_mapped(struct addrspace *as, const unsigned *pages, unsigned count,
                       unsigned *missing) {
  port_vm_lock();
  unsigned i = 0;
  for (; i < count; i++) {
    frameno_t frame;
    bool writable;
    vpn_t vpn = vpn_of(BASE) + pages[i];
    if (!port_pmap_lookup(as->pmap, vpn, &frame, &writable)) break;
    if (i == count - 1 && !writable) break;
  }
  port_vm_unlock();
  *missing = i;
  return i == count;
}

/* Runs an instruction that needs COUNT PAGES of AS at the same time, as a processor does: it starts over
   after every fault.  The faults it took. */
static unsigned run_instruction(struct addrspace *as, const unsigned *pages, unsigned count) {
  unsigned faults = 0, missing;
  while (!all_mapped(as, pages, count, &missing)) {
    enum vm_access access = missing == count - 1 ? ACCESS_WRITE : ACCESS_READ;
    int error = vm_fault(as, BASE + pages[missing] * VM_PAGE_SIZE, access);
    ASSERT(error == VM_OK);
    if (++faults > FAULTS_MAX + FAULTS_EXTRA) break;
    thread_switch_point();
  }
  thread_got_on();
  return faults;
}

/* A process whose instructions need six pages each. */
static void need_six(void *unused) {
  (void)unused;
  struct addrspace *as = space(CROWD_PAGES, NULL);
  for (unsigned i = 0; i < CROWD_PAGES; i++) write_page(as, i);
  for (unsigned i = 0; i < INSTRUCTIONS; i++) {
    unsigned pages[6], first = sim_random(CROWD_PAGES);
    for (unsigned j = 0; j < 6; j++) pages[j] = (first + j) % CROWD_PAGES;
    unsigned faults = run_instruction(as, pages, 6);
    if (faults > faults_most) faults_most = faults;
    const char *broken = vm_check();
    if (broken != NULL) PANIC("%s", broken);
  }
  crowd--;
  addrspace_destroy(as);
}

/* A process that wants the turn again and again, for as long as there is a crowd: it must end. */
static void be_greedy(void *unused) {
  (void)unused;
  struct addrspace *as = space(CROWD_PAGES, NULL);
  for (unsigned i = 0; crowd > 0; i++) {
    const unsigned pages[] = {i % CROWD_PAGES, (i + 3) % CROWD_PAGES, (i + 6) % CROWD_PAGES};
    run_instruction(as, pages, ARRAY_SIZE(pages));
    if (i == GREED_MAX) PANIC("%u of the crowd do not get on", crowd);
  }
  addrspace_destroy(as);
}

/* A process that needs each page once only, and so takes frames from all others, never the turn. */
static void stream_past(void *unused) {
  (void)unused;
  struct addrspace *as = space(STREAM_PAGES, NULL);
  for (unsigned i = 0; crowd > 0; i++) write_page(as, i % STREAM_PAGES);
  addrspace_destroy(as);
}

/* More processes than frames, each of whose instructions needs nearly all of them: no instruction takes
   more faults than the bound says. */
static void everybody_gets_on(uint64_t seed) {
  unsigned frames = 6 + seed % 4;
  struct machine_options options = {.seed = seed, .frames = frames, .slots = 200, .latency = 20};
  machine_init(&options);
  faults_most = 0;
  crowd = CROWD;
  for (int i = 0; i < CROWD; i++) thread_spawn(need_six, NULL);
  thread_spawn(be_greedy, NULL);
  thread_spawn(stream_past, NULL);
  unsigned left = threads_run(), most = FAULTS_MAX + (frames < 8 ? FAULTS_EXTRA : 0);
  const char *broken = vm_check();
  if (left > 0 || broken != NULL || faults_most > most)
    PANIC("seed %lu: %u wait, %u faults in one instruction, %s", (unsigned long)seed, left,
          faults_most, broken != NULL ? broken : "ok");
  machine_finish();
}

#define READ_PAGES 8  /* Of the file that is read again and again, */
#define READS      20 /* so many pages in all. */

static struct sim_file *read_file;

/* A process that reads from the file, whose pages leave meanwhile. */
static void read_on(void *unused) {
  (void)unused;
  struct addrspace *as = space(1, NULL);
  thread_set_user(as);
  for (unsigned i = 0; i < READS; i++) {
    struct user_range range = {.as = as, .address = BASE, .size = 1};
    long got = store_read_user(&read_file->store, i % READ_PAGES * VM_PAGE_SIZE, &range);
    ASSERT(got == 1);
  }
  crowd--;
  addrspace_destroy(as);
}

/* Who reads a file by read() gets on beside one that has the turn and goes on for ever. */
static void reads_get_on(uint64_t seed) {
  struct machine_options options = {.seed = seed, .frames = 4, .slots = 200, .latency = 20};
  machine_init(&options);
  read_file = file_create(READ_PAGES * VM_PAGE_SIZE, READ_PAGES * VM_PAGE_SIZE);
  crowd = 1;
  thread_spawn(read_on, NULL);
  thread_spawn(be_greedy, NULL);
  unsigned left = threads_run();
  const char *broken = vm_check();
  if (left > 0 || broken != NULL)
    PANIC("seed %lu: %u wait, %s", (unsigned long)seed, left, broken != NULL ? broken : "ok");
  file_destroy(read_file);
  machine_finish();
}

static const struct scenario {
  const char *name;
  void (*run)(uint64_t seed);
} scenarios[] = {
    {"arrivals wake waiters", arrivals_wake_waiters},
    {"everybody gets on", everybody_gets_on},
    {"reads get on", reads_get_on},
    {"dead swap is no swap", dead_swap_is_no_swap},
    {"fork keeps what only a page table knew", fork_and_evict},
    {"a locked page wakes waiters", locked_page_wakes_waiters},
    {"holes stay zero", holes_stay_zero},
    {"failed reads wake waiters", failed_reads_wake_waiters},
    {"gaps have blocks", gaps_have_blocks},
    {"the heap comes back as zeroes", heap_comes_back_as_zeroes},
    {"parts of files wait for no frame", parts_wait_for_no_frame},
    {"sources stay", sources_stay},
    {"syncs wait for each other", syncs_wait_for_each_other},
    {"pages touched last leave when nothing else can", touched_pages_leave},
};

/* SEEDS in the environment stands for the usual number. */
int main(void) {
  const char *wish = getenv("SEEDS");
  unsigned seeds = wish != NULL ? (unsigned)atoi(wish) : SEEDS;
  for (unsigned i = 0; i < ARRAY_SIZE(scenarios); i++) {
    for (uint64_t seed = 1; seed <= seeds; seed++) scenarios[i].run(seed);
    printf("%s: ok under %u seeds\n", scenarios[i].name, seeds);
  }
  return 0;
}
