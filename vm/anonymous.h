/* Anonymous stores: memory that several processes share, without a file. */
#ifndef VM_ANONYMOUS_H
#define VM_ANONYMOUS_H

struct store;

/* A new store of zeroes, held by the caller (ops->release gives it up); its pages go to swap.
   NULL if there is no memory. */
struct store *anonymous_create(void);

#endif
