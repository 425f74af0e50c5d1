/* Core files: the content.

   The layout: the ELF header, a program header for the notes and one for each region, the notes, and from the next
   page on the regions' content one after another.  A page that was never touched and has nothing of a file is a hole.
   What the program's own file has, and nobody can have changed, is left out: debuggers read it there.

   The process writes its memory as it would by write(): whatever may happen in that call may happen here. */
#include "proc/core_write.h"
#include "arch/i386/intr.h"
#include "fs/fs.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/user.h"

#define CORE_SIZE_MAX 0x7fff0000u /* A file can be so large. */

/* What of a region is needed here. */
struct piece {
  vpn_t start, end;
  uint8_t prot;
  bool is_left_out; /* Its content. */
};

/* The first region of PROCESS from VPN on, as PIECE; false if there is none. */
static bool next_piece(const struct process *process, vpn_t vpn, struct piece *piece) {
  addrspace_lock(process->as);
  const struct region *region = region_at_or_after(process->as, vpn);
  if (region != NULL) {
    const struct store *own = process->executable != NULL ? inode_store(process->executable) : NULL;
    bool is_text = own != NULL && region->source.store == own && !(region->prot & PROT_WRITE);
    *piece = (struct piece){region->start, region->end, region->prot,
                            (is_text && !region->shared) || region->prot == PROT_NONE};
  }
  addrspace_unlock(process->as);
  return region != NULL;
}

/* Whether page VPN of PROCESS has content that can be read: it was touched, or shows bytes of a file. */
static bool has_content(const struct process *process, vpn_t vpn) {
  if (spt_is_touched(process->as, vpn)) return true;
  addrspace_lock(process->as);
  const struct region *region = region_find(process->as, vpn);
  bool has =
      region != NULL && region_file_bytes(region, vpn) > 0 && !region_ends_before(region, vpn);
  addrspace_unlock(process->as);
  return has;
}

/* Notes why CORE cannot be written; returns false for the caller to return. */
static bool give_up(struct core *core, const char *why) {
  core->failure = why;
  return false;
}

/* Writes SIZE bytes of kernel memory at OFFSET of CORE's file. */
static bool put(struct core *core, uint32_t offset, const void *data, uint32_t size) {
  long count = store_write(core->store, offset, data, size);
  if (count == (long)size) return true;
  return give_up(core, count < 0 ? vm_error_text((int)count) : vm_error_text(VM_ENOSPC));
}

/* Whether others wait for what PROCESS has, or for it to stop. */
bool core_is_out_of_time(const struct process *process) {
  return process->killed != KILL_NONE || process->shortage != VM_OK;
}

/* Writes page VPN of the process at OFFSET.  One that cannot be read is a hole. */
static bool put_page(struct core *core, uint32_t offset, vpn_t vpn) {
  struct user_range range = {
      .as = core->process->as, .address = vpn_address(vpn), .size = VM_PAGE_SIZE};
  if (core_is_out_of_time(core->process)) return give_up(core, "it has to end at once");
  long count = store_write_user(core->store, offset, &range);
  if (range.error == VM_ENOFRAME || range.error == VM_ENOMEM)
    return give_up(core, vm_error_text(range.error));
  if (range.error != VM_OK) {
    core->lost++;
    return true;
  }
  core->pages++;
  if (count == VM_PAGE_SIZE) return true;
  return give_up(core, count < 0 ? vm_error_text((int)count) : vm_error_text(VM_ENOSPC));
}

/* Bytes of PIECE that the file has, if they begin at OFFSET. */
static uint32_t file_size_of(const struct piece *piece, uint32_t offset) {
  uint32_t size = (piece->end - piece->start) * VM_PAGE_SIZE;
  return piece->is_left_out || size > CORE_SIZE_MAX - offset ? 0 : size;
}

/* Counts the regions, and sets where their content begins. */
static void lay_out(struct core *core) {
  struct piece piece;
  for (vpn_t vpn = 0; next_piece(core->process, vpn, &piece); vpn = piece.end) core->regions++;
  core->offset = ROUND_UP(core_content_start(core->regions), VM_PAGE_SIZE);
}

/* Writes the headers of the regions, whose content will follow one another. */
static bool put_headers(struct core *core) {
  uint32_t offset = core->offset;
  unsigned number = 0;
  struct piece piece;
  for (vpn_t vpn = 0; next_piece(core->process, vpn, &piece); vpn = piece.end) {
    uint32_t size = file_size_of(&piece, offset);
    struct core_segment segment = {.type = CORE_LOAD,
                                   .offset = offset,
                                   .address = vpn_address(piece.start),
                                   .file_size = size,
                                   .memory_size = (piece.end - piece.start) * VM_PAGE_SIZE,
                                   .flags = core_flags(piece.prot),
                                   .align = VM_PAGE_SIZE};
    if (!put(core, core_segment_place(++number), &segment, sizeof segment)) return false;
    offset += size;
  }
  return true;
}

/* Writes the content of the regions; the last byte too if it lies in a hole. */
static bool put_contents(struct core *core) {
  struct piece piece;
  for (vpn_t vpn = 0; next_piece(core->process, vpn, &piece); vpn = piece.end) {
    uint32_t size = file_size_of(&piece, core->offset);
    for (uint32_t done = 0; done < size; done += VM_PAGE_SIZE) {
      vpn_t at = piece.start + done / VM_PAGE_SIZE;
      if (has_content(core->process, at) && !put_page(core, core->offset + done, at)) return false;
    }
    core->offset += size;
  }
  if (store_length(core->store) >= core->offset) return true;
  return put(core, core->offset - 1, "", 1);
}

/* Writes all of CORE's file. */
bool core_write(struct core *core) {
  const struct trap_frame *frame =
      (const struct trap_frame *)((char *)thread_current() + THREAD_SIZE) - 1;
  struct core_facts facts = {frame, core->process->pid, (int)core->signal, core->process->name};
  lay_out(core);
  core_fill_head(core->head, &facts, core->regions);
  return put(core, 0, &core->head->elf, sizeof core->head->elf) &&
         put(core, core_segment_place(0), &core->head->notes_segment,
             sizeof core->head->notes_segment) &&
         put_headers(core) &&
         put(core, core_segment_place(core->regions + 1), &core->head->notes,
             sizeof core->head->notes) &&
         put_contents(core);
}
