/* What fs/ needs of the kernel, on the host: a disk in a file, locks over pthreads with checked
   ranks, memory that is counted, and a small page cache that plays the part of vm/. */
#ifndef TESTS_HOST_FS_HOST_H
#define TESTS_HOST_FS_HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "dev/block.h"
#include "vm/store.h"

/* Opens image PATH as a block device called "hda2"; ends the program if it cannot. */
struct block *host_disk_open(const char *path);
void host_disk_close(struct block *block);

/* Errors to be injected: the N-th transfer from now on fails, and REPEAT - 1 after it; 0: none. */
struct host_faults {
  long read_after, write_after, repeat;
};
extern struct host_faults host_faults;
/* While not NULL, called at the start of every write, in the thread that makes it. */
extern void (*host_before_write)(void);
/* While not NULL, every write goes there too: sector, bytes, data. */
extern FILE *host_write_log;
/* Memory: allocation N from now on fails; 0: none. */
extern long host_alloc_fails_after;
long host_allocations(void);       /* Not freed yet. */
extern unsigned host_kernel_pages; /* Of the kernel pool. */
extern bool (*host_shrink)(void);  /* Has the file system give back what it can do without. */
extern bool host_quiet;            /* What the kernel prints is dropped. */

extern uint32_t host_time;        /* Seconds since 1970. */
extern unsigned host_cache_pages; /* How many pages of files the cache holds. */
long host_pages(void);            /* How many it holds now. */

#endif
