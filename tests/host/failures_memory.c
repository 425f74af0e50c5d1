/* Failures: pages of zeroes and of private copies, tables, whole address spaces. */
#include "tests/host/failures.h"
#include "vm/frame.h"
#include "vm/supply.h"
#include "vm/port.h"
#include "vm/sync.h"
#include "vm/exit.h"

/* The first touch of a page is a write. */
static void write_first(void) {
  struct addrspace *as = process_with(4);
  for (unsigned i = 0; i < 4; i++) writes(as, i, 0, (uint8_t)(i + 1));
  EXPECT(holds(as, 0, 4, 1));
  addrspace_destroy(as);
}

/* The first touch is a read: the page of zeroes, then a page of one's own. */
static void read_first(void) {
  struct addrspace *as = process_with(3);
  for (unsigned i = 0; i < 3; i++) reads(as, i, 0, CAN(VM_ENOMEM));
  for (unsigned i = 0; i < 3; i++) writes(as, i, 0, 7);
  reads(as, 1, 7, 0);
  addrspace_destroy(as);
}

/* Pages far apart: each takes a page table, a block of entries and nodes of the tree. */
static void far_apart(void) {
  static const unsigned at[] = {0, 31, 32, 1023, 1024, 40000, 500000};
  struct addrspace *as = process();
  for (unsigned i = 0; i < ARRAY_SIZE(at); i++)
    MUST(map(as, (struct mapped){at[i], 1, MAP_PRIVATE, NULL}));
  for (unsigned i = 0; i < ARRAY_SIZE(at); i++) writes(as, at[i], 0, (uint8_t)(i + 1));
  for (unsigned i = 0; i < ARRAY_SIZE(at); i++) EXPECT(holds(as, at[i], 1, (uint8_t)(i + 1)));
  addrspace_destroy(as);
}

/* A private page of a file is copied at the first write; the file stays as it is. */
static void copy_of_file(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_of(3, 40);
  MUST(map(as, (struct mapped){0, 3, MAP_PRIVATE, file}));
  reads(as, 0, 40, PAGING);
  for (unsigned i = 0; i < 3; i++) writes(as, i, (uint8_t)(40 + i), (uint8_t)(80 + i));
  evict();
  EXPECT(holds(as, 0, 3, 80));
  for (unsigned i = 0; i < 3; i++) EXPECT(on_disk(file, i) == 40 + i);
  addrspace_destroy(as);
  file_destroy(file);
}

/* A page that is partly the file's and partly zeroes is the process's own from the start. */
static void part_of_file(void) {
  struct addrspace *as = process();
  struct sim_file *file = file_create(VM_PAGE_SIZE + 200, BYTES(4));
  file->disk[VM_PAGE_SIZE + 100] = 9;
  MUST(map(as, (struct mapped){0, 3, MAP_PRIVATE, file}));
  reads(as, 1, 9, PAGING);
  evict();
  reads(as, 1, 9, PAGING);
  writes(as, 1, 9, 10);
  evict();
  reads(as, 1, 10, PAGING);
  reads(as, 2, 0, PAGING);
  addrspace_destroy(as);
  file_destroy(file);
}

/* A process begins: its address space, its stack. */
static void begin(void) {
  work();
  struct addrspace *as = addrspace_create();
  if (!judge(as != NULL ? VM_OK : VM_ENOMEM, CAN(VM_ENOMEM), "addrspace_create()"))
    as = addrspace_create();
  EXPECT(as != NULL);
  machine_activate(as);
  addrspace_lock(as);
  if (!TRY(region_add_stack(as, 1 << 16), CAN(VM_ENOMEM))) MUST(region_add_stack(as, 1 << 16));
  addrspace_unlock(as);
  MUST(put_at(as, USER_END - 4, 1));
  addrspace_destroy(as);
}

/* A process ends while everything fails: to give back takes nothing. */
static void end_of_process(void) {
  struct addrspace *as = process_with(24);
  struct sim_file *file = file_of(4, 1);
  MUST(map(as, (struct mapped){30, 4, MAP_SHARED, file}));
  fill(as, 0, 24, 1);
  fill(as, 30, 4, 60);
  work();
  addrspace_destroy(as);
  rest();
  EXPECT(store_sync(&file->store) == VM_OK);
  for (unsigned i = 0; i < 4; i++) EXPECT(on_disk(file, i) == 60 + i);
  file_destroy(file);
}

/* The kernel has borrowed what it may; what is left is enough. */
static void kernel_borrows(void) {
  struct addrspace *as = process_with(20);
  struct frame *lent[40];
  unsigned count = 0;
  while ((lent[count] = supply_lend_kernel()) != NULL) count++;
  EXPECT(count > 0 && frame_kernel_count() == count);
  for (unsigned i = 0; i < 20; i++) writes(as, i, 0, (uint8_t)(i + 1));
  EXPECT(holds(as, 0, 20, 1));
  while (count > 0) supply_take_back(lent[--count]);
  addrspace_destroy(as);
}

/* Memory that is given back and taken again is zero. */
static void again(void) {
  struct addrspace *as = process_with(12);
  for (unsigned round = 0; round < 2; round++) {
    for (unsigned i = 0; i < 12; i += 3) writes(as, i, 0, (uint8_t)(i + 1));
    MUST(vm_unmap(as, BASE, BYTES(12)));
    MUST(map(as, (struct mapped){0, 12, MAP_PRIVATE, NULL}));
  }
  EXPECT(get(as, 0) == 0 && get(as, 9) == 0);
  addrspace_destroy(as);
}

static const struct scenario scenarios[] = {
    {.name = "write first", .run = write_first},
    {.name = "read first", .run = read_first},
    {.name = "far apart", .run = far_apart},
    {.name = "copy of a file", .run = copy_of_file},
    {.name = "part of a file", .run = part_of_file},
    {.name = "begin", .run = begin},
    {.name = "end", .run = end_of_process},
    {.name = "kernel borrows", .run = kernel_borrows},
    {.name = "again", .run = again},
};
const struct topic topic_memory = {"memory", scenarios, ARRAY_SIZE(scenarios)};
