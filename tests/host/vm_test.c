/* Unit tests of what the VM says: reasons in plain words, figures, policies by name; and of small things that
   nobody runs into by chance. */
#include "tests/host/vm_test.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "host/file.h"
#include "host/machine.h"
#include "host/threads.h"
#include "vm/error.h"
#include "vm/exit.h"
#include "vm/explain.h"
#include "vm/fork.h"
#include "vm/frame.h"
#include "vm/heap.h"
#include "vm/map.h"
#include "vm/mmap.h"
#include "vm/policy.h"
#include "vm/port.h"
#include "vm/reclaim.h"
#include "vm/stack.h"
#include "vm/supply.h"
#include "vm/vm.h"

/* A machine of FRAMES frames and SLOTS slots, and on it a process with a stack. */
struct addrspace *start(frameno_t frames, slot_t slots) {
  struct machine_options options = {.seed = 1, .frames = frames, .slots = slots};
  machine_init(&options);
  struct addrspace *as = addrspace_create();
  assert_non_null(as);
  heap_init(as, BASE - (1 << 20));
  addrspace_lock(as);
  assert_int_equal(region_add_stack(as, 1 << 20), VM_OK);
  addrspace_unlock(as);
  as->user_esp = USER_END - 100;
  return as;
}

/* Ends both. */
void finish(struct addrspace *as) {
  addrspace_destroy(as);
  assert_null(vm_check());
  machine_finish();
}

/* Adds COUNT pages of KIND with PROT at ADDRESS of AS. */
void add(struct addrspace *as, uaddr_t address, unsigned kind, uint8_t prot) {
  struct region_spec spec = {
      .start = vpn_of(address), .end = vpn_of(address) + 2, .prot = prot, .kind = (uint8_t)kind};
  addrspace_lock(as);
  assert_int_equal(region_add(as, &spec), VM_OK);
  addrspace_unlock(as);
}

/* What is said about ERROR of ACCESS to ADDRESS of AS. */
static const char *said(struct addrspace *as, uaddr_t address, enum vm_access access, int error) {
  static char text[200];
  struct refusal refusal = {as, address, access, error, "prog"};
  vm_explain(&refusal, text, sizeof text);
  return text;
}

/* Where nothing is mapped: by the nearest landmark. */
static void test_explain_holes(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  add(as, BASE, REGION_CODE, PROT_READ);
  assert_string_equal(said(as, 8, ACCESS_READ, VM_ENOMAP),
                      "no memory at 0x00000008: a null pointer, or an offset from one");
  assert_string_equal(said(as, BASE - 16, ACCESS_READ, VM_ENOMAP),
                      "no memory at 0x0ffffff0: 16 bytes below the code at 0x10000000");
  assert_string_equal(said(as, BASE - 8192, ACCESS_READ, VM_ENOMAP),
                      "no memory at 0x0fffe000: 8 KiB below the code at 0x10000000");
  assert_string_equal(said(as, BASE + 8192, ACCESS_READ, VM_ENOMAP),
                      "no memory at 0x10002000: just behind the code");
  assert_string_equal(said(as, BASE + 8192 + 5000, ACCESS_READ, VM_ENOMAP),
                      "no memory at 0x10003388: 4 KiB behind the code, which ends at 0x10002000");
  add(as, BASE + 6 * 4096, REGION_HEAP, RW);
  assert_string_equal(said(as, BASE + 8 * 4096 + 4, ACCESS_WRITE, VM_ENOMAP),
                      "no memory at 0x10008004: just behind the heap");
  add(as, BASE + 12 * 4096, REGION_MAPPING, RW);
  assert_string_equal(said(as, BASE + 14 * 4096, ACCESS_WRITE, VM_ENOMAP),
                      "no memory at 0x1000e000: just behind the mapping");
  assert_string_equal(said(as, BASE + 12 * 4096 - 100, ACCESS_WRITE, VM_ENOMAP),
                      "no memory at 0x1000bf9c: 100 bytes below the mapping at 0x1000c000");
  assert_string_equal(said(as, BASE + 5 * 4096, ACCESS_WRITE, VM_ENOMAP),
                      "no memory at 0x10005000: 4 KiB below the heap at 0x10006000");
  assert_string_equal(
      said(as, BASE + 14 * 4096 + 0x10000, ACCESS_WRITE, VM_ENOMAP),
      "no memory at 0x1001e000: 2883460 KiB below the stack, 2883463 KiB below esp");
  assert_string_equal(said(as, USER_END - 8192, ACCESS_WRITE, VM_ENOMAP),
                      "no memory at 0xbfffe000: 4 KiB below the stack, 7 KiB below esp");
  as->user_esp = USER_END - 8292;
  assert_string_equal(said(as, USER_END - 8192, ACCESS_WRITE, VM_ENOMAP),
                      "no memory at 0xbfffe000: 4 KiB below the stack");
  assert_string_equal(said(as, USER_END, ACCESS_READ, VM_ENOMAP),
                      "touched 0xc0000000, which is the kernel's");
  finish(as);
}

