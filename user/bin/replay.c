/* replay [--frames N] [--opt N] TRACE: touches the pages of a recorded program in their order, and tells how many faults that
   took.  TRACE is in format PGT1 (docs/policies.md), not packed.

   What is counted is the trace's own pages alone, in memory of exactly so many frames:
   - The program's own pages are locked, and with --frames so many of the kernel's other frames that N are left.
   - The trace is read through a window of one locked page, whose frame is given back before the next.
   - Each page is first written to, whatever the trace says: a page of zeroes that was only read needs no frame. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>
#include <vm.h>
#include <vm_info.h>

#define HEADER_BYTES  24u
#define TICK          0xffffu /* A record that tells the time. */
#define ID_MASK       0x7fffu
#define WRITE_BIT     0x8000u
#define PROGRESS_MS   2000
#define PROGRAM_START 0x08048000u
#define STACK_END     0xc0000000u
#define STACK_BYTES   2048

extern char _end[];

static struct {
  const char *name;
  int fd;
  uint32_t size, at; /* Bytes; where the next record is. */
  char *window;      /* A page of the file, locked; or NULL. */
  uint32_t pages, records, least_frames, done;
} trace;

static struct {
  uint32_t wanted; /* Frames by --frames; 0: all there are. */
  uint32_t optimum;
  uint32_t frames; /* For the trace's pages. */
  uint32_t locked; /* Pages of this program. */
} setting;

static uint8_t touched[ID_MASK / 8 + 1]; /* A bit for each page of the trace. */
static uint32_t shown_at;                /* When progress was shown last, in ms. */

/* Ends the program, after a line with what is wrong. */
static void refuse(const char *what) {
  printf("replay: %s: %s\n", trace.name != NULL ? trace.name : "replay", what);
  exit(EXIT_FAILURE);
}

/* The figures of the kernel now. */
static struct vm_info get_info(void) {
  struct vm_info info = {0};
  if (vm_info(&info, sizeof info) <= 0) refuse("the kernel does not tell its figures");
  return info;
}

/* -- Memory ------------------------------------------------------------------------------------ */

/* Locks COUNT pages at ADDRESS. */
static void lock_pages(void *address, uint32_t count) {
  if (count == 0) return;
  if (vm_lock(address, count * VM_PAGE_SIZE) != VM_OK) {
    printf("replay: %u pages cannot be locked: at most half of the frames can; give the kernel "
           "more (-ul)\n",
           (unsigned)(setting.locked + count));
    exit(EXIT_FAILURE);
  }
  setting.locked += count;
}

