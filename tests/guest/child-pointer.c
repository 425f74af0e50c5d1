/* child-pointer CALL KIND: makes system call CALL with a bad pointer of KIND, which must end it.

   If it does not, it says so and ends with the result. */
#include <file_info.h>
#include <process_info.h>
#include <string.h>
#include <vm_info.h>
#include "tests/guest/lib/test.h"

#define LENGTH 8

static const char read_only[LENGTH] = "const";
static char writable[LENGTH];
static struct file_info info;

/* What is needed for a call besides the pointer: open files. */
static int file, directory;

/* The pointer of KIND. */
static char *bad_pointer(const char *kind) {
  if (strcmp(kind, "null") == 0) return NULL;
  if (strcmp(kind, "low") == 0) return (char *)0x1234;
  if (strcmp(kind, "hole") == 0) return (char *)0x20000000;
  if (strcmp(kind, "kernel") == 0) return USER_END;
  if (strcmp(kind, "kernel-data") == 0) return USER_END + 0x100000;
  if (strcmp(kind, "last-bytes") == 0) return (char *)-4;
  if (strcmp(kind, "below-stack") == 0) return (char *)__builtin_frame_address(0) - 65536;
  if (strcmp(kind, "constant") == 0) return (char *)read_only;
  if (strcmp(kind, "code") == 0) return (char *)bad_pointer;
  if (strcmp(kind, "into-kernel") == 0) return USER_END - 1;
  if (strcmp(kind, "huge") == 0) return writable;
  if (strcmp(kind, "into-hole") == 0) {
    /* No end of a string before the end of valid memory. */
    memset(data_end() - LENGTH / 2, 'a', LENGTH / 2);
    return data_end() - LENGTH / 2;
  }
  fail("unknown kind %s", kind);
}

/* Makes CALL with POINTER, which is for SIZE bytes where the call takes a size. */
static int make_call(const char *call, char *pointer, unsigned size) {
  if (strcmp(call, "exec") == 0) return exec(pointer);
  if (strcmp(call, "create") == 0) return create(pointer, 0);
  if (strcmp(call, "remove") == 0) return remove(pointer);
  if (strcmp(call, "open") == 0) return open(pointer);
  if (strcmp(call, "chdir") == 0) return chdir(pointer);
  if (strcmp(call, "mkdir") == 0) return mkdir(pointer);
  if (strcmp(call, "read") == 0) return read(file, pointer, size);
  if (strcmp(call, "write") == 0) return write(file, pointer, size);
  if (strcmp(call, "write-console") == 0) return write(1, pointer, size);
  if (strcmp(call, "read-keyboard") == 0) return read(0, pointer, size);
  if (strcmp(call, "readdir") == 0) return readdir(directory, pointer);
  if (strcmp(call, "readdir_name") == 0) return readdir_name(directory, pointer, size);
  if (strcmp(call, "file_info") == 0)
    return file_info(file, NULL, (struct file_info *)pointer, size);
  if (strcmp(call, "file_info-path") == 0) return file_info(-1, pointer, &info, sizeof info);
  if (strcmp(call, "process_info") == 0)
    return process_info(0, (struct process_info *)pointer, size);
  if (strcmp(call, "vm_info") == 0) return vm_info((struct vm_info *)pointer, size);
  fail("unknown call %s", call);
}

/* Makes the call; must not come back. */
int main(int argc, char *argv[]) {
  test_name = "child-pointer";
  CHECK(argc == 3, "usage: child-pointer CALL KIND");
  file = must_open("child-pointer");
  directory = must_open("/");
  char *pointer = bad_pointer(argv[2]);
  unsigned size = strcmp(argv[2], "huge") == 0 ? 0xffffffffU : LENGTH;
  int result = make_call(argv[1], pointer, size);
  msg("%s with pointer %s came back with %d", argv[1], argv[2], result);
  return 1;
}
