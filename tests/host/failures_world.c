/* What the scenarios of failures share: judging, and processes, memory and files in a few words. */
#include <stdio.h>
#include <string.h>
#include "host/threads.h"
#include "tests/host/failures.h"
#include "vm/heap.h"
#include "vm/port.h"
#include "vm/reclaim.h"

#define PLACE     100  /* The byte that stands for a page. */
#define ELSEWHERE 3000 /* One that stays zero. */

/* The errors that trouble of each kind may cause at all. */
static const unsigned causes[FAIL_ALL] = {[FAIL_ALLOC] = CAN(VM_ENOMEM),
                                          [FAIL_SWAP_READ] = CAN(VM_EIO),
                                          [FAIL_SWAP_WRITE] = CAN(VM_ENOFRAME),
                                          [FAIL_FILE_READ] = CAN(VM_EIO),
                                          [FAIL_FILE_WRITE] = CAN(VM_EIO) | CAN(VM_ENOFRAME),
                                          [FAIL_RESERVE] = CAN(VM_ENOSPC),
                                          [FAIL_SLOT] = CAN(VM_ENOFRAME)};

/* Kinds whose calls are made by the one who needs them: a single one harms nobody else. */
static bool is_personal(int kind) {
  return kind == FAIL_ALLOC || kind == FAIL_SWAP_READ || kind == FAIL_FILE_READ ||
         kind == FAIL_RESERVE;
}

/* Judges RESULT of the call in WORDS. */
bool judge(long result, unsigned may, const char *words) {
  rest();
  if (result >= 0) return true;
  const char *text = vm_error_text((int)result);
  if (!has_failed()) PANIC("%s: `%s', and nothing had failed", words, text);
  if ((causes[trouble.kind] & may & (1u << -result)) == 0)
    PANIC("%s: `%s', which must not come of this", words, text);
  told();
  rig_lock();
  bool mine = machine_failures.failed_for == thread_user();
  rig_unlock();
  if (!trouble.forever && is_personal(trouble.kind) && !mine)
    PANIC("%s: `%s', but it failed for another process", words, text);
  return false;
}

/* RESULT of the call in WORDS, which must be fine. */
long must(long result, const char *words) {
  if (result < 0) PANIC("%s: `%s', though nothing fails", words, vm_error_text((int)result));
  return result;
}

/* Whether B goes on where A ends, as if they were one. */
static bool continues(const struct view_run *a, const struct view_run *b) {
  return a->end == b->start && a->prot == b->prot && a->kind == b->kind && a->shared == b->shared &&
         a->mapping == b->mapping && a->store == b->store &&
         (a->store == NULL || a->stores + BYTES(a->end - a->start) == b->stores);
}

/* What AS has now.  Regions that could be one count as one. */
void view(struct view *v, struct addrspace *as) {
  memset(v, 0, sizeof *v);
  addrspace_lock(as);
  v->locked = as->locked;
  v->heap_break = as->heap_break;
  list_for_each(node, &as->mappings) v->records++;
  vpn_t vpn = 0;
  struct region *region;
  for (; (region = region_at_or_after(as, vpn)) != NULL; vpn = region->end) {
    struct view_run run;
    memset(&run, 0, sizeof run);
    run.start = region->start, run.end = region->end;
    run.prot = region->prot, run.kind = region->kind, run.shared = region->shared;
    run.mapping = region->mapping, run.store = region->source.store;
    run.stores = region->source.offset;
    if (v->count > 0 && continues(&v->runs[v->count - 1], &run)) {
      v->runs[v->count - 1].end = run.end;
    } else {
      ASSERT(v->count < VIEW_RUNS);
      v->runs[v->count++] = run;
    }
  }
  addrspace_unlock(as);
}

/* AS must be as in BEFORE. */
void same(const struct view *before, struct addrspace *as) {
  struct view now;
  view(&now, as);
  if (memcmp(before, &now, sizeof now) != 0) PANIC("the error changed the process's memory");
}

