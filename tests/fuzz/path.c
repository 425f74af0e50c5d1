/* Fuzzing path names: the input is a list of calls with paths; each must give what a model of the tree
   gives that knows nothing but names.

   The input: for each call a byte that says which, then the path's characters up to a 0.  Characters
   from 0x80 on stand for whole names. */
#include <stdlib.h>
#include <string.h>
#include "fs/fs.h"
#include "lib/round.h"
#include "tests/fuzz/kernel.h"

#define NODES_MAX     64
#define CALLS_MAX     40
#define PATH_SIZE     8192
#define LINKS_MAX     5  /* That are followed on one way. */
#define TARGET_MAX    59 /* Of a link that can be followed. */
#define INODES_FREE   12 /* In the image. */
#define NAME_MAX_255  "NAME255"
#define NAME_TOO_LONG "NAME256"
#define MANY_SLASHES  "SLASHES"

enum { NONE = -1, ROOT = 0 };

/* A name in the tree.  Two names of one file have the same OBJECT. */
struct known {
  int parent, object;
  const char *target; /* Of a symbolic link. */
  bool used, is_dir;
  char name[FS_NAME_MAX + 1];
};

/* What an object is on disk, as far as it was seen. */
struct object {
  unsigned names;
  uint32_t number;
};

/* What geometries.py made: a name's directory, the name, what it is. */
static const struct {
  const char *parent, *name, *target;
  bool is_dir;
} made[] = {
    {"", "", NULL, true},
    {"", "lost+found", NULL, true},
    {"", "hello", NULL, false},
    {"", "hard", NULL, false}, /* Is hello. */
    {"", "dir", NULL, true},
    {"dir", "sub", NULL, true},
    {"sub", "file", NULL, false},
    {"dir", "back", "../hello", false},
    {"", "empty", NULL, false},
    {"", "many", NULL, true},
    {"many", "entry-with-a-long-name-07", NULL, false},
    {"", "to-hello", "hello", false},
    {"", "to-dir", "dir/sub", false},
    {"", "absolute", "/dir/sub/file", false},
    {"", "up", "dir/../hello", false},
    {"", "dangling", "none", false},
    {"", "loop", "loop", false},
    {"", "ping", "pong", false},
    {"", "pong", "ping", false},
    {"", "one", "two", false},
    {"", "two", "three", false},
    {"", "three", "four", false},
    {"", "four", "five", false},
    {"", "five", "six", false},
    {"", "six", "hello", false},
    {"", "slash", "dir/", false},
    {"", "not-dir", "hello/", false},
    {"", "long", "too long to stand in the inode, so that it is in a block of its own", false}};

/* What characters from 0x80 on stand for, besides the names above. */
static const char *const words[] = {"/",     "..",      ".",          "//",          "new",
                                    "newer", "dir/sub", NAME_MAX_255, NAME_TOO_LONG, MANY_SLASHES,
                                    "x",     "/../",    "/./"};

static struct known nodes[NODES_MAX];
static struct object objects[NODES_MAX];
static int object_count, inodes_free, cwd_node;
static struct node *cwd;

/* -- The model -------------------------------------------------------------------------------- */

/* The entry of directory DIR called by the LENGTH characters at NAME, or NONE. */
static int find_child(int dir, const char *name, size_t length) {
  for (int i = 1; i < NODES_MAX; i++)
    if (nodes[i].used && nodes[i].parent == dir && strlen(nodes[i].name) == length &&
        memcmp(nodes[i].name, name, length) == 0)
      return i;
  return NONE;
}

/* Enters a node; its number. */
static int add_node(const struct known *node) {
  int i = 0;
  while (nodes[i].used) i++;
  ASSERT(i < NODES_MAX - 1);
  nodes[i] = *node;
  nodes[i].used = true;
  objects[node->object].names++;
  return i;
}

