/* child-core HOW: fills more memory than the pool has, maps a file, goes three functions deep, and ends by HOW. */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/test.h"

#define NUMBERS (1 << 18) /* 1 MB. */

struct node {
  int value;
  struct node *next;
};

volatile int numbers[NUMBERS];
int table[1500] = {[0] = 11, [1499] = 22};
static struct node nodes[] = {{1, &nodes[1]}, {2, &nodes[2]}, {3, NULL}};
char *mapped;

/* Ends by a read that goes astray, a division, or a call. */
static int end(const char *how, const struct node *node) {
  volatile int zero = 0;
  if (strcmp(how, "read") == 0) return node->next->value;
  if (strcmp(how, "divide") == 0) return node->value / zero;
  if (strcmp(how, "call") == 0) return write(1, (char *)8, 4);
  if (strcmp(how, "number") == 0) __asm__ volatile("pushl $9999\n int $0x30");
  return node->value;
}

/* Goes on to the last of the nodes. */
static int __attribute__((noinline)) walk(const char *how, const struct node *node, int depth) {
  volatile int own = depth * 100 + node->value;
  int result = node->next != NULL ? walk(how, node->next, depth + 1) : end(how, node);
  return result + own;
}

/* Prepares what debuggers look for. */
int main(int argc, char *argv[]) {
  test_name = "child-core";
  if (argc < 2) return 1;
  make_file("mapped", 6000, 1);
  mapped = (char *)0x20000000;
  int fd = must_open("mapped");
  CHECK(mmap(fd, mapped) >= 0, "mmap");
  strlcpy(mapped + 4090, "seen through a mapping", 30);
  for (int i = 0; i < NUMBERS; i++) numbers[i] = 3 * i;
  return walk(argv[1], nodes, 0);
}
