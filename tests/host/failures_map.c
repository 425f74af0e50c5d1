/* Failures: mapping, unmapping, protecting. */
#include "tests/host/failures.h"
#include "vm/mmap.h"
#include "vm/store.h"
#include "vm/sync.h"
#include "vm/exit.h"

#define RW (PROT_READ | PROT_WRITE)

/* Whether page PAGE of AS is mapped. */
static bool is_mapped(struct addrspace *as, unsigned page) {
  addrspace_lock(as);
  bool found = region_find(as, vpn_of(AT(page))) != NULL;
  addrspace_unlock(as);
  return found;
}

/* Zeroes of one's own. */
static void map_private(void) {
  struct addrspace *as = process();
  ATTEMPT(as, map(as, ((struct mapped){0, 4, MAP_PRIVATE, NULL})), CAN(VM_ENOMEM),
          !is_mapped(as, 0));
  writes(as, 2, 0, 1);
  addrspace_destroy(as);
}

/* Zeroes to share: a store and a region. */
static void map_shared(void) {
  struct addrspace *as = process();
  ATTEMPT(as, map(as, ((struct mapped){0, 4, MAP_SHARED, NULL})), CAN(VM_ENOMEM),
          !is_mapped(as, 0));
  writes(as, 2, 0, 1);
  addrspace_destroy(as);
}

/* A file, both ways. */
static void map_file(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(4, 1);
  ATTEMPT(as, map(as, ((struct mapped){0, 4, MAP_SHARED, file})), CAN(VM_ENOMEM), file->users == 0);
  ATTEMPT(as, map(as, ((struct mapped){9, 4, MAP_PRIVATE, file})), CAN(VM_ENOMEM),
          file->users == 1);
  EXPECT(holds(as, 0, 4, 1) && holds(as, 9, 4, 1) && file->users == 2);
  addrspace_destroy(as);
  file_destroy(file);
}

/* Anywhere: the first free place, then the next. */
static void map_anywhere(void) {
  struct addrspace *as = process();
  struct map_request request = {.length = 5000, .prot = RW, .flags = MAP_PRIVATE | MAP_ANONYMOUS};
  uaddr_t first = 0, second = 0;
  ATTEMPT(as, vm_map(as, &request, &first), CAN(VM_ENOMEM), true);
  ATTEMPT(as, vm_map(as, &request, &second), CAN(VM_ENOMEM), true);
  EXPECT(second == first + BYTES(2));
  MUST(put_at(as, second + BYTES(2) - 1, 1));
  EXPECT(get_at(as, second + BYTES(2)) == VM_ENOMAP);
  addrspace_destroy(as);
}

/* Out of the middle: a region becomes two, or nothing happens. */
static void unmap_middle(void) {
  struct addrspace *as = process_with(9);
  fill(as, 0, 9, 1);
  ATTEMPT(as, vm_unmap(as, AT(3), BYTES(3)), CAN(VM_ENOMEM), holds(as, 3, 3, 4));
  for (unsigned i = 3; i < 6; i++) EXPECT(get(as, i) == VM_ENOMAP);
  EXPECT(holds(as, 0, 3, 1) && holds(as, 6, 3, 7));
  addrspace_destroy(as);
}

/* Ends of regions, a whole one, and holes between: that takes no memory. */
static void unmap_several(void) {
  struct addrspace *as = process_with(4);
  struct sim_file *file = file_of(4, 1);
  MUST(map(as, (struct mapped){6, 4, MAP_PRIVATE, file}));
  MUST(map(as, (struct mapped){12, 4, MAP_SHARED, NULL}));
  fill(as, 0, 4, 1);
  fill(as, 12, 4, 60);
  ATTEMPT(as, vm_unmap(as, AT(2), BYTES(12)), 0, false);
  EXPECT(holds(as, 0, 2, 1) && holds(as, 14, 2, 62) && file->users == 0);
  EXPECT(get(as, 2) == VM_ENOMAP && get(as, 8) == VM_ENOMAP && get(as, 13) == VM_ENOMAP);
  addrspace_destroy(as);
  file_destroy(file);
}

