/* TEST: A directory of 1,500 long names has an index in kernel memory, which it gives back when others need
         all there is; names are found, made and removed without it as well.
   MEM: 2
   POOL: 64
   DISK: 8 */
#include <stdio.h>
#include "tests/guest/lib/memory.h"

#define FILES     1500
#define SIZE      0x20000000u
#define PER_NAME  4u /* Bytes of the index, at least. */
#define LONG_NAME 100

/* The name of file NUMBER. */
static const char *name_of(int number) {
  static char name[LONG_NAME + 8];
  snprintf(name, sizeof name, "d/%0*d", LONG_NAME, number);
  return name;
}

/* Sees that just the files from FIRST on are there, at some numbers up to FILES. */
static void check_files(int first) {
  for (int i = 0; i < FILES; i += 37) {
    int fd = open(name_of(i));
    CHECK((fd != -1) == (i >= first), "open of file %d of those from %d on gave %d", i, first, fd);
    if (fd != -1) close(fd);
  }
}

/* Makes regions in MEMORY until there is no memory for more. */
static void use_all_memory(char *memory) {
  for (unsigned i = 1; vm_protect(PAGE_AT(memory, i), PAGE, PROT_READ) == VM_OK; i += 2) continue;
}

/* With an index, without memory for one, and with one again. */
void test_main(void) {
  CHECK(mkdir("d"), "mkdir");
  for (int i = 0; i < FILES; i++) CHECK(create(name_of(i), 0), "create %d", i);
  check_files(0);
  unsigned before = figures_all().kernel_bytes;
  char *memory = vm_map(0, SIZE, READ_WRITE, ANONYMOUS, -1, 0);
  CHECK(!vm_is_error(memory), "vm_map");
  use_all_memory(memory);
  CHECK(!create(name_of(5), 0), "it is there without an index as well");
  CHECK(remove(name_of(0)), "removing without an index");
  CHECK_IS(vm_unmap(memory, SIZE), VM_OK);
  unsigned after = figures_all().kernel_bytes;
  CHECK(after + PER_NAME * FILES <= before, "%u bytes before, %u after", before, after);
  check_files(1);
  for (int i = 1; i < FILES / 2; i++) CHECK(remove(name_of(i)), "remove %d", i);
  check_files(FILES / 2);
  for (int i = FILES - 1; i >= FILES / 2; i--) CHECK(remove(name_of(i)), "remove %d", i);
  check_files(FILES);
  CHECK(remove("d"), "remove the directory");
}
