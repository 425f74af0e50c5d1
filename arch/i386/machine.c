/* What the boot loader told: the size of memory and the command line (Multiboot specification,
   version 0.6.96). */
#include "arch/i386/machine.h"

#include "arch/i386/fpu.h"
#include "arch/i386/pmap.h"
#include "arch/i386/segment.h"
#include "lib/round.h"
#include "lib/string.h"

#define HAS_MEMORY_SIZE 0x001u
#define HAS_MEMORY_MAP  0x040u

#define MEMORY_USABLE   1
#define MEGABYTE        0x100000u
/* The last page table of the kernel's half stays free. */
#define RAM_END_MAX (WINDOW_BASE - KERNEL_BASE) /* What lies below the window is mapped. */

#define MAP_SIZE    1024

/* What boot.S saved; it knows this layout. */
struct boot_info {
  uint32_t flags;
  uint32_t memory_lower_kb, memory_upper_kb; /* Below 640 KB; from 1 MB on. */
  uint32_t others[8];
  uint32_t map_bytes;
  uint32_t map_address;
  uint32_t more_others[3];
  uint32_t loader_name_address;
  uint8_t map[MAP_SIZE];
  char command_line[2048];
  char loader_name[8];
};
_Static_assert(offsetof(struct boot_info, map) == 68, "boot.S copies that much");
_Static_assert(sizeof(struct boot_info) == 68 + MAP_SIZE + 2048 + 8, "boot.S knows the layout");

/* A run of memory; SIZE counts the bytes after itself. */
struct map_entry {
  uint32_t size;
  uint64_t base, length;
  uint32_t type;
} __attribute__((packed));

struct boot_info boot_info;
static uint32_t ram_end;

void machine_init(void);

/* If the run ENTRY is usable and holds END, or begins there, returns where it ends; else END. */
static uint32_t entry_extend(const struct map_entry *entry, uint32_t end) {
  uint64_t entry_end = entry->base + entry->length;
  if (entry->type != MEMORY_USABLE || entry->base > end || entry_end <= end) return end;
  return (uint32_t)MIN(entry_end, (uint64_t)RAM_END_MAX);
}

/* Goes once over the map and returns END, moved up by the runs that continue it. */
static uint32_t map_extend(uint32_t end) {
  uint32_t bytes = MIN(boot_info.map_bytes, (uint32_t)MAP_SIZE);
  uint32_t offset = 0;
  while (offset + sizeof(struct map_entry) <= bytes) {
    const struct map_entry *entry = (const struct map_entry *)(boot_info.map + offset);
    end = entry_extend(entry, end);
    if (entry->size > MAP_SIZE) break;
    offset += entry->size + (uint32_t)sizeof entry->size;
  }
  return end;
}

/* Follows usable runs upwards from 1 MB, in whatever order and pieces the map gives them; loaders
   without a map give the size of the run at 1 MB. */
static uint32_t find_ram_end(void) {
  uint32_t end = MEGABYTE;
  if (boot_info.flags & HAS_MEMORY_MAP) {
    for (uint32_t extended = map_extend(end); extended != end; extended = map_extend(end)) {
      end = extended;
    }
  } else if (boot_info.flags & HAS_MEMORY_SIZE) {
    end += MIN(boot_info.memory_upper_kb, (RAM_END_MAX - MEGABYTE) / 1024) * 1024;
  }
  return ROUND_DOWN(end, PAGE_SIZE);
}

/* Called by the boot code before anything else in C; interrupts are off. */
void machine_init(void) {
  fpu_init();
  segment_init();
  ram_end = find_ram_end();
  pmap_init_early();
}

/* Never more than the kernel's half can map. */
uint32_t machine_ram_end(void) {
  return ram_end;
}

/* True if the loader puts the kernel's file name in front of the command line.  QEMU always does.
   GRUB 2 and v86 do not; other loaders show it by a word that begins like a path. */
static bool begins_with_kernel_name(const char *line) {
  return strncmp(boot_info.loader_name, "qemu", 4) == 0 || line[0] == '/' || line[0] == '(';
}

/* Skips the kernel's name, which must hold no space, and leading spaces. */
const char *machine_command_line(void) {
  const char *line = boot_info.command_line;
  line += strspn(line, " ");
  if (begins_with_kernel_name(line)) line += strcspn(line, " ");
  return line + strspn(line, " ");
}

/* A line that fills its room was cut there. */
bool machine_command_line_is_cut(void) {
  return boot_info.command_line[sizeof boot_info.command_line - 2] != '\0';
}
