/* sort [SIZE [SEED]]: the main job.  Fills SIZE of memory (4M, 512K; a plain number is KB) with
   pseudo-random numbers, sorts them in place, checks them, and tells what paging cost.

   Quicksort goes through its part from both ends in order, so every page of a part is brought in
   once for each split, in runs the disk likes, until a part fits into memory. */
#include <ctype.h>
#include <random.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>
#include <vm_info.h>

#define SIZE_MAX_BYTES (64U << 20)
#define SIZE_DEFAULT   (4U << 20)
#define SMALL_COUNT    16
#define PAGE_COUNT     (4096 / sizeof(uint32_t))

static uint32_t numbers[SIZE_MAX_BYTES / sizeof(uint32_t)];

/* Sum and exclusive-or of all numbers: what sorting must leave as it was. */
struct digest {
  uint32_t sum, parity;
};

static size_t total;        /* Numbers to be sorted. */
static size_t placed;       /* Numbers that are where they belong. */
static unsigned shown_tens; /* Tens of a percent that the progress line shows. */
static size_t next_mark;    /* Numbers placed when it grows. */

/* How many numbers make TENS tens of a percent. */
static size_t mark(unsigned tens) {
  return (size_t)((uint64_t)total * tens / 10);
}

/* Counts COUNT more numbers as placed and adds to the progress line what that makes. */
static void progress(size_t count) {
  placed += count;
  while (placed >= next_mark && shown_tens < 10) {
    printf(" %u", ++shown_tens * 10);
    next_mark = mark(shown_tens + 1);
  }
}

/* Exchanges the numbers at A and B. */
static void exchange(uint32_t *a, uint32_t *b) {
  uint32_t kept = *a;
  *a = *b;
  *b = kept;
}

/* Sorts COUNT numbers by moving each down to its place. */
static void insertion_sort(uint32_t *first, size_t count) {
  for (size_t i = 1; i < count; i++) {
    uint32_t moved = first[i];
    size_t at = i;
    for (; at > 0 && first[at - 1] > moved; at--) first[at] = first[at - 1];
    first[at] = moved;
  }
}

