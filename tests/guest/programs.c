/* TEST: echo, cat, cp, cmp, ls, rm, mkdir, pwd, hex-dump, matmult, bubsort, lineup and recursor do
         what they are there for, and fail with a message and status 1 where they cannot.
   PUT: echo cat cp cmp ls rm mkdir pwd hex-dump matmult bubsort lineup recursor
   OUTPUT: ^hello world$
   OUTPUT: ^\(text\) of mixed Case\.$
   OUTPUT: ^\(TEXT\) OF MIXED CASE\.$
   OUTPUT: ^no-such: open failed$
   OUTPUT: ^text and copy are identical$
   OUTPUT: ^Byte 1 is 74 \('t'\) in copy but 54 \('T'\) in text$
   OUTPUT: ^- +22 +1 20\d\d-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d text$
   OUTPUT: ^d +\d+ +\d 20\d\d-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d dir$
   OUTPUT: ^/dir/inner$
   OUTPUT: ^00000000\s+28 74 65 78 74 29 20 6f-66 20 6d 69 78 65 64 20 \|\(text\) of mixed \|$
   OUTPUT: ^00000010\s+43 61 73 65 2e 0a\s+\|Case\.\. +\|$
   OUTPUT: ^matmult: exit\(2064512\)$
   OUTPUT: ^bubsort: exit\(0\)$
   OUTPUT: ^x 3: dying, retval=0$
   ALLOW: .*(failed|shorter|usage|dying|exiting with|inumber|not found| \d 1$|^\.|^/|^[-d] +\d+ +\d+ 20).*|[a-z+-]+ */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Makes the file NAME with TEXT in it. */
static void make_text(const char *name, const char *text) {
  CHECK(create(name, 0), "create");
  int fd = must_open(name);
  CHECK(write(fd, text, strlen(text)) == (int)strlen(text), "write");
  close(fd);
}

/* Programs about files. */
static void run_file_programs(void) {
  make_text("text", "(text) of mixed Case.\n");
  CHECK(run("cat text") == 0 && run("cat no-such text") == 1, "cat");
  CHECK(run("cp text copy") == 0 && run("cp text copy") == 1 && run("cp text") == 1, "cp");
  CHECK(run("cmp text copy") == 0 && run("hex-dump copy") == 0, "cmp and hex-dump");
  CHECK(run("lineup text") == 0 && run("cat text") == 0, "lineup");
  CHECK(run("cmp copy text") == 1 && run("cmp copy no-such") == 1, "cmp");
  CHECK(run("rm copy") == 0 && run("rm copy") == 1 && open("copy") == -1, "rm");
}

/* Programs about directories, and those that compute. */
void test_main(void) {
  CHECK(run("echo hello  world") == 0, "echo");
  run_file_programs();
  CHECK(run("mkdir dir dir/inner") == 0 && run("mkdir dir") == 1, "mkdir");
  CHECK(run("ls -l") == 0 && run("ls") == 0 && run("ls no-such") == 1, "ls");
  CHECK(chdir("dir/inner") && run("/pwd") == 0 && chdir("/") && run("pwd") == 0, "pwd");
  CHECK(run("matmult") == 2064512 && run("bubsort") == 0, "matmult and bubsort");
  CHECK(run("recursor x 3 1") == 0, "recursor");
}
