/* What the kernel tells a test about paging, in the few numbers tests ask for. */
#ifndef TESTS_GUEST_LIB_FIGURES_H
#define TESTS_GUEST_LIB_FIGURES_H

#include <syscall.h>
#include <vm_info.h>

/* Everything vm_info() tells. */
static inline struct vm_info figures_all(void) {
  struct vm_info info;
  vm_info(&info, sizeof info);
  return info;
}

/* Pages read from files since boot. */
static inline unsigned figures_file_pages(void) {
  return figures_all().file_reads;
}

#endif