/* The tree as geometries.py made it. */
static void make_model(void) {
  memset(nodes, 0, sizeof nodes);
  memset(objects, 0, sizeof objects);
  object_count = 0;
  inodes_free = INODES_FREE;
  for (unsigned i = 0; i < ARRAY_SIZE(made); i++) {
    struct known node = {.parent = ROOT, .target = made[i].target, .is_dir = made[i].is_dir};
    node.object = strcmp(made[i].name, "hard") == 0 ? object_count - 1 : object_count++;
    for (int j = 0; j < NODES_MAX; j++)
      if (nodes[j].used && strcmp(nodes[j].name, made[i].parent) == 0) node.parent = j;
    strcpy(node.name, made[i].name);
    add_node(&node);
  }
}

/* A way through the tree. */
struct way {
  int dir;          /* Where its last name is looked up. */
  const char *name; /* That name, LENGTH characters; none: DIR itself is meant. */
  size_t length;
  bool slash; /* Slashes follow it. */
  unsigned links;
};

static int model_lookup(struct way *way, const char *path, int *result);

/* What NODE of WAY's directory leads to if it is a link. */
static int model_follow(struct way *way, int dir, int *node) {
  const char *target = nodes[*node].target;
  if (target == NULL) return FS_OK;
  if (strlen(target) > TARGET_MAX) return FS_EINVAL;
  if (++way->links > LINKS_MAX) return FS_ELOOP;
  struct way inner = {.dir = dir, .links = way->links};
  int error = model_lookup(&inner, target, node);
  way->links = inner.links;
  return error;
}

/* What WAY's last name leads to, links as they are. */
static int model_entry(const struct way *way, int *result) {
  bool is_dot = way->length == 0 || (way->length == 1 && *way->name == '.');
  if (is_dot)
    *result = way->dir;
  else if (way->length == 2 && memcmp(way->name, "..", 2) == 0)
    *result = nodes[way->dir].parent;
  else
    *result = find_child(way->dir, way->name, way->length);
  return *result == NONE ? FS_ENOENT : FS_OK;
}

/* Takes PATH, from WAY's directory on, up to its last name. */
static int model_walk(struct way *way, const char *path) {
  if (*path == '\0') return FS_ENOENT;
  if (strlen(path) > FS_PATH_MAX) return FS_ENAMETOOLONG;
  if (*path == '/') way->dir = ROOT;
  way->name = "";
  way->length = 0;
  way->slash = true;
  for (bool first = true;; first = false) {
    while (*path == '/') path++;
    if (*path == '\0') return FS_OK;
    int next;
    int error = first ? FS_OK : model_entry(way, &next);
    if (error == FS_OK && !first) error = model_follow(way, way->dir, &next);
    if (error != FS_OK) return error;
    if (!first && !nodes[next].is_dir) return FS_ENOTDIR;
    if (!first) way->dir = next;
    way->name = path;
    way->length = strcspn(path, "/");
    path += way->length;
    way->slash = *path == '/';
    if (way->length > FS_NAME_MAX) return FS_ENAMETOOLONG;
  }
}

/* What PATH leads to. */
static int model_lookup(struct way *way, const char *path, int *result) {
  int error = model_walk(way, path);
  if (error == FS_OK) error = model_entry(way, result);
  if (error == FS_OK) error = model_follow(way, way->dir, result);
  if (error == FS_OK && way->slash && !nodes[*result].is_dir) error = FS_ENOTDIR;
  return error;
}

/* Whether WAY's last name can only be that of a directory. */
static bool is_special(const struct way *way) {
  return way->length == 0 || strncmp(way->name, "..", way->length) == 0;
}

/* Makes a file or directory PATH. */
static int model_create(const char *path, bool is_dir) {
  struct way way = {.dir = cwd_node};
  int error = model_walk(&way, path), old;
  if (error != FS_OK) return error;
  if (is_special(&way) || model_entry(&way, &old) == FS_OK) return FS_EEXIST;
  if (way.slash && !is_dir) return FS_EISDIR;
  if (inodes_free == 0) return FS_ENOSPC;
  struct known node = {.parent = way.dir, .object = object_count++, .is_dir = is_dir};
  memcpy(node.name, way.name, way.length);
  add_node(&node);
  inodes_free--;
  return FS_OK;
}