/* A process with no stack, beyond all it has. */
static void test_explain_beyond(void **state) {
  (void)state;
  struct machine_options options = {.seed = 1, .frames = 16};
  machine_init(&options);
  struct addrspace *as = addrspace_create();
  assert_string_equal(said(as, BASE, ACCESS_READ, VM_ENOMAP), "no memory at 0x10000000");
  finish(as);
}

/* Rights, by kind of region; the address is moved to where the trouble is. */
static void test_explain_rights(void **state) {
  (void)state;
  static const char *const names[] = {"code", "data", "heap", "a mapping"};
  static const unsigned kinds[] = {REGION_CODE, REGION_DATA, REGION_HEAP, REGION_MAPPING};
  struct addrspace *as = start(16, 16);
  for (unsigned i = 0; i < 4; i++) {
    char expected[100];
    add(as, BASE + i * 8192, kinds[i], i == 1 ? PROT_NONE : PROT_READ);
    snprintf(expected, sizeof expected, "%s page 0x1000%u000 of `prog' (%s)",
             i == 1 ? "touched the inaccessible" : "wrote to the read-only", 2 * i, names[i]);
    assert_string_equal(said(as, BASE + i * 8192 + 5, ACCESS_WRITE, VM_EACCESS), expected);
  }
  assert_int_equal(vm_protect(as, USER_END - VM_PAGE_SIZE, VM_PAGE_SIZE, PROT_READ), VM_OK);
  assert_string_equal(said(as, USER_END - 4, ACCESS_WRITE, VM_EACCESS),
                      "wrote to the read-only page 0xbffff000 of `prog' (stack)");
  assert_string_equal(said(as, BASE, ACCESS_READ, VM_EACCESS),
                      "touched the inaccessible page 0x10002000 of `prog' (data)");
  finish(as);
}

/* The stack's limit, ranges, and what needs no more than its own words. */
static void test_explain_others(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  assert_string_equal(said(as, USER_END - (2 << 20), ACCESS_WRITE, VM_ELIMIT),
                      "no memory at 0xbfe00000: the stack may not grow over its limit of 1024 KiB");
  assert_string_equal(said(as, USER_END - 9000, ACCESS_WRITE, VM_ELIMIT),
                      "no memory at 0xbfffdcd8: the stack has grown down to other memory");
  assert_string_equal(said(as, BASE, ACCESS_WRITE, VM_ERANGE),
                      "wanted memory from 0x10000000 on that ends beyond user space");
  assert_string_equal(said(as, BASE + 7, ACCESS_READ, VM_EIO),
                      "page 0x10000000: the disk could not be read or written");
  finish(as);
}

