/* Completing the word before the cursor: programs first, then files. */
#include <edit.h>
#include <path.h>
#include <stdio.h>
#include <string.h>
#include <syscall.h>

#define COLUMN_WIDTH 16
#define LINE_COLUMNS 5
#define PATH_SIZE    (EDIT_SIZE + NAME_MAX + 2)

/* What is looked for, and what was found. */
struct search {
  const char *prefix; /* What the name begins with. */
  size_t length;      /* Of it. */
  bool programs;      /* Nothing but programs, and directories on the way to them. */
  bool list;          /* Print what is found. */
  unsigned count;
  char common[NAME_MAX + 1]; /* What all that was found begin with. */
  bool is_directory;         /* The last that was found. */
};

/* Prints NAME in the next of several columns; "/" behind a directory. */
static void list_name(const struct search *search, const char *name) {
  char shown[NAME_MAX + 2];
  snprintf(shown, sizeof shown, "%s%s", name, search->is_directory ? "/" : "");
  printf("  %-*s%s", COLUMN_WIDTH - 2, shown, search->count % LINE_COLUMNS == 0 ? "\n" : "");
}

/* Takes NAME into what was found. */
static void take_name(struct search *search, const char *name) {
  size_t same = 0;
  if (search->count++ == 0) strlcpy(search->common, name, sizeof search->common);
  while (search->common[same] != '\0' && search->common[same] == name[same]) same++;
  search->common[same] = '\0';
  if (search->list) list_name(search, name);
}

/* Whether the file PATH is a directory. */
static bool is_directory(const char *path) {
  int fd = open(path);
  bool result = fd >= 0 && isdir(fd);
  if (fd >= 0) close(fd);
  return result;
}

/* Looks through DIRECTORY, a path that ends with a slash or "". */
static void search_directory(struct search *search, const char *directory) {
  char name[NAME_MAX + 1], path[PATH_SIZE];
  int fd = open(*directory != '\0' ? directory : ".");
  if (fd < 0) return;
  while (isdir(fd) && readdir_name(fd, name, sizeof name) > 0) {
    if (strncmp(name, search->prefix, search->length) != 0 || *name == '.') continue;
    snprintf(path, sizeof path, "%s%s", directory, name);
    bool folder = is_directory(path);
    if (search->programs && !folder && !is_program(path)) continue;
    search->is_directory = folder;
    take_name(search, name);
  }
  close(fd);
}

/* Whether the working directory is the root. */
static bool is_at_root(void) {
  int here = open("."), root = open("/");
  bool same = here >= 0 && root >= 0 && inumber(here) == inumber(root);
  if (here >= 0) close(here);
  if (root >= 0) close(root);
  return same;
}

/* Looks for what the word WORD of EDIT's line may become. */
static void search_word(const struct edit *edit, const char *word, struct search *search) {
  char directory[EDIT_SIZE];
  const char *name = strrchr(word, '/');
  name = name != NULL ? name + 1 : word;
  strlcpy(directory, word, (size_t)(name - word) + 1);
  search->prefix = name;
  search->length = strlen(name);
  search_directory(search, directory);
  if (!search->programs || name != word) return;
  if (!is_at_root()) search_directory(search, "/");
  for (const char *const *own = edit->words; own != NULL && *own != NULL; own++) {
    search->is_directory = false;
    if (strncmp(*own, name, search->length) == 0) take_name(search, *own);
  }
}

/* Shows in columns what WORD may become. */
static void list_all(const struct edit *edit, const char *word, struct search search) {
  search.list = true;
  search.count = 0;
  puts("");
  search_word(edit, word, &search);
  if (search.count % LINE_COLUMNS != 0) puts("");
}

/* The first word is a program, the others are files.  What all have in common is put in; if that is
   nothing, the second time all are shown. */
void edit_complete(struct edit *edit, bool again) {
  char word[EDIT_SIZE], added[NAME_MAX + 2];
  size_t start = edit->cursor, first = strspn(edit->text, " ");
  while (start > 0 && edit->text[start - 1] != ' ') start--;
  strlcpy(word, edit->text + start, edit->cursor - start + 1);
  struct search search = {.programs = start <= first};
  search_word(edit, word, &search);
  const char *end = search.count != 1 ? "" : search.is_directory ? "/" : " ";
  snprintf(added, sizeof added, "%s%s", search.count > 0 ? search.common + search.length : "", end);
  bool fits = edit_insert(edit, added, strlen(added));
  if (*added != '\0' && fits) return;
  if (again && search.count > 0)
    list_all(edit, word, search);
  else
    edit->write("\a", 1);
}
