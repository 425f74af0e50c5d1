/* struct vm_info, for vm_info(). */
#ifndef USER_VM_INFO_H
#define USER_VM_INFO_H

#include "proc/vm_info.h"

#endif
