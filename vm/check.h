/* The check of all invariants. */
#ifndef VM_CHECK_H
#define VM_CHECK_H

/* Checks every invariant of vm/README.md; NULL if all hold, else the name of the broken one.
   Takes the VM lock; no fault or I/O of the VM is lost by it. */
const char *vm_check(void);
/* Checks every invariant and panics if one is broken.  VM lock; does not sleep. */
void vm_check_locked(void);

#endif
