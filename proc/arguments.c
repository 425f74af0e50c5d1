/* The stack that a program starts with. */
#include "proc/arguments.h"
#include "kern/memory.h"
#include "lib/round.h"
#include "lib/string.h"
#include "vm/error.h"
#include "vm/user.h"
#include "vm/vm.h"

#define WORD_SIZE 4u
/* Of the arguments of a call, as compilers expect it. */
#define CALL_ALIGNMENT 16u

/* Arguments on their way to the new stack, from high to low addresses: the strings, padding,
   argv[argc] = NULL, argv[argc-1] ... argv[0], argv, argc, a return address that nobody uses. */
struct arguments {
  struct addrspace *as;
  char *command_line;
  uint32_t argc;
  uint32_t strings; /* User addresses. */
  uint32_t argv;
  uint32_t esp;
};

/* The length of the first word of COMMAND_LINE, whose start goes to *WORD. */
unsigned arguments_first_word(const char *command_line, const char **word) {
  *word = command_line + strspn(command_line, " ");
  return strcspn(*word, " ");
}

/* Copies the first word of COMMAND_LINE. */
char *arguments_copy_name(const char *command_line) {
  const char *word;
  unsigned length = arguments_first_word(command_line, &word);
  char *name = kmalloc(length + 1);
  if (name == NULL) return NULL;
  memcpy(name, word, length);
  name[length] = '\0';
  return name;
}

/* Counts the words of A's command line and lays the stack out. */
static void lay_out(struct arguments *a) {
  uint32_t bytes = 0;
  const char *word = a->command_line;
  unsigned length;
  while ((length = arguments_first_word(word, &word)) > 0) {
    a->argc++;
    bytes += length + 1;
    word += length;
  }
  a->strings = USER_END - bytes;
  uint32_t argv = ROUND_DOWN(a->strings, WORD_SIZE) - (a->argc + 1) * WORD_SIZE;
  a->argv = ROUND_DOWN(argv - 2 * WORD_SIZE, CALL_ALIGNMENT) + 2 * WORD_SIZE;
  a->esp = a->argv - 3 * WORD_SIZE;
}

/* Writes the strings and the pointers to them.  VM_OK or a vm_error. */
static int write_words(struct arguments *a) {
  uint32_t string = a->strings, slot = a->argv;
  char *save;
  for (char *word = strtok_r(a->command_line, " ", &save); word != NULL;
       word = strtok_r(NULL, " ", &save)) {
    size_t size = strlen(word) + 1;
    int error = user_write(a->as, string, word, size);
    if (error == VM_OK) error = user_write(a->as, slot, &string, WORD_SIZE);
    if (error != VM_OK) return error;
    string += size;
    slot += WORD_SIZE;
  }
  return VM_OK;
}

/* Lays out A and writes it to the stack, which is there.  VM_OK or a vm_error. */
static int write_all(struct arguments *a) {
  lay_out(a);
  a->as->user_esp = a->esp; /* Below all that is written: the stack grows to hold it. */
  const uint32_t call[3] = {0, a->argc, a->argv};
  const uint32_t end = 0;
  int error = user_write(a->as, a->esp, call, sizeof call);
  if (error == VM_OK) error = user_write(a->as, a->argv + a->argc * WORD_SIZE, &end, WORD_SIZE);
  return error == VM_OK ? write_words(a) : error;
}

/* Gives AS its stack, with the words of COMMAND_LINE on it; *ESP is where the program starts. */
int arguments_push(struct addrspace *as, char *command_line, uint32_t *esp) {
  struct arguments arguments = {.as = as, .command_line = command_line};
  addrspace_lock(as);
  int error = region_add_stack(as, vm_options.stack_limit);
  addrspace_unlock(as);
  if (error == VM_OK) error = write_all(&arguments);
  *esp = arguments.esp;
  return error;
}
