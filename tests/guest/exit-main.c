/* TEST: A program that returns from main ends with what main returned, also if it is negative.
   EXPECT: exit(-123456) */

/* Returns. */
int main(void) {
  return -123456;
}
