/* What must be true of a volume before it is used. */
#ifndef FS_CHECK_H
#define FS_CHECK_H

#include "fs/volume.h"

/* Reads superblock and descriptors of volume.device into `volume` and checks them; prints the
   reason and returns FS_EIO, FS_ECORRUPT or FS_ENOMEM if they are not fit for use. */
int volume_check(void);

#endif
