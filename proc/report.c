/* The directory /proc: which reports there are, and what they are as nodes. */
#include "proc/report.h"
#include "dev/clock.h"
#include "fs/fs.h"
#include "kern/memory.h"
#include "lib/printf.h"
#include "lib/round.h"
#include "lib/string.h"
#include "proc/tree.h"
#include "vm/anonymous.h"
#include "vm/error.h"

/* Numbers of nodes: above those of volumes, REPORTS_MAX for each process, the first being that of the directory. */
#define NUMBER_FIRST   0x40000000u
#define NUMBER_MASK    0x3fffffffu
#define REPORTS_MAX    16
#define PID_DIGITS     9           /* At most; there are never more. */
#define KINDS_POSITION 0x40000000u /* In the root: above all pids. */

struct report_kind {
  const char *name;
  report_function *make; /* NULL: it leads to something else. */
};

/* In the order of the directory's entries. */
static const struct report_kind system_kinds[] = {
    {"meminfo", report_meminfo}, {"policy", report_policy}, {"self", NULL},
    {"stat", report_stat},       {"uptime", report_uptime}, {"vmstat", report_vmstat}};
static const struct report_kind process_kinds[] = {
    {"cmdline", report_process_cmdline}, {"exe", NULL},
    {"maps", report_process_maps},       {"smaps", report_process_smaps},
    {"stat", report_process_stat},       {"status", report_process_status},
    {"wchan", report_process_wchan}};

_Static_assert(ARRAY_SIZE(system_kinds) < REPORTS_MAX && ARRAY_SIZE(process_kinds) < REPORTS_MAX,
               "each report has a number");

/* A node of /proc.  It is made when a path leads to it, for this path alone. */
struct report {
  struct node node;               /* Its store, if it is no directory, is anonymous, and held. */
  const struct report_kind *kind; /* Fixed; NULL: a directory. */
  int pid;                        /* Fixed; 0: of the system. */
  uint32_t users;                 /* Preemption off. */
};

static const struct node_ops root_ops, process_ops, report_ops, program_ops;
static struct report root = {.node = {.ops = &root_ops}, .users = 1};

/* The report that NODE is. */
static struct report *report_of(const struct node *node) {
  return container_of(node, struct report, node);
}

/* -- Users --------------------------------------------------------------------------------------- */

/* One more. */
static void report_hold(struct node *node) {
  preempt_disable();
  report_of(node)->users++;
  preempt_enable();
}

/* One fewer; the last ends it.  The root has one for good. */
static void report_put(struct node *node) {
  struct report *report = report_of(node);
  preempt_disable();
  bool is_last = --report->users == 0;
  preempt_enable();
  if (!is_last) return;
  if (node->store != NULL) node->store->ops->release(node->store);
  kfree(report);
}

/* A new node with OPS, held once: report KIND about PID, or if KIND is NULL the directory of PID.  FS_ENOMEM. */
static int create(const struct node_ops *ops, const struct report_kind *kind, int pid,
                  struct node **result) {
  struct report *report = kzalloc(sizeof *report);
  struct store *store = report != NULL && kind != NULL ? anonymous_create() : NULL;
  if (report == NULL || (kind != NULL && store == NULL)) {
    kfree(report);
    return FS_ENOMEM;
  }
  if (store != NULL) anonymous_set_length(store, 0);
  *report = (struct report){.node = {ops, store}, .kind = kind, .pid = pid, .users = 1};
  *result = &report->node;
  return FS_OK;
}

/* -- Names --------------------------------------------------------------------------------------- */

/* Whether NAME is TEXT. */
static bool name_is(struct dir_name name, const char *text) {
  return name.length == strlen(text) && memcmp(name.text, text, name.length) == 0;
}

/* The one of COUNT KINDS that is called NAME, or NULL. */
static const struct report_kind *find_kind(const struct report_kind *kinds, unsigned count,
                                           struct dir_name name) {
  for (unsigned i = 0; i < count; i++)
    if (name_is(name, kinds[i].name)) return &kinds[i];
  return NULL;
}

/* The pid that NAME writes as decimals, without zeroes before it, or is "self" for; 0 if it is none. */
static int pid_of_name(struct dir_name name) {
  const struct process *self = process_current();
  int pid = 0;
  if (name_is(name, "self")) return self != NULL ? self->pid : 0;
  if (name.length > PID_DIGITS || name.text[0] == '0') return 0;
  for (uint32_t i = 0; i < name.length; i++) {
    if (name.text[i] < '0' || name.text[i] > '9') return 0;
    pid = pid * 10 + (name.text[i] - '0');
  }
  return pid;
}

/* Finds NAME in /proc.  Whether there is such a process is looked for when it is opened. */
static int root_lookup(struct node *dir, struct dir_name name, struct node **result) {
  (void)dir;
  int pid = pid_of_name(name);
  if (pid > 0) return create(&process_ops, NULL, pid, result);
  const struct report_kind *kind = find_kind(system_kinds, ARRAY_SIZE(system_kinds), name);
  bool is_report = kind != NULL && kind->make != NULL;
  return is_report ? create(&report_ops, kind, 0, result) : FS_ENOENT;
}

/* Finds NAME in the directory of a process. */
static int process_lookup(struct node *dir, struct dir_name name, struct node **result) {
  if (name_is(name, "..")) {
    *result = node_hold(&root.node);
    return FS_OK;
  }
  const struct report_kind *kind = find_kind(process_kinds, ARRAY_SIZE(process_kinds), name);
  if (kind == NULL) return FS_ENOENT;
  return create(kind->make != NULL ? &report_ops : &program_ops, kind, report_of(dir)->pid, result);
}

