/* Inodes as the VM's stores. */
#ifndef FS_STORE_OPS_H
#define FS_STORE_OPS_H

#include <stdbool.h>
#include "fs/inode.h"

extern const struct store_ops inode_store_ops;

/* Allocates the memory for the ends of files; false if there is none. */
bool store_ops_init(void);
/* Frees it. */
void store_ops_destroy(void);

#endif
