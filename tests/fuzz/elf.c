/* Fuzzing the ELF loader: the input is the file.  What is accepted must show in user space what the
   file says, byte by byte, with the rights it says. */
#include <stdlib.h>
#include <string.h>
#include "host/file.h"
#include "host/machine.h"
#include "lib/round.h"
#include "proc/elf.h"
#include "tests/fuzz/kernel.h"
#include "vm/error.h"
#include "vm/vm.h"
#include "vm/exit.h"

#define SEGMENTS_MAX 1024
#define PROBES_MAX   64
enum { PT_LOAD = 1, PF_X = 1, PF_W = 2, PF_R = 4 };

/* A loadable segment, read without the loader's help. */
struct part {
  uint32_t offset, start, filesz, memsz, flags;
};

struct program {
  const uint8_t *bytes;
  uint32_t size;
  struct part parts[SEGMENTS_MAX];
  unsigned count;
};

/* The 32-bit word at OFFSET of P's file. */
static uint32_t word_at(const struct program *p, uint32_t offset) {
  uint32_t word;
  ASSERT(offset + sizeof word <= p->size);
  memcpy(&word, p->bytes + offset, sizeof word);
  return word;
}

/* Reads the program headers of P, which the loader accepted. */
static void read_parts(struct program *p) {
  uint32_t headers = word_at(p, 28), number = word_at(p, 44) & 0xffff;
  p->count = 0;
  for (uint32_t i = 0; i < number; i++) {
    uint32_t at = headers + 32 * i;
    if (word_at(p, at) != PT_LOAD || word_at(p, at + 20) == 0) continue;
    ASSERT(p->count < SEGMENTS_MAX);
    p->parts[p->count++] =
        (struct part){word_at(p, at + 4), word_at(p, at + 8), word_at(p, at + 16),
                      word_at(p, at + 20), word_at(p, at + 24)};
  }
}

/* The part of P that holds ADDRESS, or NULL. */
static const struct part *find_part(const struct program *p, uint32_t address) {
  for (unsigned i = 0; i < p->count; i++)
    if (address - p->parts[i].start < p->parts[i].memsz) return &p->parts[i];
  return NULL;
}

/* What must be true of every program that is accepted. */
static void check_parts(const struct program *p, uint32_t entry) {
  const struct part *entered = find_part(p, entry);
  ASSERT(entered != NULL && (entered->flags & PF_X));
  for (unsigned i = 0; i < p->count; i++) {
    const struct part *part = &p->parts[i];
    ASSERT(part->start >= VM_PAGE_SIZE && part->start < USER_END);
    ASSERT(part->memsz <= USER_END - part->start && part->filesz <= part->memsz);
    ASSERT(part->filesz == 0 || (uint64_t)part->offset + part->filesz <= p->size);
    for (unsigned j = 0; j < i; j++)
      ASSERT(find_part(&(struct program){.parts = {p->parts[j]}, .count = 1}, part->start) == NULL);
  }
}

/* The rights that the parts of P together give to the page of ADDRESS. */
static uint32_t page_flags(const struct program *p, uint32_t address) {
  uint32_t page = ROUND_DOWN(address, VM_PAGE_SIZE), flags = 0;
  for (unsigned i = 0; i < p->count; i++) {
    const struct part *part = &p->parts[i];
    if (part->start - page < VM_PAGE_SIZE || page - part->start < part->memsz) flags |= part->flags;
  }
  return flags & (PF_R | PF_W | PF_X);
}

/* Looks at ADDRESS of AS, in PART of P: its byte, and whether it can be changed. */
static void probe(struct addrspace *as, const struct program *p, const struct part *part,
                  uint32_t address) {
  uint32_t place = address - part->start, flags = page_flags(p, address);
  uint8_t expected = place < part->filesz ? p->bytes[part->offset + place] : 0, byte;
  int error = machine_touch(as, address, ACCESS_READ, &byte);
  ASSERT(error == (flags != 0 ? VM_OK : VM_EACCESS));
  ASSERT(error != VM_OK || byte == expected);
  error = machine_touch(as, address, ACCESS_WRITE, &expected);
  ASSERT(error == (flags & PF_W ? VM_OK : VM_EACCESS));
}

/* Looks at the edges of the parts of P in AS, and between them. */
static void probe_parts(struct addrspace *as, const struct program *p) {
  for (unsigned i = 0; i < MIN(p->count, PROBES_MAX); i++) {
    const struct part *part = &p->parts[i];
    uint32_t places[] = {0,
                         part->filesz - 1,
                         part->filesz,
                         ROUND_UP(part->start + part->filesz, VM_PAGE_SIZE) - part->start,
                         part->memsz / 2,
                         part->memsz - 1};
    for (unsigned j = 0; j < ARRAY_SIZE(places); j++)
      if (places[j] < part->memsz) probe(as, p, part, part->start + places[j]);
  }
}

/* Loads P, the input. */
static void load(void *aux) {
  static struct program program;
  const struct input *input = aux;
  program = (struct program){.bytes = input->bytes, .size = input->left};
  struct sim_file *file = file_create(input->left, input->left + 1);
  memcpy(file->disk, input->bytes, input->left);
  struct addrspace *as = addrspace_create();
  struct elf_load request = {.as = as, .store = &file->store};
  machine_activate(as);
  if (elf_load(&request)) {
    read_parts(&program);
    check_parts(&program, request.entry);
    probe_parts(as, &program);
    ASSERT(vm_check() == NULL);
  } else {
    ASSERT(request.reason[0] != '\0' && strlen(request.reason) < sizeof request.reason);
  }
  machine_activate(NULL);
  addrspace_destroy(as);
  ASSERT(memcmp(file->disk, input->bytes, input->left) == 0);
  file_destroy(file);
}

/* Loads the file DATA. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct input input = {data, size};
  system_start(&(struct kernel_options){.seed = 1});
  system_run(load, &input);
  system_finish();
  return 0;
}