/* Out of memory: frames, and what became of swap. */
static void test_explain_memory(void **state) {
  (void)state;
  struct addrspace *as = start(16, 0);
  assert_string_equal(said(as, BASE, ACCESS_WRITE, VM_ENOFRAME),
                      "out of memory: 0 frames pinned or dirty, no swap");
  finish(as);
  as = start(16, 40);
  add(as, BASE, REGION_DATA, RW);
  uint8_t byte = 1;
  assert_int_equal(machine_touch(as, BASE, ACCESS_WRITE, &byte), VM_OK);
  assert_string_equal(said(as, BASE, ACCESS_WRITE, VM_ENOFRAME),
                      "out of memory: 1 frames pinned or dirty, swap full (0 of 40 slots, the rest "
                      "kept for pages there are)");
  machine_failures.fail_at[FAIL_SWAP_WRITE] = 1;
  machine_failures.forever = true;
  port_vm_lock();
  assert_int_equal(reclaim_frames(), VM_ENOFRAME);
  port_vm_unlock();
  assert_string_equal(
      said(as, BASE, ACCESS_WRITE, VM_ENOFRAME),
      "out of memory: 1 frames pinned or dirty, swap full (40 of 40 slots, some of them bad)");
  finish(as);
}

/* Every error has words of its own. */
static void test_error_texts(void **state) {
  (void)state;
  for (int error = 0; error >= VM_RETRY; error--) {
    assert_string_not_equal(vm_error_text(error), "unknown error");
    for (int other = 0; other > error; other--)
      assert_string_not_equal(vm_error_text(error), vm_error_text(other));
  }
  assert_string_equal(vm_error_text(VM_RETRY - 1), "unknown error");
  assert_string_equal(vm_error_text(1), "unknown error");
}

/* Policies are found by name; without one there is no VM. */
static void test_policies(void **state) {
  (void)state;
  assert_ptr_equal(policy_lookup("clock"), &policy_clock);
  assert_ptr_equal(policy_lookup(NULL), &policy_duo);
  assert_null(policy_lookup("clocks"));
  struct vm_options options = {.frames = 4, .policy = "none"};
  memory_init(4);
  disk_init(0);
  assert_false(vm_init(&options));
  machine_finish();
}

/* The VM does not start without memory for its tables. */
static void test_start_without_memory(void **state) {
  (void)state;
  for (unsigned n = 1; n <= 2; n++) {
    struct vm_options options = {.frames = 4};
    memory_init(4);
    disk_init(0);
    machine_failures = (struct machine_failures){.fail_at[FAIL_ALLOC] = n};
    assert_false(vm_init(&options));
    machine_failures = (struct machine_failures){0};
    machine_finish();
  }
}

/* The figures are those of what happened. */
static void test_figures(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  struct vm_stats stats;
  uint8_t byte = 1;
  add(as, BASE, REGION_DATA, RW);
  add(as, BASE + 8192, REGION_DATA, RW);
  assert_int_equal(machine_touch(as, BASE, ACCESS_WRITE, &byte), VM_OK);
  assert_int_equal(machine_touch(as, BASE + 8192, ACCESS_READ, &byte), VM_OK);
  assert_int_equal(vm_lock(as, BASE, 4096), VM_OK);
  vm_get_stats(&stats);
  assert_int_equal(stats.frames_total, 16);
  assert_int_equal(stats.frames_free, 15);
  assert_int_equal(stats.frames_pinned, 1);
  assert_int_equal(stats.frames_dirty, 1);
  assert_int_equal(stats.slots_total, 16);
  assert_int_equal(stats.totals.resident, 2);
  assert_int_equal(stats.totals.faults_of[FAULT_ZERO], 1);
  assert_int_equal(vm_unlock(as, BASE, 4096), VM_OK);
  port_vm_lock();
  while (reclaim_frames() == VM_OK) continue;
  port_vm_unlock();
  vm_get_stats(&stats);
  assert_int_equal(stats.totals.swapped, 1);
  assert_int_equal(stats.slots_used, 1);
  assert_int_equal(stats.evictions_dirty, 1);
  assert_int_equal(stats.swap_writes, 1);
  assert_int_equal(machine_touch(as, BASE, ACCESS_READ, &byte), VM_OK);
  vm_get_stats(&stats);
  assert_int_equal(stats.totals.faults_of[FAULT_SWAP], 1);
  assert_int_equal(stats.swap_reads, 1);
  finish(as);
}

