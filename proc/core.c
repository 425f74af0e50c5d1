/* Core files: whether, where, and what is said of it. */
#include "proc/core.h"
#include "fs/fs.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "proc/core_write.h"
#include "vm/types.h"

#define SUFFIX   ".core"
#define NAME_MAX (FS_NAME_MAX - sizeof SUFFIX)
#define KB       1024u

bool core_wanted;

/* Makes the empty file PATH in the place of what there was; FS_OK or the error. */
static int make_file(const char *path, struct node **node) {
  int error = fs_lookup(NULL, path, node);
  if (error == FS_OK) {
    bool is_dir = (*node)->store == NULL;
    node_put(*node);
    if (is_dir) return FS_EISDIR;
    error = fs_remove(NULL, path);
    if (error != FS_OK) return error;
  }
  error = fs_create(NULL, path, 0);
  return error == FS_OK ? fs_lookup(NULL, path, node) : error;
}

/* Writes CORE to its store, the empty file PATH, and forgets that if it does not succeed. */
static void fill_file(struct core *core, const char *path) {
  if (!store_start_writing(core->store)) {
    core->failure = fs_error_text(FS_EBUSY);
    return;
  }
  if (!core_write(core)) fs_remove(NULL, path);
  store_stop_writing(core->store);
}

/* Says what became of CORE at PATH. */
static void tell(const struct core *core, const char *path) {
  const char *name = core->process->name;
  if (core->failure != NULL)
    kprintf("%s: no core: %s\n", name, core->failure);
  else if (core->lost > 0)
    kprintf("%s: core in %s, %u KB; %u pages could not be read\n", name, path,
            (unsigned)(core->pages * (VM_PAGE_SIZE / KB)), (unsigned)core->lost);
  else
    kprintf("%s: core in %s, %u KB\n", name, path, (unsigned)(core->pages * (VM_PAGE_SIZE / KB)));
}

/* The last part of the running program's name. */
static const char *base_name(const char *name) {
  const char *slash = strrchr(name, '/');
  return slash != NULL && slash[1] != '\0' ? slash + 1 : name;
}

/* What a page of kernel memory is for meanwhile: it would be much for a stack. */
struct work {
  struct core core;
  struct core_head head;
  char path[NAME_MAX + sizeof SUFFIX + 1];
};

/* Writes the core file of PROCESS, which runs and which SIGNAL kills, in WORK. */
static void write_core(struct work *work, struct process *process, enum core_signal signal) {
  struct core *core = &work->core;
  struct node *node;
  *core = (struct core){.process = process, .signal = signal, .head = &work->head};
  snprintf(work->path, sizeof work->path, "/%.*s" SUFFIX, (int)NAME_MAX - 1,
           base_name(process->name));
  int error = make_file(work->path, &node);
  if (error != FS_OK) {
    core->failure = fs_error_text(error);
  } else {
    core->store = node->store;
    fill_file(core, work->path);
    node_put(node);
  }
  tell(core, work->path + 1);
}

/* Leaves a core file, unless memory is out. */
void core_leave(enum core_signal signal) {
  struct process *process = process_current();
  if (!core_wanted || process->killed == KILL_STOP) return;
  void *page = core_is_out_of_time(process) ? NULL : page_alloc(1);
  if (page == NULL) {
    kprintf("%s: no core: there is no memory to write it\n", process->name);
    return;
  }
  _Static_assert(sizeof(struct work) <= VM_PAGE_SIZE, "it fits");
  write_core(page, process, signal);
  page_free(page, 1);
}
