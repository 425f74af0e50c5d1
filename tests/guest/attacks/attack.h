/* Attacks: programs that do what no program may, and what must become of them.

   An attack is a function that runs in a process of its own.  It either cannot come back, because
   the kernel must kill whoever tries it, or it sees for itself that the kernel refused it, lost
   nothing and told nothing, and returns; CHECK() says what must hold.  What must kill in many ways
   is tried by a child for each, with must_die(). */
#ifndef TESTS_GUEST_ATTACKS_ATTACK_H
#define TESTS_GUEST_ATTACKS_ATTACK_H

#include "proc/syscall_numbers.h"
#include "tests/guest/lib/memory.h"

enum attack_end { KILLED, REFUSED };

struct attack {
  const char *name;
  void (*run)(void);
  enum attack_end end;
};

/* The groups; a NULL name ends each. */
extern const struct attack memory_attacks[], entry_attacks[], cpu_attacks[], flags_attacks[],
    segment_attacks[], range_attacks[], call_attacks[], race_attacks[], program_attacks[],
    leak_attacks[], bomb_attacks[], float_attacks[];

/* The program as it lies in memory: from PROGRAM_START it may only be read, from _data to data_end()
   also written. */
#define PROGRAM_START ((char *)0x08048000)
extern char _data[];

/* Places that are none of a program's: each is bad in a way of its own. */
extern char *const bad_places[];
extern const unsigned bad_places_count;

/* Makes call NUMBER, with more numbers as its arguments. */
#define CALL(NUMBER, ...)                                                                          \
  __extension__({                                                                                  \
    uint32_t call_words[8] = {(NUMBER), ##__VA_ARGS__};                                            \
    call_at(call_words);                                                                           \
  })

/* How many arguments call NUMBER takes; -1 if there is no such call. */
int call_arguments(unsigned number);

/* random.c: COUNT random calls by each of some processes. */
void attack_random(uint32_t seed, unsigned count);

/* Starts a second process that looks after its own memory and results for as long as the attack lasts.
   If there is room, it and this process stay in memory, so that those who take all cannot hurt
   them. */
void canary_start(void);
bool canary_has_room(void);
/* Ends it; it must have found all in order, and have come forward meanwhile. */
void canary_stop(void);

/* A file with as many bytes as ATTACK_FILE_SIZE of pattern 1, made anew. */
#define ATTACK_FILE      "attacked"
#define ATTACK_FILE_SIZE 5000
void make_attack_file(void);
/* It must be as it was made; removes it. */
void check_attack_file(void);

#endif
