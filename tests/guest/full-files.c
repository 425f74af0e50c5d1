/* TEST: A process opens files until there is no descriptor, then forks until there is no memory for
         another table of them; the next open and fork fail, what is open works, a closed descriptor can
         be had again; again and again.
   BATTERY: thirty rounds take minutes
   ROUNDS: 30
   POOL: 64
   ALLOW: full-files: out of memory: .* */
#include "tests/guest/lib/full.h"

#define FD_LAST      4095
#define CHILDREN_MAX 200

/* Opens "file" until it cannot; how often it could. */
static unsigned open_all(void) {
  unsigned count = 0;
  int fd, last = 1;
  for (; (fd = open("file")) != -1; count++, last = fd)
    CHECK(fd == last + 1, "descriptor %d after %d", fd, last);
  return count;
}

/* Waits until told, and reads from the last of the files that it has inherited, which may need more
   memory than there is. */
static int read_last(char *done) {
  char byte;
  while (*(volatile char *)done == 0) sleep_ms(10);
  int count = read(FD_LAST, &byte, 1);
  CHECK(count == 1 || count == -1, "read gave %d", count);
  return 6;
}

/* Forks, all files open, until it cannot. */
static void share_all(char *done) {
  pid_t children[CHILDREN_MAX];
  int count = 0;
  for (; count < CHILDREN_MAX; count++) {
    children[count] = fork();
    if (children[count] == 0) exit(read_last(done));
    if (children[count] == PID_ERROR) break;
  }
  CHECK(count > 5 && count < CHILDREN_MAX, "%d children", count);
  *done = 1;
  for (int i = 0; i < count; i++) {
    int status = wait(children[i]);
    CHECK(status == 6 || status == -1, "child %d ended with %d", i, status);
  }
}

/* All descriptors of one process: the last one works, a closed one comes again; then many processes. */
static int use_descriptors(char *done) {
  char byte;
  CHECK_IS(open_all(), FD_LAST - 1);
  CHECK_IS(read(FD_LAST, &byte, 1), 1);
  CHECK(pattern_is(&byte, 1, 0, 1), "what is read");
  close(77);
  CHECK_IS(open("file"), 77);
  CHECK_IS(open("file"), -1);
  share_all(done);
  return 5;
}

/* In a child, whose end closes all.  When memory is out it may be the one that is killed. */
static void use_up(void) {
  char *done = map_shared(1);
  int status = run_child(use_descriptors, done);
  CHECK(status == 5 || status == -1, "the child ended with %d", status);
  *done = 1;
  CHECK_IS(vm_unmap(done, PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  make_file("file", 200, 1);
  full_rounds(use_up);
}
