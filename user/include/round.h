/* Rounding of sizes. */
#ifndef USER_ROUND_H
#define USER_ROUND_H

#ifndef ROUND_UP
#define DIV_ROUND_UP(X, STEP) (((X) + (STEP)-1) / (STEP))
#define ROUND_UP(X, STEP)     (DIV_ROUND_UP(X, STEP) * (STEP))
#define ROUND_DOWN(X, STEP)   ((X) / (STEP) * (STEP))
#endif

#endif
