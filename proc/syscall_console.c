/* The console's side of read() and write(), and the calls about who has it. */
#include "dev/console.h"
#include "kern/memory.h"
#include "lib/round.h"
#include "proc/foreground.h"
#include "proc/load.h"
#include "proc/syscall.h"
#include "proc/tree.h"
#include "vm/error.h"
#include "vm/user.h"

#define CHUNK_SIZE       4096u /* What the console takes or gives in one piece. */
#define SMALL_CHUNK_SIZE 256u  /* What it takes where that must fit the kernel stack. */

/* Moves SIZE bytes, up to CHUNK_SIZE, from user memory at ADDRESS to the console by way of MEMORY.
   VM_OK or a vm_error. */
static int console_copy_out(uint32_t address, char *memory, uint32_t size) {
  int error = user_read(process_current()->as, memory, address, size);
  if (error == VM_OK) console_write(memory, size);
  return error;
}

/* Writes a few bytes of user memory to the console, without need of other memory. */
static int console_write_small(uint32_t address, uint32_t size) {
  char memory[SMALL_CHUNK_SIZE];
  return console_copy_out(address, memory, size);
}

/* Writes SIZE bytes of user memory at ADDRESS to the console, as a whole up to a page (a few
   hundred bytes if memory is short).  The bytes written. */
int32_t syscall_write_console(uint32_t address, uint32_t size) {
  uint32_t done = 0;
  int error = VM_OK;
  char *memory = size > SMALL_CHUNK_SIZE ? page_alloc(1) : NULL;
  while (done < size && error == VM_OK && process_current()->killed == KILL_NONE) {
    uint32_t chunk = MIN(size - done, memory != NULL ? CHUNK_SIZE : SMALL_CHUNK_SIZE);
    error = memory != NULL ? console_copy_out(address + done, memory, chunk)
                           : console_write_small(address + done, chunk);
    if (error == VM_OK) done += chunk;
  }
  if (memory != NULL) page_free(memory, 1);
  syscall_check(error, address + done);
  return (int32_t)done;
}

/* Reads what was typed, up to SIZE bytes, to user memory at ADDRESS; 0 at the end of the input, which
   is where it stands for a process in the background. */
int32_t syscall_read_console(uint32_t address, uint32_t size) {
  char *memory = page_alloc(1);
  if (memory == NULL) return -1;
  struct process *process = process_current();
  long count = foreground_may_read(process) ? console_read(memory, MIN(size, CHUNK_SIZE)) : 0;
  if (count > 0) load_note_input();
  int error = count > 0 ? user_write(process->as, address, memory, (size_t)count) : VM_OK;
  page_free(memory, 1);
  syscall_check(error, address);
  return (int32_t)count;
}

/* console_foreground(pid): 0, or VM_EINVAL (no such descendant), VM_EACCESS (not the caller's to
   give). */
int32_t sys_console_foreground(const uint32_t *arguments) {
  process_table_lock();
  int error = foreground_hand_over(process_current(), (int)arguments[0]);
  process_table_unlock();
  return error;
}

/* console_mode(mode): the columns of the terminal, or VM_EINVAL (no such mode), VM_EACCESS (no
   terminal, or not the caller's to read). */
int32_t sys_console_mode(const uint32_t *arguments) {
  process_table_lock();
  int result = foreground_set_mode(process_current(), arguments[0]);
  process_table_unlock();
  return result;
}
