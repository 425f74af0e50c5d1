/* TEST: The shell runs programs, here and in the background, knows its own commands, takes empty
         lines and unknown names, says how programs ended, and ends with exit.
   PUT: shell echo child-exit mkdir
   STDIN: echo one two\n\n   \nchild-exit 7\nno-such program\nmkdir sub\ncd sub\npwd\n
          child-exit 3\ncd nowhere\ncd\nchild-exit 8 50 &\nwait\nexit\n
   OUTPUT: ^one two$
   OUTPUT: ^"child-exit 7": exit code 7$
   OUTPUT: ^no-such: no such program
   OUTPUT: ^/sub$
   OUTPUT: ^/child-exit: exit\(3\)$
   OUTPUT: ^"nowhere": chdir failed$
   OUTPUT: ^\[\d+\]: exit code 8$
   OUTPUT: ^Shell exiting\.$
   ALLOW: .*--.*|Shell.*|Programs:|Built in.*|.*exit code.*|exec failed|  .*|\[\d+\].*|[a-z].* */
#include "tests/guest/lib/test.h"

/* Its input is the header's. */
void test_main(void) {
  CHECK(run("shell") == 0, "the shell's status");
}
