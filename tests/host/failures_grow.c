/* Failures: heap and stack. */
#include "tests/host/failures.h"
#include "vm/fork.h"
#include "vm/heap.h"
#include "vm/sync.h"
#include "vm/exit.h"

/* Moves the break of AS. */
static int move(struct addrspace *as, int32_t delta) {
  uaddr_t old;
  return heap_move(as, delta, &old);
}

/* A heap of BYTES bytes, its pages holding 1, 2, ... */
static struct addrspace *process_with_heap(unsigned pages, int32_t rest) {
  struct addrspace *as = process();
  MUST(move(as, (int32_t)BYTES(pages) + rest));
  for (unsigned i = 0; i < pages; i++) MUST(put_at(as, HEAP + BYTES(i) + 10, (uint8_t)(i + 1)));
  return as;
}

/* Whether the first COUNT pages of AS's heap hold what they should. */
static bool heap_holds(struct addrspace *as, unsigned count) {
  for (unsigned i = 0; i < count; i++)
    if (get_at(as, HEAP + BYTES(i) + 10) != (int)i + 1) return false;
  return true;
}

/* Writes VALUE at ADDRESS of AS while things fail, where OLD stood. */
static void write_at(struct addrspace *as, uaddr_t address, uint8_t value) {
  if (!TRY(put_at(as, address, value), PAGING)) MUST(put_at(as, address, value));
  EXPECT(get_at(as, address) == value);
}

/* The first bytes, then more of the same page, then pages. */
static void heap_grows(void) {
  struct addrspace *as = process();
  ATTEMPT(as, move(as, 100), CAN(VM_ENOMEM), get_at(as, HEAP) == VM_ENOMAP);
  write_at(as, HEAP + 50, 1);
  ATTEMPT(as, move(as, 1000), 0, false);
  ATTEMPT(as, move(as, (int32_t)BYTES(10)), CAN(VM_ENOMEM), get_at(as, HEAP + 50) == 1);
  for (unsigned i = 1; i < 10; i++) write_at(as, HEAP + BYTES(i), (uint8_t)i);
  EXPECT(get_at(as, HEAP + BYTES(11)) == VM_ENOMAP);
  addrspace_destroy(as);
}

/* To the middle of a page, in swap: that takes nothing.  To grow again it is cleared from there on, which
   needs it. */
static void heap_shrinks(void) {
  struct addrspace *as = process_with_heap(6, 0);
  MUST(put_at(as, HEAP + BYTES(2) + 3000, 77));
  evict();
  ATTEMPT(as, move(as, -(int32_t)BYTES(3) - 2000), 0, false);
  EXPECT(get_at(as, HEAP + BYTES(3)) == VM_ENOMAP);
  ATTEMPT(as, move(as, (int32_t)BYTES(2)), PAGING, heap_holds(as, 3));
  EXPECT(heap_holds(as, 3) && get_at(as, HEAP + BYTES(2) + 3000) == 0 &&
         get_at(as, HEAP + BYTES(3) + 10) == 0);
  addrspace_destroy(as);
}

/* The last page is the page of zeroes, or a copy that others have too. */
static void heap_shrinks_on_zeroes(void) {
  struct addrspace *as = process_with_heap(2, 2000);
  EXPECT(get_at(as, HEAP + BYTES(2)) == 0);
  ATTEMPT(as, move(as, -1000), 0, false);
  ATTEMPT(as, move(as, 500), PAGING, heap_holds(as, 2));
  ATTEMPT(as, move(as, -(int32_t)BYTES(1)), 0, false);
  EXPECT(get_at(as, HEAP + 10) == 1 && get_at(as, HEAP + BYTES(1) + 10) == 2);
  addrspace_destroy(as);
}

/* Whole pages, in frames and in swap: to give back takes nothing. */
static void heap_gives_back(void) {
  struct addrspace *as = process_with_heap(8, 0);
  evict();
  EXPECT(get_at(as, HEAP + BYTES(7) + 10) == 8);
  ATTEMPT(as, move(as, -(int32_t)BYTES(6)), 0, false);
  ATTEMPT(as, move(as, -(int32_t)BYTES(2)), 0, false);
  EXPECT(get_at(as, HEAP) == VM_ENOMAP && move(as, -1) == VM_ERANGE);
  addrspace_destroy(as);
}

