/* A secret that one process has and another one looks for.  It is not in any program as it is. */
#ifndef TESTS_GUEST_LIB_SECRET_H
#define TESTS_GUEST_LIB_SECRET_H

#define SECRET_SIZE 12

/* Its character at PLACE: letters only. */
static inline char secret_at(unsigned place) {
  return (char)('a' + (place * 7 + 3 + place * place) % 26);
}

/* It as a string. */
static inline const char *secret(void) {
  static char text[SECRET_SIZE + 1];
  for (unsigned i = 0; i < SECRET_SIZE; i++) text[i] = secret_at(i);
  return text;
}

#endif
