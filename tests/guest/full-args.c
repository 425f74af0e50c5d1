/* TEST: Command lines of more than a page, of 128 KiB, of very many words and without end are refused, one
         of a page less a byte and of as many words as it holds runs; again and again.
   BATTERY: a hundred rounds take seconds
   ROUNDS: 100
   PUT: child-exit
   POOL: 64
   ALLOW: load: \S+: .* */
#include <string.h>
#include "tests/guest/lib/full.h"

#define LONG  (128u << 10)
#define LIMIT 4095

static const char start[] = "child-exit 5 0 ";

/* Makes LINE a command line of LENGTH bytes whose rest is WORD over and over. */
static void make_line(char *line, unsigned length, const char *word) {
  memcpy(line, start, sizeof start - 1);
  for (unsigned i = sizeof start - 1; i < length; i++) line[i] = word[i % strlen(word)];
  line[length] = '\0';
}

/* Each kind. */
static void use_up(void) {
  char *line = map_anonymous(LONG / PAGE + 1);
  static const char *const words[] = {"x", "x ", " x", " ", "xyz "};
  for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
    static const unsigned lengths[] = {LIMIT + 1, 2 * LIMIT, LONG};
    for (unsigned k = 0; k < sizeof lengths / sizeof *lengths; k++) {
      make_line(line, lengths[k], words[i]);
      CHECK_IS(exec(line), PID_ERROR);
    }
  }
  make_line(line, LIMIT, "x ");
  CHECK_IS(wait(exec(line)), 5);
  memset(line, ' ', LIMIT);
  CHECK_IS(exec(line), PID_ERROR);
  CHECK_IS(vm_unmap(line, LONG + PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