/* A process with a stack and an empty heap. */
struct addrspace *process(void) {
  struct addrspace *as = addrspace_create();
  ASSERT(as != NULL);
  heap_init(as, HEAP);
  as->user_esp = USER_END;
  addrspace_lock(as);
  MUST(region_add_stack(as, 1 << 20));
  addrspace_unlock(as);
  machine_activate(as);
  return as;
}

/* One with COUNT pages of zeroes. */
struct addrspace *process_with(unsigned count) {
  struct addrspace *as = process();
  MUST(map(as, (struct mapped){0, count, MAP_PRIVATE, NULL}));
  return as;
}

/* Maps WHAT in AS. */
int map(struct addrspace *as, struct mapped what) {
  struct map_request request = {.address = AT(what.page),
                                .length = BYTES(what.count),
                                .prot = PROT_READ | PROT_WRITE,
                                .flags = MAP_FIXED | (uint8_t)what.flags};
  uaddr_t address;
  if (what.file != NULL)
    request.store = &what.file->store;
  else
    request.flags |= MAP_ANONYMOUS;
  return vm_map(as, &request, &address);
}

/* A file of COUNT pages. */
struct sim_file *file_of(unsigned count, uint8_t first) {
  struct sim_file *file = file_create(BYTES(count), BYTES(2 * count));
  for (unsigned i = 0; i < count; i++) file->disk[BYTES(i) + PLACE] = (uint8_t)(first + i);
  return file;
}

/* What is on disk of FILE. */
uint8_t on_disk(const struct sim_file *file, unsigned page) {
  return file->disk[BYTES(page) + PLACE];
}

/* Sends home whatever can go. */
void evict(void) {
  port_vm_lock();
  while (reclaim_frames() == VM_OK) continue;
  port_vm_unlock();
}

/* The byte at ADDRESS of AS, or the error. */
int get_at(struct addrspace *as, uaddr_t address) {
  uint8_t byte = 0;
  int error = machine_touch(as, address, ACCESS_READ, &byte);
  return error == VM_OK ? byte : error;
}

/* Writes VALUE to ADDRESS of AS. */
int put_at(struct addrspace *as, uaddr_t address, uint8_t value) {
  return machine_touch(as, address, ACCESS_WRITE, &value);
}

/* The byte that stands for page PAGE. */
int get(struct addrspace *as, unsigned page) {
  return get_at(as, AT(page) + PLACE);
}

/* Writes it. */
int put(struct addrspace *as, unsigned page, uint8_t value) {
  return put_at(as, AT(page) + PLACE, value);
}

/* Writes to COUNT pages from PAGE on. */
void fill(struct addrspace *as, unsigned page, unsigned count, uint8_t first) {
  for (unsigned i = 0; i < count; i++) MUST(put(as, page + i, (uint8_t)(first + i)));
}

/* Whether COUNT pages from PAGE on hold what they should. */
bool holds(struct addrspace *as, unsigned page, unsigned count, uint8_t first) {
  for (unsigned i = 0; i < count; i++) {
    int value = (int)MUST(get(as, page + i));
    int other = (int)MUST(get_at(as, AT(page + i) + ELSEWHERE));
    if (value == (uint8_t)(first + i) && other == 0) continue;
    printf("page %u holds %d, should be %d; elsewhere %d\n", page + i, value, (uint8_t)(first + i),
           other);
    return false;
  }
  return true;
}

/* Reads page PAGE while things fail. */
void reads(struct addrspace *as, unsigned page, uint8_t value, unsigned may) {
  work();
  int result = get(as, page);
  bool fine = judge(result, may, "reading a page");
  if (!fine) result = (int)MUST(get(as, page));
  if (result != value) PANIC("page %u reads as %d, should be %d", page, result, value);
}

/* Writes page PAGE while things fail. */
void writes(struct addrspace *as, unsigned page, uint8_t old, uint8_t value) {
  struct view before;
  view(&before, as);
  if (!TRY(put(as, page, value), PAGING | CAN(VM_ENOSPC))) {
    same(&before, as);
    EXPECT(holds(as, page, 1, old));
    MUST(put(as, page, value));
  }
  EXPECT(holds(as, page, 1, value));
}
