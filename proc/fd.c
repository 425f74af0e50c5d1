/* Open files and tables of them. */
#include "proc/fd.h"
#include "fs/fs.h"
#include "kern/memory.h"
#include "kern/thread.h"
#include "lib/round.h"
#include "lib/string.h"

#define FD_TABLE_FIRST_SIZE 8u

/* Entry i is descriptor FD_FIRST + i.  Used by the owning process only. */
struct fd_table {
  struct file **files;  /* NULL until the first file is opened. */
  uint32_t size;        /* Entries of `files`. */
  uint32_t lowest_free; /* No entry below it is free. */
};

/* A table without open files; its array comes with the first of them. */
struct fd_table *fd_table_create(void) {
  return kzalloc(sizeof(struct fd_table));
}

/* A table with the files of TABLE, each with one reference more. */
struct fd_table *fd_table_copy(const struct fd_table *table) {
  struct fd_table *copy = fd_table_create();
  struct file **files = table->size > 0 ? kmalloc(table->size * sizeof *files) : NULL;
  if (copy == NULL || (files == NULL && table->size > 0)) {
    kfree(copy);
    kfree(files);
    return NULL;
  }
  *copy = (struct fd_table){files, table->size, table->lowest_free};
  preempt_disable();
  for (uint32_t i = 0; i < table->size; i++) {
    files[i] = table->files[i];
    if (files[i] != NULL) files[i]->refs++;
  }
  preempt_enable();
  return copy;
}

/* Gives up one reference to FILE; the last closes it.  May sleep. */
static void file_put(struct file *file) {
  preempt_disable();
  bool last = --file->refs == 0;
  preempt_enable();
  if (!last) return;
  node_put(file->node);
  kfree(file);
}

/* Closes everything in TABLE and frees it. */
void fd_table_destroy(struct fd_table *table) {
  for (uint32_t i = 0; i < table->size; i++)
    if (table->files[i] != NULL) file_put(table->files[i]);
  kfree(table->files);
  kfree(table);
}

/* Doubles TABLE; false if it is as large as it may get or there is no memory. */
static bool fd_table_grow(struct fd_table *table) {
  uint32_t size = MIN(MAX(table->size * 2, FD_TABLE_FIRST_SIZE), (uint32_t)FD_MAX - FD_FIRST);
  if (size == table->size) return false;
  struct file **files = kzalloc(size * sizeof *files);
  if (files == NULL) return false;
  if (table->size > 0) memcpy(files, table->files, table->size * sizeof *files);
  kfree(table->files);
  table->files = files;
  table->size = size;
  return true;
}

/* Opens NODE, taking over the caller's hold, at the lowest free descriptor of TABLE; -1 if there
   is no memory or no descriptor left. */
int fd_open(struct fd_table *table, struct node *node) {
  uint32_t i = table->lowest_free;
  while (i < table->size && table->files[i] != NULL) i++;
  table->lowest_free = i;
  if (memory_is_low() || (i == table->size && !fd_table_grow(table))) return -1;
  struct file *file = kmalloc(sizeof *file);
  if (file == NULL) return -1;
  *file = (struct file){.node = node, .refs = 1};
  lock_init(&file->lock, RANK_FILE, "open file");
  table->files[i] = file;
  table->lowest_free = i + 1;
  return FD_FIRST + (int)i;
}

/* The open file FD of TABLE, or NULL. */
struct file *fd_lookup(const struct fd_table *table, int fd) {
  uint32_t i = (uint32_t)fd - FD_FIRST;
  return i < table->size ? table->files[i] : NULL;
}

/* Closes FD of TABLE if it is open. */
void fd_close(struct fd_table *table, int fd) {
  struct file *file = fd_lookup(table, fd);
  if (file == NULL) return;
  uint32_t i = (uint32_t)fd - FD_FIRST;
  table->files[i] = NULL;
  table->lowest_free = MIN(table->lowest_free, i);
  file_put(file);
}