/* The last page has other rights: a region more; and the whole goes again. */
static void heap_of_parts(void) {
  struct addrspace *as = process_with_heap(4, 0);
  MUST(vm_protect(as, HEAP + BYTES(3), BYTES(1), PROT_READ));
  ATTEMPT(as, move(as, (int32_t)BYTES(2)), CAN(VM_ENOMEM), heap_holds(as, 4));
  write_at(as, HEAP + BYTES(4), 5);
  EXPECT(put_at(as, HEAP + BYTES(3), 5) == VM_EACCESS && heap_holds(as, 4));
  ATTEMPT(as, move(as, -(int32_t)BYTES(4)), 0, false);
  EXPECT(heap_holds(as, 2));
  addrspace_destroy(as);
}

/* The page in which the break comes to lie has RIGHTS, and a child has it too: down, and up again, whose
   bytes are zero in this process alone. */
static void heap_with_rights(uint8_t rights) {
  struct addrspace *as = process_with_heap(3, 0), *child;
  uaddr_t middle = HEAP + BYTES(1);
  MUST(put_at(as, middle + 3000, 44));
  MUST(vm_protect(as, middle, BYTES(1), rights));
  MUST(addrspace_fork(as, &child));
  evict();
  ATTEMPT(as, move(as, -(int32_t)BYTES(1) - 2000), 0, false);
  ATTEMPT(as, move(as, (int32_t)BYTES(2)), PAGING, true);
  EXPECT(put_at(as, middle, 1) == VM_EACCESS);
  EXPECT(get_at(as, middle + 10) == (rights == PROT_NONE ? VM_EACCESS : 2));
  for (unsigned i = 0; i < 2; i++) {
    struct addrspace *now = i == 0 ? as : child;
    machine_activate(now);
    MUST(vm_protect(now, middle, BYTES(1), PROT_READ | PROT_WRITE));
    EXPECT(heap_holds(now, 2) && get_at(now, middle + 3000) == (i == 0 ? 0 : 44));
    addrspace_destroy(now);
  }
}

static void heap_read_only(void) {
  heap_with_rights(PROT_READ);
}

static void heap_inaccessible(void) {
  heap_with_rights(PROT_NONE);
}

/* The page of the break belongs to a mapping of a file: nothing of that is cleared. */
static void heap_ends_in_mapping(void) {
  struct addrspace *as = process_with_heap(2, 0);
  struct sim_file *file = file_of(1, 1);
  file->disk[4000] = 55;
  MUST(vm_unmap(as, HEAP + BYTES(1), BYTES(1)));
  struct map_request request = {.address = HEAP + BYTES(1),
                                .length = BYTES(1),
                                .prot = PROT_READ | PROT_WRITE,
                                .flags = MAP_FIXED | MAP_SHARED,
                                .store = &file->store};
  uaddr_t address;
  MUST(vm_map(as, &request, &address));
  EXPECT(get_at(as, address + 4000) == 55);
  ATTEMPT(as, move(as, -1000), 0, false);
  ATTEMPT(as, move(as, (int32_t)BYTES(1)), CAN(VM_ENOMEM), true);
  EXPECT(get_at(as, address + 4000) == 55);
  addrspace_destroy(as);
  EXPECT(file->disk[4000] == 55);
  file_destroy(file);
}

/* Limits below what is in use take nothing away; what is given back can be had again up to them. */
static void limits_below_use(void) {
  struct addrspace *as = process_with_heap(4, 100);
  as->heap_limit = BYTES(2);
  ATTEMPT(as, move(as, 0), 0, false);
  EXPECT(heap_holds(as, 4) && move(as, 1) == VM_ELIMIT);
  ATTEMPT(as, move(as, -(int32_t)BYTES(3)), 0, false);
  ATTEMPT(as, move(as, (int32_t)BYTES(1) - 100), PAGING, true);
  EXPECT(heap_holds(as, 1) && move(as, 1) == VM_ELIMIT);
  as->user_esp = USER_END - BYTES(8);
  MUST(put_at(as, as->user_esp, 9));
  as->stack_limit = BYTES(2);
  as->user_esp = USER_END - BYTES(9);
  EXPECT(get_at(as, USER_END - BYTES(8)) == 9 && put_at(as, as->user_esp, 9) == VM_ELIMIT);
  addrspace_destroy(as);
}

