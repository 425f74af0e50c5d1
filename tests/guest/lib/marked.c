/* Files whose content tells whose it is, and marks. */
#include "tests/guest/lib/marked.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NUMBERS_EACH 1000

static struct {
  unsigned process;
  unsigned sequence;
  unsigned number; /* The last one given. */
  int fd;
} marks;

/* Opens the file of marks for PROCESS. */
void marked_begin(unsigned process) {
  marks.process = process;
  marks.sequence = 0;
  marks.number = process * NUMBERS_EACH;
  marks.fd = must_open("marks");
}

/* Puts a line into this process's page of the marks, and that on disk.  What leaves early, half
   written, has no end of line. */
void mark(const char *format, ...) {
  char text[256];
  va_list args;
  char *page = vm_map(0, PAGE, READ_WRITE, MAP_SHARED, marks.fd, marks.process * PAGE);
  CHECK(!vm_is_error(page), "mapping the marks gave %ld", (long)page);
  int head = snprintf(text, sizeof text, "QUIRE-MARK %u %u ", marks.process, marks.sequence++);
  va_start(args, format);
  vsnprintf(text + head, sizeof text - head, format, args);
  va_end(args);
  strlcat(text, "\n", sizeof text);
  memset(page, 0, PAGE);
  memcpy(page, text, strlen(text));
  CHECK_IS(vm_unmap(page, PAGE), VM_OK);
}

/* Makes FILE in FOLDER. */
void marked_make(struct marked_file *file, const char *folder, unsigned size) {
  file->number = ++marks.number;
  file->size = size;
  file->generation = 1;
  snprintf(file->name, sizeof file->name, "%s%u", folder, file->number);
  CHECK(create(file->name, size), "create(\"%s\")", file->name);
  file->fd = must_open(file->name);
}

/* Fills memory with what belongs at OFFSET. */
void marked_fill(const struct marked_file *file, void *memory, unsigned offset, unsigned size) {
  uint32_t *words = memory;
  for (unsigned i = 0; i < size / sizeof *words; i++)
    words[i] = marked_word(file->number, file->generation, offset / sizeof *words + i);
}

/* Writes what belongs at OFFSET. */
void marked_write(struct marked_file *file, unsigned offset, unsigned size) {
  static uint32_t buffer[1024];
  seek(file->fd, offset);
  for (unsigned done = 0; done < size;) {
    unsigned chunk = size - done < sizeof buffer ? size - done : sizeof buffer;
    marked_fill(file, buffer, offset + done, chunk);
    CHECK_IS(write(file->fd, buffer, chunk), chunk);
    done += chunk;
  }
  if (offset + size > file->size) file->size = offset + size;
}

/* Appends SIZE bytes. */
void marked_grow(struct marked_file *file, unsigned size) {
  marked_write(file, file->size, size);
}

/* Makes FILE safe and says so of a part of it. */
void marked_sync(const struct marked_file *file, unsigned offset, unsigned size) {
  CHECK_IS(fsync(file->fd), VM_OK);
  mark("synced %s %u %u %u", file->name, offset, size, file->generation);
}

/* Removes FILE. */
void marked_remove(const struct marked_file *file) {
  close(file->fd);
  mark("removing %s", file->name);
  CHECK(remove(file->name), "remove(\"%s\")", file->name);
}