/* Arguments without meaning are refused, each for its own reason. */
static void test_map_requests(void **state) {
  (void)state;
  static const struct {
    struct map_request request;
    int error;
  } cases[] = {
      {{.length = 1, .prot = RW, .flags = MAP_ANONYMOUS}, VM_EINVAL},
      {{.length = 1, .prot = RW, .flags = MAP_ANONYMOUS | MAP_PRIVATE | MAP_SHARED}, VM_EINVAL},
      {{.length = 1, .prot = RW, .flags = MAP_ANONYMOUS | MAP_PRIVATE | 16}, VM_EINVAL},
      {{.length = 1, .prot = 8, .flags = MAP_ANONYMOUS | MAP_PRIVATE}, VM_EINVAL},
      {{.length = 1, .prot = RW, .flags = MAP_PRIVATE}, VM_EINVAL},
      {{.length = 0, .prot = RW, .flags = MAP_ANONYMOUS | MAP_PRIVATE}, VM_ERANGE},
      {{.length = USER_END + 1, .prot = RW, .flags = MAP_ANONYMOUS | MAP_PRIVATE}, VM_ERANGE},
      {{.address = 1, .length = 1, .flags = MAP_ANONYMOUS | MAP_PRIVATE}, VM_ERANGE},
      {{.length = 1, .flags = MAP_ANONYMOUS | MAP_PRIVATE, .offset = 5}, VM_ERANGE},
      {{.length = 1, .flags = MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED}, VM_ERANGE},
      {{.address = USER_END, .length = 1, .flags = MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED},
       VM_ERANGE},
      {{.address = USER_END - 4096, .length = 1, .flags = MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED},
       VM_EOVERLAP},
      {{.address = BASE, .length = 1, .flags = MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED},
       VM_EOVERLAP},
      {{.length = USER_END - (1 << 20), .flags = MAP_ANONYMOUS | MAP_PRIVATE}, VM_ELIMIT},
  };
  struct addrspace *as = start(16, 16);
  uaddr_t address;
  add(as, BASE, REGION_DATA, RW);
  for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(vm_map(as, &cases[i].request, &address), cases[i].error);
  struct sim_file *file = file_create(100, 4096);
  struct map_request past = {
      .length = 1, .flags = MAP_SHARED, .store = &file->store, .offset = 4096};
  assert_int_equal(vm_map(as, &past, &address), VM_EEOF);
  store_grow(&file->store, 0x7fffffffu);
  struct map_request wraps = {
      .length = 0x80001000u, .flags = MAP_SHARED, .store = &file->store, .offset = 0x7ffff000u};
  assert_int_equal(vm_map(as, &wraps, &address), VM_ERANGE);
  file_destroy(file);
  finish(as);
}

/* Where only the part below the usual start is free, mappings go there. */
static void test_map_low(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  struct map_request high = {.address = 0x40000000u,
                             .length = 0x7fe00000u,
                             .prot = RW,
                             .flags = MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED};
  struct map_request any = {.length = 8192, .prot = RW, .flags = MAP_ANONYMOUS | MAP_PRIVATE};
  uaddr_t address;
  assert_int_equal(vm_map(as, &high, &address), VM_OK);
  any.length = 0x10000000u;
  assert_int_equal(vm_map(as, &any, &address), VM_OK);
  assert_int_equal(address, 0x00010000u);
  finish(as);
}

/* What is written to a mapped file has blocks on disk, whatever was given some before: a part of the page by write(),
   the whole of it before the file grew. */
