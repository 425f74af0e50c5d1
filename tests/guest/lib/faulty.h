/* Tests on disks that fail, run by tests/faults: when the faults begin, and what must then hold. */
#ifndef TESTS_GUEST_LIB_FAULTY_H
#define TESTS_GUEST_LIB_FAULTY_H

/* The faults begin: says so on the console, syncs a file, by which the disk notices, and waits for
   Enter.  Whoever calls this must be locked in memory if the faults must not kill it. */
void faults_begin(void);
/* They end, if they can. */
void faults_end(void);

#endif
