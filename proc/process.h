/* Processes: a thread, an address space, open files, a parent and children.

   - exec() and fork() make one; process_wait() takes its
     status and its record; process_exit() ends the running one.
   - A record lives until its parent has waited for it or has ended; all else that a process has
     is given back when it ends. */
#ifndef PROC_PROCESS_H
#define PROC_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include "kern/sync.h"
#include "kern/thread.h"
#include "lib/list.h"

struct addrspace;
struct fd_table;
struct fpu_state;
struct inode;
struct node;
struct trap_frame;

/* Bytes of a command line, with its terminator. */
#define COMMAND_LINE_SIZE 4096

/* Why a process has to end. */
enum kill_cause {
  KILL_NONE,
  KILL_CALL,
  KILL_CONSOLE,
  KILL_MEMORY, /* It gives back the most (shortage.h), alone: what it started goes on. */
  KILL_STOP    /* The machine ends: it does not end, but goes no further. */
};

/* What load control (load.h) knows of a process. */
struct load_record {
  uint32_t
      since; /* The tick from which on it has run, since it began or was resumed the last time. */
  uint32_t stays_until;  /* It is not suspended before this tick. */
  uint32_t page_ins;     /* Faults that needed a page from disk: at the last look, */
  uint32_t lately;       /* and between that and the one before. */
  uint32_t asked_at;     /* The window of time in which it was asked to suspend itself. */
  bool at_thrashing;     /* And whether that was because the machine thrashed. */
  uint32_t pages : 31;   /* That it had in memory for itself when it was suspended, at most. */
  uint32_t contends : 1; /* It is among those who took memory from each other. */
};

struct process {
  int pid;               /* Fixed. */
  char *name;            /* Fixed: first word of the command line, whole. */
  struct thread *thread; /* NULL before it starts and when it ends.  Interrupts off. */
  /* What it has to do at the next place where it holds nothing (mark.h).  Interrupts off. */
  union {
    struct {
      uint8_t killed; /* End: an enum kill_cause. */
      bool looks;     /* At the load (load.h). */
      bool suspends;  /* Itself, if it is still the one that was chosen. */
    };
    uint32_t marks; /* All of these. */
  };
  bool stopped;             /* It has come so far, with KILL_STOP.  Set once, atomic. */
  bool is_loading;          /* Its spawner waits until it is loaded.  Atomic. */
  bool is_leaving;          /* It gives back what it has.  Atomic. */
  bool was_chosen;          /* As the one that ends when memory is out.  Process table lock. */
  struct load_record load;  /* Process table lock. */
  struct addrspace *as;     /* Owner; set and taken away under the process table lock. */
  struct trap_frame *frame; /* Owner: of the system call it is in. */
  struct inode
      *executable;        /* Owner: denied to writers while it runs.  Stays while `as` is there. */
  struct node *cwd;       /* Owner; NULL: the root. */
  struct fd_table *files; /* Owner. */
  struct fpu_state *fpu;  /* Owner; NULL: has not used floating point. */
  struct process *parent; /* Or who adopted it; NULL: it is the kernel.  Process table lock. */
  bool is_adopted;        /* Nobody waits for it any more.  Process table lock. */
  struct list children;   /* Process table lock. */
  struct list_node child_node; /* In the parent's children. */
  struct semaphore exited;     /* Up once, when the status stands. */
  bool ended;                  /* The status stands, only the record is left.  Table lock. */
  int8_t shortage; /* The vm_error that it was chosen for, or VM_OK.  Set once, atomic. */
  int status;      /* What process_wait() gives; table lock. */
  uint32_t ticks;  /* Of its thread, when that is gone; table lock. */
  /* About the console; interrupts off. */
  struct list_node foreground_node; /* Among those that it was handed to. */
  bool keeps_interrupt;             /* Ctrl-C does not end it, it reads it. */
  bool hands_to_child;              /* The next process that it makes gets the console. */
};

void process_init(void);
/* The process of the running thread, or NULL in a kernel thread. */
static inline struct process *process_current(void) {
  return thread_current()->process;
}
/* Waits for child PID; its status, or -1 if it is not a child or was waited for.  Sleeps. */
int process_wait(int pid);
/* Ends the running process with STATUS, printing its exit line. */
_Noreturn void process_exit(int status);
/* Ends the running process because the VM could not give it the page at ADDRESS for reason ERROR
   (a vm_error): one line that says so if the fault is not the program's own, then status -1. */
_Noreturn void process_kill(int error, uint32_t address);
/* Ends the running process, which made system call NUMBER, of which there is none. */
_Noreturn void process_kill_call(uint32_t number);
/* With -explain, a line in plain words: the running process's access to ADDRESS gave ERROR. */
void process_explain(int error, uint32_t address, bool write);
/* Runs COMMAND_LINE to its end for the kernel command line; its status, -1 if it did not load. */
int process_run(const char *command_line);
/* The console is a terminal COLUMNS wide.  END ends the machine when its Ctrl-C comes and no process has
   the console; called by the interrupt handler. */
void process_set_terminal(unsigned columns, void (*end)(void));
/* Stops all processes but the running one, each at the end of the system call or the page fault that it is
   in, or where it runs: from then on none of them does anything.  For who ends the machine; the first to
   call it goes on, others sleep for ever.  Locks are not held.  Sleeps until all have stopped. */
void process_stop_all(void);
/* HALT ends the kernel for a program that calls halt(). */
void process_set_halt(void (*halt)(void));
_Noreturn void process_halt(void);

/* Registers the system-call gate, the entry of page faults, that of other exceptions, and that IRQs look for
   the mark of a process that has to end. */
void syscall_init(void);
void page_fault_init(void);
void exception_init(void);
void terminate_init(void);
/* Attaches the directory /proc (report.h). */
void reports_init(void);
/* proc/record.c: events (vm/event.h).  Where everything is recorded: from now on switches of threads are, too. */
void record_init(void);
/* Records that PROCESS, which has its address space, starts: by fork(), or to load a program. */
void record_process(const struct process *process, bool forked);
/* Records that PROCESS has LOAD in memory. */
struct elf_load;
void record_exec(const struct process *process, const struct elf_load *load);
/* proc/flight.c: prints the last events that matter, of address space WHO, or of all if that is 0. */
void record_print(unsigned who);
/* Records that PROCESS ends with STATUS. */
void record_exit(const struct process *process, int status);
/* Page faults since boot that the VM was asked to resolve, for the statistics. */
uint32_t page_fault_count(void);

#endif
