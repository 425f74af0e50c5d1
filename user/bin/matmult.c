/* matmult: multiplies two matrices of floating-point numbers that need more memory than a small pool has.

   The last element of the product is the exit status: 2064512.  It is -1 if an element is wrong. */
#include <stdio.h>
#include <syscall.h>

#define DIM 128

static double a[DIM][DIM], b[DIM][DIM], c[DIM][DIM];

/* Makes row I of the product.  It goes through the second factor by rows: by columns each of its pages would be
   needed for every single element. */
static void make_row(int i) {
  for (int k = 0; k < DIM; k++)
    for (int j = 0; j < DIM; j++) c[i][j] += a[i][k] * b[k][j];
}

/* Multiplies the factors, whose elements are I / 8 and 8 * J: all sums are exact. */
int main(void) {
  for (int i = 0; i < DIM; i++)
    for (int j = 0; j < DIM; j++) {
      a[i][j] = i / 8.0;
      b[i][j] = 8.0 * j;
    }
  for (int i = 0; i < DIM; i++) make_row(i);
  for (int i = 0; i < DIM; i++)
    for (int j = 0; j < DIM; j++)
      if (c[i][j] != (double)(DIM * i * j)) {
        printf("matmult: element %d, %d is %g instead of %d\n", i, j, c[i][j], DIM * i * j);
        return -1;
      }
  return (int)c[DIM - 1][DIM - 1];
}