/* So does that of locked memory. */
static void lock_limit_below_use(void) {
  struct addrspace *as = process_with(3);
  MUST(vm_lock(as, BASE, BYTES(2)));
  as->locked_limit = BYTES(1);
  ATTEMPT(as, vm_lock(as, BASE, BYTES(2)), 0, false);
  EXPECT(as->locked == 2 && vm_lock(as, AT(2), BYTES(1)) == VM_ELIMIT && as->locked == 2);
  MUST(vm_unlock(as, BASE, BYTES(2)));
  ATTEMPT(as, vm_lock(as, AT(2), BYTES(1)), PAGING, as->locked == 0);
  EXPECT(vm_lock(as, BASE, BYTES(1)) == VM_ELIMIT);
  addrspace_destroy(as);
}

/* A file mapped in the heap's way ends with it, and is written. */
static void heap_over_mapping(void) {
  struct addrspace *as = process_with_heap(4, 0);
  struct sim_file *file = file_of(1, 1);
  MUST(vm_unmap(as, HEAP + BYTES(2), BYTES(1)));
  struct map_request request = {.address = HEAP + BYTES(2),
                                .length = BYTES(1),
                                .prot = PROT_READ | PROT_WRITE,
                                .flags = MAP_FIXED | MAP_SHARED,
                                .store = &file->store};
  uaddr_t address;
  MUST(vm_map(as, &request, &address));
  MUST(put_at(as, address + 100, 33));
  ATTEMPT(as, move(as, -(int32_t)BYTES(3)), 0, false);
  MUST(store_sync(&file->store));
  EXPECT(as->heap_break == HEAP + BYTES(1) && heap_holds(as, 1));
  EXPECT(on_disk(file, 0) == 33 && file->users == 0);
  addrspace_destroy(as);
  file_destroy(file);
}

/* The stack grows page by page, and over several at once. */
static void stack_grows(void) {
  static const uint8_t depths[] = {1, 2, 3, 4, 7, 12};
  struct addrspace *as = process();
  for (unsigned i = 0; i < ARRAY_SIZE(depths); i++) {
    as->user_esp = USER_END - BYTES(depths[i]);
    write_at(as, as->user_esp, depths[i]);
  }
  evict();
  EXPECT(get_at(as, USER_END - BYTES(1)) == 1 && get_at(as, USER_END - BYTES(12)) == 12);
  EXPECT(get_at(as, USER_END - BYTES(13)) == VM_ENOMAP);
  addrspace_destroy(as);
}

/* It grows while its upper pages are in swap, and they come back. */
static void stack_in_swap(void) {
  struct addrspace *as = process();
  as->user_esp = USER_END - BYTES(8);
  for (unsigned i = 1; i <= 8; i++) MUST(put_at(as, USER_END - BYTES(i), (uint8_t)i));
  evict();
  as->user_esp -= BYTES(1);
  write_at(as, as->user_esp, 9);
  work();
  int got = get_at(as, USER_END - BYTES(3));
  if (!judge(got, PAGING, "the stack in swap")) got = get_at(as, USER_END - BYTES(3));
  EXPECT(got == 3);
  addrspace_destroy(as);
}

/* Its limit, and what is mapped near it, hold whatever fails. */
static void stack_limits(void) {
  struct addrspace *as = process();
  MUST(map(as, (struct mapped){0, 1, MAP_PRIVATE, NULL}));
  as->user_esp = USER_END - (1 << 20);
  write_at(as, as->user_esp, 1);
  as->user_esp -= 4;
  EXPECT(put_at(as, as->user_esp, 1) == VM_ELIMIT);
  EXPECT(put_at(as, as->user_esp - 33, 1) == VM_ENOMAP);
  addrspace_destroy(as);
}

static const struct scenario scenarios[] = {
    {.name = "heap grows", .run = heap_grows, .frames = 8},
    {.name = "heap shrinks", .run = heap_shrinks},
    {.name = "heap shrinks on zeroes", .run = heap_shrinks_on_zeroes},
    {.name = "heap gives back", .run = heap_gives_back},
    {.name = "heap of parts", .run = heap_of_parts},
    {.name = "heap read-only", .run = heap_read_only},
    {.name = "heap inaccessible", .run = heap_inaccessible},
    {.name = "heap ends in a mapping", .run = heap_ends_in_mapping},
    {.name = "limits below use", .run = limits_below_use},
    {.name = "lock limit below use", .run = lock_limit_below_use},
    {.name = "heap over a mapping", .run = heap_over_mapping},
    {.name = "stack grows", .run = stack_grows, .frames = 8},
    {.name = "stack in swap", .run = stack_in_swap},
    {.name = "stack limits", .run = stack_limits},
};
const struct topic topic_grow = {"grow", scenarios, ARRAY_SIZE(scenarios)};