/* Moves number I of a heap of COUNT down to where it may be. */
static void sift_down(uint32_t *heap, size_t i, size_t count) {
  uint32_t moved = heap[i];
  for (size_t child = 2 * i + 1; child < count; child = 2 * i + 1) {
    if (child + 1 < count && heap[child + 1] > heap[child]) child++;
    if (heap[child] <= moved) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = moved;
}

/* Sorts COUNT numbers in O(n log n) steps whatever they are. */
static void heap_sort(uint32_t *first, size_t count) {
  for (size_t i = count / 2; i > 0; i--) sift_down(first, i - 1, count);
  for (size_t end = count; end > 1; end--) {
    exchange(&first[0], &first[end - 1]);
    sift_down(first, 0, end - 1);
  }
}

/* The one of A, B and C that is between the others. */
static uint32_t median(uint32_t a, uint32_t b, uint32_t c) {
  if (a < b) return b < c ? b : a < c ? c : a;
  return a < c ? a : b < c ? c : b;
}

/* The median of the three numbers from AT on. */
static uint32_t median_at(const uint32_t *at) {
  return median(at[0], at[1], at[2]);
}

/* A number of the part of COUNT at FIRST that should be near its median.  It looks at the two ends,
   whose pages are needed next anyway, and at the middle. */
static uint32_t choose_pivot(const uint32_t *first, size_t count) {
  if (count < PAGE_COUNT) return median(first[0], first[count / 2], first[count - 1]);
  return median(median_at(first), median_at(first + count / 2), median_at(first + count - 3));
}

/* Splits COUNT numbers at FIRST: none of the first part is larger than any of the rest.  Returns
   the length of the first part; neither is empty. */
static size_t partition(uint32_t *first, size_t count) {
  uint32_t pivot = choose_pivot(first, count);
  size_t low = 0, high = count - 1;
  for (;;) {
    while (first[low] < pivot) low++;
    while (first[high] > pivot) high--;
    if (low >= high) break;
    exchange(&first[low++], &first[high--]);
  }
  /* If low stands on the pivot it begins the rest, unless that leaves the first part empty. */
  return low > 0 ? low : 1;
}

/* Sorts COUNT numbers at FIRST; after DEPTH splits it gives up splitting. */
static void quick_sort(uint32_t *first, size_t count, unsigned depth) {
  while (count > SMALL_COUNT && depth > 0) {
    size_t lower = partition(first, count);
    depth--;
    quick_sort(first, lower, depth);
    first += lower;
    count -= lower;
  }
  if (count <= SMALL_COUNT)
    insertion_sort(first, count);
  else
    heap_sort(first, count);
  progress(count);
}

/* Fills the array; its digest. */
static struct digest fill(unsigned seed) {
  struct digest digest = {0, 0};
  random_init(seed);
  for (size_t i = 0; i < total; i++) {
    numbers[i] = (uint32_t)random_ulong();
    digest.sum += numbers[i];
    digest.parity ^= numbers[i];
  }
  return digest;
}

/* Whether the numbers are in order and have DIGEST; prints what is wrong. */
static bool check(struct digest digest) {
  uint32_t before = 0;
  size_t falls = 0;
  for (size_t i = 0; i < total; i++) {
    if (numbers[i] < before) falls++;
    before = numbers[i];
    digest.sum -= numbers[i];
    digest.parity ^= numbers[i];
  }
  if (falls == 0 && digest.sum == 0 && digest.parity == 0) {
    printf("check  in order, sum and parity as before\n");
    return true;
  }
  printf("check  WRONG: %u falls, sum off by %08x, parity by %08x\n", (unsigned)falls,
         (unsigned)digest.sum, (unsigned)digest.parity);
  return false;
}

/* Prints a row of the table of faults. */
static void print_count(const char *what, unsigned count) {
  printf("  %-22s%'12u\n", what, count);
}

/* Prints a row of the table of transfers, with tenths of pages for each request. */
static void print_transfer(const char *what, unsigned pages, unsigned requests) {
  unsigned tenths = requests > 0 ? (unsigned)((uint64_t)pages * 10 / requests) : 0;
  printf("  %-22s%'12u%'12u%10u.%u\n", what, pages, requests, tenths / 10, tenths % 10);
}

/* Prints what happened between BEFORE and AFTER. */
static void print_paging(const struct vm_info *before, const struct vm_info *after) {
#define SINCE(FIELD) (after->FIELD - before->FIELD)
  unsigned pages = SINCE(swap_reads) + SINCE(swap_writes) + SINCE(file_reads) + SINCE(file_writes);
  unsigned requests = SINCE(swap_read_requests) + SINCE(swap_write_requests) +
                      SINCE(file_read_requests) + SINCE(file_write_requests);
  printf("page faults %'24u\n", SINCE(faults));
  print_count("fresh page of zeroes", SINCE(faults_zero));
  print_count("read from swap", SINCE(faults_swap));
  print_count("read from a file", SINCE(faults_file));
  print_count("was in a frame", SINCE(faults_cached));
  print_count("copied on write", SINCE(faults_cow));
  if (SINCE(faults_error) > 0) print_count("refused", SINCE(faults_error));
  printf("transfers                      pages    requests  pages each\n");
  print_transfer("swap, read", SINCE(swap_reads), SINCE(swap_read_requests));
  print_transfer("swap, written", SINCE(swap_writes), SINCE(swap_write_requests));
  print_transfer("files, read", SINCE(file_reads), SINCE(file_read_requests));
  print_transfer("files, written", SINCE(file_writes), SINCE(file_write_requests));
  print_transfer("all", pages, requests);
  printf("evictions %'26u\n", SINCE(evictions_clean) + SINCE(evictions_dirty));
  print_count("clean", SINCE(evictions_clean));
  print_count("dirty", SINCE(evictions_dirty));
#undef SINCE
}

/* The bytes that TEXT asks for, rounded down to whole numbers; 0 if it makes no sense. */
static unsigned parse_size(const char *text) {
  unsigned value = 0;
  for (; isdigit(*text); text++) {
    value = value * 10 + (unsigned)(*text - '0');
    if (value > SIZE_MAX_BYTES) return 0;
  }
  unsigned shift = toupper(*text) == 'M' ? 20 : 10;
  if (toupper(*text) == 'M' || toupper(*text) == 'K') text++;
  if (toupper(*text) == 'B') text++;
  if (*text != '\0' || value > SIZE_MAX_BYTES >> shift) return 0;
  return value << shift;
}

/* Prints MS as seconds after the name WHAT. */
static void print_seconds(const char *what, unsigned ms) {
  printf("  %-22s%'8u.%03u s\n", what, ms / 1000, ms % 1000);
}

/* Sorts all numbers. */
static void sort_all(void) {
  unsigned depth = 4;
  for (size_t rest = total; rest > 1; rest /= 2) depth += 2;
  next_mark = mark(1);
  printf("sort  ");
  quick_sort(numbers, total, depth);
  printf(" %%\n");
}

/* Fills, sorts and checks, and prints what that cost. */
static bool run(unsigned seed) {
  struct vm_info before = {0}, after = {0};
  vm_info(&before, sizeof before);
  printf("sort: %'u numbers (%'u kB) in a pool of %'u frames (%'u kB), seed %u\n", (unsigned)total,
         (unsigned)(total >> 8), (unsigned)before.frames_total, (unsigned)before.frames_total * 4,
         seed);
  uint32_t start = time_ms();
  struct digest digest = fill(seed);
  uint32_t filled = time_ms();
  printf("fill   done\n");
  sort_all();
  uint32_t sorted = time_ms();
  bool right = check(digest);
  uint32_t checked = time_ms();
  vm_info(&after, sizeof after);
  print_paging(&before, &after);
  printf("time\n");
  print_seconds("fill", filled - start);
  print_seconds("sort", sorted - filled);
  print_seconds("check", checked - sorted);
  print_seconds("all", checked - start);
  return right;
}

/* Understands its arguments and runs. */
int main(int argc, char *argv[]) {
  unsigned bytes = argc > 1 ? parse_size(argv[1]) : SIZE_DEFAULT;
  unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
  if (argc > 3 || bytes == 0) {
    printf("usage: sort [SIZE [SEED]], SIZE as in 4M or 512K, up to %uM\n", SIZE_MAX_BYTES >> 20);
    return EXIT_FAILURE;
  }
  total = bytes / sizeof numbers[0];
  return run(seed) ? EXIT_SUCCESS : EXIT_FAILURE;
}
