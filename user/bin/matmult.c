/* matmult: multiplies two matrices that need more memory than a small pool has.

   The sum of the last row and column is the exit status: 2064512. */
#include <syscall.h>

#define DIM 128

static int a[DIM][DIM], b[DIM][DIM], c[DIM][DIM];

/* The element of row I and column J of the product. */
static int element(int i, int j) {
  int sum = 0;
  for (int k = 0; k < DIM; k++) sum += a[i][k] * b[k][j];
  return sum;
}

/* Fills the factors and multiplies them. */
int main(void) {
  for (int i = 0; i < DIM; i++)
    for (int j = 0; j < DIM; j++) {
      a[i][j] = i;
      b[i][j] = j;
    }
  for (int i = 0; i < DIM; i++)
    for (int j = 0; j < DIM; j++) c[i][j] = element(i, j);
  return c[DIM - 1][DIM - 1];
}
