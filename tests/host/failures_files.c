/* Failures: pages of files, read, written, reserved, read ahead and written together. */
#include "tests/host/failures.h"
#include "vm/port.h"
#include "vm/store.h"
#include "vm/sync.h"
#include "vm/exit.h"

/* Maps the COUNT pages of FILE as FLAGS say, in a new process. */
static struct addrspace *process_of(struct sim_file *file, unsigned count, unsigned flags) {
  struct addrspace *as = process();
  MUST(map(as, (struct mapped){0, count, flags, file}));
  return as;
}

/* Ends both. */
static void end(struct addrspace *as, struct sim_file *file) {
  addrspace_destroy(as);
  file_destroy(file);
}

/* Reads pages through a shared mapping, no two next to each other. */
static void read_shared(void) {
  struct sim_file *file = file_of(8, 1);
  struct addrspace *as = process_of(file, 8, MAP_SHARED);
  for (unsigned i = 0; i < 8; i += 3) reads(as, i, (uint8_t)(i + 1), PAGING);
  evict();
  reads(as, 3, 4, PAGING);
  end(as, file);
}

/* Reads a file through a private mapping. */
static void read_private(void) {
  struct sim_file *file = file_of(4, 1);
  struct addrspace *as = process_of(file, 4, MAP_PRIVATE);
  for (unsigned i = 0; i < 4; i++) reads(as, 3 - i, (uint8_t)(4 - i), PAGING);
  end(as, file);
}

/* Reads page after page: more and more come together, and a request for many that fails harms only what
   was asked for. */
static void read_upwards(void) {
  struct sim_file *file = file_of(24, 1);
  struct addrspace *as = process_of(file, 24, MAP_SHARED);
  for (unsigned i = 0; i < 24; i++) reads(as, i, (uint8_t)(i + 1), PAGING);
  EXPECT(vm_stats.file_read_requests < 24 || trouble.kind >= 0);
  end(as, file);
}

/* Reads a file from its last page down, which is read ahead as well. */
static void read_downwards(void) {
  struct sim_file *file = file_of(24, 1);
  struct addrspace *as = process_of(file, 24, MAP_PRIVATE);
  for (unsigned i = 24; i-- > 0;) reads(as, i, (uint8_t)(i + 1), PAGING);
  EXPECT(vm_stats.file_read_requests < 24 || trouble.kind >= 0);
  end(as, file);
}

/* Pages that were advised to be read in order come all at once. */
static void read_sequential(void) {
  struct sim_file *file = file_of(24, 1);
  struct addrspace *as = process_of(file, 24, MAP_PRIVATE);
  MUST(vm_advise(as, AT(0), BYTES(12), ADVICE_SEQUENTIAL));
  MUST(vm_advise(as, AT(12), BYTES(12), ADVICE_RANDOM));
  for (unsigned i = 4; i < 20; i++) reads(as, i, (uint8_t)(i + 1), PAGING);
  end(as, file);
}

/* A request for many that fails once is tried again for the page that is needed: nobody is told. */
static void read_many(void) {
  struct sim_file *file = file_of(24, 1);
  struct addrspace *as = process_of(file, 24, MAP_PRIVATE);
  MUST(vm_advise(as, BASE, BYTES(24), ADVICE_SEQUENTIAL));
  bool is_single = trouble.kind == FAIL_FILE_READ && !trouble.forever;
  reads(as, 3, 4, is_single ? 0 : PAGING);
  EXPECT(holds(as, 0, 24, 1));
  end(as, file);
}

/* Writes through a mapping; what is there stays until it is written, and comes to the disk. */
static void write_shared(void) {
  struct sim_file *file = file_of(4, 1);
  struct addrspace *as = process_of(file, 4, MAP_SHARED);
  for (unsigned i = 0; i < 4; i++) writes(as, i, (uint8_t)(i + 1), (uint8_t)(i + 51));
  EXPECT(store_is_dirty(&file->store));
  MUST(vm_sync(as, BASE, BYTES(4)));
  EXPECT(!store_is_dirty(&file->store));
  for (unsigned i = 0; i < 4; i++) EXPECT(on_disk(file, i) == i + 51);
  end(as, file);
}

/* Writes into holes, which get blocks; old content of the disk never shows. */
static void write_holes(void) {
  struct sim_file *file = file_of(4, 0);
  for (unsigned i = 0; i < 4; i++) file_make_hole(file, i);
  struct addrspace *as = process_of(file, 4, MAP_SHARED);
  reads(as, 1, 0, PAGING);
  for (unsigned i = 0; i < 4; i += 2) writes(as, i, 0, (uint8_t)(i + 1));
  evict();
  for (unsigned i = 0; i < 4; i++) {
    reads(as, i, i % 2 == 0 ? (uint8_t)(i + 1) : 0, PAGING);
    EXPECT(get_at(as, AT(i) + 5) == 0);
    EXPECT(file->has_block[i] == (i % 2 == 0) && (file->disk[BYTES(i) + 5] == 0));
  }
  end(as, file);
}

/* Changed pages of a file leave for others, one by one or together; a page that cannot be written
   stays, and nothing is lost as long as there are frames. */
