/* Fuzzing system calls: the input is what programs do.  All of proc/, vm/ and fs/ serves them, in
   processes that fork, run programs and wait, with few frames and failures in between.  Nothing may
   crash, wait for ever or stay in memory, and no error of the VM's own may leave the kernel.

   The input: a byte for the order of threads, one for the number of frames, one for options of the VM,
   then what the processes do; whichever runs takes the next step. */
#include <stdlib.h>
#include <string.h>
#include "arch/i386/intr.h"
#include "fs/fs.h"
#include "host/machine.h"
#include "lib/round.h"
#include "proc/shortage.h"
#include "proc/syscall_numbers.h"
#include "tests/fuzz/kernel.h"
#include "vm/error.h"
#include "vm/map.h"
#include "vm/stress.h"
#include "vm/user.h"
#include "vm/vm.h"

#define SYSCALL_VECTOR 0x30
/* Memory of each process: two pages to write, with the strings below at their start, one to read. */
#define SCRATCH       0x20000000u
#define STRING_SIZE   0x40u
#define CALL_AT       (SCRATCH + 0x1f00) /* Where calls are written. */
#define TEXT          0x08048000u
#define STEPS_MAX     120
#define RESULTS       8
#define ARGUMENTS_MAX 6
#define CHECK_EVERY   5 /* Evictions. */

static struct input input;
static unsigned steps_left;
static uint32_t results[RESULTS]; /* Of the last calls. */
static unsigned result_count;

/* Arguments that calls are known to be sensitive to. */
static const uint32_t words[] = {0,
                                 1,
                                 2,
                                 3,
                                 4,
                                 5,
                                 0x100000,
                                 14,
                                 15,
                                 64,
                                 255,
                                 256,
                                 4095,
                                 4096,
                                 4097,
                                 8192,
                                 65536,
                                 0x7fffffff,
                                 0x80000000,
                                 0xffffffff,
                                 0xfffff000,
                                 TEXT,
                                 TEXT + 0x2ff,
                                 TEXT + 0xfff,
                                 SCRATCH,
                                 SCRATCH + 0x100,
                                 SCRATCH + 0xffe,
                                 SCRATCH + 0x1000,
                                 SCRATCH + 0x1ffe,
                                 SCRATCH + 0x2000,
                                 SCRATCH + 0x2ffe,
                                 SCRATCH + 0x3000,
                                 0x30000000,
                                 0x30001000,
                                 USER_END - 1,
                                 USER_END,
                                 USER_END - 4096,
                                 USER_END - 8192,
                                 USER_END - 0x100000,
                                 0xc0100000,
                                 MAP_ANONYMOUS | MAP_PRIVATE,
                                 MAP_ANONYMOUS | MAP_SHARED,
                                 MAP_SHARED,
                                 MAP_FIXED | MAP_PRIVATE,
                                 MAP_FIXED | MAP_ANONYMOUS | MAP_PRIVATE};

static const char *const strings[] = {
    "hello",      "empty",  "dir",          "dir/sub/file", "text",
    "holes",      "many",   "new",          "dir/x",        "prog",
    "prog a b c", "text x", "to-hello",     "loop",         "..",
    "/",          "",       "no such file", "./prog  x",    "many/entry-with-a-long-name-03",
    "new2",       "  prog", "dir/sub",      "hello/"};

/* An argument: one of the words above, a recent result, or any. */
static uint32_t argument(void) {
  unsigned choice = input_byte(&input);
  if (choice < ARRAY_SIZE(words)) return words[choice];
  if (choice < 0x60) return results[choice % RESULTS];
  if (choice < 0xa0) return choice - 0x60;
  if (choice < 0xc0) return SCRATCH + (choice - 0xa0) * STRING_SIZE;
  return input_word(&input);
}

/* As the program, reads RANGE, or writes BYTES there; ends it if it may not.  As in proc/page_fault.c, those
   who want memory that is not there end one by one. */
static void touch(struct trap_frame *frame, struct user_range range, const void *bytes) {
  enum vm_access access = bytes != NULL ? ACCESS_WRITE : ACCESS_READ;
  range.as->user_esp = frame->esp;
  for (uint32_t i = 0; i < range.size; i++) {
    uint8_t byte = bytes != NULL ? ((const uint8_t *)bytes)[i] : 0;
    int error;
    do {
      error = machine_touch(range.as, range.address + i, access, &byte);
      ASSERT(error != VM_RETRY);
    } while (error != VM_OK && (error = process_fault(range.address + i, access)) == VM_OK);
    if (error != VM_OK) process_kill(error, range.address + i);
  }
}

/* Traps with the stack pointer at ESP. */
static void trap(struct trap_frame *frame, uint32_t esp) {
  uint32_t own = frame->esp;
  frame->esp = esp;
  kernel_trap(SYSCALL_VECTOR, frame);
  ASSERT((int)frame->eax != VM_RETRY);
  results[result_count++ % RESULTS] = frame->eax;
  frame->esp = own;
}

/* Makes call NUMBER with ARGUMENTS; the words are put where they can be written. */
static void call(struct trap_frame *frame, uint32_t number, const uint32_t *arguments) {
  uint32_t call[1 + ARGUMENTS_MAX] = {number};
  memcpy(call + 1, arguments, ARGUMENTS_MAX * sizeof *arguments);
  struct user_range range = {.as = process_current()->as, .address = CALL_AT, .size = sizeof call};
  touch(frame, range, call);
  trap(frame, CALL_AT);
}