static void test_backed(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  machine_options.block_size = 1024;
  struct sim_file *file = file_create(100, 8192);
  struct map_request request = {
      .length = 8192, .prot = RW, .flags = MAP_SHARED, .store = &file->store};
  uaddr_t at;
  assert_int_equal(vm_map(as, &request, &at), VM_OK);
  assert_int_equal(store_write(&file->store, 3000, "x", 1), 1);
  assert_false(file->has_block[1]);
  assert_int_equal(vm_fault(as, at, ACCESS_WRITE), VM_OK);
  assert_true(file->has_block[1] && !file->has_block[3]);
  assert_int_equal(store_write(&file->store, 5000, "x", 1), 1);
  assert_int_equal(vm_fault(as, at, ACCESS_WRITE), VM_OK);
  assert_true(file->has_block[3]);
  assert_int_equal(vm_unmap(as, at, 8192), VM_OK);
  file_destroy(file);
  finish(as);
}

/* Ranges that are none, for every call that takes one. */
static void test_ranges(void **state) {
  (void)state;
  static const struct {
    uaddr_t address;
    uint32_t length;
    int error;
  } cases[] = {{BASE, 0, VM_ERANGE},
               {BASE + 1, 4096, VM_ERANGE},
               {0, 4096, VM_ERANGE},
               {USER_END, 4096, VM_ERANGE},
               {USER_END - 4096, 4097, VM_ERANGE},
               {BASE + 8192, 4096, VM_ENOMAP}};
  struct addrspace *as = start(16, 16);
  uint8_t in[4];
  add(as, BASE, REGION_DATA, RW);
  for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uaddr_t at = cases[i].address;
    uint32_t size = cases[i].length;
    int error = cases[i].error;
    assert_int_equal(vm_protect(as, at, size, RW), error);
    assert_int_equal(vm_advise(as, at, size, ADVICE_NORMAL), error);
    assert_int_equal(vm_sync(as, at, size), error);
    assert_int_equal(vm_lock(as, at, size), error);
    assert_int_equal(vm_unlock(as, at, size), error);
    assert_int_equal(vm_unmap(as, at, size), error == VM_ENOMAP ? VM_OK : error);
  }
  assert_int_equal(vm_protect(as, BASE, 4096, 8), VM_EINVAL);
  assert_int_equal(vm_resident(as, vpn_of(BASE), 0, in), VM_ERANGE);
  assert_int_equal(vm_resident(as, vpn_of(BASE), VPN_END + 1, in), VM_ERANGE);
  assert_int_equal(vm_resident(as, vpn_of(BASE), 4, in), VM_ENOMAP);
  finish(as);
}

/* mmap: files, addresses and ids that are none. */
static void test_mmap(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  struct sim_file *empty = file_create(0, 4096), *file = file_create(9000, 12288);
  add(as, BASE, REGION_DATA, RW);
  assert_int_equal(mapping_add(as, &empty->store, BASE + 8192, RW), VM_EINVAL);
  assert_int_equal(mapping_add(as, &file->store, 0, RW), VM_ERANGE);
  assert_int_equal(mapping_add(as, &file->store, BASE + 1, RW), VM_ERANGE);
  assert_int_equal(mapping_add(as, &file->store, USER_END, RW), VM_ERANGE);
  assert_int_equal(mapping_add(as, &file->store, USER_END - 8192, RW), VM_ERANGE);
  assert_int_equal(mapping_add(as, &file->store, USER_END - 12288, RW), VM_EOVERLAP);
  assert_int_equal(mapping_add(as, &file->store, BASE + 4096, RW), VM_EOVERLAP);
  assert_int_equal(mapping_add(as, &file->store, BASE + 8192, RW), 1);
  assert_int_equal(mapping_remove(as, 2), VM_EINVAL);
  assert_int_equal(mapping_remove(as, 1), VM_OK);
  file_destroy(empty);
  file_destroy(file);
  finish(as);
}

