/* The system-call gate: from INT 0x30 to the function that serves the call. */
#include "proc/syscall.h"
#include "arch/i386/usercopy.h"
#include "dev/clock.h"
#include "dev/timer.h"
#include "proc/syscall_numbers.h"
#include "proc/terminate.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/event.h"
#include "vm/user.h"

#define SYSCALL_VECTOR 0x30
#define WORD_SIZE      4u
/* How much of the user's stack is read at once where a page's end does not come before. */
#define GUESS_WORDS 7u

struct syscall {
  syscall_function *function; /* NULL: no such call. */
  uint8_t arguments;
};

/* halt(): ends the machine. */
static int32_t sys_halt(const uint32_t *arguments) {
  (void)arguments;
  process_halt();
}

/* exit(status). */
static int32_t sys_exit(const uint32_t *arguments) {
  process_exit((int)arguments[0]);
}

/* wait(pid): its status, or -1. */
static int32_t sys_wait(const uint32_t *arguments) {
  return process_wait((int)arguments[0]);
}

/* getpid(). */
static int32_t sys_getpid(const uint32_t *arguments) {
  (void)arguments;
  return process_current()->pid;
}

/* sleep_ms(ms). */
static int32_t sys_sleep_ms(const uint32_t *arguments) {
  timer_sleep_interruptible(arguments[0]);
  return 0;
}

/* yield(). */
static int32_t sys_yield(const uint32_t *arguments) {
  (void)arguments;
  thread_yield();
  return 0;
}

/* time_ms(): since boot, modulo 2^32. */
static int32_t sys_time_ms(const uint32_t *arguments) {
  (void)arguments;
  return (int32_t)(timer_ticks() * (1000 / TIMER_HZ));
}

/* wall_time(): seconds since 1970. */
static int32_t sys_wall_time(const uint32_t *arguments) {
  (void)arguments;
  return (int32_t)clock_seconds();
}

/* All calls by their number; what is missing ends the process that tries it. */
static const struct syscall syscalls[SYSCALL_COUNT] = {
    [SYSCALL_HALT] = {sys_halt, 0},
    [SYSCALL_EXIT] = {sys_exit, 1},
    [SYSCALL_EXEC] = {sys_exec, 1},
    [SYSCALL_WAIT] = {sys_wait, 1},
    [SYSCALL_CREATE] = {sys_create, 2},
    [SYSCALL_REMOVE] = {sys_remove, 1},
    [SYSCALL_OPEN] = {sys_open, 1},
    [SYSCALL_FILESIZE] = {sys_filesize, 1},
    [SYSCALL_READ] = {sys_read, 3},
    [SYSCALL_WRITE] = {sys_write, 3},
    [SYSCALL_SEEK] = {sys_seek, 2},
    [SYSCALL_TELL] = {sys_tell, 1},
    [SYSCALL_CLOSE] = {sys_close, 1},
    [SYSCALL_MMAP] = {sys_mmap, 2},
    [SYSCALL_MUNMAP] = {sys_munmap, 1},
    [SYSCALL_CHDIR] = {sys_chdir, 1},
    [SYSCALL_MKDIR] = {sys_mkdir, 1},
    [SYSCALL_READDIR] = {sys_readdir, 2},
    [SYSCALL_ISDIR] = {sys_isdir, 1},
    [SYSCALL_INUMBER] = {sys_inumber, 1},
    [SYSCALL_FORK] = {sys_fork, 0},
    [SYSCALL_SBRK] = {sys_sbrk, 1},
    [SYSCALL_VM_MAP] = {sys_vm_map, 6},
    [SYSCALL_VM_UNMAP] = {sys_vm_unmap, 2},
    [SYSCALL_VM_PROTECT] = {sys_vm_protect, 3},
    [SYSCALL_VM_ADVISE] = {sys_vm_advise, 3},
    [SYSCALL_VM_SYNC] = {sys_vm_sync, 2},
    [SYSCALL_VM_LOCK] = {sys_vm_lock, 2},
    [SYSCALL_VM_UNLOCK] = {sys_vm_unlock, 2},
    [SYSCALL_VM_RESIDENT] = {sys_vm_resident, 3},
    [SYSCALL_GETRLIMIT] = {sys_getrlimit, 2},
    [SYSCALL_SETRLIMIT] = {sys_setrlimit, 2},
    [SYSCALL_FSYNC] = {sys_fsync, 1},
    [SYSCALL_GETPID] = {sys_getpid, 0},
    [SYSCALL_SLEEP_MS] = {sys_sleep_ms, 1},
    [SYSCALL_YIELD] = {sys_yield, 0},
    [SYSCALL_VM_INFO] = {sys_vm_info, 2},
    [SYSCALL_TIME_MS] = {sys_time_ms, 0},
    [SYSCALL_READDIR_NAME] = {sys_readdir_name, 3},
    [SYSCALL_FILE_INFO] = {sys_file_info, 4},
    [SYSCALL_WALL_TIME] = {sys_wall_time, 0},
    [SYSCALL_CONSOLE_MODE] = {sys_console_mode, 1},
    [SYSCALL_CONSOLE_FOREGROUND] = {sys_console_foreground, 1},
    [SYSCALL_KILL] = {sys_kill, 1},
    [SYSCALL_PROCESS_INFO] = {sys_process_info, 3},
    [SYSCALL_VM_MARK] = {sys_vm_mark, 1},
};

