/* TEST: The file of a running program can be mapped and read, but not written; other programs'
         files can. 
   PUT: true */
#include <string.h>
#include "tests/guest/lib/memory.h"

/* Makes page at MEMORY writable, which must fail. */
static int make_writable(char *memory) {
  CHECK_IS(vm_protect(memory, PAGE, READ_WRITE), VM_EACCESS);
  return 4;
}

/* Its own program, then another. */
void test_main(void) {
  int own = must_open("map-program"), other = must_open("true");
  CHECK(mmap(own, PLACE) != MAP_FAILED, "mmap");
  CHECK(memcmp(PLACE, "\177ELF", 4) == 0, "its content");
  must_die(write_byte, PLACE, "writing to a running program");
  CHECK_IS(run_child(make_writable, PLACE), 4);
  CHECK_IS(vm_map(0, PAGE, READ_WRITE, MAP_SHARED, own, 0), VM_EACCESS);
  char *private = vm_map(0, PAGE, READ_WRITE, MAP_PRIVATE, own, 0);
  CHECK(!vm_is_error(private), "a private mapping");
  private[0] = 'x';
  CHECK(memcmp(PLACE, "\177ELF", 4) == 0, "a private write must stay private");
  CHECK(mmap(other, PLACE2) != MAP_FAILED, "mmap");
  *PLACE2 = *PLACE2;
  CHECK_IS(run("true"), 0);
}
