/* shell: runs what is typed.

   A line is a program with its arguments, run to its end; with `&' at its end it runs on by itself.
   exit, cd, pwd, wait and help are the shell's own. */
#include <ctype.h>
#include <path.h>
#include <stdio.h>
#include <string.h>
#include <syscall.h>

#define LINE_SIZE      512
#define BACKGROUND_MAX 32
#define COLUMN_WIDTH   16
#define LINE_COLUMNS   5

/* Children that run on by themselves. */
static pid_t background[BACKGROUND_MAX];
static int background_count;

/* Whether the file NAME is a program. */
static bool is_program(const char *name) {
  unsigned char magic[4] = {0};
  int fd = open(name);
  if (fd < 0) return false;
  bool result = !isdir(fd) && read(fd, magic, sizeof magic) == sizeof magic &&
                memcmp(magic, "\177ELF", sizeof magic) == 0;
  close(fd);
  return result;
}

/* Prints the programs of the root directory, in columns. */
static void print_programs(void) {
  char name[NAME_MAX + 1], path[NAME_MAX + 2], line[LINE_SIZE] = "";
  int column = 0;
  int fd = open("/");
  if (fd < 0) return;
  while (readdir_name(fd, name, sizeof name) > 0) {
    snprintf(path, sizeof path, "/%s", name);
    if (!is_program(path)) continue;
    size_t used = strlen(line);
    snprintf(line + used, sizeof line - used, "  %-*s", COLUMN_WIDTH - 2, name);
    if (++column % LINE_COLUMNS == 0) {
      puts(line);
      line[0] = '\0';
    }
  }
  if (line[0] != '\0') puts(line);
  close(fd);
}

/* Prints what can be typed. */
static void print_help(void) {
  printf("Programs:\n");
  print_programs();
  printf("Built in: cd [DIRECTORY], pwd, wait, help, exit; `&' after a command does not wait.\n");
}

/* Takes white space off both ends of TEXT. */
static char *strip(char *text) {
  size_t length = strlen(text);
  while (length > 0 && isspace(text[length - 1])) text[--length] = '\0';
  while (isspace(*text)) text++;
  return text;
}

/* Waits for all children that run on by themselves. */
static void wait_background(void) {
  for (int i = 0; i < background_count; i++)
    printf("[%d]: exit code %d\n", background[i], wait(background[i]));
  background_count = 0;
}

/* Starts COMMAND, whose first word is a file here or else in the root directory. */
static pid_t start(const char *command) {
  char name[LINE_SIZE], line[LINE_SIZE + 1];
  size_t length = strcspn(command, " ");
  strlcpy(name, command, length + 1 < sizeof name ? length + 1 : sizeof name);
  int fd = open(name);
  if (fd >= 0) {
    close(fd);
    return exec(command);
  }
  snprintf(line, sizeof line, "/%s", name);
  fd = open(line);
  if (name[0] == '/' || fd < 0) {
    printf("%s: no such program; `help' lists them\n", name);
    return PID_ERROR;
  }
  close(fd);
  snprintf(line, sizeof line, "/%s", command);
  return exec(line);
}

/* Runs COMMAND and says how it ended. */
static void run(char *command) {
  size_t length = strlen(command);
  bool wanted = command[length - 1] != '&';
  if (!wanted) {
    command[length - 1] = '\0';
    command = strip(command);
    if (*command == '\0') return;
    if (background_count == BACKGROUND_MAX) wait_background();
  }
  pid_t pid = start(command);
  if (pid == PID_ERROR) {
    printf("exec failed\n");
  } else if (wanted) {
    printf("\"%s\": exit code %d\n", command, wait(pid));
  } else {
    background[background_count++] = pid;
    printf("[%d]\n", pid);
  }
}

/* Does COMMAND if it is one of the shell's own; false if not. */
static bool run_built_in(char *command) {
  char path[1024];
  if (strcmp(command, "cd") == 0) {
    chdir("/");
  } else if (strncmp(command, "cd ", 3) == 0) {
    char *directory = strip(command + 3);
    if (!chdir(directory)) printf("\"%s\": chdir failed\n", directory);
  } else if (strcmp(command, "pwd") == 0) {
    puts(getcwd(path, sizeof path) ? path : "pwd: the working directory has no name");
  } else if (strcmp(command, "wait") == 0) {
    wait_background();
  } else if (strcmp(command, "help") == 0) {
    print_help();
  } else {
    return false;
  }
  return true;
}

/* Reads and runs lines until exit or the end of input. */
int main(void) {
  char line[LINE_SIZE];
  printf("Shell starting.  `exit' ends it, `help' lists what there is.\n");
  print_help();
  for (;;) {
    printf("--");
    if (readline(line, sizeof line) == EOF) {
      puts("");
      break;
    }
    char *command = strip(line);
    if (strcmp(command, "exit") == 0) break;
    if (*command != '\0' && !run_built_in(command)) run(command);
  }
  wait_background();
  printf("Shell exiting.\n");
  return EXIT_SUCCESS;
}
