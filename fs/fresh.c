/* Fresh blocks. */
#include "fs/fresh.h"
#include "dev/block.h"
#include "fs/fs.h"
#include "fs/volume.h"
#include "lib/round.h"
#include "lib/string.h"

#define ENTRIES_MAX 128
#define ZEROES_RUNS 32

struct entry {
  fresh_place place;
  struct block_extent extent;
};

static struct {
  struct lock lock;
  unsigned count;
  struct entry entries[ENTRIES_MAX]; /* Oldest first; no two overlap. */
} fresh;

static const uint8_t zeroes[EXT2_BLOCK_SIZE_MIN];

/* Nothing is fresh. */
void fresh_init(void) {
  lock_init(&fresh.lock, RANK_FRESH, "fresh blocks");
  fresh.count = 0;
}

/* Writes zeroes to the blocks of EXTENT. */
static int write_zeroes(struct block_extent extent) {
  struct block_run runs[ZEROES_RUNS];
  uint32_t per_block = volume.block_size / sizeof zeroes;
  for (unsigned i = 0; i < ZEROES_RUNS; i++)
    runs[i] = (struct block_run){(void *)(uintptr_t)zeroes, sizeof zeroes};
  while (extent.count > 0) {
    uint32_t count = MIN(extent.count, ZEROES_RUNS / per_block);
    struct block_request request = {.write = true,
                                    .sector = extent.block * volume.block_sectors,
                                    .runs = runs,
                                    .count = count * per_block};
    if (block_transfer(volume.device, &request) != BLOCK_OK) return FS_EIO;
    extent.block += count;
    extent.count -= count;
  }
  return FS_OK;
}

/* Takes entry INDEX out.  Lock held. */
static void remove(unsigned index) {
  fresh.count--;
  memmove(&fresh.entries[index], &fresh.entries[index + 1],
          (fresh.count - index) * sizeof fresh.entries[0]);
}

/* Gives entry INDEX zeroes and takes it out.  Lock held. */
static int settle(unsigned index) {
  int error = write_zeroes(fresh.entries[index].extent);
  if (error == FS_OK) remove(index);
  return error;
}

/* Makes an entry of EXTENT at PLACE, or a longer one.  Lock held. */
static int add(fresh_place place, struct block_extent extent) {
  for (unsigned i = 0; i < fresh.count; i++) {
    struct entry *entry = &fresh.entries[i];
    if (entry->place != place || entry->extent.block + entry->extent.count != extent.block)
      continue;
    entry->extent.count += extent.count;
    return FS_OK;
  }
  int error = fresh.count == ENTRIES_MAX ? settle(0) : FS_OK;
  if (error == FS_OK) fresh.entries[fresh.count++] = (struct entry){place, extent};
  return error;
}

/* Whether A and B have a block in common. */
static bool overlap(struct block_extent a, struct block_extent b) {
  return a.block < b.block + b.count && b.block < a.block + a.count;
}

/* The index of the first entry that has a block of EXTENT; the count if there is none.  Lock held. */
static unsigned find(struct block_extent extent) {
  unsigned i = 0;
  while (i < fresh.count && !overlap(fresh.entries[i].extent, extent)) i++;
  return i;
}

/* Takes the blocks of EXTENT out of all entries.  What would need one entry too many gets zeroes; if
   even that fails, it stays out, and may show what it held.  Lock held. */
static void cut(struct block_extent extent) {
  for (unsigned i; (i = find(extent)) < fresh.count;) {
    struct entry *entry = &fresh.entries[i];
    struct block_extent whole = entry->extent, rest = {extent.block + extent.count, 0};
    uint32_t end = whole.block + whole.count;
    if (end > rest.block) rest.count = end - rest.block;
    if (whole.block < extent.block) {
      entry->extent.count = extent.block - whole.block;
      if (rest.count > 0 && add(entry->place, rest) != FS_OK) volume.was_clean = false;
    } else if (rest.count > 0) {
      entry->extent = rest;
    } else {
      remove(i);
    }
  }
}

/* Notes fresh blocks. */
int fresh_add(fresh_place place, struct block_extent extent) {
  lock_acquire(&fresh.lock);
  int error = add(place, extent);
  lock_release(&fresh.lock);
  return error;
}

/* Gives what is fresh at PLACE zeroes. */
int fresh_settle(fresh_place place) {
  int error = FS_OK;
  lock_acquire(&fresh.lock);
  for (unsigned i = 0; i < fresh.count && error == FS_OK;)
    if (fresh.entries[i].place == place)
      error = settle(i);
    else
      i++;
  lock_release(&fresh.lock);
  return error;
}

/* Writes content.  While blocks change from fresh to written, nobody else may write zeroes. */
int fresh_write(const struct block_request *request, struct block_extent extent) {
  lock_acquire(&fresh.lock);
  bool any = find(extent) < fresh.count;
  if (!any) lock_release(&fresh.lock);
  int error = block_transfer(volume.device, request);
  if (!any) return error;
  if (error == BLOCK_OK) cut(extent);
  lock_release(&fresh.lock);
  return error;
}

/* Forgets freed blocks. */
void fresh_forget(struct block_extent extent) {
  lock_acquire(&fresh.lock);
  cut(extent);
  lock_release(&fresh.lock);
}
