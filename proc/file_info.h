/* What file_info() tells of a file or a directory.

   Part of the binary interface: fields are only ever added at the end, and the call fills in as
   many bytes as the caller asks for. */
#ifndef PROC_FILE_INFO_H
#define PROC_FILE_INFO_H

#include <stdint.h>

/* Types. */
enum file_type { FILE_TYPE_REGULAR = 1, FILE_TYPE_DIRECTORY = 2 };

struct file_info {
  uint32_t inode; /* Its number: two names with the same one lead to the same file. */
  uint32_t type;  /* enum file_type */
  uint32_t size;  /* Bytes. */
  uint32_t
      links; /* Names that lead to it, a directory's own and its subdirectories' among them; 0: it
                     lives on only for those who have it open. */
  uint32_t blocks;     /* Units of 512 bytes on disk, with what leads to them. */
  uint32_t block_size; /* Bytes that the file system gives out at once. */
  /* Seconds since 1970, UTC. */
  uint32_t modify_time; /* Its content, or the names in it, changed. */
  uint32_t change_time; /* That, or the number of its links, changed. */
  uint32_t access_time; /* As on disk: reading does not change it. */
};

#endif
