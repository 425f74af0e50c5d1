/* Kernel memory, from the host: so the address sanitizer watches it. */
#include "kern/memory.h"
#include <stdlib.h>
#include <string.h>
#include "tests/fuzz/kernel.h"
#include "vm/types.h"

#define MEMORY_MAX (8u << 20) /* More cannot be needed, whatever the input is. */

/* Before each block that is handed out.  As large as keeps pages aligned where they must be. */
struct block_head {
  size_t size;
};

static size_t memory_bytes, memory_blocks;
uint32_t kernel_alloc_fails_after;

/* Counts SIZE bytes as handed out; false if they are to fail. */
static bool count_memory(size_t size) {
  if (kernel_alloc_fails_after > 0 && --kernel_alloc_fails_after == 0) return false;
  memory_bytes += size;
  memory_blocks++;
  ASSERT(memory_bytes <= MEMORY_MAX);
  return true;
}

/* SIZE bytes, filled with what the kernel fills them with. */
void *kmalloc(size_t size) {
  if (size > MEMORY_MAX || !count_memory(size)) return NULL;
  struct block_head *head = malloc(sizeof *head + size);
  head->size = size;
  return memset(head + 1, 0xcd, size);
}

/* SIZE zero bytes. */
void *kzalloc(size_t size) {
  void *block = kmalloc(size);
  return block == NULL ? NULL : memset(block, 0, size);
}

/* Frees either. */
void kfree(void *block) {
  if (block == NULL) return;
  struct block_head *head = (struct block_head *)block - 1;
  memory_bytes -= head->size;
  memory_blocks--;
  free(head);
}

/* COUNT pages. */
void *page_alloc(size_t count) {
  size_t size = count * VM_PAGE_SIZE;
  if (!count_memory(size)) return NULL;
  return memset(aligned_alloc(VM_PAGE_SIZE, size), 0xcd, size);
}

/* Frees them. */
void page_free(void *page, size_t count) {
  memory_bytes -= count * VM_PAGE_SIZE;
  memory_blocks--;
  free(page);
}

/* Nothing is in use. */
void kernel_memory_start(void) {
  memory_bytes = memory_blocks = kernel_alloc_fails_after = 0;
}

/* Nothing is promised. */
void memory_promise(int32_t bytes) {
  (void)bytes;
}

/* What is left is never told: an allocation fails without a sign before. */
bool memory_is_low(void) {
  return false;
}

/* Memory is never short, so nobody is asked to give any back. */
void memory_add_shrinker(struct shrinker *shrinker) {
  (void)shrinker;
}

/* Nobody has anything to give back. */
void memory_shrink(void) {
}

/* What is in use: blocks and runs of pages. */
size_t kernel_memory_blocks(void) {
  return memory_blocks;
}

/* For reports. */
struct memory_stats memory_stats(void) {
  return (struct memory_stats){.pages_total = 160, .blocks = memory_blocks, .bytes = memory_bytes};
}