/* Regions that are none. */
static void test_regions(void **state) {
  (void)state;
  static const vpn_t bounds[][2] = {{0, 1}, {5, 5}, {6, 5}, {VPN_END - 1, VPN_END + 1}};
  struct addrspace *as = start(16, 16);
  addrspace_lock(as);
  for (unsigned i = 0; i < 4; i++) {
    struct region_spec spec = {.start = bounds[i][0], .end = bounds[i][1], .prot = RW};
    assert_int_equal(region_add(as, &spec), VM_ERANGE);
  }
  assert_int_equal(region_add_stack(as, 8192), VM_EOVERLAP);
  addrspace_unlock(as);
  finish(as);
}

/* Heap: limits, and what is in the way. */
static void test_heap(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  uaddr_t old;
  add(as, BASE, REGION_DATA, RW);
  assert_int_equal(heap_move(as, 2 << 20, &old), VM_ELIMIT);
  assert_int_equal(heap_move(as, INT_MAX, &old), VM_ELIMIT);
  assert_int_equal(heap_move(as, -1, &old), VM_ERANGE);
  assert_int_equal(heap_move(as, INT_MIN, &old), VM_ERANGE);
  as->heap_limit = 4096;
  assert_int_equal(heap_move(as, 4097, &old), VM_ELIMIT);
  assert_int_equal(heap_move(as, 4096, &old), VM_OK);
  as->heap_start = as->heap_break = 0xb0000000u;
  as->heap_limit = UINT32_MAX;
  assert_int_equal(heap_move(as, INT_MAX, &old), VM_ERANGE);
  finish(as);
}

static unsigned free_seen;

/* A process that needs more than the reserve. */
static void need_frames(void *of) {
  struct addrspace *as = of;
  for (unsigned i = 0; i < 300; i++) {
    uint8_t byte = (uint8_t)i;
    assert_int_equal(machine_touch(as, BASE + i * VM_PAGE_SIZE, ACCESS_WRITE, &byte), VM_OK);
    thread_switch_point();
  }
  thread_delay(50);
  free_seen = frame_free_count();
}

/* Whether AS can do KIND to its 40 pages at BASE with COUNT faults. */
static bool takes_faults(struct addrspace *as, enum vm_access kind, unsigned count) {
  uint32_t before = vm_count_faults(&as->counters);
  for (unsigned i = 0; i < 40; i++) {
    uint8_t byte = 7;
    assert_int_equal(machine_touch(as, BASE + i * VM_PAGE_SIZE, kind, &byte), VM_OK);
    if (kind == ACCESS_READ) assert_int_equal(byte, i % 5);
  }
  assert_null(vm_check());
  return vm_count_faults(&as->counters) - before == count;
}

/* A child reads what its parent has in memory without a fault, and neither writes to it without one.
   What the parent's page table has not, the child's has not either. */
static void test_fork(void **state) {
  (void)state;
  struct addrspace *as = start(128, 16), *child;
  struct region_spec spec = {.start = vpn_of(BASE), .end = vpn_of(BASE) + 40, .prot = RW};
  addrspace_lock(as);
  assert_int_equal(region_add(as, &spec), VM_OK);
  addrspace_unlock(as);
  for (unsigned i = 0; i < 40; i++) {
    uint8_t byte = i % 5;
    assert_int_equal(machine_touch(as, BASE + i * VM_PAGE_SIZE, ACCESS_WRITE, &byte), VM_OK);
  }
  addrspace_lock(as);
  spt_unmap(as, spec.start, spec.start + 3);
  addrspace_unlock(as);
  assert_int_equal(addrspace_fork(as, &child), VM_OK);
  assert_int_equal(child->counters.resident, 37);
  assert_true(takes_faults(child, ACCESS_READ, 3));
  assert_true(takes_faults(child, ACCESS_READ, 0));
  assert_true(takes_faults(child, ACCESS_WRITE, 40));
  assert_true(takes_faults(as, ACCESS_READ, 3));
  assert_true(
      takes_faults(as, ACCESS_WRITE, 37)); /* It has been alone since the child copied all. */
  addrspace_destroy(child);
  finish(as);
}

