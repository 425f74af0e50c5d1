/* Command lines: their words, and the way these are handed to a program on its stack. */
#ifndef PROC_ARGUMENTS_H
#define PROC_ARGUMENTS_H

#include <stdint.h>

struct addrspace;

/* The length of the first word of COMMAND_LINE, 0 if there is none; *WORD becomes its start. */
unsigned arguments_first_word(const char *command_line, const char **word);
/* That word in memory of its own, to be freed by kfree(); NULL if there is no memory. */
char *arguments_copy_name(const char *command_line);
/* Gives AS, which is active in the processor, its stack and writes the words of COMMAND_LINE there
   as argc and argv, cutting COMMAND_LINE up.  *ESP becomes the stack pointer to start with.  VM_OK
   or a vm_error.  May sleep. */
int arguments_push(struct addrspace *as, char *command_line, uint32_t *esp);

#endif
