/* A program with every kind of section, free of any library: it ends with 7 if each holds what it
   must, else with the number of the step that failed. */

static const char constant[5000] = {[0] = 1, [4999] = 2};
static char data[5000] = {[0] = 3, [4999] = 4};
static char zero[9000];
__attribute__((section(".data.rel.ro"))) const char *const relocated = constant;

/* Ends the program with STATUS. */
static void end(int status) {
  __asm__ volatile("push %0\n\t"
                   "push $1\n\t"
                   "int $0x30"
                   :
                   : "r"(status));
  for (;;) {
  }
}

void _start(void);

/* Looks at all sections, writes where it may, and looks again. */
void _start(void) {
  volatile const char *c = relocated;
  volatile char *d = data, *z = zero;
  int sum = 0;
  if (c[0] != 1 || c[1] != 0 || c[4999] != 2) end(1);
  if (d[0] != 3 || d[1] != 0 || d[4999] != 4) end(2);
  for (int i = 0; i < 9000; i++) sum += z[i];
  if (sum != 0) end(3);
  for (int i = 0; i < 9000; i++) z[i] = 1;
  for (int i = 0; i < 5000; i++) d[i] = 1;
  for (int i = 0; i < 9000; i++) sum += z[i];
  if (sum != 9000 || c[4999] != 2 || d[4999] != 1) end(4);
  end(7);
}