static void changed_pages_leave(void) {
  struct sim_file *file = file_of(12, 1);
  struct addrspace *as = process_of(file, 12, MAP_SHARED);
  MUST(map(as, (struct mapped){20, 12, MAP_PRIVATE, NULL}));
  for (unsigned i = 0; i < 12; i++) {
    writes(as, i, (uint8_t)(i + 1), (uint8_t)(i + 51));
    writes(as, 20 + i, 0, (uint8_t)(i + 91));
  }
  EXPECT(holds(as, 20, 12, 91));
  if (file->store.lost) {
    EXPECT(trouble.kind == FAIL_FILE_WRITE && trouble.forever);
  } else {
    EXPECT(holds(as, 0, 12, 51));
    MUST(vm_sync(as, BASE, BYTES(12)));
    for (unsigned i = 0; i < 12; i++) EXPECT(on_disk(file, i) == i + 51);
  }
  end(as, file);
}

/* Who goes on in a pool full of pages that cannot be written gets frames; the file is known to have lost
   something, and says so for good. */
static void last_resort(void) {
  struct sim_file *file = file_of(20, 1);
  struct addrspace *as = process_of(file, 20, MAP_SHARED);
  machine_failures.fail_at[FAIL_FILE_WRITE] = 1;
  machine_failures.forever = true;
  for (unsigned i = 0; i < 14 && !file->store.lost; i++) {
    int error = put(as, i, 99);
    EXPECT(error == VM_OK || error == VM_EIO);
  }
  machine_failures.fail_at[FAIL_FILE_WRITE] = 0;
  EXPECT(file->store.lost);
  EXPECT(vm_sync(as, BASE, BYTES(20)) == VM_EIO);
  evict();
  EXPECT(get(as, 19) == VM_EIO && put(as, 19, 1) == VM_EIO);
  MUST(map(as, (struct mapped){30, 4, MAP_PRIVATE, NULL}));
  for (unsigned i = 0; i < 4; i++) writes(as, 30 + i, 0, 1);
  end(as, file);
}

/* One page, shown at two places and in two processes. */
static void shown_twice(void) {
  struct sim_file *file = file_of(2, 1);
  struct addrspace *other = process_of(file, 2, MAP_SHARED);
  struct addrspace *as = process_of(file, 2, MAP_SHARED);
  MUST(map(as, (struct mapped){9, 2, MAP_SHARED, file}));
  writes(as, 1, 2, 60);
  reads(as, 10, 60, PAGING);
  machine_activate(other);
  reads(other, 1, 60, PAGING);
  writes(other, 1, 60, 61);
  EXPECT(get(as, 1) == 61 && addrspace_count_shared(as) == 2);
  addrspace_destroy(other);
  end(as, file);
}

/* A running program's file: nobody writes to it, whatever fails. */
static void running_program(void) {
  struct sim_file *file = file_of(3, 1);
  struct addrspace *as = process_of(file, 3, MAP_SHARED);
  writes(as, 0, 1, 30);
  EXPECT(store_start_writing(&file->store) && !store_deny_writing(&file->store));
  store_stop_writing(&file->store);
  EXPECT(store_deny_writing(&file->store) && !store_start_writing(&file->store));
  EXPECT(put(as, 0, 31) == VM_EACCESS && put(as, 1, 31) == VM_EACCESS);
  evict();
  reads(as, 0, 30, PAGING);
  store_allow_writing(&file->store);
  writes(as, 0, 30, 32);
  end(as, file);
}

/* The page at the end of a file: what mappings wrote beyond it is forgotten, and is zero when the file
   grows. */
static void beyond_the_end(void) {
  struct sim_file *file = file_create(200, BYTES(2));
  struct addrspace *as = process_of(file, 1, MAP_SHARED);
  writes(as, 0, 0, 5);
  MUST(put_at(as, BASE + 1000, 77));
  ATTEMPT(as, vm_sync(as, BASE, BYTES(1)), CAN(VM_EIO), get_at(as, BASE + 1000) == 77);
  EXPECT(on_disk(file, 0) == 5 && file->disk[1000] == 0);
  uint8_t byte = 8;
  EXPECT(MUST(store_write(&file->store, 2000, &byte, 1)) == 1);
  EXPECT(get_at(as, BASE + 1000) == 0 && get_at(as, BASE + 2000) == 8);
  end(as, file);
}

/* Clean pages that nobody maps go without a word. */
static void drop_clean(void) {
  struct sim_file *file = file_of(6, 1);
  struct addrspace *as = process_of(file, 6, MAP_SHARED);
  for (unsigned i = 0; i < 6; i++) reads(as, i, (uint8_t)(i + 1), PAGING);
  MUST(vm_unmap(as, BASE, BYTES(6)));
  struct vm_stats before, after;
  vm_get_stats(&before);
  vm_drop_clean();
  vm_get_stats(&after);
  EXPECT(before.pages_cached == 6 && after.pages_cached == 0);
  end(as, file);
}

static const struct scenario scenarios[] = {
    {.name = "read shared", .run = read_shared},
    {.name = "read private", .run = read_private},
    {.name = "read upwards", .run = read_upwards, .frames = 64},
    {.name = "read downwards", .run = read_downwards, .frames = 64},
    {.name = "read sequential", .run = read_sequential, .frames = 64},
    {.name = "read many", .run = read_many, .frames = 64},
    {.name = "write shared", .run = write_shared},
    {.name = "write holes", .run = write_holes},
    {.name = "changed pages leave", .run = changed_pages_leave},
    {.name = "last resort", .run = last_resort, .frames = 8},
    {.name = "shown twice", .run = shown_twice},
    {.name = "running program", .run = running_program},
    {.name = "beyond the end", .run = beyond_the_end},
    {.name = "drop clean", .run = drop_clean},
};
const struct topic topic_files = {"files", scenarios, ARRAY_SIZE(scenarios)};
