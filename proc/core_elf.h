/* The parts of a core file as ELF has them for i386 (System V ABI), with the two notes that debuggers read
   registers and names from, laid out as on Linux. */
#ifndef PROC_CORE_ELF_H
#define PROC_CORE_ELF_H

#include <stdint.h>

struct trap_frame;

enum { CORE_LOAD = 1, CORE_NOTES = 4 };

/* The ELF header. */
struct core_elf {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version, entry, segments_place, sections_place, flags;
  uint16_t size, segment_size, segments, section_size, sections, names;
};

/* A program header. */
struct core_segment {
  uint32_t type, offset, address, physical, file_size, memory_size, flags, align;
};

/* A note's header, and its name. */
struct core_note {
  uint32_t name_size, size, type;
  char name[8];
};

/* NT_PRSTATUS: why it ended, and the registers. */
struct core_status {
  int32_t signal, code, error;
  uint16_t current_signal, pad;
  uint32_t pending, held;
  int32_t pid, parent, group, session;
  uint32_t times[8];
  uint32_t ebx, ecx, edx, esi, edi, ebp, eax, ds, es, fs, gs, original_eax, eip, cs, eflags, esp,
      ss;
  int32_t has_floats;
};

/* NT_PRPSINFO: what it is called. */
struct core_name {
  char state, letter, zombie, nice;
  uint32_t flags;
  uint16_t user, group_id;
  int32_t pid, parent, group, session;
  char name[16], command[80];
};

struct core_notes {
  struct core_note status_note;
  struct core_status status;
  struct core_note name_note;
  struct core_name name;
};

/* What does not depend on the regions. */
struct core_head {
  struct core_elf elf;
  struct core_segment notes_segment;
  struct core_notes notes;
};
_Static_assert(sizeof(struct core_elf) == 52 && sizeof(struct core_segment) == 32, "ELF32");
_Static_assert(sizeof(struct core_status) == 144 && sizeof(struct core_name) == 124,
               "debuggers tell notes by their sizes");

/* What a core file tells of the process, besides its memory. */
struct core_facts {
  const struct trap_frame *frame; /* Its registers. */
  int pid, signal;
  const char *name;
};

/* Fills in HEAD for a process with REGIONS regions. */
void core_fill_head(struct core_head *head, const struct core_facts *facts, unsigned regions);
/* Where the program header NUMBER stands in the file; the notes have 0 and follow the last one. */
uint32_t core_segment_place(unsigned number);
/* Where the content of REGIONS regions may begin. */
uint32_t core_content_start(unsigned regions);
/* The flags of a segment with the rights PROT of a region. */
uint32_t core_flags(unsigned prot);

#endif
