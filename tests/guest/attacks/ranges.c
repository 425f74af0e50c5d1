/* Attacks by ranges: the calls on memory, over what is not the program's, and over its own feet. */
#include "tests/guest/attacks/attack.h"

#define USER_BYTES 0xc0000000u

struct bad_range {
  uint32_t address, length;
};

/* Page 0, the kernel, into the kernel, around the end of all memory, nothing, everything, and what
   is not aligned. */
static const struct bad_range ranges[] = {
    {0, PAGE},
    {0, USER_BYTES},
    {0xc0000000, PAGE},
    {0xc0100000, PAGE},
    {0xfffff000, PAGE},
    {0xfffff000, 2 * PAGE},
    {0xbffff000, 2 * PAGE},
    {0xbffff000, 0xffffffff},
    {0x10000000, 0xb0001000},
    {0x10000000, 0xf0000000},
    {0x10000000, 0xf0001000},
    {0x10000000, 0xffffffff},
    {0x10000000, 0xfffff001},
    {0x10000000, 0},
    {0xffffffff, 1},
    {0x10000001, PAGE},
    {0x10000fff, 2},
    {0x7fffffff, 0x80000001},
    {0x80000000, 0x80000000},
};

#define RANGES (sizeof ranges / sizeof *ranges)

/* CALL over every bad range must give WANT. */
static void try_ranges(int (*call)(void *address, uint32_t length), int want) {
  for (unsigned i = 0; i < RANGES; i++) {
    int result = call((void *)(uintptr_t)ranges[i].address, ranges[i].length);
    CHECK(result == want, "range %x + %x: %d, not %d", (unsigned)ranges[i].address,
          (unsigned)ranges[i].length, result, want);
  }
}

/* vm_unmap(). */
static void unmap_bad(void) {
  try_ranges(vm_unmap, VM_ERANGE);
}

/* vm_sync(). */
static void sync_bad(void) {
  try_ranges(vm_sync, VM_ERANGE);
}

/* vm_protect() to all rights. */
static int protect_all(void *address, uint32_t length) {
  return vm_protect(address, length, PROT_READ | PROT_WRITE | PROT_EXEC);
}

/* With it. */
static void protect_bad(void) {
  try_ranges(protect_all, VM_ERANGE);
}

/* Both ways. */
static void lock_bad(void) {
  CHECK_IS(setrlimit(LIMIT_LOCKED, 0xffffffff), VM_OK);
  try_ranges(vm_lock, VM_ERANGE);
  try_ranges(vm_unlock, VM_ERANGE);
}

/* vm_advise() with every advice. */
static int advise_all(void *address, uint32_t length) {
  int result = VM_OK;
  for (int advice = ADVICE_NORMAL; advice <= ADVICE_DONTNEED; advice++) {
    result = vm_advise(address, length, advice);
    if (result == VM_OK) break;
  }
  return result;
}

/* With it. */
static void advise_bad(void) {
  try_ranges(advise_all, VM_ERANGE);
}

static uint8_t bits[4 * PAGE];

/* vm_resident(), whose result has room for little; what it may not tell it may not write. */
static int resident_some(void *address, uint32_t length) {
  return vm_resident(address, length < USER_BYTES / 8 ? length : 8 * PAGE, bits);
}

/* With it; and a result that would not fit the memory it goes to. */
static int resident_huge(char *unused) {
  (void)unused;
  return vm_resident((void *)PAGE, USER_BYTES - PAGE, bits);
}

/* Both. */
static void resident_bad(void) {
  static const struct bad_range some[] = {
      {0, PAGE},          {0xc0000000, PAGE}, {0xfffff000, 2 * PAGE}, {0xbffff000, 2 * PAGE},
      {0x10000001, PAGE}, {0x10000000, 0}};
  for (unsigned i = 0; i < sizeof some / sizeof *some; i++)
    CHECK_IS(resident_some((void *)(uintptr_t)some[i].address, some[i].length), VM_ERANGE);
  CHECK(memory_is_zero(bits, sizeof bits), "a refused call wrote");
  must_die(resident_huge, NULL, "a result larger than its buffer");
}

