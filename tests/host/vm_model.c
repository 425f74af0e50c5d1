/* Random operations of several processes on the VM, compared with flat arrays.

   usage: vm_model [SEED [OPERATIONS [PROCESSES [FRAMES [SLOTS]]]]]

   Every process has an anonymous region, a private and a shared mapping of a file, and a heap of
   forks.  A process writes only bytes of its own (address modulo the number of processes), so that
   each knows what it must read.  vm_check() runs after every operation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/machine.h"
#include "host/threads.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/fork.h"
#include "vm/port.h"
#include "vm/user.h"
#include "vm/vm.h"

#define ANON_PAGES 40
#define FILE_PAGES 12
#define FILE_BYTES (FILE_PAGES * VM_PAGE_SIZE - 1000)
#define ANON_BASE  0x10000000u
#define PRIV_BASE  0x20000000u
#define SHARE_BASE 0x30000000u

enum area { ANON, PRIVATE, SHARED, AREAS };

/* One address space and what must be in it. */
struct model {
  struct addrspace *as;
  uint8_t *bytes[2]; /* ANON, PRIVATE. */
};

struct process {
  unsigned id;
  unsigned operations;
  struct model model;
};

static const uint32_t area_base[AREAS] = {ANON_BASE, PRIV_BASE, SHARE_BASE};
static const uint32_t area_size[AREAS] = {ANON_PAGES * VM_PAGE_SIZE, FILE_BYTES, FILE_BYTES};
static struct sim_file *private_file, *shared_file;
static uint8_t shared_bytes[FILE_BYTES];
static unsigned processes;
static unsigned long done;

/* Adds a region of AREA to AS. */
static void map_area(struct addrspace *as, enum area area) {
  struct region_spec spec = {.start = vpn_of(area_base[area]),
                             .end = vpn_of(area_base[area]) +
                                    DIV_ROUND_UP(area_size[area], VM_PAGE_SIZE),
                             .prot = PROT_READ | PROT_WRITE,
                             .kind = REGION_MAPPING,
                             .shared = area == SHARED};
  if (area == PRIVATE) spec.source = (struct region_source){&private_file->store, 0, FILE_BYTES};
  if (area == SHARED) spec.source = (struct region_source){&shared_file->store, 0, FILE_BYTES};
  addrspace_lock(as);
  int error = region_add(as, &spec);
  ASSERT(error == VM_OK);
  addrspace_unlock(as);
}

/* Where the expected byte OFFSET of AREA is kept. */
static uint8_t *expected(struct model *m, enum area area, uint32_t offset) {
  return area == SHARED ? &shared_bytes[offset] : &m->bytes[area][offset];
}

/* A random place in AREA that belongs to process P. */
static uint32_t place(const struct process *p, enum area area) {
  uint32_t page = sim_random(DIV_ROUND_UP(area_size[area], VM_PAGE_SIZE));
  uint32_t offset = page * VM_PAGE_SIZE + sim_random(40) * processes + p->id;
  return offset < area_size[area] ? offset : p->id;
}

/* Touches a byte of M and compares. */
static void touch(struct process *p, struct model *m) {
  enum area area = sim_random(AREAS);
  uint32_t offset = place(p, area);
  uint8_t byte = sim_random(256);
  bool write = sim_random(2);
  int error =
      machine_touch(m->as, area_base[area] + offset, write ? ACCESS_WRITE : ACCESS_READ, &byte);
  if (error != VM_OK) PANIC("touch: %s", vm_error_text(error));
  if (write)
    *expected(m, area, offset) = byte;
  else if (byte != *expected(m, area, offset))
    PANIC("process %u area %d offset 0x%x: is %u, should be %u", p->id, area, offset, byte,
          *expected(m, area, offset));
}

/* Reads or writes a byte of the shared file by the system-call way. */
static void transfer(struct process *p) {
  uint32_t offset = place(p, SHARED);
  machine_activate(p->model.as);
  uint32_t buffer = ANON_BASE + sim_random(ANON_PAGES) * VM_PAGE_SIZE + 2000;
  struct user_range range = {p->model.as, buffer, 1};
  uint8_t byte = sim_random(256);
  if (sim_random(2)) {
    int error = user_write(p->model.as, buffer, &byte, 1);
    ASSERT(error == VM_OK);
    p->model.bytes[ANON][buffer - ANON_BASE] = byte;
    long n = store_write_user(&shared_file->store, offset, &range);
    ASSERT(n == 1);
    shared_bytes[offset] = byte;
    return;
  }
  long n = store_read_user(&shared_file->store, offset, &range);
  ASSERT(n == 1);
  int error = user_read(p->model.as, &byte, buffer, 1);
  ASSERT(error == VM_OK);
  p->model.bytes[ANON][buffer - ANON_BASE] = byte;
  if (byte != shared_bytes[offset]) PANIC("read: offset 0x%x: is %u", offset, byte);
}

