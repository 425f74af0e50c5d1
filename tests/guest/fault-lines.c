/* TEST: A program that touches memory it has not gets the lines of a user fault and status -1.
   EXPECT: exit(-1)
   OUTPUT: ^Page fault at 0x12345678: not present error writing page in user context\.$
   OUTPUT: ^fault-lines: dying due to interrupt 0x0e \(#PF Page-Fault Exception\)\.$
   OUTPUT: ^Interrupt 0x0e \(#PF Page-Fault Exception\) at eip=0x80[0-9a-f]+$
   OUTPUT: ^ cr2=12345678 error=00000006$
   OUTPUT: ^ eax=cafe0001 ebx=cafe0002 ecx=cafe0003 edx=cafe0004$
   OUTPUT: ^ esi=cafe0005 edi=cafe0006 esp=bfff[0-9a-f]{4} ebp=[0-9a-f]{8}$
   OUTPUT: ^ cs=[0-9a-f]{4} ds=[0-9a-f]{4} es=[0-9a-f]{4} ss=[0-9a-f]{4}$ */
#include "tests/guest/lib/test.h"

/* Sets registers to known values and writes. */
void test_main(void) {
  __asm__ volatile("movl $0xcafe0001, %%eax\n movl $0xcafe0002, %%ebx\n movl $0xcafe0003, %%ecx\n"
                   "movl $0xcafe0004, %%edx\n movl $0xcafe0005, %%esi\n movl $0xcafe0006, %%edi\n"
                   "movl $1, 0x12345678\n"
                   :
                   :
                   : "eax", "ebx", "ecx", "edx", "esi", "edi", "memory");
}