/* vm_map() with MAP_FIXED of every kind. */
static int map_fixed(void *address, uint32_t length) {
  void *result = vm_map(address, length, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);
  if ((long)result == VM_ERANGE)
    result = vm_map(address, length, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  return (int)result;
}

/* Where MAP_FIXED is refused a wish may be granted, but only elsewhere. */
static void map_bad(void) {
  try_ranges(map_fixed, VM_ERANGE);
  for (unsigned i = 0; i < RANGES; i++) {
    void *wish = (void *)(uintptr_t)ranges[i].address;
    char *result = vm_map(wish, ranges[i].length, READ_WRITE, ANONYMOUS, -1, 0);
    if (vm_is_error(result)) continue;
    CHECK(result != NULL && result < USER_END && ranges[i].length <= (uint32_t)(USER_END - result),
          "mapped at %p", (void *)result);
    CHECK_IS(vm_unmap(result, ranges[i].length), VM_OK);
  }
}

/* Maps files over bad ranges, by mmap() too. */
static void map_file_bad(void) {
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  for (unsigned i = 0; i < RANGES; i++) {
    void *address = (void *)(uintptr_t)ranges[i].address;
    bool fine = ranges[i].address == 0x10000000 || ranges[i].address == 0x80000000;
    mapid_t id = mmap(fd, address);
    CHECK((id != MAP_FAILED) == fine, "mmap at %p gave %d", address, id);
    if (fine) munmap(id);
    void *result = vm_map(address, ranges[i].length, READ_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
    CHECK(vm_is_error(result), "vm_map at %p gave %p", address, result);
  }
  static const uint32_t offsets[] = {1, PAGE + 1, 2 * PAGE, 0x7ffff000, 0xfffff000, 0xffffffff};
  for (unsigned i = 0; i < sizeof offsets / sizeof *offsets; i++)
    CHECK(vm_is_error(vm_map(0, PAGE, PROT_READ, MAP_SHARED, fd, offsets[i])), "offset %x",
          (unsigned)offsets[i]);
  check_attack_file();
}

/* Numbers that are no rights, flags, advice, limits or descriptors. */
static void arguments_bad(void) {
  static const uint32_t bad[] = {8, 0x10, 0x100, 0x103, 0x80000000, 0xffffffff, 0xffffff03};
  char *memory = map_anonymous(1);
  for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
    int number = (int)bad[i];
    CHECK_IS(vm_map(0, PAGE, number, ANONYMOUS, -1, 0), VM_EINVAL);
    if (number != 8 && number != 0x10)
      CHECK_IS(vm_map(0, PAGE, READ_WRITE, number, -1, 0), VM_EINVAL);
    CHECK_IS(vm_protect(memory, PAGE, number), VM_EINVAL);
    CHECK_IS(vm_advise(memory, PAGE, number), VM_EINVAL);
    CHECK_IS(setrlimit(number, PAGE), VM_EINVAL);
    CHECK_IS(getrlimit(number, (uint32_t *)memory), VM_EINVAL);
    CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, number, 0), VM_EBADF);
    CHECK_IS(fsync(number), VM_EBADF);
  }
  CHECK_IS(setrlimit(LIMIT_STACK, 0), VM_EINVAL);
  CHECK_IS(setrlimit(LIMIT_STACK, 0xffffffff), VM_EINVAL);
  CHECK(memory_is_zero(memory, PAGE), "a refused call wrote");
}

/* sbrk() by amounts that wrap, that leave the heap, that reach the stack; under no limit. */
static void heap_bad(void) {
  static const uint32_t deltas[] = {0x7fffffff, 0x80000000, 0x80000001, 0xffff0000,
                                    0x70000000, 0xb8000000, 0xc0000000};
  char *start = sbrk(0);
  CHECK_IS(setrlimit(LIMIT_HEAP, 0xffffffff), VM_OK);
  for (unsigned i = 0; i < sizeof deltas / sizeof *deltas; i++) {
    char *result = sbrk((intptr_t)deltas[i]);
    if (result == (char *)-1) {
      CHECK(sbrk(0) == start, "a refused sbrk moved the break");
      continue;
    }
    CHECK(result == start && (uintptr_t)start + deltas[i] < USER_BYTES, "sbrk(%x) gave %p",
          (unsigned)deltas[i], (void *)result);
    CHECK(sbrk(-(intptr_t)deltas[i]) != (char *)-1, "and back");
  }
}

/* -- Over its own feet ---------------------------------------------------------------------------- */

/* Where this function's stack page is. */
#define OWN_STACK ((char *)((uintptr_t)__builtin_frame_address(0) & ~(PAGE - 1)))
#define OWN_CODE  (_data - PROGRAM_START)

/* Takes its code away. */
static void unmap_code(void) {
  vm_unmap(PROGRAM_START, (uint32_t)OWN_CODE);
}

/* Its stack. */
static void unmap_stack(void) {
  vm_unmap(OWN_STACK, (uint32_t)(USER_END - OWN_STACK));
}

/* All it has. */
static void unmap_everything(void) {
  vm_unmap((void *)PAGE, USER_BYTES - PAGE);
}

/* The upper part of its stack, so that what is left is not the stack any more. */
static void unmap_stack_top(void) {
  vm_unmap(USER_END - PAGE, PAGE);
  volatile char deep[64 * PAGE];
  for (unsigned i = 0; i < 64; i++) deep[sizeof deep - 1 - i * PAGE] = 1;
  vm_unmap(OWN_STACK, (uint32_t)(USER_END - OWN_STACK));
}

