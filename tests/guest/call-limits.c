/* TEST: getrlimit and setrlimit: what is set is what is got; a stack grows to its limit and no
         further; senseless limits are refused; bad pointers kill.
   SWAP: 10 */
#include "tests/guest/lib/memory.h"

/* Uses BYTES of stack. */
static int use_stack(char *bytes) {
  volatile char *stack = __builtin_alloca((unsigned)(uintptr_t)bytes);
  for (int i = (int)(uintptr_t)bytes - 1; i >= 0; i -= (int)PAGE) stack[i] = 1;
  stack[0] = 1;
  return 5;
}

/* Asks for a limit into a bad pointer. */
static int ask_into(char *pointer) {
  return getrlimit(LIMIT_STACK, (uint32_t *)(void *)pointer);
}

/* The stack's limit. */
static void check_stack(void) {
  CHECK_IS(run_child(use_stack, (char *)300000), 5);
  CHECK_IS(setrlimit(LIMIT_STACK, 200000), VM_OK);
  must_die(use_stack, (char *)300000, "a stack beyond its limit");
  CHECK_IS(run_child(use_stack, (char *)150000), 5);
  CHECK_IS(setrlimit(LIMIT_STACK, 400000), VM_OK);
  CHECK_IS(run_child(use_stack, (char *)300000), 5);
  CHECK_IS(setrlimit(LIMIT_STACK, PAGE), VM_OK);
  must_die(use_stack, (char *)10000, "a stack of a page");
  CHECK_IS(setrlimit(LIMIT_STACK, PAGE - 1), VM_EINVAL);
  CHECK_IS(setrlimit(LIMIT_STACK, 0), VM_EINVAL);
  CHECK_IS(setrlimit(LIMIT_STACK, 0x60000001), VM_EINVAL);
  CHECK_IS(setrlimit(LIMIT_STACK, 0xffffffff), VM_EINVAL);
  CHECK_IS(setrlimit(LIMIT_STACK, 16 << 20), VM_OK);
  CHECK_IS(run_child(use_stack, (char *)(9 << 20)), 5);
}

/* All limits. */
void test_main(void) {
  uint32_t bytes;
  CHECK_IS(getrlimit(LIMIT_STACK, &bytes), VM_OK);
  CHECK_IS(bytes, 8 << 20);
  for (int which = LIMIT_STACK; which <= LIMIT_LOCKED; which++) {
    CHECK_IS(setrlimit(which, 1000000 + which), VM_OK);
    CHECK_IS(getrlimit(which, &bytes), VM_OK);
    CHECK_IS(bytes, 1000000 + which);
  }
  CHECK_IS(getrlimit(LIMIT_STACK, &bytes), VM_OK);
  CHECK_IS(bytes, 1000000);
  CHECK_IS(setrlimit(LIMIT_LOCKED, 0), VM_OK);
  CHECK_IS(getrlimit(-1, &bytes), VM_EINVAL);
  CHECK_IS(getrlimit(LIMIT_LOCKED + 1, &bytes), VM_EINVAL);
  CHECK_IS(setrlimit(-1, 5000), VM_EINVAL);
  CHECK_IS(setrlimit(LIMIT_LOCKED + 1, 5000), VM_EINVAL);
  must_die(ask_into, NULL, "a null pointer");
  must_die(ask_into, USER_END, "a kernel pointer");
  must_die(ask_into, (char *)(uintptr_t)test_main, "a pointer to code");
  check_stack();
}
