/* TEST: At the start the stack holds, from its top down: the argument strings, alignment, a null pointer,
         argv[argc-1] to argv[0], argv, argc, and a return address at esp; argc is at a multiple of 16.
   ARGS: a bc def */
#include <string.h>
#include "tests/guest/lib/test.h"

void begin(uint32_t *esp) NO_RETURN;

/* Passes on the stack pointer that the kernel gave; instead of the library's entry. */
__asm__(".globl _start\n"
        "_start:\n"
        "  movl %esp, %eax\n"
        "  pushl %eax\n"
        "  call begin\n");

/* Checks what lies at ESP and above. */
void begin(uint32_t *esp) {
  static const char *const words[] = {"args-layout", "a", "bc", "def"};
  uint32_t argc = esp[1], *argv = (uint32_t *)esp[2];
  test_name = "args-layout";
  CHECK((uint32_t)(esp + 1) % 16 == 0, "argc at %p must be at a multiple of 16", (void *)(esp + 1));
  CHECK(argc == 4, "argc is %u", (unsigned)argc);
  CHECK(argv == esp + 3, "argv[0] must follow argv: %p, esp %p", (void *)argv, (void *)esp);
  CHECK(argv[argc] == 0, "argv[argc] must be null");
  char *lowest = USER_END;
  unsigned bytes = 0;
  for (unsigned i = 0; i < argc; i++) {
    char *word = (char *)argv[i];
    CHECK(word > (char *)&argv[argc] && word < USER_END, "string %u is at %p", i, (void *)word);
    CHECK(strcmp(word, words[i]) == 0, "string %u is '%s'", i, word);
    bytes += strlen(word) + 1;
    if (word < lowest) lowest = word;
  }
  CHECK(lowest + bytes == USER_END, "the strings must fill the top of the stack");
  CHECK((char *)&argv[argc + 1] <= lowest && lowest < (char *)&argv[argc + 5],
        "at most 15 bytes of alignment, and 3 for whole words");
  msg("all as it must be");
  exit(0);
}
