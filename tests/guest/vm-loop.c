/* HELPER: never ends. */

/* Loops. */
int main(void) {
  for (;;) {
  }
}
