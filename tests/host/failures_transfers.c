/* Failures: read() and write() of files, and the kernel's access to user memory. */
#include <string.h>
#include "tests/host/failures.h"
#include "vm/store.h"
#include "vm/user.h"
#include "vm/sync.h"
#include "vm/exit.h"

#define SIZE 9000

static uint8_t buffer[BYTES(3)], content[SIZE];

/* Content that differs at every place and by SEED. */
static void make_content(uint8_t seed) {
  for (unsigned i = 0; i < SIZE; i++) content[i] = (uint8_t)(i * 7 + i / 251 + seed);
}

/* A file of three pages with the content. */
static struct sim_file *file_with_content(uint32_t length) {
  struct sim_file *file = file_create(length, BYTES(8));
  make_content(1);
  if (length > 0) memcpy(file->disk, content, MIN(length, SIZE));
  return file;
}

/* Whether FILE on disk holds SIZE bytes of content from byte AT on. */
static bool is_on_disk(struct sim_file *file, uint32_t at) {
  MUST(store_sync(&file->store));
  return memcmp(file->disk + at, content, SIZE) == 0;
}

/* Into the kernel's memory.  Fewer bytes than asked for are right ones. */
static void read_to_kernel(void) {
  struct sim_file *file = file_with_content(SIZE);
  machine_activate(NULL);
  memset(buffer, 0, SIZE);
  work();
  long got = store_read(&file->store, 100, buffer, SIZE);
  if (judge(got, PAGING, "store_read()") && got < SIZE - 100) EXPECT(has_failed());
  if (got > 0) EXPECT(memcmp(buffer, content + 100, (size_t)got) == 0);
  EXPECT(MUST(store_read(&file->store, 100, buffer, SIZE)) == SIZE - 100);
  EXPECT(memcmp(buffer, content + 100, SIZE - 100) == 0);
  EXPECT(store_read(&file->store, SIZE, buffer, 1) == 0);
  file_destroy(file);
}

/* Over what is there, from the kernel's memory: bytes that were not written are as before. */
static void write_over(void) {
  struct sim_file *file = file_with_content(SIZE);
  memcpy(buffer, content, SIZE);
  make_content(100);
  work();
  long done = store_write(&file->store, 0, content, SIZE);
  if (judge(done, PAGING | CAN(VM_ENOSPC), "store_write()")) memcpy(buffer, content, (size_t)done);
  EXPECT(done == SIZE || has_failed());
  static uint8_t now[SIZE];
  EXPECT(MUST(store_read(&file->store, 0, now, SIZE)) == SIZE);
  EXPECT(memcmp(now, buffer, SIZE) == 0);
  EXPECT(MUST(store_write(&file->store, 0, content, SIZE)) == SIZE && is_on_disk(file, 0));
  file_destroy(file);
}

/* At the end and beyond: the file is as long as what was written. */
static void write_growing(void) {
  struct sim_file *file = file_with_content(1000);
  work();
  long done = store_write(&file->store, 6000, content, SIZE);
  bool fine = judge(done, PAGING | CAN(VM_ENOSPC), "store_write()");
  EXPECT(store_length(&file->store) >= (fine ? 6000 + (uint32_t)done : 1000));
  EXPECT(fine || store_length(&file->store) == 1000);
  EXPECT(MUST(store_write(&file->store, 6000, content, SIZE)) == SIZE && is_on_disk(file, 6000));
  EXPECT(store_length(&file->store) == 6000 + SIZE);
  for (unsigned i = 1000; i < 6000; i++) EXPECT(file->disk[i] == 0);
  file_destroy(file);
}

/* Into holes. */
static void write_to_holes(void) {
  struct sim_file *file = file_create(BYTES(4), BYTES(4));
  for (unsigned i = 0; i < 4; i++) file_make_hole(file, i);
  make_content(3);
  work();
  long done = store_write(&file->store, 3000, content, SIZE);
  judge(done, PAGING | CAN(VM_ENOSPC), "store_write()");
  EXPECT(MUST(store_write(&file->store, 3000, content, SIZE)) == SIZE && is_on_disk(file, 3000));
  for (unsigned i = 0; i < 3000; i++) EXPECT(file->disk[i] == 0);
  file_destroy(file);
}

/* read() to memory that is IN frames, or not: then by way of a page of the kernel. */
static void read_to(bool in) {
  struct sim_file *file = file_with_content(SIZE);
  struct addrspace *as = process_with(4);
  fill(as, 0, 4, 1);
  if (!in) evict();
  struct user_range range = {.as = as, .address = BASE + 50, .size = SIZE};
  work();
  long got = store_read_user(&file->store, 0, &range);
  EXPECT(!judge(got, PAGING, "store_read_user()") || got == SIZE || has_failed());
  EXPECT(range.error == VM_OK || has_failed());
  EXPECT(MUST(store_read_user(&file->store, 0, &range)) == SIZE);
  MUST(user_read(as, buffer, BASE + 50, SIZE));
  EXPECT(memcmp(buffer, content, SIZE) == 0);
  addrspace_destroy(as);
  file_destroy(file);
}

