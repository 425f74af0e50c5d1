/* Actions. */
#include "init/actions.h"
#include <stddef.h>
#include "dev/console.h"
#include "fs/fs.h"
#include "init/options.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "lib/round.h"
#include "lib/string.h"
#include "proc/process.h"
#include "vm/vm.h"

/* run 'PROG [ARG...]' */
static void run(char *operand) {
  kprintf("Executing '%s':\n", operand);
  process_run(operand);
  kprintf("Execution of '%s' complete.\n", operand);
}

/* ls: the root directory, a name a line. */
static void list(char *unused) {
  (void)unused;
  char *name = kmalloc(FS_NAME_MAX + 1);
  struct inode *root;
  kprintf("Files in the root directory:\n");
  if (name != NULL && fs_lookup(NULL, "/", &root) == FS_OK) {
    for (uint32_t position = 0; fs_readdir(root, &position, name) == 1;) kprintf("%s\n", name);
    inode_put(root);
  }
  kprintf("End of listing.\n");
  kfree(name);
}

/* cat FILE */
static void print_file(char *name) {
  char buffer[128];
  struct inode *inode;
  kprintf("Printing '%s' to the console...\n", name);
  int error = fs_lookup(NULL, name, &inode);
  if (error != FS_OK) {
    kprintf("%s: %s\n", name, fs_error_text(error));
    return;
  }
  long size = 0;
  for (uint32_t at = 0; !inode_is_dir(inode); at += size) {
    size = store_read(inode_store(inode), at, buffer, sizeof buffer);
    if (size <= 0) break;
    console_write(buffer, size);
  }
  inode_put(inode);
}

/* rm FILE */
static void remove_file(char *name) {
  kprintf("Deleting '%s'...\n", name);
  int error = fs_remove(NULL, name);
  if (error != FS_OK) kprintf("%s: %s\n", name, fs_error_text(error));
}

/* check: the invariants of the VM, and what is in use once the caches are empty. */
static void check(char *unused) {
  (void)unused;
  if (fs_is_mounted()) fs_drop_caches();
  vm_drop_clean();
  const char *broken = vm_check();
  struct vm_stats vm;
  vm_get_stats(&vm);
  struct memory_stats memory = memory_stats();
  kprintf("check: %s, frames %u free of %u, slots %u used of %u, kernel %'u bytes in %u blocks, "
          "%u of %u pages free\n",
          broken == NULL ? "ok" : broken, (unsigned)vm.frames_free, (unsigned)vm.frames_total,
          (unsigned)vm.slots_used, (unsigned)vm.slots_total, (unsigned)memory.bytes,
          (unsigned)memory.blocks, (unsigned)memory.pages_free, (unsigned)memory.pages_total);
}

static const struct action {
  const char *name;
  unsigned operands;
  void (*carry_out)(char *operand);
} table[] = {
    {"run", 1, run},        {"ls", 0, list},   {"cat", 1, print_file},
    {"rm", 1, remove_file}, {"check", 0, check},
};

/* The action called NAME; ends the machine if there is none. */
static const struct action *find_action(const char *name) {
  for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
    if (strcmp(table[i].name, name) == 0) return &table[i];
  usage_error("unknown action `%s' (use -h for help)", name);
}

/* Checks that WORDS are actions with their operands. */
void actions_check(char **words) {
  while (*words != NULL) {
    const struct action *action = find_action(*words++);
    for (unsigned i = 0; i < action->operands; i++)
      if (*words++ == NULL)
        usage_error("action `%s' requires %u argument(s)", action->name, action->operands);
  }
}

/* Carries WORDS out. */
void actions_run(char **words) {
  while (*words != NULL) {
    const struct action *action = find_action(*words++);
    action->carry_out(action->operands > 0 ? *words : NULL);
    words += action->operands;
  }
}
