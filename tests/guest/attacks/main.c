/* HELPER: attack NAME runs that attack; attack shuffle SEED COUNT runs COUNT of them in random
   order; attack random SEED COUNT makes random calls.  After each comes attack-canary, a program
   that sees whether all is well. */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/attacks/attack.h"

static const struct attack *const groups[] = {
    memory_attacks, entry_attacks, cpu_attacks,     flags_attacks, segment_attacks, range_attacks,
    call_attacks,   race_attacks,  program_attacks, leak_attacks,  bomb_attacks,    float_attacks,
};

#define GROUPS      (sizeof groups / sizeof *groups)
#define ATTACKS_MAX 512

/* The attack that comes INDEX-th, or NULL. */
static const struct attack *attack_at(unsigned index) {
  for (unsigned group = 0; group < GROUPS; group++)
    for (const struct attack *attack = groups[group]; attack->name != NULL; attack++)
      if (index-- == 0) return attack;
  return NULL;
}

/* The attack called NAME, or NULL. */
static const struct attack *find_attack(const char *name) {
  const struct attack *attack;
  for (unsigned i = 0; (attack = attack_at(i)) != NULL; i++)
    if (strcmp(attack->name, name) == 0) break;
  return attack;
}

/* What came after NAME must find all in order. */
static void check_canary(const char *name) {
  int status = run("attack-canary");
  CHECK(status == 0, "%s: the canary after it ended with %d", name, status);
}

/* Runs ATTACK in a child, looks how it ended, and whether a program after it finds all in order. */
static void try_attack(const struct attack *attack) {
  pid_t pid = fork();
  CHECK(pid != PID_ERROR, "%s: fork must succeed", attack->name);
  if (pid == 0) {
    test_name = attack->name;
    attack->run();
    exit(0);
  }
  int status = wait(pid), wanted = attack->end == KILLED ? -1 : 0;
  CHECK(status == wanted, "%s: ended with %d, must end with %d", attack->name, status, wanted);
  check_canary(attack->name);
  msg("%s: %s", attack->name, attack->end == KILLED ? "killed" : "refused");
}

/* Whether ATTACK is one of those that take all there is. */
static bool is_bomb(const struct attack *attack) {
  const struct attack *bomb = bomb_attacks;
  while (bomb->name != NULL && bomb != attack) bomb++;
  return bomb->name != NULL;
}

/* Puts all attacks into ORDER, of ATTACKS_MAX; without bombs if the pool has no room for what must
   survive them.  Their number. */
static unsigned collect_attacks(const struct attack **order) {
  const struct attack *attack;
  unsigned count = 0;
  for (unsigned i = 0; (attack = attack_at(i)) != NULL && count < ATTACKS_MAX; i++)
    if (canary_has_room() || !is_bomb(attack)) order[count++] = attack;
  return count;
}

/* Runs COUNT attacks in the order of SEED, each once before one comes again. */
static void shuffle(uint32_t seed, unsigned count) {
  static const struct attack *order[ATTACKS_MAX];
  unsigned attacks = collect_attacks(order);
  uint32_t state = seed * 2654435761u | 1;
  for (unsigned done = 0; done < count; done++) {
    unsigned at = done % attacks, other = at + next_random(&state) % (attacks - at);
    const struct attack *attack = order[other];
    order[other] = order[at];
    order[at] = attack;
    msg("seed %u, %u: %s", (unsigned)seed, done, attack->name);
    try_attack(attack);
  }
}

/* One attack, or many. */
int main(int argc, char *argv[]) {
  test_name = "attack";
  if (argc == 4) {
    bool calls = strcmp(argv[1], "random") == 0;
    (calls ? attack_random : shuffle)((uint32_t)atoi(argv[2]), (unsigned)atoi(argv[3]));
    check_canary(argv[1]);
    return 0;
  }
  const struct attack *attack = argc == 2 ? find_attack(argv[1]) : NULL;
  if (attack == NULL) {
    msg("usage: attack NAME | attack shuffle SEED COUNT | attack random SEED COUNT");
    return 2;
  }
  try_attack(attack);
  return 0;
}
