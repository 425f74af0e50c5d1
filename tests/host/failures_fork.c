/* Failures: fork, and what parent and child do to each other's pages afterwards. */
#include "vm/fork.h"
#include "tests/host/failures.h"
#include "vm/heap.h"
#include "vm/mmap.h"
#include "vm/swap.h"
#include "vm/exit.h"

/* What fork may end with. */
#define FORKING (CAN(VM_ENOMEM) | CAN(VM_ENOFRAME))

/* A parent with COUNT pages that hold 1, 2, ... */
static struct addrspace *parent_of(unsigned count) {
  struct addrspace *as = process_with(count);
  fill(as, 0, count, 1);
  return as;
}

/* A child of PARENT, made while nothing fails. */
static struct addrspace *child_of(struct addrspace *parent) {
  struct addrspace *child = NULL;
  MUST(addrspace_fork(parent, &child));
  return child;
}

/* Ends CHILD and PARENT. */
static void end(struct addrspace *child, struct addrspace *parent) {
  addrspace_destroy(child);
  addrspace_destroy(parent);
}

/* A few pages: parent and child have the same, and then their own. */
static void few_pages(void) {
  struct addrspace *parent = parent_of(3), *child;
  ATTEMPT(parent, addrspace_fork(parent, &child), FORKING, holds(parent, 0, 3, 1));
  fill(parent, 0, 3, 50);
  machine_activate(child);
  EXPECT(holds(child, 0, 3, 1) && holds(parent, 0, 3, 50));
  end(child, parent);
}

/* Pages all over: many blocks of entries. */
static void many_blocks(void) {
  struct addrspace *parent = process_with(1100), *child;
  for (unsigned i = 0; i < 1100; i += 137) MUST(put(parent, i, (uint8_t)(i / 137 + 1)));
  ATTEMPT(parent, addrspace_fork(parent, &child), FORKING, holds(parent, 137, 1, 2));
  for (unsigned i = 0; i < 1100; i += 137) EXPECT(holds(child, i, 1, (uint8_t)(i / 137 + 1)));
  end(child, parent);
}

/* Shared memory stays shared. */
static void shared(void) {
  struct addrspace *parent = process(), *child;
  MUST(map(parent, (struct mapped){0, 4, MAP_SHARED, NULL}));
  fill(parent, 0, 4, 1);
  ATTEMPT(parent, addrspace_fork(parent, &child), FORKING, holds(parent, 0, 4, 1));
  MUST(put(child, 1, 90));
  MUST(put(child, 2, 91));
  EXPECT(get(parent, 1) == 90 && get(parent, 2) == 91);
  end(child, parent);
}

/* Mappings of files are inherited with their numbers. */
static void mappings(void) {
  struct addrspace *parent = process(), *child;
  struct sim_file *file = file_of(2, 1);
  int ids[3];
  for (unsigned i = 0; i < 3; i++)
    ids[i] = (int)MUST(mapping_add(parent, &file->store, AT(10 * i), PROT_READ | PROT_WRITE));
  fill(parent, 0, 2, 70);
  ATTEMPT(parent, addrspace_fork(parent, &child), FORKING, holds(parent, 10, 2, 70));
  EXPECT(holds(child, 20, 2, 70));
  for (unsigned i = 0; i < 3; i++) MUST(mapping_remove(child, ids[i]));
  EXPECT(get(child, 0) == VM_ENOMAP && holds(parent, 10, 2, 70) && on_disk(file, 0) == 70);
  end(child, parent);
  file_destroy(file);
}

/* What is in swap is the child's as well, and counted for both. */
static void swapped(void) {
  struct addrspace *parent = parent_of(10), *child;
  evict();
  ATTEMPT(parent, addrspace_fork(parent, &child), FORKING, holds(parent, 0, 10, 1));
  evict();
  EXPECT(parent->counters.swapped == 10 && child->counters.swapped == 10 && swap_used() == 10);
  machine_activate(child);
  for (unsigned i = 0; i < 10; i += 3) reads(child, i, (uint8_t)(i + 1), PAGING);
  end(child, parent);
}

/* The child writes everything. */
static void child_writes(void) {
  struct addrspace *parent = parent_of(8), *child = child_of(parent);
  machine_activate(child);
  for (unsigned i = 0; i < 8; i++) writes(child, i, (uint8_t)(i + 1), (uint8_t)(i + 41));
  EXPECT(holds(parent, 0, 8, 1) && holds(child, 0, 8, 41));
  end(child, parent);
}