/* Reads the call's number and arguments from the user's stack at ESP into WORDS, the number first;
   returns the call.  Ends the process if they are not in valid memory or there is no such call.
   Whatever lies in the number's page is as valid as it, so more can be read at once, and straight. */
static inline __attribute__((always_inline)) const struct syscall *
read_call(struct addrspace *as, uint32_t esp, uint32_t *words) {
  uint32_t in_page = (VM_PAGE_SIZE - esp % VM_PAGE_SIZE) / WORD_SIZE;
  uint32_t count = in_page >= GUESS_WORDS ? GUESS_WORDS : 1;
  int error = esp > USER_END - WORD_SIZE ? VM_ERANGE : VM_OK;
  if (error == VM_OK) usercopy(words, (const void *)(uintptr_t)esp, count * WORD_SIZE, &error);
  syscall_check(error, esp);
  if (words[0] >= SYSCALL_COUNT || syscalls[words[0]].function == NULL) process_kill_call(words[0]);
  const struct syscall *call = &syscalls[words[0]];
  uint32_t needed = 1 + call->arguments;
  if (needed > count)
    syscall_check(
        user_read(as, words + count, esp + count * WORD_SIZE, (needed - count) * WORD_SIZE), esp);
  return call;
}

/* Records that CALL of AS begins, whose number and arguments are WORDS. */
static void note_call(const struct addrspace *as, const struct syscall *call,
                      const uint32_t *words) {
  union event_args *event = event_begin(event_head(EVENT_CALL, as->number, words[0]));
  for (unsigned i = 0; i < EVENT_ARGS; i++) event->args[i] = i < call->arguments ? words[1 + i] : 0;
}

/* Serves INT 0x30 of F; where everything is RECORDED, its beginning and end are. */
static inline __attribute__((always_inline)) void serve(struct trap_frame *f, bool recorded) {
  struct process *process = process_current();
  struct addrspace *as = process->as;
  uint32_t words[1 + SYSCALL_ARGUMENTS_MAX];
  as->user_esp = f->esp;
  process->frame = f;
  const struct syscall *call = read_call(as, f->esp, words);
  if (recorded) note_call(as, call, words);
  f->eax = call->function(words + 1);
  if (recorded) event_note(RETURN, as->number, words[0], f->eax);
  mark_heed(process);
}

/* Serves INT 0x30.  Interrupts are on. */
static void syscall_entry(struct trap_frame *f) {
  serve(f, false);
}

/* Serves INT 0x30 where everything is recorded.  Interrupts are on. */
static void syscall_entry_recorded(struct trap_frame *f) {
  serve(f, true);
}

/* Opens the gate. */
void syscall_init(void) {
  record_init();
  intr_register_trap(SYSCALL_VECTOR, INTR_GATE_USER_ON,
                     event_all ? syscall_entry_recorded : syscall_entry, "system call");
}
