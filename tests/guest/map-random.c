/* TEST: Random mapping, unmapping, reading, writing, growing, removing, syncing and forking on three
         files, with a model of what must be in them, in a pool of 32 frames.
   ARGS: 1500 1
   POOL: 32 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define FILES     3
#define PAGES_MAX 20
#define SHORT     700 /* Bytes that the last page of a file lacks. */
#define MAPS      6

/* What the files hold: page I is of version versions[I], 0 for zeroes. */
static struct file {
  int fd, pages;
  uint32_t versions[PAGES_MAX];
} files[FILES];

/* What is mapped; a mapping of a removed file is of file -1. */
static struct map { int id, file, pages; } maps[MAPS];

static uint32_t state, version;
static char page[PAGE];

/* A random number below LIMIT. */
static unsigned pick(unsigned limit) {
  return next_random(&state) % limit;
}

/* Bytes of page I of F. */
static unsigned bytes_of(const struct file *f, int i) {
  return i == f->pages - 1 ? PAGE - SHORT : PAGE;
}

/* Whether the bytes at MEMORY are those of page I of F; beyond the end they are zero. */
static bool is_right(const struct file *f, int i, const char *memory) {
  const uint32_t *words = (const uint32_t *)(const void *)memory;
  for (unsigned k = 0; k < bytes_of(f, i) / 4; k++)
    if (words[k] != (f->versions[i] == 0 ? 0 : page_word((uint32_t)i, f->versions[i], k)))
      return false;
  return true;
}

/* Writes a new version of page I of F to MEMORY. */
static void change(struct file *f, int i, char *memory) {
  f->versions[i] = ++version;
  page_fill(page, (uint32_t)i, version);
  memcpy(memory, page, bytes_of(f, i));
}

/* Makes file NUMBER anew, of random size. */
static void make(int number) {
  char name[] = "file0";
  struct file *f = &files[number];
  name[4] += number;
  memset(f->versions, 0, sizeof f->versions);
  f->pages = 1 + (int)pick(PAGES_MAX / 2);
  CHECK(create(name, (unsigned)f->pages * PAGE - SHORT), "create");
  f->fd = must_open(name);
}

/* Removes file NUMBER; its mappings stay, but the model forgets them. */
static void forget(int number) {
  char name[] = "file0";
  name[4] += number;
  CHECK(remove(name), "remove");
  close(files[number].fd);
  for (int k = 0; k < MAPS; k++)
    if (maps[k].file == number) maps[k].file = -1;
  make(number);
}

/* Where mapping K is. */
static char *place_of(int k) {
  return PLACE + (unsigned)k * 0x100000;
}

/* Maps or unmaps K. */
static void toggle(int k) {
  struct map *m = &maps[k];
  if (m->id != 0) {
    munmap(m->id);
    m->id = 0;
    return;
  }
  m->file = (int)pick(FILES);
  m->pages = files[m->file].pages;
  m->id = mmap(files[m->file].fd, place_of(k));
  CHECK(m->id > 0, "mmap");
}

/* Reads or writes page I of mapping K. */
static void use_map(int k, bool write) {
  struct map *m = &maps[k];
  if (m->id == 0 || m->file < 0) return;
  int i = (int)pick((unsigned)m->pages);
  char *memory = PAGE_AT(place_of(k), i);
  CHECK(is_right(&files[m->file], i, memory), "page %d of file %d in mapping %d", i, m->file, k);
  if (write) change(&files[m->file], i, memory);
}

/* Reads or writes a page of F by its descriptor. */
static void use_file(struct file *f, bool writes) {
  int i = (int)pick((unsigned)f->pages), size = (int)bytes_of(f, i);
  seek(f->fd, (unsigned)i * PAGE);
  CHECK_IS(read(f->fd, page, PAGE), size);
  CHECK(is_right(f, i, page), "page %d by read()", i);
  if (!writes) return;
  change(f, i, page);
  seek(f->fd, (unsigned)i * PAGE);
  CHECK_IS(write(f->fd, page, size), size);
}

/* Makes F a page longer. */
static void grow(struct file *f) {
  if (f->pages == PAGES_MAX) return;
  seek(f->fd, (unsigned)f->pages * PAGE - SHORT);
  memset(page, 0, PAGE);
  CHECK_IS(write(f->fd, page, SHORT), SHORT);
  if (f->versions[f->pages - 1] != 0) {
    page_fill(page, (uint32_t)f->pages - 1, f->versions[f->pages - 1]);
    seek(f->fd, (unsigned)f->pages * PAGE - SHORT);
    CHECK_IS(write(f->fd, page + PAGE - SHORT, SHORT), SHORT);
  }
  memset(page, 0, PAGE);
  CHECK_IS(write(f->fd, page, PAGE - SHORT), PAGE - SHORT);
  f->versions[f->pages++] = 0;
}

/* One step. */
static void step(void) {
  int k = (int)pick(MAPS);
  struct file *f = &files[pick(FILES)];
  switch (pick(16)) {
  case 0:
  case 1: toggle(k); break;
  case 2: grow(f); break;
  case 3: use_file(f, false); break;
  case 4:
  case 5: use_file(f, true); break;
  case 6: CHECK_IS(fsync(f->fd), VM_OK); break;
  case 7:
    if (maps[k].id != 0) CHECK_IS(vm_sync(place_of(k), (unsigned)maps[k].pages * PAGE), VM_OK);
    break;
  case 8:
    if (maps[k].id != 0)
      CHECK_IS(vm_advise(place_of(k), (unsigned)maps[k].pages * PAGE, ADVICE_DONTNEED), VM_OK);
    break;
  case 9:
    if (pick(8) == 0) forget((int)pick(FILES));
    break;
  case 10:
    if (pick(16) == 0) push_out();
    break;
  default: use_map(k, pick(2) == 0);
  }
}

/* Some steps in a child, whose reads must see the same, but whose changes are only of what is shared:
   it makes none. */
static int look(char *unused) {
  (void)unused;
  for (int k = 0; k < MAPS; k++)
    for (int n = 0; n < 3; n++) use_map(k, false);
  for (int i = 0; i < FILES; i++) use_file(&files[i], false);
  return 4;
}

/* As many steps as the first argument says, beginning with the second. */
void test_main(void) {
  int steps = atoi(test_argv[1]);
  state = 1234567u * (unsigned)atoi(test_argv[2]) + 1;
  for (int i = 0; i < FILES; i++) make(i);
  for (int i = 0; i < steps; i++) {
    step();
    if (pick(100) == 0) CHECK_IS(run_child(look, NULL), 4);
  }
  for (int k = 0; k < MAPS; k++) maps[k].file = -1;
  for (int i = 0; i < 3 * PAGES_MAX; i++) use_file(&files[i % FILES], false);
}
