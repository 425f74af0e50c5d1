/* Shortening: parts of the list are left out, halves first and single operations last, as long as
   what is left fails in the same place. */
#include "tests/soak/shrink.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "lib/round.h"
#include "tests/soak/play.h"

/* A plan that takes longer hangs; the CPU time of one process. */
#define HANG_SECONDS 600

/* Plays PLAN in this process, a child, saying all to descriptor OUT. */
static _Noreturn void child(const struct plan *plan, int out) {
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  alarm(HANG_SECONDS);
  play(plan);
  fflush(stdout);
  exit(0);
}

/* Reads what comes from descriptor IN into WORDS, the beginning of it, to the end. */
static void listen(int in, char *words, size_t size) {
  size_t length = 0;
  char rest[512];
  for (;;) {
    bool room = length + 1 < size;
    ssize_t n = read(in, room ? words + length : rest, room ? size - 1 - length : sizeof rest);
    if (n <= 0) break;
    if (room) length += (size_t)n;
  }
  words[length] = '\0';
}

/* WORDS without what AddressSanitizer says of coroutines before anything else. */
static const char *without_warnings(const char *words) {
  static const char *const openings[] = {"==", "False positive", "For details"};
  for (unsigned i = 0; i < ARRAY_SIZE(openings); i++) {
    const char *next = strchr(words, '\n');
    if (next == NULL || strncmp(words, openings[i], strlen(openings[i])) != 0) continue;
    return without_warnings(next + 1);
  }
  return words;
}

/* Plays PLAN in a process of its own. */
struct verdict try_plan(const struct plan *plan) {
  struct verdict verdict = {0};
  int ends[2], status = 0;
  fflush(stdout);
  if (pipe(ends) != 0) abort();
  pid_t pid = fork();
  if (pid == 0) child(plan, ends[1]);
  close(ends[1]);
  listen(ends[0], verdict.words, sizeof verdict.words);
  close(ends[0]);
  const char *words = without_warnings(verdict.words);
  memmove(verdict.words, words, strlen(words) + 1);
  waitpid(pid, &status, 0);
  verdict.failed = status != 0;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) strcpy(verdict.words, "it hangs\n");
  return verdict;
}

/* Whether A and B are the same failure: the same words up to the first number. */
static bool same_failure(const struct verdict *a, const struct verdict *b) {
  const char *at = a->words, *other = b->words;
  if (strncmp(at, "operation", 9) == 0) at += strcspn(at, ":"), other += strcspn(other, ":");
  size_t length = strcspn(at, "0123456789\n");
  return strncmp(at, other, length) == 0;
}

/* Leaves operations [FROM, FROM+COUNT) out of PLAN if it fails as VERDICT without them too. */
static bool leave_out(struct plan *plan, const struct verdict *verdict, uint32_t from,
                      uint32_t count) {
  struct plan shorter = *plan;
  shorter.count = plan->count - count;
  shorter.ops = malloc((shorter.count + 1) * sizeof *shorter.ops);
  memcpy(shorter.ops, plan->ops, from * sizeof *plan->ops);
  memcpy(shorter.ops + from, plan->ops + from + count, (shorter.count - from) * sizeof *plan->ops);
  struct verdict without = try_plan(&shorter);
  bool still = without.failed && same_failure(verdict, &without);
  if (still) {
    plan_free(plan);
    *plan = shorter;
  } else {
    plan_free(&shorter);
  }
  return still;
}

/* Tries to leave out each part of COUNT operations, from the end; whether some was. */
static bool leave_parts_out(struct plan *plan, const struct verdict *verdict, uint32_t count,
                            time_t stop) {
  bool shorter = false;
  for (uint32_t end = plan->count; end > 0 && time(NULL) < stop;) {
    uint32_t from = end > count ? end - count : 0;
    shorter |= leave_out(plan, verdict, from, end - from);
    end = from;
  }
  return shorter;
}

/* Leaves out of PLAN what it fails without. */
void shrink(struct plan *plan, const struct verdict *verdict, unsigned seconds) {
  time_t stop = time(NULL) + seconds;
  for (uint32_t part = plan->count / 2; part > 0 && time(NULL) < stop;)
    if (!leave_parts_out(plan, verdict, part, stop)) part /= 2;
}
