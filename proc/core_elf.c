/* The parts of a core file that are not memory. */
#include "proc/core_elf.h"
#include "arch/i386/intr.h"
#include "lib/string.h"
#include "vm/region.h"

#define ELF_CORE    4
#define ELF_I386    3
#define NOTE_STATUS 1
#define NOTE_NAME   3
#define NOTE_OWNER  "CORE"

enum { SEGMENT_EXEC = 1, SEGMENT_WRITE = 2, SEGMENT_READ = 4 };

/* Where the program header NUMBER stands: right behind the ELF header, one after another. */
uint32_t core_segment_place(unsigned number) {
  return sizeof(struct core_elf) + number * sizeof(struct core_segment);
}

/* The notes stand behind the last header. */
uint32_t core_content_start(unsigned regions) {
  return core_segment_place(regions + 1) + sizeof(struct core_notes);
}

/* The rights in ELF's order of bits. */
uint32_t core_flags(unsigned prot) {
  return (prot & PROT_READ ? SEGMENT_READ : 0u) | (prot & PROT_WRITE ? SEGMENT_WRITE : 0u) |
         (prot & PROT_EXEC ? SEGMENT_EXEC : 0u);
}

/* Fills in the header of a file with SEGMENTS program headers. */
static void fill_elf(struct core_elf *elf, unsigned segments) {
  static const uint8_t ident[] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
  *elf = (struct core_elf){.type = ELF_CORE,
                           .machine = ELF_I386,
                           .version = 1,
                           .segments_place = core_segment_place(0),
                           .size = sizeof *elf,
                           .segment_size = sizeof(struct core_segment),
                           .segments = (uint16_t)segments};
  memcpy(elf->ident, ident, sizeof ident);
}

/* Fills in the header of a note of TYPE with SIZE bytes. */
static void fill_note(struct core_note *note, uint32_t type, uint32_t size) {
  *note = (struct core_note){.name_size = sizeof NOTE_OWNER, .size = size, .type = type};
  strlcpy(note->name, NOTE_OWNER, sizeof note->name);
}

/* Fills in why the process ended, and its registers. */
static void fill_status(struct core_status *status, const struct core_facts *facts) {
  const struct trap_frame *f = facts->frame;
  *status = (struct core_status){
      .signal = facts->signal,
      .current_signal = (uint16_t)facts->signal,
      .pid = facts->pid,
      .ebx = f->ebx,
      .ecx = f->ecx,
      .edx = f->edx,
      .esi = f->esi,
      .edi = f->edi,
      .ebp = f->ebp,
      .eax = f->eax,
      .ds = f->ds,
      .es = f->es,
      .fs = f->fs,
      .gs = f->gs,
      .original_eax = UINT32_MAX,
      .eip = f->eip,
      .cs = f->cs,
      .eflags = f->eflags,
      .esp = f->esp,
      .ss = f->ss,
  };
}

/* Fills in all that does not depend on the regions. */
void core_fill_head(struct core_head *head, const struct core_facts *facts, unsigned regions) {
  memset(head, 0, sizeof *head);
  fill_elf(&head->elf, regions + 1);
  head->notes_segment = (struct core_segment){.type = CORE_NOTES,
                                              .offset = core_segment_place(regions + 1),
                                              .file_size = sizeof head->notes,
                                              .flags = SEGMENT_READ,
                                              .align = sizeof(uint32_t)};
  fill_note(&head->notes.status_note, NOTE_STATUS, sizeof head->notes.status);
  fill_status(&head->notes.status, facts);
  fill_note(&head->notes.name_note, NOTE_NAME, sizeof head->notes.name);
  head->notes.name.pid = facts->pid;
  strlcpy(head->notes.name.name, facts->name, sizeof head->notes.name.name);
  strlcpy(head->notes.name.command, facts->name, sizeof head->notes.name.command);
}
