/* Arithmetic on sizes, and the one way from a member to the struct that holds it. */
#ifndef LIB_ROUND_H
#define LIB_ROUND_H

#include <stddef.h>

#define DIV_ROUND_UP(X, STEP) (((X) + (STEP)-1) / (STEP))
#define ROUND_UP(X, STEP)     (DIV_ROUND_UP(X, STEP) * (STEP))
#define ROUND_DOWN(X, STEP)   ((X) / (STEP) * (STEP))
#define MIN(A, B)             ((A) < (B) ? (A) : (B))
#define MAX(A, B)             ((A) > (B) ? (A) : (B))
#define ARRAY_SIZE(A)         (sizeof(A) / sizeof((A)[0]))

/* The struct TYPE whose MEMBER is at POINTER. */
#define container_of(POINTER, TYPE, MEMBER) ((TYPE *)((char *)(POINTER)-offsetof(TYPE, MEMBER)))

#endif
