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

/* The caller's process id. */
pid_t getpid(void);
/* Sleeps MS milliseconds. */
int sleep_ms(unsigned ms);
/* Lets other threads run. */
int yield(void);
/* Fills in up to SIZE bytes of BUFFER and returns how many; <vm_info.h> has the struct. */
int vm_info(struct vm_info *buffer, unsigned size);
/* Milliseconds since boot. */
uint32_t time_ms(void);
/* The next entry of directory FD with its whole name: its length, 0 at the end, or -1. */
int readdir_name(int fd, char *buffer, unsigned size);

#endif
