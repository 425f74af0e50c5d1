/* The system calls, as C functions.

   - 0 to 19 mean what they mean in Pintos; those of our own come after them.
   - A pointer that the kernel may not use as asked ends the program with status -1.
   - The stubs of our own calls are weak: a program may define functions of these names. */
#ifndef USER_SYSCALL_H
#define USER_SYSCALL_H

#include <debug.h>
#include <stdbool.h>
#include <stdint.h>

typedef int pid_t;
#define PID_ERROR ((pid_t)-1)

typedef int mapid_t;
#define MAP_FAILED ((mapid_t)-1)

/* Characters of a name that readdir() gives, without the terminator. */
#define READDIR_MAX_LEN 14

/* What a program ends with. */
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

void halt(void) NO_RETURN;
void exit(int status) NO_RETURN;
pid_t exec(const char *command_line);
int wait(pid_t pid);
bool create(const char *file, unsigned initial_size);
bool remove(const char *file);
int open(const char *file);
int filesize(int fd);
int read(int fd, void *buffer, unsigned length);
int write(int fd, const void *buffer, unsigned length);
void seek(int fd, unsigned position);
unsigned tell(int fd);
void close(int fd);
mapid_t mmap(int fd, void *address);
void munmap(mapid_t mapping);
bool chdir(const char *directory);
bool mkdir(const char *directory);
bool readdir(int fd, char name[READDIR_MAX_LEN + 1]);
bool isdir(int fd);
int inumber(int fd);

struct vm_info;
struct process_info;
struct file_info;

/* The caller's process id. */
pid_t getpid(void);
/* Sleeps MS milliseconds. */
int sleep_ms(unsigned ms);
/* Lets other threads run. */
int yield(void);
/* Fills in up to SIZE bytes of BUFFER and returns how many; <vm_info.h> has the struct. */
int vm_info(struct vm_info *buffer, unsigned size);
/* Sets a mark in the trace of events, called after the first 20 bytes of TEXT: where one part of a program ends and the
   next begins.  Returns 0; costs a system call when nothing is traced. */
int vm_mark(const char *text);
/* Milliseconds since boot. */
uint32_t time_ms(void);
/* The next entry of directory FD with its whole name: its length, 0 at the end, or -1. */
int readdir_name(int fd, char *buffer, unsigned size);
/* Tells about what PATH leads to, from the open directory FD on, or from the working directory if FD is -1;
   with PATH NULL about FD itself.  Fills in up to SIZE bytes of BUFFER and returns how many, or -1;
   <file_info.h> has the struct. */
int file_info(int fd, const char *path, struct file_info *buffer, unsigned size);
/* Seconds since 1970, UTC; 0 if the machine has no clock.  <time.h> has more. */
uint32_t wall_time(void);

/* Ends the process PID, the caller or one that descends from it, and all that it has started, with
   status -1.  They end where they hold nothing, perhaps a little later; wait() waits for it.  0, or
   VM_EINVAL: no such process lives. */
int kill(pid_t pid);
/* Fills in up to SIZE bytes of BUFFER about the process with the lowest pid above PID, and returns that pid; 0:
   there is none.  <process_info.h> has the struct. */
pid_t process_info(pid_t pid, struct process_info *buffer, unsigned size);

/* Whoever the console was handed to reads it, with its descendants, and ends by Ctrl-C; for all
   others its input is at its end.  It goes back to who had it before when that process ends.  At
   first nobody has it: all may read, and Ctrl-C ends the machine.
   console_foreground() hands it to the process PID, or if that is 0 to the next one that the caller
   makes.  With the caller's own pid it gets the console (back), and is from then on to read Ctrl-C
   itself, as 3; then its descendants do not read.  0; VM_EINVAL: no such descendant lives;
   VM_EACCESS: the console was handed to others. */
int console_foreground(pid_t pid);
/* Has what is typed read by lines (CONSOLE_LINES of enum console_mode, as at first), or by keys
   (CONSOLE_KEYS): as they come, without echo, until the caller ends.  Returns the columns of the
   terminal; VM_EACCESS: there is no terminal, or it was handed to others; VM_EINVAL: no such mode. */
int console_mode(int mode);

#endif