/* Forks, works on both sides, ends the child. */
static void fork_and_touch(struct process *p) {
  struct model child;
  int error = addrspace_fork(p->model.as, &child.as);
  ASSERT(error == VM_OK);
  for (int i = 0; i < 2; i++) {
    child.bytes[i] = malloc(area_size[i]);
    memcpy(child.bytes[i], p->model.bytes[i], area_size[i]);
  }
  for (int i = sim_random(60); i > 0; i--) touch(p, sim_random(2) ? &child : &p->model);
  addrspace_destroy(child.as);
  free(child.bytes[0]);
  free(child.bytes[1]);
}

/* One random operation of P. */
static void step(struct process *p) {
  uint32_t choice = sim_random(100);
  if (choice < 85)
    touch(p, &p->model);
  else if (choice < 95)
    transfer(p);
  else if (choice < 98)
    fork_and_touch(p);
  else if (store_sync(&shared_file->store) != VM_OK)
    PANIC("sync");
  const char *broken = vm_check();
  if (broken != NULL) PANIC("after operation %lu: %s", done, broken);
  done++;
}

/* The life of a process. */
static void live(void *aux) {
  struct process *p = aux;
  p->model.as = addrspace_create();
  for (int area = 0; area < AREAS; area++) map_area(p->model.as, area);
  p->model.bytes[ANON] = calloc(1, area_size[ANON]);
  p->model.bytes[PRIVATE] = malloc(area_size[PRIVATE]);
  memcpy(p->model.bytes[PRIVATE], private_file->disk, area_size[PRIVATE]);
  while (p->operations-- > 0) step(p);
  addrspace_destroy(p->model.as);
  free(p->model.bytes[0]);
  free(p->model.bytes[1]);
}

/* What ARGV says at INDEX, or OTHERWISE. */
static unsigned long argument(int argc, char **argv, int index, unsigned long otherwise) {
  return argc > index ? strtoul(argv[index], NULL, 0) : otherwise;
}

int main(int argc, char **argv) {
  struct machine_options options = {.seed = argument(argc, argv, 1, 1), .latency = 6};
  unsigned operations = argument(argc, argv, 2, 20000);
  processes = argument(argc, argv, 3, 3);
  options.frames = argument(argc, argv, 4, 16);
  options.slots = argument(argc, argv, 5, 512);
  machine_init(&options);
  size_t blocks = machine_blocks;
  private_file = file_create(FILE_BYTES, FILE_BYTES);
  shared_file = file_create(FILE_BYTES, FILE_BYTES);
  for (uint32_t i = 0; i < FILE_BYTES; i++) private_file->disk[i] = i * 7 + i / 4096;
  struct process all[8] = {0};
  for (unsigned i = 0; i < processes; i++) {
    all[i] = (struct process){.id = i, .operations = operations / processes};
    thread_spawn(live, &all[i]);
  }
  if (threads_run() > 0) PANIC("threads are left");
  if (store_sync(&shared_file->store) != VM_OK) PANIC("sync");
  if (memcmp(shared_file->disk, shared_bytes, FILE_BYTES) != 0) PANIC("the file is wrong on disk");
  file_destroy(shared_file);
  file_destroy(private_file);
  const char *broken = vm_check();
  if (broken != NULL) PANIC("at the end: %s", broken);
  if (machine_blocks != blocks) PANIC("%zu blocks are lost", machine_blocks - blocks);
  struct vm_stats stats;
  vm_get_stats(&stats);
  if (stats.frames_free != stats.frames_total || stats.slots_used > 0)
    PANIC("frames or slots are lost");
  printf("seed %lu: %lu operations, %u faults, %lu clean and %lu dirty evictions: ok\n",
         (unsigned long)options.seed, done, stats.totals.faults,
         (unsigned long)stats.evictions_clean, (unsigned long)stats.evictions_dirty);
  machine_finish();
  return 0;
}
