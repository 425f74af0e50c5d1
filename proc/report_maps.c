/* Reports about a process: its regions, and what stands in them. */
#include "fs/fs.h"
#include "lib/string.h"
#include "proc/process_facts.h"
#include "proc/report.h"
#include "vm/region.h"

#define PATH_SIZE   256 /* Files with longer paths have none here. */
#define NAME_COLUMN 49  /* Where names begin. */

/* Prints CHARACTERS, control characters as octal numbers: a name cannot look like another line. */
static void print_name(struct report_text *text, const char *characters) {
  for (; *characters != '\0'; characters++) {
    bool is_control = (unsigned char)*characters < ' ' || *characters == '\\';
    report_print(text, is_control ? "\\%03o" : "%c", *characters);
  }
}

/* What REGION is called, in PATH if that is needed; "" if it has no name. */
static const char *region_name(const struct vm_region_facts *region, char path[PATH_SIZE]) {
  if (region->kind == REGION_HEAP) return "[heap]";
  if (region->kind == REGION_STACK) return "[stack]";
  if (region->file == 0 || fs_path(region->file, path, PATH_SIZE) != FS_OK) return "";
  return path;
}

/* Prints the line of REGION. */
static void print_region(struct report_text *text, const struct vm_region_facts *region) {
  char path[PATH_SIZE];
  uint32_t before = text->length;
  const char *name = region_name(region, path);
  report_print(text, "%08x-%08x %c%c%c%c %08x 00:%02x %u ", (unsigned)region->start,
               (unsigned)region->end, region->prot & PROT_READ ? 'r' : '-',
               region->prot & PROT_WRITE ? 'w' : '-', region->prot & PROT_EXEC ? 'x' : '-',
               region->shared ? 's' : 'p', (unsigned)region->offset, region->file != 0,
               (unsigned)region->file);
  if (*name != '\0') {
    uint32_t column = text->length - before;
    report_print(text, "%*s", column < NAME_COLUMN ? (int)(NAME_COLUMN - column) : 1, "");
    print_name(text, name);
  }
  report_write(text, "\n", 1);
}

/* Prints a line of smaps. */
static void print_kb(struct report_text *text, const char *name, uint32_t bytes) {
  report_print(text, "%-16s%8u kB\n", name, (unsigned)(bytes / 1024));
}

/* Prints the rights of REGION, two letters each, as Linux calls them. */
static void print_flags(struct report_text *text, const struct vm_region_facts *region,
                        bool locked) {
  report_write(text, "VmFlags:", 8);
  if (region->prot & PROT_READ) report_write(text, " rd", 3);
  if (region->prot & PROT_WRITE) report_write(text, " wr", 3);
  if (region->prot & PROT_EXEC) report_write(text, " ex", 3);
  if (region->shared) report_write(text, " sh", 3);
  if (region->kind == REGION_STACK) report_write(text, " gd", 3);
  if (locked) report_write(text, " lo", 3);
  report_write(text, " \n", 2);
}

/* Prints what stands in REGION. */
static void print_usage(struct report_text *text, const struct vm_region_facts *region,
                        const struct vm_usage *u) {
  print_kb(text, "Size:", region->end - region->start);
  print_kb(text, "KernelPageSize:", VM_PAGE_SIZE);
  print_kb(text, "MMUPageSize:", VM_PAGE_SIZE);
  print_kb(text, "Rss:", u->mapped * VM_PAGE_SIZE);
  print_kb(text, "Pss:", u->share);
  print_kb(text, "Pss_Dirty:", u->dirty_share);
  print_kb(text, "Shared_Clean:", u->shared_clean * VM_PAGE_SIZE);
  print_kb(text, "Shared_Dirty:", u->shared_dirty * VM_PAGE_SIZE);
  print_kb(text, "Private_Clean:", u->private_clean * VM_PAGE_SIZE);
  print_kb(text, "Private_Dirty:", u->private_dirty * VM_PAGE_SIZE);
  print_kb(text, "Anonymous:", (u->mapped - u->of_files - u->of_shared_memory) * VM_PAGE_SIZE);
  print_kb(text, "Swap:", u->swapped * VM_PAGE_SIZE);
  print_kb(text, "SwapPss:", u->swap_share);
  print_kb(text, "Locked:", u->locked * VM_PAGE_SIZE);
  print_flags(text, region, u->locked > 0);
}

/* Whether process PID is there. */
static bool exists(int pid) {
  char name[1];
  return process_name(pid, name, sizeof name);
}

/* /proc/PID/maps: empty if it has ended. */
bool report_process_maps(struct report_text *text, int pid) {
  struct vm_region_facts region = {0};
  if (!exists(pid)) return false;
  while (process_region(pid, region.end, &region, NULL)) print_region(text, &region);
  return true;
}

/* /proc/PID/smaps: the same, with what stands in each region. */
bool report_process_smaps(struct report_text *text, int pid) {
  struct vm_region_facts region = {0};
  struct vm_usage usage;
  if (!exists(pid)) return false;
  while (process_region(pid, region.end, &region, &usage)) {
    print_region(text, &region);
    print_usage(text, &region, &usage);
  }
  return true;
}