/* What was changed through a mapping goes to the file; if that fails it is unmapped all the same, and
   a sync has the rest written. */
static void unmap_changed(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(6, 1);
  MUST(map(as, (struct mapped){0, 6, MAP_SHARED, file}));
  fill(as, 0, 6, 40);
  if (!TRY(vm_unmap(as, AT(1), BYTES(4)), CAN(VM_ENOMEM) | CAN(VM_EIO))) {
    bool was_split = !is_mapped(as, 1);
    EXPECT(was_split == (trouble.kind == FAIL_FILE_WRITE));
    if (!was_split) MUST(vm_unmap(as, AT(1), BYTES(4)));
    MUST(store_sync(&file->store));
  }
  for (unsigned i = 1; i < 5; i++) EXPECT(!is_mapped(as, i) && on_disk(file, i) == 40 + i);
  EXPECT(holds(as, 0, 1, 40) && holds(as, 5, 1, 45) && !file->store.lost);
  addrspace_destroy(as);
  file_destroy(file);
}

/* Other rights in the middle. */
static void protect_middle(void) {
  struct addrspace *as = process_with(6);
  fill(as, 0, 6, 1);
  ATTEMPT(as, vm_protect(as, AT(2), BYTES(2), PROT_READ), CAN(VM_ENOMEM), put(as, 2, 3) == VM_OK);
  EXPECT(put(as, 2, 9) == VM_EACCESS && put(as, 4, 5) == VM_OK);
  ATTEMPT(as, vm_protect(as, AT(3), BYTES(2), PROT_NONE), CAN(VM_ENOMEM), get(as, 3) == 4);
  EXPECT(get(as, 4) == VM_EACCESS && get(as, 2) == 3);
  ATTEMPT(as, vm_protect(as, AT(0), BYTES(6), RW), 0, true);
  EXPECT(holds(as, 0, 6, 1));
  addrspace_destroy(as);
}

/* Over several regions, one of which may not be written: all or nothing. */
static void protect_several(void) {
  struct addrspace *as = process_with(3);
  struct sim_file *file = file_of(3, 1);
  MUST(mapping_add(as, &file->store, AT(3), PROT_READ));
  fill(as, 0, 3, 1);
  EXPECT(vm_protect(as, AT(1), BYTES(4), RW) == VM_EACCESS && put(as, 3, 1) == VM_EACCESS);
  ATTEMPT(as, vm_protect(as, AT(1), BYTES(4), PROT_NONE), CAN(VM_ENOMEM), holds(as, 3, 3, 1));
  EXPECT(get(as, 1) == VM_EACCESS && get(as, 4) == VM_EACCESS && holds(as, 5, 1, 3));
  EXPECT(vm_protect(as, AT(5), BYTES(2), PROT_READ) == VM_ENOMAP);
  addrspace_destroy(as);
  file_destroy(file);
}

/* mmap: a record and a region. */
static void add_mapping(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(3, 1);
  ATTEMPT(as, mapping_add(as, &file->store, BASE, RW), CAN(VM_ENOMEM), file->users == 0);
  EXPECT(mapping_add(as, &file->store, AT(1), RW) == VM_EOVERLAP);
  EXPECT(mapping_add(as, &file->store, AT(8), PROT_READ) == 2);
  EXPECT(holds(as, 0, 3, 1) && holds(as, 8, 3, 1) && put(as, 8, 1) == VM_EACCESS);
  addrspace_destroy(as);
  file_destroy(file);
}

/* munmap: what was changed is written; if it cannot be, the mapping is gone, and the page waits. */
static void remove_mapping(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(3, 1);
  int id = (int)MUST(mapping_add(as, &file->store, BASE, RW));
  fill(as, 0, 3, 50);
  MUST(vm_protect(as, AT(1), BYTES(1), PROT_READ));
  if (!TRY(mapping_remove(as, id), CAN(VM_EIO))) MUST(store_sync(&file->store));
  EXPECT(mapping_remove(as, id) == VM_EINVAL && file->users == 0 && !is_mapped(as, 0));
  for (unsigned i = 0; i < 3; i++) EXPECT(on_disk(file, i) == 50 + i);
  addrspace_destroy(as);
  file_destroy(file);
}