/* There are no names in what is no directory. */
static int no_lookup(struct node *dir, struct dir_name name, struct node **result) {
  (void)dir, (void)name, (void)result;
  return FS_ENOTDIR;
}

/* The entry of KINDS, of which there are COUNT, at *POSITION, which moves on. */
static int next_kind(const struct report_kind *kinds, uint32_t count, uint32_t *position,
                     char *name) {
  if (*position >= count) return 0;
  strlcpy(name, kinds[(*position)++].name, FS_NAME_MAX + 1);
  return 1;
}

/* The process with the next pid above PID: that pid, or 0. */
static int next_pid(int pid) {
  process_table_lock();
  const struct process *next = process_find_above(pid);
  int result = next != NULL ? next->pid : 0;
  process_table_unlock();
  return result;
}

/* Gives the processes by pid, the last of which *POSITION is, and then the kinds' names from KINDS_POSITION on.  So who
   looks for a process's directory by its number finds its pid, and not "self". */
static int root_readdir(struct node *dir, uint32_t *position, char *name) {
  (void)dir;
  int pid = *position < KINDS_POSITION ? next_pid((int)*position) : 0;
  if (pid > 0) {
    snprintf(name, FS_NAME_MAX + 1, "%d", pid);
    *position = (uint32_t)pid;
    return 1;
  }
  uint32_t index = *position < KINDS_POSITION ? 0 : *position - KINDS_POSITION;
  int result = next_kind(system_kinds, ARRAY_SIZE(system_kinds), &index, name);
  *position = KINDS_POSITION + index;
  return result;
}

/* Gives the names of what there is about a process. */
static int process_readdir(struct node *dir, uint32_t *position, char *name) {
  (void)dir;
  return next_kind(process_kinds, ARRAY_SIZE(process_kinds), position, name);
}

/* There are no entries in what is no directory. */
static int no_readdir(struct node *dir, uint32_t *position, char *name) {
  (void)dir, (void)position, (void)name;
  return FS_ENOTDIR;
}

/* -- Content ------------------------------------------------------------------------------------- */

/* Fills in FACTS.  What a report tells is of now. */
static void report_describe(struct node *node, struct node_facts *facts) {
  const struct report *report = report_of(node);
  const struct report_kind *kinds = report->pid > 0 ? process_kinds : system_kinds;
  uint32_t index = report->kind != NULL ? (uint32_t)(report->kind - kinds) + 1 : 0;
  uint32_t number = ((uint32_t)report->pid * REPORTS_MAX + index) & NUMBER_MASK;
  uint32_t now = clock_seconds();
  *facts = (struct node_facts){.number = NUMBER_FIRST | number,
                               .is_dir = report->kind == NULL,
                               .size = report->kind != NULL ? store_length(node->store) : 0,
                               .links = report->kind != NULL ? 1 : 2,
                               .block_size = VM_PAGE_SIZE,
                               .modify_time = now,
                               .change_time = now,
                               .access_time = now};
}

/* The root is always there. */
static int root_open(struct node **node) {
  (void)node;
  return FS_OK;
}

/* FS_OK if the process is there, if only to be waited for. */
static int process_open(struct node **node) {
  process_table_lock();
  bool exists = tree_find(tree_top(), report_of(*node)->pid) != NULL;
  process_table_unlock();
  return exists ? FS_OK : FS_ENOENT;
}

/* Makes the content.  If the process has ended what was made before stays; if there is no memory nothing does. */
static int report_open(struct node **node) {
  const struct report *report = report_of(*node);
  struct report_text text = {.store = (*node)->store};
  if (!report->kind->make(&text, report->pid)) return FS_ENOENT;
  anonymous_set_length(text.store, text.error == VM_OK ? text.length : 0);
  if (text.error == VM_OK) return FS_OK;
  return text.error == VM_EIO ? FS_EIO : FS_ENOMEM;
}

/* Puts the file that the process runs in the place of *NODE; FS_ENOENT if it runs none, or has ended. */
static int program_open(struct node **node) {
  process_table_lock();
  const struct process *process = tree_find(tree_top(), report_of(*node)->pid);
  bool runs = process != NULL && process->as != NULL && process->executable != NULL;
  struct inode *inode = runs ? inode_hold(process->executable) : NULL;
  process_table_unlock();
  if (inode == NULL) return FS_ENOENT;
  report_put(*node);
  *node = inode_node(inode);
  return FS_OK;
}

static const struct node_ops root_ops = {.hold = report_hold,
                                         .put = report_put,
                                         .lookup = root_lookup,
                                         .readdir = root_readdir,
                                         .describe = report_describe,
                                         .open = root_open};
static const struct node_ops process_ops = {.hold = report_hold,
                                            .put = report_put,
                                            .lookup = process_lookup,
                                            .readdir = process_readdir,
                                            .describe = report_describe,
                                            .open = process_open};
static const struct node_ops report_ops = {.hold = report_hold,
                                           .put = report_put,
                                           .lookup = no_lookup,
                                           .readdir = no_readdir,
                                           .describe = report_describe,
                                           .open = report_open};
static const struct node_ops program_ops = {.hold = report_hold,
                                            .put = report_put,
                                            .lookup = no_lookup,
                                            .readdir = no_readdir,
                                            .describe = report_describe,
                                            .open = program_open};

/* Attaches the root. */
void reports_init(void) {
  fs_attach("proc", &root.node);
}
