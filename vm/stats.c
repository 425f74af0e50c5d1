/* What is known of the VM as a whole. */
#include "vm/stats.h"

struct vm_options vm_options;
struct vm_stats vm_stats;
struct list vm_addrspaces, vm_stores;
uint32_t vm_pages_live;
bool vm_faults_watched;