/* A mapping of which a part is gone, and something else stands in its place. */
static void remove_what_is_left(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(5, 1);
  int id = (int)MUST(mapping_add(as, &file->store, BASE, RW));
  ATTEMPT(as, vm_unmap(as, AT(2), BYTES(1)), CAN(VM_ENOMEM), holds(as, 2, 1, 3));
  ATTEMPT(as, map(as, ((struct mapped){2, 1, MAP_PRIVATE, NULL})), CAN(VM_ENOMEM), true);
  fill(as, 2, 1, 9);
  ATTEMPT(as, mapping_remove(as, id), 0, false);
  EXPECT(holds(as, 2, 1, 9) && !is_mapped(as, 1) && !is_mapped(as, 3));
  addrspace_destroy(as);
  file_destroy(file);
}

/* The lower and the upper part of a file's mapping go; what remains shows the same pages. */
static void trim(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(6, 1);
  MUST(map(as, (struct mapped){0, 6, MAP_PRIVATE, file}));
  ATTEMPT(as, vm_unmap(as, AT(0), BYTES(2)), 0, false);
  ATTEMPT(as, vm_unmap(as, AT(5), BYTES(1)), 0, false);
  evict();
  for (unsigned i = 2; i < 5; i++) reads(as, i, (uint8_t)(i + 1), PAGING);
  addrspace_destroy(as);
  file_destroy(file);
}

/* The last of the kernel's memory is for faults: what takes a region is refused, and all goes on. */
static void memory_is_low(void) {
  struct addrspace *as = process_with(6);
  struct sim_file *file = file_of(2, 1);
  struct view before;
  fill(as, 0, 3, 1);
  view(&before, as);
  machine_failures.memory_is_low = true;
  EXPECT(map(as, (struct mapped){8, 1, MAP_PRIVATE, NULL}) == VM_ENOMEM);
  EXPECT(map(as, (struct mapped){8, 1, MAP_SHARED, NULL}) == VM_ENOMEM);
  EXPECT(mapping_add(as, &file->store, AT(8), RW) == VM_ENOMEM);
  EXPECT(vm_unmap(as, AT(2), BYTES(2)) == VM_ENOMEM);
  EXPECT(vm_protect(as, AT(2), BYTES(2), PROT_READ) == VM_ENOMEM);
  same(&before, as);
  fill(as, 3, 3, 4);
  EXPECT(holds(as, 0, 6, 1) && vm_unmap(as, AT(4), BYTES(2)) == VM_OK);
  machine_failures.memory_is_low = false;
  ATTEMPT(as, vm_unmap(as, AT(1), BYTES(2)), CAN(VM_ENOMEM), holds(as, 1, 2, 2));
  addrspace_destroy(as);
  file_destroy(file);
}

static const struct scenario scenarios[] = {
    {.name = "map private", .run = map_private},
    {.name = "map shared", .run = map_shared},
    {.name = "map a file", .run = map_file},
    {.name = "map anywhere", .run = map_anywhere},
    {.name = "unmap the middle", .run = unmap_middle},
    {.name = "unmap several", .run = unmap_several},
    {.name = "unmap changed pages", .run = unmap_changed},
    {.name = "protect the middle", .run = protect_middle},
    {.name = "protect several", .run = protect_several},
    {.name = "add a mapping", .run = add_mapping},
    {.name = "remove a mapping", .run = remove_mapping},
    {.name = "remove what is left", .run = remove_what_is_left},
    {.name = "memory is low", .run = memory_is_low},
    {.name = "trim", .run = trim},
};
const struct topic topic_map = {"map", scenarios, ARRAY_SIZE(scenarios)};