static void read_to_memory(void) {
  read_to(true);
}

static void read_to_swapped(void) {
  read_to(false);
}

/* write() from memory that is IN frames, or not. */
static void write_from(bool in) {
  struct sim_file *file = file_create(0, BYTES(8));
  struct addrspace *as = process_with(4);
  make_content(9);
  MUST(user_write(as, BASE + 50, content, SIZE));
  if (!in) evict();
  struct user_range range = {.as = as, .address = BASE + 50, .size = SIZE};
  work();
  long done = store_write_user(&file->store, 10, &range);
  EXPECT(!judge(done, PAGING | CAN(VM_ENOSPC), "store_write_user()") || done == SIZE ||
         has_failed());
  EXPECT(MUST(store_write_user(&file->store, 10, &range)) == SIZE && is_on_disk(file, 10));
  addrspace_destroy(as);
  file_destroy(file);
}

static void write_from_memory(void) {
  write_from(true);
}

static void write_from_swapped(void) {
  write_from(false);
}

/* From a mapping of the very file, and into it. */
static void file_onto_itself(void) {
  struct sim_file *file = file_with_content(SIZE);
  struct addrspace *as = process();
  MUST(map(as, (struct mapped){0, 3, MAP_SHARED, file}));
  struct user_range range = {.as = as, .address = BASE, .size = SIZE};
  work();
  long done = store_write_user(&file->store, 0, &range);
  judge(done, PAGING | CAN(VM_ENOSPC), "store_write_user()");
  work();
  done = store_read_user(&file->store, 0, &range);
  judge(done, PAGING | CAN(VM_ENOSPC), "store_read_user()");
  EXPECT(MUST(store_read_user(&file->store, 0, &range)) == SIZE && is_on_disk(file, 0));
  addrspace_destroy(as);
  file_destroy(file);
}

/* Moves SIZE bytes of the file from FROM to TO, by write() or by read() of its own mapping of three pages; IN
   frames or not.  Each piece is taken before it is stored. */
static void shift(unsigned from, unsigned to, bool in, bool is_read) {
  struct sim_file *file = file_with_content(BYTES(3));
  struct addrspace *as = process();
  MUST(map(as, (struct mapped){0, 3, MAP_SHARED, file}));
  for (unsigned i = 0; i < 3; i++) MUST(get(as, i));
  if (!in) evict();
  static uint8_t want[BYTES(3)];
  MUST(store_read(&file->store, 0, want, sizeof want));
  unsigned side = is_read ? from : to;
  for (unsigned done = 0, piece; done < SIZE; done += piece) {
    piece = MIN(SIZE - done, VM_PAGE_SIZE - (side + done) % VM_PAGE_SIZE);
    memmove(want + to + done, want + from + done, piece);
  }
  struct user_range range = {.as = as, .address = BASE + (is_read ? to : from), .size = SIZE};
  if (is_read)
    EXPECT(MUST(store_read_user(&file->store, from, &range)) == SIZE);
  else
    EXPECT(MUST(store_write_user(&file->store, to, &range)) == SIZE);
  MUST(user_read(as, buffer, BASE, BYTES(3)));
  EXPECT(memcmp(buffer, want, BYTES(3)) == 0);
  addrspace_destroy(as);
  file_destroy(file);
}

/* Bytes of a file that go to another place in it. */
static void file_shifted(void) {
  for (unsigned way = 0; way < 4; way++) {
    shift(0, 100, way & 1, way & 2);
    shift(100, 0, way & 1, way & 2);
    shift(0, BYTES(3) - SIZE, way & 1, way & 2);
  }
}

/* A source that ends beyond the end of its file, in the middle of a piece, at OFFSET: the file ends with what
   was taken. */
static void end_early(uint32_t offset, bool in) {
  struct sim_file *source = file_of(1, 7), *file = file_create(100, BYTES(8));
  struct addrspace *as = process();
  MUST(map(as, (struct mapped){0, 3, MAP_SHARED, source}));
  if (in) MUST(get(as, 0));
  struct user_range range = {.as = as, .address = AT(1) - 500, .size = 3000};
  EXPECT(store_write_user(&file->store, offset, &range) == 500 && range.error == VM_EEOF);
  EXPECT(store_length(&file->store) == offset + 500);
  addrspace_destroy(as);
  file_destroy(source);
  file_destroy(file);
}

static void source_ends_early(void) {
  for (unsigned in = 0; in < 2; in++) {
    end_early(100, in);
    end_early(3900, in);
    end_early(6000, in);
  }
}

/* Memory that is not there, or not to be written, is told beside what was moved before; a later transfer
   that fails for other reasons does not tell it again. */
