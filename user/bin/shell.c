/* shell: runs what is typed.

   A line is a program with its arguments, run to its end; with `&' at its end it runs on by itself.
   At a terminal the line can be edited, and Ctrl-C ends the program that is run.  How it ended is
   then told by the kernel's line; where input comes from a file, by one of the shell's as well. */
#include <ctype.h>
#include <edit.h>
#include <path.h>
#include <process_info.h>
#include <processes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>
#include "proc/syscall_numbers.h"

#define JOBS_MAX     32
#define COLUMN_WIDTH 16
#define LINE_COLUMNS 5
#define PROMPT       "--"

/* Children that run on by themselves. */
static struct job {
  int number; /* From 1 on; 0: none. */
  pid_t pid;
  char command[EDIT_SIZE];
} jobs[JOBS_MAX];

/* What the shell does itself. */
static const char *const words[] = {"cd",   "exit", "fg",  "help", "jobs",
                                    "kill", "ps",   "pwd", "wait", NULL};

static struct edit edit = {.complete = edit_complete, .words = words};
static bool at_terminal;

/* -- Help ---------------------------------------------------------------------------------------- */

/* Prints the programs of the root directory, in columns. */
static void print_programs(void) {
  char name[NAME_MAX + 1], path[NAME_MAX + 2], line[EDIT_SIZE] = "";
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
  printf("Built in: cd [DIRECTORY], pwd, ps, jobs, fg [%%JOB], kill %%JOB|PID, wait, help, exit;\n"
         "  `&' after a command does not wait for it.\n");
  if (!at_terminal) return;
  printf(
      "Keys: arrows, Home, End, Delete; ^A ^E start and end, ^W ^U ^K take away a word, all\n"
      "  before, all behind; up and down (^P ^N) earlier lines; Tab completes, twice lists;\n"
      "  ^L clears; ^C ends the program, twice the machine; ^D on an empty line ends the shell.\n");
}

/* -- Jobs ---------------------------------------------------------------------------------------- */

/* The job that TEXT names, %NUMBER, or its pid, or NULL. */
static struct job *find_job(const char *text) {
  bool by_number = *text == '%';
  int number = atoi(text + by_number);
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->number > 0 && (by_number ? job->number : job->pid) == number) return job;
  return NULL;
}

/* The last of the jobs that were started, or NULL. */
static struct job *last_job(void) {
  struct job *last = NULL;
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->number > 0 && (last == NULL || job->number > last->number)) last = job;
  return last;
}

/* Whether PID, a child that was not waited for, has ended. */
static bool has_ended(pid_t pid) {
  struct process_info info;
  return process_info(pid - 1, &info, sizeof info) != pid || info.state == PROCESS_ENDED;
}

/* Waits for JOB, which is forgotten; its status.  At a terminal it has the console meanwhile. */
static int wait_job(struct job *job) {
  if (at_terminal) console_foreground(job->pid);
  job->number = 0;
  return wait(job->pid);
}

/* Waits for all jobs and says how they ended. */
static void wait_jobs(void) {
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->number > 0) printf("[%d]: exit code %d\n", job->pid, wait_job(job));
}

/* Says which jobs have ended since it was asked the last time. */
static void report_ended(void) {
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++) {
    if (job->number == 0 || !has_ended(job->pid)) continue;
    int number = job->number;
    printf("[%d] ended: %s (exit code %d)\n", number, job->command, wait_job(job));
  }
}

/* Lists the jobs. */
static void print_jobs(void) {
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->number > 0)
      printf("[%d] %s: %s (pid %d)\n", job->number, has_ended(job->pid) ? "ended" : "runs",
             job->command, job->pid);
}

/* Makes COMMAND, which runs as PID, a job. */
static void add_job(pid_t pid, const char *command) {
  const struct job *last = last_job();
  int number = last != NULL ? last->number + 1 : 1;
  struct job *job = jobs;
  while (job->number > 0) job++;
  job->number = number;
  job->pid = pid;
  strlcpy(job->command, command, sizeof job->command);
  if (at_terminal)
    printf("[%d] %d\n", number, pid);
  else
    printf("[%d]\n", pid);
}

/* Whether there is no place for one more job. */
static bool jobs_are_full(void) {
  for (const struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->number == 0) return false;
  return true;
}

/* kill TEXT. */
static void kill_job(const char *text) {
  const struct job *job = find_job(text);
  pid_t pid = job != NULL ? job->pid : atoi(text);
  if (pid == getpid())
    printf("kill: %s is this shell; `exit' ends it\n", text);
  else if (pid <= 0 || kill(pid) != 0)
    printf("kill: %s: no such job or process that was started here; `jobs' and `ps' list them\n",
           text);
}