/* The parent writes everything. */
static void parent_writes(void) {
  struct addrspace *parent = parent_of(8), *child = child_of(parent);
  for (unsigned i = 0; i < 8; i++) writes(parent, i, (uint8_t)(i + 1), (uint8_t)(i + 41));
  EXPECT(holds(child, 0, 8, 1) && holds(parent, 0, 8, 41));
  end(child, parent);
}

/* The child of a child, when the first is gone. */
static void grandchild(void) {
  struct addrspace *parent = parent_of(5), *child = child_of(parent), *last;
  fill(child, 0, 2, 20);
  ATTEMPT(child, addrspace_fork(child, &last), FORKING, holds(child, 0, 2, 20));
  addrspace_destroy(child);
  machine_activate(last);
  writes(last, 1, 21, 77);
  writes(last, 4, 5, 78);
  EXPECT(holds(parent, 0, 5, 1) && holds(last, 2, 2, 3));
  end(last, parent);
}

/* Locked pages of the parent: the copy it makes is locked in the place of the old one. */
static void locked(void) {
  struct addrspace *parent = parent_of(4), *child;
  MUST(vm_lock(parent, BASE, BYTES(3)));
  ATTEMPT(parent, addrspace_fork(parent, &child), FORKING, parent->locked == 3);
  EXPECT(child->locked == 0);
  for (unsigned i = 0; i < 3; i++) writes(parent, i, (uint8_t)(i + 1), (uint8_t)(i + 31));
  evict();
  uint8_t in[4];
  MUST(vm_resident(parent, vpn_of(BASE), 4, in));
  EXPECT(in[0] && in[1] && in[2] && !in[3] && parent->locked == 3);
  MUST(vm_unlock(parent, BASE, BYTES(3)));
  EXPECT(holds(child, 0, 4, 1));
  end(child, parent);
}

/* Stack, heap and rights. */
static void whole_process(void) {
  struct addrspace *parent = parent_of(6), *child;
  uaddr_t old;
  MUST(heap_move(parent, BYTES(2) + 5, &old));
  MUST(put_at(parent, HEAP + 9, 3));
  MUST(put_at(parent, USER_END - 8, 4));
  parent->user_esp = USER_END - BYTES(3);
  MUST(put_at(parent, USER_END - BYTES(3), 5));
  MUST(vm_protect(parent, AT(2), BYTES(2), PROT_READ));
  ATTEMPT(parent, addrspace_fork(parent, &child), FORKING, holds(parent, 0, 6, 1));
  EXPECT(get_at(child, HEAP + 9) == 3 && get_at(child, USER_END - 8) == 4);
  EXPECT(put(child, 2, 1) == VM_EACCESS && put(child, 4, 50) == VM_OK);
  child->user_esp -= BYTES(2);
  EXPECT(put_at(child, child->user_esp, 1) == VM_OK);
  MUST(heap_move(child, -BYTES(2), &old));
  EXPECT(old == HEAP + BYTES(2) + 5 && get_at(parent, HEAP + 9) == 3);
  end(child, parent);
}

/* There is no room for a child: it is refused, and all goes on. */
static void no_room(void) {
  struct addrspace *parent = parent_of(12), *child;
  EXPECT(addrspace_fork(parent, &child) == VM_ENOFRAME);
  EXPECT(holds(parent, 0, 12, 1));
  MUST(vm_unmap(parent, AT(4), BYTES(8)));
  ATTEMPT(parent, addrspace_fork(parent, &child), CAN(VM_ENOMEM), holds(parent, 0, 4, 1));
  EXPECT(holds(child, 0, 4, 1));
  end(child, parent);
}

/* What only the parent's page table knew to be written is the child's as well. */
static void known_to_page_table(void) {
  struct addrspace *parent = parent_of(4), *child = child_of(parent);
  writes(parent, 1, 2, 90);
  evict();
  machine_activate(child);
  reads(child, 1, 2, PAGING);
  reads(child, 0, 1, PAGING);
  end(child, parent);
}

static const struct scenario scenarios[] = {
    {.name = "fork few pages", .run = few_pages},
    {.name = "fork many blocks", .run = many_blocks},
    {.name = "fork shared memory", .run = shared},
    {.name = "fork mappings", .run = mappings},
    {.name = "fork swapped pages", .run = swapped},
    {.name = "child writes", .run = child_writes, .frames = 12},
    {.name = "parent writes", .run = parent_writes, .frames = 12},
    {.name = "grandchild", .run = grandchild},
    {.name = "fork locked pages", .run = locked},
    {.name = "fork whole process", .run = whole_process},
    {.name = "no room for a child", .run = no_room, .slots = NO_SLOTS},
    {.name = "known to the page table", .run = known_to_page_table},
};
const struct topic topic_fork = {"fork", scenarios, ARRAY_SIZE(scenarios)};
