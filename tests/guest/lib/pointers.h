/* Bad pointers for system calls: child-pointer makes the calls. */
#ifndef TESTS_GUEST_LIB_POINTERS_H
#define TESTS_GUEST_LIB_POINTERS_H

extern const char *const string_pointers[], *const source_pointers[], *const target_pointers[];

/* Runs "child-pointer CALL KIND" for all of KINDS: each must be killed. */
void check_pointers(const char *call, const char *const *kinds);

#endif
