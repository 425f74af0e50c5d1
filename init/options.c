/* The kernel command line. */
#include "init/options.h"
#include <stddef.h>
#include "arch/i386/machine.h"
#include "kern/print.h"
#include "lib/round.h"
#include "lib/string.h"

#define LINE_MAX 2048

struct options options = {.user_pages = UINT32_MAX, .stack_bytes = 8 << 20};

static char line_copy[LINE_MAX];
static char *words[WORDS_MAX + 1];

/* Says what is wrong and ends the machine. */
_Noreturn void usage_error(const char *format, ...) {
  va_list args;
  va_start(args, format);
  kvprintf(format, args);
  kprintf("\n");
  va_end(args);
  machine_exit(USAGE_EXIT_STATUS);
}

/* Reads one word from *AT on into itself, without its quotes, and ends it with a null; *AT is moved
   past it. */
static char *read_word(char **at) {
  char *word = *at, *out = *at, *in = *at;
  char quote = '\0';
  for (; *in != '\0' && (quote != '\0' || *in != ' '); in++) {
    if (quote == '\0' && (*in == '\'' || *in == '"')) quote = *in;
    else if (*in == quote) quote = '\0';
    else *out++ = *in;
  }
  if (quote != '\0') usage_error("unterminated quote in the kernel command line");
  *at = *in == '\0' ? in : in + 1;
  *out = '\0';
  return word;
}

/* Cuts LINE into words. */
static void split_words(const char *line) {
  if (strlcpy(line_copy, line, sizeof line_copy) >= sizeof line_copy)
    usage_error("kernel command line longer than %d bytes", LINE_MAX - 1);
  unsigned count = 0;
  for (char *at = line_copy; *(at += strspn(at, " ")) != '\0';) {
    if (count == WORDS_MAX) usage_error("more than %d words in the kernel command line", WORDS_MAX);
    words[count++] = read_word(&at);
  }
  words[count] = NULL;
}

/* The number TEXT, which is the value of OPTION. */
static uint32_t read_number(const char *option, const char *text) {
  uint32_t number = 0;
  for (const char *at = text; *at != '\0' || at == text; at++) {
    unsigned digit = (unsigned)*at - '0';
    if (digit > 9 || number > (UINT32_MAX - digit) / 10)
      usage_error("bad number `%s' for %s", text, option);
    number = number * 10 + digit;
  }
  return number;
}

static void set_power_off(const char *value) {
  (void)value;
  options.power_off = true;
}
static void set_reboot(const char *value) {
  (void)value;
  options.reboot = true;
}
static void set_format(const char *value) {
  (void)value; /* Done by the launcher, before the machine started. */
}
static void set_filesys(const char *value) {
  options.filesys = value;
}
static void set_scratch(const char *value) {
  options.scratch = value;
}
static void set_swap(const char *value) {
  options.swap = value;
}
static void set_policy(const char *value) {
  options.policy = value;
}
static void set_seed(const char *value) {
  options.random_seed = read_number("-rs", value);
}
static void set_user_pages(const char *value) {
  options.user_pages = read_number("-ul", value);
  if (options.user_pages == 0) usage_error("bad number `%s' for -ul", value);
}
static void set_stack(const char *value) {
  uint32_t kilobytes = read_number("-stack", value);
  if (kilobytes < 4 || kilobytes > 1 << 20) usage_error("bad number `%s' for -stack", value);
  options.stack_bytes = kilobytes * 1024;
}
static void set_oom(const char *value) {
  if (strcmp(value, "kill") != 0 && strcmp(value, "panic") != 0)
    usage_error("bad value `%s' for -oom (use kill or panic)", value);
  options.panic_on_oom = strcmp(value, "panic") == 0;
}
static void show_help(const char *value);

/* The options there are; those whose name ends with = want a value. */
static const struct option {
  const char *name;
  void (*set)(const char *value);
  const char *help;
} table[] = {
    {"-h", show_help, "print this help and power off"},
    {"-q", set_power_off, "power off after the actions"},
    {"-r", set_reboot, "reboot after the actions"},
    {"-f", set_format, "format the file system (done by the launcher before booting)"},
    {"-filesys=", set_filesys, "BDEV: use block device BDEV for the file system"},
    {"-scratch=", set_scratch, "BDEV: use block device BDEV as scratch"},
    {"-swap=", set_swap, "BDEV: use block device BDEV for swapping"},
    {"-rs=", set_seed, "SEED: set the random seed"},
    {"-ul=", set_user_pages, "COUNT: limit the user pool to COUNT frames"},
    {"-stack=", set_stack, "KB: limit stacks to KB kilobytes (8192)"},
    {"-policy=", set_policy, "NAME: choose the replacement policy"},
    {"-oom=", set_oom, "kill or panic, when no frame can be freed"},
};

/* Prints the options and actions, and powers off. */
static void show_help(const char *value) {
  (void)value;
  kprintf("Command line: [OPTION...] [ACTION...]\nOptions:\n");
  for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
    kprintf("  %-10s %s\n", table[i].name, table[i].help);
  kprintf("Actions:\n"
          "  run 'PROG [ARG...]'  run PROG and wait for it\n"
          "  ls                   list the root directory\n"
          "  cat FILE             print FILE\n"
          "  rm FILE              remove FILE\n"
          "  check                check the invariants of the VM, count what is in use\n");
  machine_power_off();
}

/* Takes the option WORD. */
static void read_option(char *word) {
  for (unsigned i = 0; i < ARRAY_SIZE(table); i++) {
    size_t length = strlen(table[i].name);
    bool wants_value = table[i].name[length - 1] == '=';
    if (wants_value && strncmp(word, table[i].name, length) == 0 && word[length] != '\0') {
      table[i].set(word + length);
      return;
    }
    if (!wants_value && strcmp(word, table[i].name) == 0) {
      table[i].set(NULL);
      return;
    }
    if (wants_value && strncmp(word, table[i].name, length - 1) == 0 &&
        (word[length - 1] == '\0' || strcmp(word + length - 1, "=") == 0))
      usage_error("option `%.*s' requires a value", (int)length - 1, word);
  }
  usage_error("unknown option `%s' (use -h for help)", word);
}

/* Reads LINE into `options`. */
void options_parse(const char *line) {
  split_words(line);
  char **at = words;
  for (; *at != NULL && (*at)[0] == '-'; at++) read_option(*at);
  options.actions = at;
}