/* fg TEXT, which may be empty. */
static void bring_to_foreground(const char *text) {
  struct job *job = *text != '\0' ? find_job(text) : last_job();
  if (job == NULL) {
    printf("fg: no such job; `jobs' lists them\n");
    return;
  }
  puts(job->command);
  int status = wait_job(job);
  if (!at_terminal) printf("\"%s\": exit code %d\n", job->command, status);
}

/* -- Commands ------------------------------------------------------------------------------------ */

/* Takes white space off both ends of TEXT. */
static char *strip(char *text) {
  size_t length = strlen(text);
  while (length > 0 && isspace(text[length - 1])) text[--length] = '\0';
  while (isspace(*text)) text++;
  return text;
}

/* Starts COMMAND, whose first word is a file here or else in the root directory. */
static pid_t start(const char *command) {
  char name[EDIT_SIZE], line[EDIT_SIZE + 1];
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

/* Runs COMMAND to its end.  At a terminal it has the console from its first moment on. */
static void run_in_foreground(const char *command) {
  if (at_terminal) console_foreground(0);
  pid_t pid = start(command);
  int status = pid != PID_ERROR ? wait(pid) : 0;
  if (at_terminal)
    console_foreground(getpid());
  else if (pid == PID_ERROR)
    printf("exec failed\n");
  else
    printf("\"%s\": exit code %d\n", command, status);
}

/* Runs COMMAND, in the background if it ends with `&'. */
static void run(char *command) {
  size_t length = strlen(command);
  if (command[length - 1] != '&') {
    run_in_foreground(command);
    return;
  }
  command[length - 1] = '\0';
  command = strip(command);
  if (*command == '\0') return;
  if (jobs_are_full()) wait_jobs();
  pid_t pid = start(command);
  if (pid != PID_ERROR)
    add_job(pid, command);
  else if (!at_terminal)
    printf("exec failed\n");
}

/* What follows WORD in COMMAND, if it is the first word there; else NULL. */
static char *after_word(char *command, const char *word) {
  size_t length = strlen(word);
  if (strncmp(command, word, length) != 0) return NULL;
  return command[length] == '\0' || command[length] == ' ' ? strip(command + length) : NULL;
}

/* cd DIRECTORY, or the root. */
static void change_directory(const char *directory) {
  if (!chdir(*directory != '\0' ? directory : "/")) printf("\"%s\": chdir failed\n", directory);
}

/* Does COMMAND if it is one of those of the shell's own that take no operand; false if not. */
static bool run_simple(const char *command) {
  char path[1024];
  if (strcmp(command, "pwd") == 0)
    puts(getcwd(path, sizeof path) ? path : "pwd: the working directory has no name");
  else if (strcmp(command, "wait") == 0)
    wait_jobs();
  else if (strcmp(command, "jobs") == 0)
    print_jobs();
  else if (strcmp(command, "ps") == 0)
    processes_print();
  else if (strcmp(command, "help") == 0)
    print_help();
  else
    return false;
  return true;
}

/* Does COMMAND if it is one of the shell's own; false if not. */
static bool run_built_in(char *command) {
  char *operand;
  if ((operand = after_word(command, "cd")) != NULL)
    change_directory(operand);
  else if ((operand = after_word(command, "kill")) != NULL)
    kill_job(operand);
  else if ((operand = after_word(command, "fg")) != NULL)
    bring_to_foreground(operand);
  else
    return run_simple(command);
  return true;
}

/* Reads a line without a terminal's keys into the text of `edit'. */
static enum edit_result read_plain(void) {
  char line[EDIT_SIZE + 1];
  printf(PROMPT);
  int length = readline(line, sizeof line);
  if (length == EOF) {
    puts("");
    return EDIT_END;
  }
  if (length >= EDIT_SIZE) return EDIT_TOO_LONG;
  key_strip(line);
  strlcpy(edit.text, line, sizeof edit.text);
  return EDIT_DONE;
}

/* Runs the line that was read; false if it is "exit". */
static bool run_line(void) {
  char line[EDIT_SIZE];
  strlcpy(line, edit.text, sizeof line);
  char *command = strip(line);
  if (strcmp(command, "exit") == 0) return false;
  if (*command != '\0' && !run_built_in(command)) run(command);
  return true;
}

/* Reads and runs lines until exit or the end of input. */
int main(void) {
  enum edit_result result = EDIT_DONE;
  at_terminal = console_mode(CONSOLE_LINES) > 0 && console_foreground(getpid()) == 0;
  printf("Shell starting.  `exit' ends it, `help' lists what there is.\n");
  print_help();
  while (result != EDIT_END) {
    if (at_terminal) report_ended();
    result = at_terminal ? edit_line(&edit, PROMPT) : read_plain();
    if (result == EDIT_TOO_LONG)
      printf("shell: the line is too long (%d characters at most)\n", EDIT_SIZE - 1);
    if (result == EDIT_NO_TERMINAL || (result == EDIT_DONE && !run_line())) break;
  }
  wait_jobs();
  printf("Shell exiting.\n");
  return EXIT_SUCCESS;
}
