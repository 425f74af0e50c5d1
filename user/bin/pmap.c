/* pmap PID: prints the regions of a process, and what of each is in memory and in swap. */
#include <ctype.h>
#include <report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>

#define NAME_FIELD 5 /* Fields before the name in the line of a region. */

/* What there is of regions, in KiB. */
struct sizes {
  unsigned size, rss, share, dirty, swap;
};

/* The name of the region in LINE, up to its end; "[ anon ]" if it has none. */
static void copy_name(const char *line, char *name, size_t size) {
  for (unsigned field = 0; field < NAME_FIELD; field++) {
    line += strcspn(line, " \n");
    line += strspn(line, " ");
  }
  size_t length = strcspn(line, "\n");
  if (length == 0)
    strlcpy(name, "[ anon ]", size);
  else
    strlcpy(name, line, length < size ? length + 1 : size);
}

/* Adds what stands in LINE, one of those that follow a region's, to SIZES. */
static void add(struct sizes *sizes, const char *line) {
  char name[32];
  unsigned value;
  if (sscanf(line, "%31s %u", name, &value) != 2) return;
  if (strcmp(name, "Size:") == 0) sizes->size += value;
  if (strcmp(name, "Rss:") == 0) sizes->rss += value;
  if (strcmp(name, "Pss:") == 0) sizes->share += value;
  if (strcmp(name, "Shared_Dirty:") == 0 || strcmp(name, "Private_Dirty:") == 0)
    sizes->dirty += value;
  if (strcmp(name, "Swap:") == 0) sizes->swap += value;
}

/* Prints a line of the table. */
static void print_row(const char *address, const struct sizes *s, const char *mode,
                      const char *name) {
  printf("%-8s %9u %9u %9u %9u %9u %-4s  %s\n", address, s->size, s->rss, s->share, s->dirty,
         s->swap, mode, name);
}

/* Whether LINE is that of a region: it begins with an address, in small letters. */
static bool is_region(const char *line) {
  return (isdigit((unsigned char)*line) || islower((unsigned char)*line)) && line[8] == '-';
}

/* Prints the regions in SMAPS. */
static void print(const char *smaps) {
  struct sizes total = {0};
  printf("%-8s %9s %9s %9s %9s %9s %-4s  %s\n", "address", "KiB", "rss", "share", "dirty", "swap",
         "mode", "of");
  for (const char *line = smaps; line != NULL && *line != '\0';) {
    char name[48], mode[5] = "", address[9];
    struct sizes sizes = {0};
    strlcpy(address, line, sizeof address);
    strlcpy(mode, line + 18, sizeof mode);
    copy_name(line, name, sizeof name);
    while ((line = report_next_line(line)) != NULL && !is_region(line)) {
      add(&sizes, line);
      add(&total, line);
    }
    print_row(address, &sizes, mode, name);
  }
  print_row("total", &total, "", "");
}

/* Prints process PID. */
static bool show(const char *pid) {
  char path[48];
  snprintf(path, sizeof path, "/proc/%.20s/smaps", pid);
  char *smaps = report_read(path);
  if (smaps == NULL) {
    printf("pmap: %s: there is no such process; `ps' lists all\n", pid);
    return false;
  }
  print(smaps);
  free(smaps);
  return true;
}

/* One process. */
int main(int argc, char *argv[]) {
  if (argc == 2 && strcmp(argv[1], "-h") != 0) return show(argv[1]) ? EXIT_SUCCESS : EXIT_FAILURE;
  printf("usage: pmap PID\nPrints the regions of process PID (or self), in KiB: what is in memory, "
         "its share of that where\n"
         "others map it too, what would have to be written, and what is in swap.\n");
  return argc == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
