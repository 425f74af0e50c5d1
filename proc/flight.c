/* Showing the last events: what a panic, a hung system and a process that ended for want of something have to tell. */
#include "kern/print.h"
#include "lib/round.h"
#include "proc/process.h"
#include "vm/event.h"

#define SHOWN_MAX 12
#define KILO      1000

/* What the kinds are, by their numbers. */
static const struct {
  const char *name, *detail, *arguments;
} kinds[EVENT_KINDS] = {{"?", "", ""},
#define KIND(NAME, DETAIL, ARGUMENTS, SENTENCE) {#NAME, DETAIL, ARGUMENTS},
                        EVENTS(KIND)
#undef KIND
};

/* Whether EVENT says something to who looks for a reason; of WHO, or of anybody if that is 0. */
static bool matters(const struct event *event, unsigned who) {
  switch (event->kind) {
  case EVENT_BOOT:
  case EVENT_POLICY:
  case EVENT_SWITCH:
  case EVENT_CALL:
  case EVENT_RETURN:
  case EVENT_FOUND:
  case EVENT_DECISION:
  case EVENT_LEND:
  case EVENT_READ_DONE:
  case EVENT_WRITE_DONE: return event->rest.args[3] != 0 && event->kind >= EVENT_READ;
  default: return event->kind < EVENT_TABLES && (who == 0 || event->who == who);
  }
}

/* Prints the argument VALUE behind its name, the word at WORD; where the next word begins. */
static const char *print_argument(const char *word, uint32_t value) {
  int length = 0;
  while (word[length] != ':' && word[length] != ' ' && word[length] != '\0') length++;
  const char *type = word[length] == ':' ? word + length + 1 : word;
  bool is_number = *type == 'c' || *type == 'f' || (*type == 's' && type[1] != 't') || *type == 'e';
  kprintf(is_number ? " %.*s %d" : " %.*s %x", length, word, (int)value);
  while (*word != ' ' && *word != '\0') word++;
  return *word == ' ' ? word + 1 : word;
}

/* Prints NAME, of a kind, in small letters: in large ones "FAIL" would be taken for a test's. */
static void print_name(const char *name) {
  for (; *name != '\0'; name++) kprintf("%c", *name == '_' ? ' ' : *name | ('a' - 'A'));
}

/* Prints EVENT, AGE ticks old. */
static void print_event(const struct event *event, uint64_t age) {
  const char *word = kinds[event->kind].arguments;
  kprintf("  %8llu k ago, space %u: ", (unsigned long long)(age / KILO), event->who);
  print_name(kinds[event->kind].name);
  if (event->detail != 0) kprintf(" (%u)", event->detail);
  if (*word == 't')
    kprintf(" %.*s", EVENT_TEXT, event->rest.text);
  else
    for (unsigned i = 0; i < EVENT_ARGS && *word != '\0'; i++)
      word = print_argument(word, event->rest.args[i]);
  kprintf("\n");
}

/* Prints the last events that matter, of address space WHO or of all. */
void record_print(unsigned who) {
  uint32_t numbers[SHOWN_MAX];
  unsigned count = 0;
  const struct event *event, *last = event_last(0);
  for (uint32_t back = 0; count < SHOWN_MAX && (event = event_last(back)) != NULL; back++)
    if (event->kind < EVENT_KINDS && matters(event, who)) numbers[count++] = back;
  if (count == 0) return;
  kprintf("Last events, by the processor's clock:\n");
  while (count-- > 0) {
    event = event_last(numbers[count]);
    print_event(event, last->time - event->time);
  }
}
