/* Reading traces. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host/sim/sim.h"

#define HEADER_BYTES      24u
#define TICK              0xffffu /* A record that tells the time. */
#define ID_MASK           0x7fffu
#define WRITE_BIT         0x8000u
#define TICK_INSTRUCTIONS 65536u

/* What a file has, as bytes. */
struct bytes {
  unsigned char *data;
  size_t size;
};

/* Memory, or the end of the program. */
void *must_alloc(size_t count, size_t size) {
  void *memory = calloc(count > 0 ? count : 1, size);
  if (memory == NULL) {
    fprintf(stderr, "quire-sim: no memory for %zu records of %zu bytes\n", count, size);
    exit(1);
  }
  return memory;
}

/* Says what is wrong with PATH. */
static bool refuse(const char *path, const char *reason) {
  fprintf(stderr, "quire-sim: %s: %s\n", path, reason);
  return false;
}

/* Reads FILE to its end into BYTES. */
static bool read_all(FILE *file, struct bytes *bytes) {
  size_t room = 0;
  for (;;) {
    if (bytes->size == room) {
      room = room > 0 ? 2 * room : 1 << 16;
      unsigned char *larger = realloc(bytes->data, room);
      if (larger == NULL) return false;
      bytes->data = larger;
    }
    size_t got = fread(bytes->data + bytes->size, 1, room - bytes->size, file);
    bytes->size += got;
    if (got == 0) return !ferror(file);
  }
}

/* What `xz -dc PATH' writes; false if it fails. */
static bool unpack(const char *path, struct bytes *bytes) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) return false;
  pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    execlp("xz", "xz", "-qqdc", "--", path, (char *)NULL);
    _exit(127);
  }
  close(pipe_ends[1]);
  FILE *file = fdopen(pipe_ends[0], "rb");
  bool read = file != NULL && read_all(file, bytes);
  if (file != NULL) fclose(file);
  int status;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
    return refuse(path, "is packed by xz, which is not installed here (package xz-utils)");
  return read && WIFEXITED(status) && WEXITSTATUS(status) == 0
             ? true
             : refuse(path, "is packed by xz, but truncated or damaged");
}

/* The bytes of PATH, unpacked. */
static bool load(const char *path, struct bytes *bytes) {
  static const unsigned char xz[] = {0xfd, '7', 'z', 'X', 'Z', 0};
  FILE *file = fopen(path, "rb");
  if (file == NULL) return refuse(path, strerror(errno));
  bool read = read_all(file, bytes);
  fclose(file);
  if (!read) return refuse(path, strerror(errno));
  if (bytes->size < sizeof xz || memcmp(bytes->data, xz, sizeof xz) != 0) return true;
  bytes->size = 0;
  return unpack(path, bytes);
}

/* The number in 4 bytes, and in 2, lowest first. */
static uint32_t get32(const unsigned char *at) {
  return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}
static uint32_t get16(const unsigned char *at) {
  return at[0] | (uint32_t)at[1] << 8;
}

/* Format PGT1. */
static bool parse_pgt1(struct trace *trace, const char *path, const struct bytes *bytes) {
  if (bytes->size < HEADER_BYTES) return refuse(path, "ends within its header");
  uint32_t pages = get32(bytes->data + 4), records = get32(bytes->data + 8);
  uint32_t ticks = get32(bytes->data + 12);
  uint64_t size = HEADER_BYTES + 5ull * pages + 2ull * records;
  if (pages == 0 || pages > ID_MASK || ticks > records)
    return refuse(path, "its header says what cannot be (pages, records or ticks)");
  if (bytes->size < size) return refuse(path, "is truncated: fewer records than its header says");
  if (bytes->size > size) return refuse(path, "has more after its last record");
  trace->pages = pages;
  trace->least_frames = get32(bytes->data + 16);
  trace->references = must_alloc(records, sizeof *trace->references);
  const unsigned char *record = bytes->data + HEADER_BYTES + 5 * (size_t)pages;
  for (uint32_t i = 0; i < records; i++, record += 2) {
    uint32_t word = get16(record), id = word & ID_MASK;
    if (word == TICK) continue;
    if (id >= pages) return refuse(path, "has a page number that its header says there is not");
    trace->references[trace->count++] = id | (word & WRITE_BIT ? REFERENCE_WRITE : 0);
  }
  return true;
}

/* Page numbers as a file has them, any 64 bits, and the numbers they get here. */
struct names {
  uint64_t *keys;
  uint32_t *numbers;
  size_t size; /* A power of two. */
  uint32_t count;
};

/* Where KEY is, or would be. */
static size_t name_slot(const struct names *names, uint64_t key) {
  size_t at = (key * 0x9e3779b97f4a7c15ull) >> 20 & (names->size - 1);
  while (names->numbers[at] != 0 && names->keys[at] != key) at = (at + 1) & (names->size - 1);
  return at;
}

/* Doubles the room of NAMES. */
static void names_grow(struct names *names) {
  struct names larger = {.size = names->size * 2, .count = names->count};
  larger.keys = must_alloc(larger.size, sizeof *larger.keys);
  larger.numbers = must_alloc(larger.size, sizeof *larger.numbers);
  for (size_t i = 0; i < names->size; i++) {
    if (names->numbers[i] == 0) continue;
    size_t at = name_slot(&larger, names->keys[i]);
    larger.keys[at] = names->keys[i];
    larger.numbers[at] = names->numbers[i];
  }
  free(names->keys);
  free(names->numbers);
  *names = larger;
}

