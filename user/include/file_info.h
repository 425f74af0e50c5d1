/* struct file_info, for file_info(). */
#ifndef USER_FILE_INFO_H
#define USER_FILE_INFO_H

#include "proc/file_info.h"

#endif