/* Makes the call that the input describes. */
static void step_call(struct trap_frame *frame, unsigned choice) {
  uint32_t number = choice % 64 < SYSCALL_INUMBER + 1
                        ? choice % 64
                        : SYSCALL_FORK + choice % 64 - SYSCALL_INUMBER - 1;
  uint32_t arguments[ARGUMENTS_MAX];
  unsigned count = number == SYSCALL_VM_MAP ? 6 : 3;
  memset(arguments, 0, sizeof arguments);
  for (unsigned i = 0; i < count; i++) arguments[i] = argument();
  call(frame, number, arguments);
}

/* Puts one of the strings into memory. */
static void step_string(struct trap_frame *frame, unsigned choice) {
  const char *text = strings[input_byte(&input) % ARRAY_SIZE(strings)];
  uint32_t address = choice % 4 == 3 ? argument() : SCRATCH + STRING_SIZE * (choice % 4);
  struct user_range range = {
      .as = process_current()->as, .address = address, .size = strlen(text) + 1};
  touch(frame, range, text);
}

/* Makes something fail soon. */
static void step_failure(unsigned choice) {
  unsigned after = 1 + input_byte(&input) % 40;
  switch (choice % 4) {
  case 0: kernel_alloc_fails_after = after; break;
  case 1: kernel_disk.fail_after = after; break;
  case 2: machine_failures.fail_at[FAIL_ALLOC] = machine_failures.calls[FAIL_ALLOC] + after; break;
  default:
    machine_failures.fail_at[FAIL_SWAP_WRITE] = machine_failures.calls[FAIL_SWAP_WRITE] + after;
    break;
  }
}

/* The next thing that the running process does. */
static void step(struct trap_frame *frame) {
  unsigned choice = input_byte(&input);
  struct user_range range = {.as = process_current()->as, .size = 1 + (choice % 4) * 2000};
  uint8_t bytes[6001];
  if (choice < 0xc0) {
    step_call(frame, choice);
  } else if (choice < 0xd0) {
    step_string(frame, choice);
  } else if (choice < 0xe8) {
    memset(bytes, choice, sizeof bytes);
    range.address = argument();
    touch(frame, range, choice & 4 ? bytes : NULL);
  } else if (choice < 0xf0) {
    trap(frame, argument());
  } else if (choice < 0xf8) {
    step_failure(choice);
  } else {
    frame->esp = argument();
  }
}

/* Maps LENGTH bytes with rights PROT at ADDRESS of scratch memory; false if it cannot. */
static bool map(struct trap_frame *frame, struct user_range *range, uint32_t prot) {
  uint32_t words[1 + ARGUMENTS_MAX] = {SYSCALL_VM_MAP, range->address, range->size, prot,
                                       MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED};
  struct user_range stack = {
      .as = range->as, .address = frame->esp - sizeof words, .size = sizeof words};
  touch(frame, stack, words);
  trap(frame, stack.address);
  return frame->eax == range->address;
}

/* Makes the running program its scratch memory; false if there is none to be had. */
static bool make_scratch(struct trap_frame *frame) {
  struct user_range range = {
      .as = process_current()->as, .address = SCRATCH, .size = 2 * VM_PAGE_SIZE};
  if (!map(frame, &range, PROT_READ | PROT_WRITE)) return false;
  range.address = SCRATCH + 2 * VM_PAGE_SIZE;
  range.size = VM_PAGE_SIZE;
  if (!map(frame, &range, PROT_READ)) return false;
  for (unsigned i = 0; i < ARRAY_SIZE(strings); i++) {
    range.address = SCRATCH + i * STRING_SIZE;
    range.size = strlen(strings[i]) + 1;
    touch(frame, range, strings[i]);
  }
  return true;
}

/* A program: makes itself some memory, unless it comes here with it by fork(), and goes on where the
   input stands. */
static void program(struct trap_frame *frame) {
  if (frame->eip != 0 && !make_scratch(frame)) return;
  frame->eip = 0;
  while (input.left > 0 && steps_left > 0) {
    steps_left--;
    step(frame);
  }
}

/* What halt() does: the others go on to their ends. */
static void halt(void) {
  process_exit(0);
}

/* Boots, runs programs until the input is at its end, and forgets them. */
static void boot(void *unused) {
  (void)unused;
  ASSERT(fs_mount(&kernel_disk.block) == FS_OK);
  process_init();
  process_set_halt(halt);
  syscall_init();
  kernel_program = program;
  for (unsigned i = 0; i < 4 && input.left > 0 && steps_left > 0; i++) process_run("prog one two");
}

/* Runs the steps DATA. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  input = (struct input){data, size};
  steps_left = STEPS_MAX;
  result_count = 0;
  memset(results, 0, sizeof results);
  struct kernel_options options = {.image = &images[0]};
  options.seed = input_byte(&input);
  options.frames = 8 + input_byte(&input) % 32;
  unsigned flags = input_byte(&input);
  system_start(&options);
  vm_options.check_every = CHECK_EVERY;
  vm_options.explain = flags & 1;
  stress_init(flags & 2 ? options.seed + 1 : 0);
  system_run(boot, NULL);
  memset(&machine_failures, 0, sizeof machine_failures);
  system_finish();
  return 0;
}
