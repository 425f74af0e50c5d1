/* Attacks by floating point: what others left in the unit, control words and images of no sense, errors that
   are raised late, and images in memory that is not the program's. */
#include <string.h>
#include "tests/guest/attacks/attack.h"
#include "tests/guest/lib/float.h"

#define CHILDREN      6
#define CONTROL_TRAPS 0x0360 /* No exception is masked. */
#define MXCSR_TRAPS   0x0000

/* Leaves its registers full, living or dying; AUX is its number. */
static int fill_and_go(char *aux) {
  unsigned number = (unsigned)(uintptr_t)aux;
  floats_load(0xa7a7a7a7 + number);
  if (number % 3 == 0) yield();
  if (number % 3 == 1) (void)*(volatile char *)NULL;
  return 0;
}

/* Whoever begins while such come and go, and just after, finds the unit clean. */
static int expect_clean(char *unused) {
  (void)unused;
  floats_check_clean("among others");
  return 0;
}

/* Victims of several kinds, and one who looks at what they leave. */
static void left_by_others(void) {
  for (unsigned round = 0; round < CHILDREN; round++) {
    pid_t pids[CHILDREN];
    for (unsigned i = 0; i < CHILDREN; i++)
      pids[i] = start_child(fill_and_go, (char *)(uintptr_t)(round + i));
    CHECK_IS(run_child(expect_clean, NULL), 0);
    for (unsigned i = 0; i < CHILDREN; i++) wait(pids[i]);
    CHECK_IS(run_child(expect_clean, NULL), 0);
  }
}

/* Leaves an error that would be raised by the next instruction, and does nothing of the kind. */
static void leave_error(void) {
  static const uint16_t control = CONTROL_TRAPS;
  __asm__ volatile("fninit\n\tfldcw %0\n\tfld1\n\tfldz\n\tfdivrp %%st, %%st(1)"
                   :
                   : "m"(control)
                   : "memory");
}

/* Has the error raised. */
static int raise_error(char *unused) {
  (void)unused;
  leave_error();
  __asm__ volatile("fwait");
  return 0;
}

/* Enters the kernel in every way with the error still to be raised: it is the program's and none of the
   kernel's, which moves pages by the same unit meanwhile. */
static int keep_error(char *unused) {
  (void)unused;
  char *memory = map_anonymous(10);
  leave_error();
  fill_pages(memory, 10, 1);
  check_pages(memory, 10, 1);
  make_attack_file();
  check_attack_file();
  CHECK_IS(run_child(read_byte, memory), 0);
  yield();
  __asm__ volatile("fnclex");
  return 0;
}

/* Late errors: they kill who waits for them, and nobody else. */
static void late_errors(void) {
  must_die(raise_error, NULL, "an x87 error");
  CHECK_IS(run_child(keep_error, NULL), 0);
  CHECK_IS(run_child(expect_clean, NULL), 0);
}

/* Divides by 0 with every SSE exception unmasked: an exception, unless the machine has none of those. */
static int divide_sse(char *unused) {
  (void)unused;
  static const uint32_t mxcsr = MXCSR_TRAPS;
  if (!floats_have_sse()) return 0;
  __asm__ volatile("ldmxcsr %0\n\txorps %%xmm0, %%xmm0\n\tdivss %%xmm0, %%xmm0" : : "m"(mxcsr));
  return 0;
}

/* Loads an image of nothing but the byte AUX, then lives on. */
static int load_image(char *aux) {
  struct floats image;
  memset(&image, (int)(uintptr_t)aux, sizeof image);
  if (floats_have_fxsave())
    __asm__ volatile("fxrstor %0" : : "m"(image));
  else
    __asm__ volatile("frstor %0" : : "m"(image));
  yield();
  char *memory = map_anonymous(3);
  fill_pages(memory, 3, 2);
  check_pages(memory, 3, 2);
  CHECK_IS(run_child(read_byte, memory), 0);
  return 0;
}

/* Loads AUX into MXCSR. */
static int load_mxcsr(char *aux) {
  uint32_t mxcsr = (uint32_t)(uintptr_t)aux;
  if (floats_have_sse()) __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
  yield();
  return 0;
}

/* Whatever the processor makes of them, it harms nobody else. */
static void senseless_images(void) {
  for (unsigned byte = 0; byte < 256; byte += 15) run_child(load_image, (char *)(uintptr_t)byte);
  for (unsigned bit = 0; bit < 32; bit++) run_child(load_mxcsr, (char *)(uintptr_t)(1u << bit));
  run_child(load_mxcsr, (char *)UINTPTR_MAX);
  run_child(divide_sse, NULL);
  CHECK_IS(run_child(expect_clean, NULL), 0);
}

/* Images at ADDRESS: stored, loaded. */
static int save_at(char *address) {
  __asm__ volatile("fnsave (%0)" : : "r"(address) : "memory");
  return 0;
}
static int load_at(char *address) {
  __asm__ volatile("frstor (%0)" : : "r"(address) : "memory");
  return 0;
}
static int fxsave_at(char *address) {
  __asm__ volatile("fxsave (%0)" : : "r"(address) : "memory");
  return 0;
}
static int fxrstor_at(char *address) {
  __asm__ volatile("fxrstor (%0)" : : "r"(address) : "memory");
  return 0;
}

/* In memory that is not the program's, or where a page ends in the middle of the image. */
static void strange_places(void) {
  char *memory = map_anonymous(2), *edge = memory + PAGE - 64;
  CHECK_IS(vm_unmap(memory + PAGE, PAGE), VM_OK);
  for (unsigned i = 0; i < bad_places_count; i++) {
    char *place = (char *)((uintptr_t)bad_places[i] & ~15u);
    must_die(load_at, place, "loading from a bad place");
    must_die(save_at, place, "saving to a bad place");
    must_die(fxrstor_at, place, "loading from a bad place");
    must_die(fxsave_at, place, "saving to a bad place");
  }
  must_die(save_at, edge, "saving over the end");
  must_die(load_at, edge, "loading over the end");
  must_die(save_at, PROGRAM_START, "saving over the program");
}

const struct attack float_attacks[] = {
    {"float-left-by-others", left_by_others, REFUSED},
    {"float-late-errors", late_errors, REFUSED},
    {"float-senseless-images", senseless_images, REFUSED},
    {"float-strange-places", strange_places, REFUSED},
    {NULL, NULL, KILLED},
};
