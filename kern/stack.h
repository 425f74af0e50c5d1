/* Inside kern/: memory for kernel stacks with their threads, THREAD_SIZE bytes aligned to that.  No device can
   read or write it, because its pages lie anywhere. */
#ifndef KERN_STACK_H
#define KERN_STACK_H

/* A block for a thread, or NULL if there is no memory.  May sleep, as kern/memory.h says. */
void *stack_alloc(void);
/* Frees it; does not sleep. */
void stack_free(void *stack);

#endif
