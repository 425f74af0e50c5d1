/* The actions on the kernel's command line: one table. */
#include "init/actions.h"
#include "fs/fs.h"
#include "init/check.h"
#include "init/cmdline.h"
#include "init/selftest.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "lib/round.h"
#include "lib/string.h"
#include "proc/process.h"

#define PIECE_SIZE 4096 /* A page. */

struct action {
  const char *name;
  unsigned operands;
  const char *usage;
  const char *help;
  void (*run)(const char *operand);
  bool (*takes)(const char *operand); /* NULL: whatever it is. */
};

/* run 'PROG [ARG...]'. */
static void run_program(const char *command_line) {
  kprintf("Executing '%s':\n", command_line);
  process_run(command_line);
  kprintf("Execution of '%s' complete.\n", command_line);
}

/* Whether COMMAND_LINE has a word. */
static bool names_program(const char *command_line) {
  return command_line[strspn(command_line, " ")] != '\0';
}

/* Finds PATH for action WHAT; NULL after a line that says why not. */
static struct node *find_file(const char *what, const char *path) {
  struct node *node;
  int error = fs_lookup(NULL, path, &node);
  if (error == FS_OK) return node;
  kprintf("%s: %s: open failed: %s\n", what, path, fs_error_text(error));
  return NULL;
}

/* ls. */
static void list_files(const char *unused) {
  (void)unused;
  struct node *root = find_file("ls", "/");
  if (root == NULL) return;
  char name[FS_NAME_MAX + 1];
  uint32_t position = 0;
  int result;
  kprintf("Files in the root directory:\n");
  while ((result = fs_readdir(root, &position, name)) > 0) kprintf("%s\n", name);
  if (result < 0) kprintf("ls: %s\n", fs_error_text(result));
  kprintf("End of listing.\n");
  node_put(root);
}

/* Prints the content of NODE, found as PATH, by pieces in BUFFER. */
static void print_content(struct node *node, const char *path, char *buffer) {
  uint32_t offset = 0;
  long size;
  while ((size = store_read(node->store, offset, buffer, PIECE_SIZE)) > 0) {
    kwrite(buffer, (size_t)size);
    offset += (uint32_t)size;
  }
  if (size < 0) kprintf("cat: %s: read failed at byte %u\n", path, (unsigned)offset);
}

/* cat FILE. */
static void print_file(const char *path) {
  struct node *node = find_file("cat", path);
  if (node == NULL) return;
  char *buffer = page_alloc(1);
  if (node_is_dir(node))
    kprintf("cat: %s: is a directory\n", path);
  else if (buffer == NULL)
    kprintf("cat: %s: no memory\n", path);
  else
    print_content(node, path, buffer);
  if (buffer != NULL) page_free(buffer, 1);
  node_put(node);
}

/* rm FILE. */
static void remove_file(const char *path) {
  int error = fs_remove(NULL, path);
  if (error != FS_OK) kprintf("rm: %s: delete failed: %s\n", path, fs_error_text(error));
}

/* check. */
static void check(const char *unused) {
  (void)unused;
  check_all();
}

/* memory. */
static void show_memory(const char *unused) {
  (void)unused;
  check_show_memory();
}

static const struct action table[] = {
    {"run", 1, "run 'PROG [ARG...]'", "Run PROG with its arguments to its end.", run_program,
     names_program},
    {"ls", 0, "ls", "List the files in the root directory.", list_files, NULL},
    {"cat", 1, "cat FILE", "Print FILE.", print_file, NULL},
    {"rm", 1, "rm FILE", "Delete FILE.", remove_file, NULL},
    {"check", 0, "check", "Drop caches, check the VM, count what is in use.", check, NULL},
    {"memory", 0, "memory", "Show the pools of memory.", show_memory, NULL},
    {"selftest", 1, "selftest NAME", "Do a bug on purpose, to see it found.", selftest_run,
     selftest_exists},
};

/* The action called NAME, or NULL. */
static const struct action *find_action(const char *name) {
  for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
    if (strcmp(table[i].name, name) == 0) return &table[i];
  return NULL;
}

/* Whether WORDS holds at least COUNT words. */
static bool has_words(char **words, unsigned count) {
  for (unsigned i = 0; i < count; i++)
    if (words[i] == NULL) return false;
  return true;
}

/* Looks whether WORDS are actions. */
void actions_check(char **words) {
  while (*words != NULL) {
    const struct action *action = find_action(*words);
    if (action == NULL)
      cmdline_refuse("unknown action `%s' (%s)", *words,
                     **words == '-' ? "options go before actions" : "use -h for help");
    if (!has_words(words + 1, action->operands))
      cmdline_refuse("action `%s' requires %u argument(s)", *words, action->operands);
    if (action->takes != NULL && !action->takes(words[1]))
      cmdline_refuse("bad argument `%s' for action `%s'", words[1], *words);
    words += 1 + action->operands;
  }
}

/* Runs the actions in WORDS, which were checked. */
void actions_run(char **words) {
  check_set_baseline();
  while (*words != NULL) {
    const struct action *action = find_action(*words);
    action->run(action->operands > 0 ? words[1] : NULL);
    words += 1 + action->operands;
  }
}

/* Prints a line for each action. */
void actions_help(void) {
  kprintf("Actions:\n");
  for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
    kprintf("  %-19s %s\n", table[i].usage, table[i].help);
}