/* COUNT fresh pages. */
static char *map_pages(uint32_t count) {
  char *memory =
      vm_map(0, count * VM_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (vm_is_error(memory)) refuse("has more pages than can be mapped");
  return memory;
}

/* Locks what lies from START to END. */
static void lock_range(uintptr_t start, uintptr_t end) {
  start &= ~(VM_PAGE_SIZE - 1);
  lock_pages((void *)start, (end - start + VM_PAGE_SIZE - 1) / VM_PAGE_SIZE);
}

/* Locks the program, from its first page to the end of its data, and the stack that it needs. */
static void lock_program(void) {
  volatile char deepest[STACK_BYTES];
  deepest[0] = 0;
  setrlimit(LIMIT_LOCKED, UINT32_MAX);
  lock_range(PROGRAM_START, (uintptr_t)_end);
  lock_range((uintptr_t)deepest, STACK_END);
}

/* Leaves setting.wanted frames, or all but one for the window, to the trace. */
static void take_frames(void) {
  struct vm_info info = get_info();
  uint32_t free = info.frames_total - info.frames_kernel - setting.locked - (trace.window == NULL);
  if (setting.wanted > free) {
    printf("replay: %u frames of %u are left beside the program's own; give the kernel %u more "
           "(-ul)\n",
           (unsigned)free, (unsigned)info.frames_total, (unsigned)(setting.wanted - free));
    exit(EXIT_FAILURE);
  }
  setting.frames = setting.wanted > 0 ? setting.wanted : free;
  if (free > setting.frames) lock_pages(map_pages(free - setting.frames), free - setting.frames);
}

/* -- The trace --------------------------------------------------------------------------------- */

/* Shows the page of the file with byte AT in the window. */
static void move_window(uint32_t at) {
  if (trace.window != NULL) {
    vm_unlock(trace.window, VM_PAGE_SIZE);
    vm_advise(trace.window, VM_PAGE_SIZE, ADVICE_DONTNEED);
    vm_unmap(trace.window, VM_PAGE_SIZE);
    setting.locked--;
  }
  trace.window =
      vm_map(trace.window, VM_PAGE_SIZE, PROT_READ, MAP_SHARED, trace.fd, at & ~(VM_PAGE_SIZE - 1));
  if (vm_is_error(trace.window)) refuse("cannot be mapped");
  lock_pages(trace.window, 1);
}

/* The byte at trace.at, which moves on. */
static uint32_t next_byte(void) {
  uint32_t offset = trace.at % VM_PAGE_SIZE;
  if (trace.window == NULL || offset == 0) move_window(trace.at);
  trace.at++;
  return (uint8_t)trace.window[offset];
}

/* The number in the next BYTES bytes, lowest first. */
static uint32_t next_number(unsigned bytes) {
  uint32_t number = 0;
  for (unsigned i = 0; i < bytes; i++) number |= next_byte() << 8 * i;
  return number;
}

/* Opens trace.name and reads its header, up to the first record. */
static void open_trace(void) {
  trace.fd = open(trace.name);
  if (trace.fd < 0) refuse("cannot be opened");
  trace.size = filesize(trace.fd);
  if (trace.size < HEADER_BYTES || next_number(4) != 0x31544750)
    refuse("is no trace in format PGT1; quire-sim --unpack makes one of what it can read");
  trace.pages = next_number(4);
  trace.records = next_number(4);
  uint32_t ticks = next_number(4);
  trace.least_frames = next_number(4);
  if (trace.pages == 0 || trace.pages > ID_MASK || ticks > trace.records)
    refuse("its header says what cannot be (pages, records or ticks)");
  if (trace.size != HEADER_BYTES + 5ull * trace.pages + 2ull * trace.records)
    refuse("has not as many records as its header says");
}

/* Refuses a trace whose pages fit nowhere. */
static void check_room(void) {
  struct vm_info info = get_info();
  uint32_t room = setting.frames + info.slots_total - info.slots_bad - info.slots_used;
  if (trace.pages <= room) return;
  printf("replay: %s has %u pages, but there are %u frames and %u free slots of swap; give %u "
         "pages more (--swap-size)\n",
         trace.name, (unsigned)trace.pages, (unsigned)setting.frames,
         (unsigned)(room - setting.frames), (unsigned)(trace.pages - room));
  exit(EXIT_FAILURE);
}

/* -- Replaying --------------------------------------------------------------------------------- */

/* Shows now and then how far it is. */
static void show_progress(void) {
  uint32_t now = time_ms();
  if (now - shown_at < PROGRESS_MS) return;
  shown_at = now;
  printf("replay: %u %% of %u records\n", (unsigned)((uint64_t)trace.done * 100 / trace.records),
         (unsigned)trace.records);
}

/* Whether page ID was touched before; it is from now on. */
static bool mark_touched(uint32_t id) {
  bool before = touched[id / 8] >> id % 8 & 1;
  touched[id / 8] |= 1 << id % 8;
  return before;
}

/* Touches a byte of MEMORY for each record. */
static void touch_all(char *memory) {
  for (; trace.done < trace.records; trace.done++) {
    if (trace.at % VM_PAGE_SIZE == 0) show_progress();
    uint32_t record = next_number(2), id = record & ID_MASK;
    if (record == TICK) continue;
    if (id >= trace.pages) refuse("has a page number that its header says there is not");
    volatile char *byte = memory + id * VM_PAGE_SIZE;
    if (!mark_touched(id) || record & WRITE_BIT)
      *byte = 1;
    else
      (void)*byte;
  }
}

/* Prints what FAULTS faults are over those of the best possible. */
static void print_result(const struct vm_info *before, const struct vm_info *after) {
  unsigned fresh = after->faults_zero - before->faults_zero,
           back = after->faults_swap - before->faults_swap;
  unsigned faults = fresh + back;
  printf("replay: %u pages in %u frames: %u faults, %u of them first touches\n",
         (unsigned)trace.pages, (unsigned)setting.frames, faults, fresh);
  if (setting.optimum > 0) {
    unsigned ratio = (unsigned)((uint64_t)faults * 1000 / setting.optimum);
    printf("replay: the best possible is %u; ratio %u.%03u\n", (unsigned)setting.optimum,
           ratio / 1000, ratio % 1000);
  }
  printf("replay: swap %u pages read in %u requests, %u written in %u\n",
         (unsigned)(after->swap_reads - before->swap_reads),
         (unsigned)(after->swap_read_requests - before->swap_read_requests),
         (unsigned)(after->swap_writes - before->swap_writes),
         (unsigned)(after->swap_write_requests - before->swap_write_requests));
}

/* A number of the command line, or the end. */
static uint32_t parse_number(const char *word) {
  char *end;
  unsigned long number = word != NULL ? strtoul(word, &end, 10) : 0;
  if (number > 0 && *end == '\0') return number;
  printf("usage: replay [--frames N] [--opt N] TRACE\n");
  exit(EXIT_FAILURE);
}

/* Reads the options; the rest is the trace. */
static void parse_options(char *argv[]) {
  for (argv++; *argv != NULL; argv++) {
    if (strcmp(*argv, "--frames") == 0)
      setting.wanted = parse_number(*++argv);
    else if (strcmp(*argv, "--opt") == 0)
      setting.optimum = parse_number(*++argv);
    else if (**argv != '-' && trace.name == NULL)
      trace.name = *argv;
    else
      parse_number(NULL);
    if (*argv == NULL) break;
  }
  if (trace.name == NULL) parse_number(NULL);
}

/* All. */
int main(int argc, char *argv[]) {
  (void)argc;
  parse_options(argv);
  lock_program();
  open_trace();
  take_frames();
  check_room();
  if (setting.frames < trace.least_frames)
    printf("replay: note: %s was made for %u frames and more\n", trace.name,
           (unsigned)trace.least_frames);
  char *memory = map_pages(trace.pages);
  trace.at = HEADER_BYTES + 5 * trace.pages;
  move_window(trace.at);
  shown_at = time_ms();
  struct vm_info before = get_info();
  touch_all(memory);
  struct vm_info after = get_info();
  print_result(&before, &after);
  return EXIT_SUCCESS;
}
