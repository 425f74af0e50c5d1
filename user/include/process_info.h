/* struct process_info, for process_info(). */
#ifndef USER_PROCESS_INFO_H
#define USER_PROCESS_INFO_H

#include "proc/process_info.h"

#endif