/* The right to use its stack. */
static void protect_stack(void) {
  vm_protect(OWN_STACK, (uint32_t)(USER_END - OWN_STACK), PROT_NONE);
}

/* The right to write to it. */
static void protect_stack_write(void) {
  vm_protect(OWN_STACK, (uint32_t)(USER_END - OWN_STACK), PROT_READ);
}

/* The right to run. */
static void protect_code(void) {
  vm_protect(PROGRAM_START, (uint32_t)OWN_CODE, PROT_NONE);
}

/* Its stack goes back to zeroes: the next return leads to 0. */
static void forget_stack(void) {
  vm_advise(OWN_STACK, (uint32_t)(USER_END - OWN_STACK), ADVICE_DONTNEED);
}

/* Its code and data go back to what is in the file: no harm. */
static void forget_code(void) {
  CHECK_IS(vm_advise(PROGRAM_START, (uint32_t)OWN_CODE, ADVICE_DONTNEED), VM_OK);
  CHECK_IS(vm_lock(PROGRAM_START, PAGE), VM_OK);
  CHECK_IS(vm_advise(PROGRAM_START, PAGE, ADVICE_DONTNEED), VM_OK);
}

/* Maps over everything it has: refused; its stack may not get neighbours, either. */
static void map_over(void) {
  char *heap = sbrk(PAGE);
  char *const places[] = {
      PROGRAM_START,        _data, heap, OWN_STACK, USER_END - PAGE, OWN_STACK - PAGE,
      OWN_STACK - 16 * PAGE};
  make_attack_file();
  int fd = must_open(ATTACK_FILE);
  for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
    char *place = (char *)((uintptr_t)places[i] & ~(PAGE - 1));
    CHECK_IS(vm_map(place, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0), VM_EOVERLAP);
    CHECK_IS(vm_map(place, PAGE, READ_WRITE, MAP_SHARED | MAP_FIXED, fd, 0), VM_EOVERLAP);
    CHECK_IS(mmap(fd, place), MAP_FAILED);
  }
  check_attack_file();
}

/* A stack that clashes: the mapping is as near as may be, and esp jumps into the gap between. */
static void stack_clash(void) {
  char *place = OWN_STACK - 17 * PAGE;
  char *memory = vm_map(place, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);
  if (memory != place) return;
  memory[0] = 1;
  __asm__ volatile("movl %0, %%esp; pushl $0" : : "r"(place + 10 * PAGE) : "memory");
}

/* Moves esp down page by page towards a mapping, which it may not reach. */
static void stack_meets_map(void) {
  char *place = OWN_STACK - 64 * PAGE;
  CHECK_IS(vm_map(place, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0), place);
  *place = 7;
  __asm__ volatile("1: pushl $0\n\tjmp 1b" : : : "memory");
}

/* A heap that wants to grow into the stack's room, where the stack may go. */
static void heap_meets_stack(void) {
  char *start = sbrk(0), *stack = OWN_STACK;
  CHECK_IS(setrlimit(LIMIT_HEAP, 0xffffffff), VM_OK);
  for (intptr_t step = 0x10000000; step >= (intptr_t)PAGE; step /= 2)
    while (sbrk(step) != (char *)-1) continue;
  char *end = sbrk(0);
  CHECK(end > start && stack - end >= 16 * (int)PAGE, "the heap ends at %p", (void *)end);
  end[-1] = 1;
  while (sbrk(-0x10000000) != (char *)-1) continue;
  CHECK(sbrk(start - (char *)sbrk(0)) != (char *)-1, "giving it back");
}

const struct attack range_attacks[] = {
    {"unmap-bad", unmap_bad, REFUSED},
    {"sync-bad", sync_bad, REFUSED},
    {"protect-bad", protect_bad, REFUSED},
    {"lock-bad", lock_bad, REFUSED},
    {"advise-bad", advise_bad, REFUSED},
    {"resident-bad", resident_bad, REFUSED},
    {"map-bad", map_bad, REFUSED},
    {"map-file-bad", map_file_bad, REFUSED},
    {"arguments-bad", arguments_bad, REFUSED},
    {"heap-bad", heap_bad, REFUSED},
    {"unmap-code", unmap_code, KILLED},
    {"unmap-stack", unmap_stack, KILLED},
    {"unmap-everything", unmap_everything, KILLED},
    {"unmap-stack-top", unmap_stack_top, KILLED},
    {"protect-stack", protect_stack, KILLED},
    {"protect-stack-write", protect_stack_write, KILLED},
    {"protect-code", protect_code, KILLED},
    {"forget-stack", forget_stack, KILLED},
    {"forget-code", forget_code, REFUSED},
    {"map-over", map_over, REFUSED},
    {"stack-clash", stack_clash, KILLED},
    {"stack-meets-map", stack_meets_map, KILLED},
    {"heap-meets-stack", heap_meets_stack, REFUSED},
    {NULL, NULL, KILLED},
};