static void bad_memory(void) {
  struct sim_file *file = file_with_content(SIZE);
  struct addrspace *as = process_with(2);
  struct user_range range = {.as = as, .address = BASE, .size = SIZE};
  EXPECT(store_read_user(&file->store, 0, &range) == 2 * VM_PAGE_SIZE && range.error == VM_ENOMAP);
  EXPECT(store_write_user(&file->store, 0, &range) == 2 * VM_PAGE_SIZE && range.error == VM_ENOMAP);
  MUST(vm_protect(as, BASE, BYTES(2), PROT_READ));
  EXPECT(store_read_user(&file->store, 0, &range) == VM_EACCESS && range.error == VM_EACCESS);
  range.size = 2 * VM_PAGE_SIZE;
  work();
  long done = store_write_user(&file->store, 0, &range);
  judge(done, PAGING | CAN(VM_ENOSPC), "store_write_user()");
  EXPECT(range.error == VM_OK || has_failed());
  range.size = 1;
  EXPECT(store_read_user(&file->store, 0, &range) == VM_EACCESS && range.error == VM_EACCESS);
  EXPECT(store_read_user(&file->store, store_length(&file->store), &range) == 0);
  EXPECT(range.error == VM_OK);
  addrspace_destroy(as);
  file_destroy(file);
}

/* The kernel's copies to and from user memory. */
static void user_memory(void) {
  struct addrspace *as = process_with(4);
  make_content(5);
  ATTEMPT(as, user_write(as, BASE + 7, content, SIZE), PAGING, true);
  evict();
  memset(buffer, 0, SIZE);
  ATTEMPT(as, user_read(as, buffer, BASE + 7, SIZE), PAGING, true);
  EXPECT(memcmp(buffer, content, SIZE) == 0);
  EXPECT(user_read(as, buffer, USER_END - 10, 11) == VM_ERANGE);
  EXPECT(user_write(as, USER_END, content, 1) == VM_ERANGE);
  EXPECT(user_read(as, buffer, BASE + BYTES(4) - 5, 6) == VM_ENOMAP);
  EXPECT(user_write(as, BASE + BYTES(4) - 5, content, 6) == VM_ENOMAP);
  addrspace_destroy(as);
}

/* A string over the edge of a page. */
static void user_strings(void) {
  static const char words[] = "what is it that we lost here";
  struct addrspace *as = process_with(2);
  char text[100];
  MUST(user_write(as, AT(1) - 8, words, sizeof words));
  evict();
  ATTEMPT(as, user_read_string(as, text, AT(1) - 8, sizeof text), PAGING, true);
  EXPECT(strcmp(text, words) == 0);
  EXPECT(user_read_string(as, text, AT(1) - 8, 5) == 5);
  EXPECT(user_read_string(as, text, AT(2), 5) == VM_ENOMAP);
  EXPECT(user_read_string(as, text, USER_END, 5) == VM_ERANGE);
  MUST(put_at(as, USER_END - 2, 'a'));
  MUST(put_at(as, USER_END - 1, 'b'));
  EXPECT(user_read_string(as, text, USER_END - 2, 9) == VM_ERANGE);
  addrspace_destroy(as);
}

/* Asking whether memory may be accessed touches nothing, so nothing can fail. */
static void user_checks(void) {
  struct addrspace *as = process_with(4);
  MUST(vm_protect(as, AT(2), BYTES(1), PROT_READ));
  as->user_esp = USER_END - BYTES(2);
  ATTEMPT(as, user_check(as, BASE + 5, BYTES(3) - 5, ACCESS_READ), 0, false);
  ATTEMPT(as, user_check(as, as->user_esp, BYTES(2), ACCESS_WRITE), 0, false);
  ATTEMPT(as, user_check(as, USER_END, 0, ACCESS_WRITE), 0, false);
  EXPECT(user_check(as, BASE, BYTES(3), ACCESS_WRITE) == VM_EACCESS);
  EXPECT(user_check(as, BASE, BYTES(5), ACCESS_READ) == VM_ENOMAP);
  EXPECT(user_check(as, USER_END - 5, 6, ACCESS_READ) == VM_ERANGE);
  EXPECT(as->counters.resident == 0);
  addrspace_destroy(as);
}

static const struct scenario scenarios[] = {
    {.name = "read to the kernel", .run = read_to_kernel},
    {.name = "write over", .run = write_over},
    {.name = "write and grow", .run = write_growing},
    {.name = "write to holes", .run = write_to_holes},
    {.name = "read to memory", .run = read_to_memory},
    {.name = "read to swapped memory", .run = read_to_swapped},
    {.name = "write from memory", .run = write_from_memory},
    {.name = "write from swapped memory", .run = write_from_swapped},
    {.name = "a file onto itself", .run = file_onto_itself},
    {.name = "a file shifted", .run = file_shifted},
    {.name = "source ends early", .run = source_ends_early},
    {.name = "bad memory", .run = bad_memory},
    {.name = "user memory", .run = user_memory},
    {.name = "user strings", .run = user_strings},
    {.name = "user checks", .run = user_checks},
};
const struct topic topic_transfers = {"transfers", scenarios, ARRAY_SIZE(scenarios)};
