/* Copies between kernel and user memory that survive a fault.

   Every instruction here that touches user memory stands in a table with the place to go on at if
   its fault cannot be resolved.  The caller has checked that the user range lies below KERNEL_BASE
   (range checks are vm/user.c's).  Each may sleep, unless the thread has faults disabled. */
#ifndef ARCH_I386_USERCOPY_H
#define ARCH_I386_USERCOPY_H

#include <stddef.h>
#include <stdint.h>
#include "arch/i386/intr.h"

/* Copies SIZE bytes; one of DST and SRC is a user address.  Returns the bytes NOT copied; if there are
   any, *ERROR is what usercopy_fixup() was given, else it stays as it was. */
size_t usercopy(void *dst, const void *src, size_t size, int *error);
/* Copies a string of at most SIZE bytes with its terminator from user SRC.  Returns its length
   without the terminator, SIZE if there is none within SIZE bytes, or after a fault what
   usercopy_fixup() was given. */
long usercopy_string(char *dst, const char *src, size_t size);

/* If FRAME was pushed at one of the instructions above, makes it go on at its error exit with ERROR,
   which is below 0, and returns true.  For the page-fault handler, after the fault could not be
   resolved. */
bool usercopy_fixup(struct trap_frame *frame, int error);

#endif