/* The pageout thread keeps a reserve. */
static void test_reserve(void **state) {
  (void)state;
  struct addrspace *as = start(256, 600);
  struct map_request request = {.address = BASE,
                                .length = 300 * VM_PAGE_SIZE,
                                .prot = RW,
                                .flags = MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED};
  uaddr_t address;
  assert_true(supply_keeps_reserve());
  assert_int_equal(vm_map(as, &request, &address), VM_OK);
  thread_spawn(supply_reserve_thread, NULL);
  thread_spawn(need_frames, as);
  assert_int_equal(threads_run(), 1); /* It waits for frames to run low. */
  assert_true(free_seen >= 4);
  finish(as);
  as = start(255, 0);
  assert_false(supply_keeps_reserve());
  finish(as);
}

/* Free frames are zeroed ahead until a sixteenth is, and none when less than a quarter is free.  Who writes to a fresh
   page gets one of them; a page that is copied does not. */
static void test_zero_ahead(void **state) {
  (void)state;
  struct addrspace *as = start(256, 600);
  struct map_request request = {.address = BASE,
                                .length = 250 * VM_PAGE_SIZE,
                                .prot = RW,
                                .flags = MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED};
  uaddr_t address;
  unsigned zeroed = 0;
  assert_int_equal(vm_map(as, &request, &address), VM_OK);
  for (frameno_t i = 0; i < 256; i++) memset(port_frame_memory(i), 0x5a, VM_PAGE_SIZE);
  while (zeroed < 256 && supply_zero_ahead()) zeroed++;
  assert_int_equal(zeroed, 256 / 16);
  assert_int_equal(frame_zeroed_count(), 256 / 16);
  for (unsigned i = 0; i < 250; i++) {
    frameno_t frame;
    bool writable;
    assert_int_equal(vm_fault(as, BASE + i * VM_PAGE_SIZE, ACCESS_WRITE), VM_OK);
    port_vm_lock();
    assert_true(port_pmap_lookup(as->pmap, vpn_of(BASE) + i, &frame, &writable));
    port_vm_unlock();
    const uint8_t *memory = port_frame_memory(frame);
    for (unsigned at = 0; at < VM_PAGE_SIZE; at++) assert_int_equal(memory[at], 0);
    if (i < 256 / 16) assert_int_equal(frame_zeroed_count(), 256 / 16 - i - 1);
    if (i == 100) assert_true(supply_zero_ahead());
  }
  assert_true(frame_free_count() < 256 / 4);
  assert_false(supply_zero_ahead());
  finish(as);
  as = start(255, 0);
  assert_false(supply_zero_ahead());
  finish(as);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_explain_holes),  cmocka_unit_test(test_explain_beyond),
      cmocka_unit_test(test_explain_rights), cmocka_unit_test(test_explain_others),
      cmocka_unit_test(test_explain_memory), cmocka_unit_test(test_error_texts),
      cmocka_unit_test(test_policies),       cmocka_unit_test(test_start_without_memory),
      cmocka_unit_test(test_figures),        cmocka_unit_test(test_map_requests),
      cmocka_unit_test(test_map_low),        cmocka_unit_test(test_ranges),
      cmocka_unit_test(test_backed),         cmocka_unit_test(test_mmap),
      cmocka_unit_test(test_regions),        cmocka_unit_test(test_heap),
      cmocka_unit_test(test_reserve),        cmocka_unit_test(test_fork),
      cmocka_unit_test(test_zero_ahead),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) + run_check_tests() + run_bounds_tests() +
         run_states_tests() + run_own_tests() + run_swap_tests() + run_usage_tests();
}
