/* Fuzzing the kernel's command line: the input is the line.  It is refused with a line and a status, or
   its words are its own, its options in their bounds, and its actions run to their end.

   The input: a byte whose lowest bit says that the loader cut the line, then the line up to a 0. */
#include <stdlib.h>
#include <string.h>
#include "arch/i386/intr.h"
#include "fs/fs.h"
#include "init/actions.h"
#include "init/cmdline.h"
#include "init/options.h"
#include "proc/process.h"
#include "tests/fuzz/kernel.h"
#include "vm/policy.h"

#define LINE_SIZE      4096
#define WORDS_MAX      256
#define REFUSED_STATUS 2

static char line[LINE_SIZE];      /* As the loader has it. */
static char again[2 * LINE_SIZE]; /* Its words, each in quotes. */
static struct kernel_options boot;

/* Notes WORDS in AGAIN so that they must come out as they are. */
static void quote(char **words) {
  char *to = again;
  for (; *words != NULL; words++) {
    for (const char *from = *words; *from != '\0'; from++) {
      char mark = *from == '\'' ? '"' : '\'';
      ASSERT(to < again + sizeof again - 5);
      *to++ = mark;
      *to++ = *from;
      *to++ = mark;
    }
    if (**words == '\0') *to++ = '\'', *to++ = '\'';
    *to++ = ' ';
  }
  *to = '\0';
}

/* Whether quoted words come out as they are: WORDS, of which the line has room for. */
static void check_words(char **words) {
  static char first[LINE_SIZE];
  size_t lengths[WORDS_MAX + 1], count = 0;
  char *to = first;
  for (; words[count] != NULL; count++) {
    ASSERT(count < WORDS_MAX);
    lengths[count] = strlen(words[count]) + 1;
    memcpy(to, words[count], lengths[count]);
    to += lengths[count];
  }
  quote(words);
  if (strlen(again) >= 2048) return;
  boot.command_line = again;
  words = cmdline_split();
  to = first;
  for (size_t i = 0; i < count; i++) {
    ASSERT(words[i] != NULL && strcmp(words[i], to) == 0);
    to += lengths[i];
  }
  ASSERT(words[count] == NULL);
  boot.command_line = line;
}

/* Whether the options are what the rest of the kernel relies on. */
static void check_options(void) {
  ASSERT(options.frames_max >= 4 && options.frames_max <= 0xfffff);
  ASSERT(options.stack_limit >= 4096 && options.stack_limit <= 1u << 30);
  ASSERT(options.policy == NULL || policy_lookup(options.policy) != NULL);
}

/* Halts. */
static void halt(void) {
  process_exit(0);
}

/* Takes the command line apart and does what it says. */
static void run(void *unused) {
  (void)unused;
  check_words(cmdline_split());
  char **words = options_parse(cmdline_split());
  check_options();
  actions_check(words);
  if (options.help) {
    options_help();
    actions_help();
    return;
  }
  ASSERT(fs_mount(&kernel_disk.block) == FS_OK);
  process_init();
  process_set_halt(halt);
  actions_run(words);
}

/* Boots with the command line DATA. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct options defaults;
  static bool started;
  if (!started) defaults = options;
  started = true;
  options = defaults;
  struct input input = {data, size};
  unsigned flags = input_byte(&input);
  size_t length = input.left < LINE_SIZE - 1 ? input.left : LINE_SIZE - 1;
  memcpy(line, input.bytes, length);
  line[length] = '\0';
  boot = (struct kernel_options){
      .image = &images[0], .command_line = line, .command_line_is_cut = flags & 1};
  system_start(&boot);
  system_run(run, NULL);
  ASSERT(kernel_exit_status == -1 || kernel_exit_status == REFUSED_STATUS);
  ASSERT(!boot.command_line_is_cut || kernel_exit_status == REFUSED_STATUS);
  system_finish();
  return 0;
}