/* Whether NODE has entries. */
static bool has_children(int node) {
  for (int i = 1; i < NODES_MAX; i++)
    if (nodes[i].used && nodes[i].parent == node) return true;
  return false;
}

/* Removes PATH. */
static int model_remove(const char *path) {
  struct way way = {.dir = cwd_node};
  int error = model_walk(&way, path), node;
  if (error != FS_OK) return error;
  if (is_special(&way)) return FS_EINVAL;
  error = model_entry(&way, &node);
  if (error != FS_OK) return error;
  if (!nodes[node].is_dir && way.slash) return FS_ENOTDIR;
  if (has_children(node) || node == cwd_node) return FS_ENOTEMPTY;
  nodes[node].used = false;
  if (--objects[nodes[node].object].names == 0) inodes_free++;
  return FS_OK;
}

/* -- Calls ------------------------------------------------------------------------------------ */

/* Appends COUNT times TEXT to PATH. */
static void append(char *path, const char *text, unsigned count) {
  size_t length = strlen(path);
  for (; count > 0 && length + strlen(text) < PATH_SIZE; count--) {
    strcpy(path + length, text);
    length += strlen(text);
  }
}

/* Appends what CHOICE, a character from 0x80 on, stands for. */
static void append_word(char *path, unsigned choice) {
  const char *word =
      choice < ARRAY_SIZE(words) ? words[choice] : made[choice % ARRAY_SIZE(made)].name;
  if (word == NULL) return;
  if (strcmp(word, NAME_MAX_255) == 0)
    append(path, "n", FS_NAME_MAX);
  else if (strcmp(word, NAME_TOO_LONG) == 0)
    append(path, "n", FS_NAME_MAX + 1);
  else if (strcmp(word, MANY_SLASHES) == 0)
    append(path, "./", 1000);
  else
    append(path, word, 1);
}

/* Takes a path out of INPUT. */
static void take_path(struct input *input, char *path) {
  unsigned character;
  *path = '\0';
  while ((character = input_byte(input)) != 0)
    if (character >= 0x80)
      append_word(path, character - 0x80);
    else
      append(path, (char[2]){(char)character}, 1);
}

/* Looks PATH up in both; with MOVE makes it the working directory if it is one. */
static void look(const char *path, bool move) {
  struct way way = {.dir = cwd_node};
  struct node *inode;
  int node;
  int expected = model_lookup(&way, path, &node);
  int error = fs_lookup(cwd, path, &inode);
  ASSERT(error == expected);
  if (error != FS_OK) return;
  struct object *object = &objects[nodes[node].object];
  if (object->number == 0) object->number = node_number(inode);
  ASSERT(node_number(inode) == object->number && node_is_dir(inode) == nodes[node].is_dir);
  if (move && node_is_dir(inode)) {
    if (cwd != NULL) node_put(cwd);
    cwd = inode;
    cwd_node = node;
  } else {
    node_put(inode);
  }
}

/* Does the next call of INPUT on both. */
static void step(struct input *input) {
  static char path[PATH_SIZE];
  unsigned choice = input_byte(input) % 6;
  take_path(input, path);
  switch (choice) {
  case 0: ASSERT(fs_create(cwd, path, 0) == model_create(path, false)); break;
  case 1: ASSERT(fs_mkdir(cwd, path) == model_create(path, true)); break;
  case 2: ASSERT(fs_remove(cwd, path) == model_remove(path)); break;
  case 3: look(path, true); break;
  default: look(path, false); break;
  }
}

/* Does the calls in DATA. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct input input = {data, size};
  make_model();
  system_start(&(struct kernel_options){.image = &images[0]});
  ASSERT(fs_mount(&kernel_disk.block) == FS_OK);
  for (unsigned i = 0; i < CALLS_MAX && input.left > 0; i++) step(&input);
  if (cwd != NULL) node_put(cwd);
  cwd = NULL;
  cwd_node = ROOT;
  system_finish();
  return 0;
}