/* The number of page KEY, counted from 0 in the order in which pages come. */
static uint32_t name_number(struct names *names, uint64_t key) {
  if (names->count * 2 >= names->size) names_grow(names);
  size_t at = name_slot(names, key);
  if (names->numbers[at] == 0) {
    names->keys[at] = key;
    names->numbers[at] = ++names->count;
  }
  return names->numbers[at] - 1;
}

/* One line: a page number, decimal or 0x..., and `w' behind it if it is written to.  *AT moves on. */
static bool parse_line(char **at, uint64_t *key, bool *write) {
  char *end;
  errno = 0;
  *key = strtoull(*at, &end, 0);
  if (end == *at || **at == '-' || errno != 0) return false;
  while (*end == ' ' || *end == '\t' || *end == ',') end++;
  *write = *end == 'w' || *end == 'W';
  if (*end == 'w' || *end == 'W' || *end == 'r' || *end == 'R') end++;
  while (*end == ' ' || *end == '\t' || *end == '\r') end++;
  *at = end;
  return *end == '\n' || *end == '\0';
}

/* A page number a line; empty lines, and those that begin with #, count for nothing. */
static bool parse_text(struct trace *trace, const char *path, struct bytes *bytes) {
  size_t room = 1 << 12, line = 1;
  struct names names = {.size = 1 << 12};
  names.keys = must_alloc(names.size, sizeof *names.keys);
  names.numbers = must_alloc(names.size, sizeof *names.numbers);
  trace->references = must_alloc(room, sizeof *trace->references);
  bool good = true;
  for (char *at = (char *)bytes->data; good && *at != '\0'; line++) {
    uint64_t key;
    bool write;
    char *end = strchrnul(at, '\n');
    while (at < end && isspace((unsigned char)*at)) at++;
    if (at < end && *at != '#') {
      good = parse_line(&at, &key, &write);
      if (!good) break;
      if (trace->count == room) {
        room *= 2;
        trace->references = realloc(trace->references, room * sizeof *trace->references);
        if (trace->references == NULL) exit(1);
      }
      trace->references[trace->count++] = name_number(&names, key) | (write ? REFERENCE_WRITE : 0);
    }
    at = *end == '\n' ? end + 1 : end;
  }
  trace->pages = names.count;
  free(names.keys);
  free(names.numbers);
  if (good) return true;
  fprintf(stderr, "quire-sim: %s: line %zu is no page number, nor does the file begin with PGT1\n",
          path, line);
  return false;
}

/* PATH without folder and endings. */
static char *short_name(const char *path) {
  const char *slash = strrchr(path, '/');
  char *name = strdup(slash != NULL ? slash + 1 : path);
  if (name == NULL) exit(1);
  char *dot = strchr(name + 1, '.');
  if (dot != NULL) *dot = '\0';
  return name;
}

/* Reads PATH. */
bool trace_read(struct trace *trace, const char *path) {
  struct bytes bytes = {.data = NULL};
  *trace = (struct trace){.name = short_name(path)};
  bool good = load(path, &bytes);
  if (good && bytes.size >= 4 && memcmp(bytes.data, "PGT1", 4) == 0) {
    good = parse_pgt1(trace, path, &bytes);
  } else if (good && memchr(bytes.data, '\0', bytes.size) != NULL) {
    good = refuse(path, "is neither a PGT1 trace nor page numbers, one a line");
  } else if (good) {
    bytes.data = realloc(bytes.data, bytes.size + 1);
    if (bytes.data == NULL) exit(1);
    bytes.data[bytes.size] = '\0';
    good = parse_text(trace, path, &bytes);
  }
  free(bytes.data);
  if (good && trace->count == 0) good = refuse(path, "has no references");
  if (!good) trace_free(trace);
  return good;
}

/* Frees what TRACE has. */
void trace_free(struct trace *trace) {
  free(trace->name);
  free(trace->references);
  *trace = (struct trace){.name = NULL};
}

/* Puts VALUE into FILE as BYTES bytes, lowest first. */
static void put_number(FILE *file, uint32_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; i++) putc((int)(value >> 8 * i & 0xff), file);
}

/* Writes TRACE to FILE.  Pages are called by their numbers; what was done to them in all is not told. */
static void put_trace(FILE *file, const struct trace *trace) {
  fwrite("PGT1", 1, 4, file);
  put_number(file, trace->pages, 4);
  put_number(file, (uint32_t)trace->count, 4);
  put_number(file, 0, 4);
  put_number(file, trace->least_frames, 4);
  put_number(file, TICK_INSTRUCTIONS, 4);
  for (uint32_t page = 0; page < trace->pages; page++) put_number(file, page, 4);
  for (uint32_t page = 0; page < trace->pages; page++) putc(0, file);
  for (size_t i = 0; i < trace->count; i++) {
    uint32_t reference = trace->references[i];
    put_number(file, (reference & ID_MASK) | (reference & REFERENCE_WRITE ? WRITE_BIT : 0), 2);
  }
}

/* Writes TRACE to PATH. */
bool trace_write(const struct trace *trace, const char *path) {
  if (trace->pages > ID_MASK || trace->count > UINT32_MAX / 4)
    return refuse(path,
                  "cannot hold so many pages or references: format PGT1 has room for 32,767 pages");
  FILE *file = fopen(path, "wb");
  if (file == NULL) return refuse(path, strerror(errno));
  put_trace(file, trace);
  bool good = !ferror(file);
  if (fclose(file) != 0) good = false;
  return good ? true : refuse(path, "cannot be written: is the disk full?");
}
