/* The ELF loader (System V ABI, "Object Files" and "Program Loading"; the i386 supplement). */
#include "proc/elf.h"
#include "kern/memory.h"
#include "lib/printf.h"
#include "lib/round.h"
#include "lib/string.h"
#include "vm/error.h"
#include "vm/map.h"
#include "vm/store.h"
#include "vm/user.h"
#include "vm/vm.h"

struct elf_header {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version, entry, phoff, shoff, flags;
  uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
_Static_assert(sizeof(struct elf_header) == 52, "an Elf32_Ehdr");

struct program_header {
  uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};
_Static_assert(sizeof(struct program_header) == 32, "an Elf32_Phdr");

enum {
  IDENT_CLASS = 4,
  IDENT_DATA = 5,
  CLASS_32 = 1,
  DATA_LITTLE_ENDIAN = 1,
  TYPE_EXECUTABLE = 2,
  TYPE_SHARED = 3, /* Position-independent, whether a program or a library. */
  MACHINE_I386 = 3,
  PT_LOAD = 1,
  PT_INTERP = 3,
  PF_X = 1,
  PF_W = 2,
  PF_R = 4,
  PROGRAM_HEADERS_MAX = 1024
};

/* A loadable segment that passed all checks: addresses [start, end), of which those below file_end
   show the file from OFFSET on. */
struct segment {
  uint32_t start, file_end, end;
  uint32_t offset;
  uint16_t number; /* Of its program header, from 0. */
  uint8_t prot;
};

/* One run of the loader. */
struct loader {
  struct elf_load *load;
  struct elf_header header;
  struct segment *segments; /* By address. */
  unsigned count;
};

/* Notes why the file is refused; returns false for the caller to return. */
__attribute__((format(printf, 2, 3))) static bool refuse(struct loader *l, const char *format,
                                                         ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(l->load->reason, sizeof l->load->reason, format, args);
  va_end(args);
  return false;
}

/* Notes ERROR, a vm_error and not the file's fault, as the reason; returns false for the caller to return. */
static bool refuse_error(struct loader *l, int error) {
  l->load->error = error;
  return refuse(l, "%s", vm_error_text(error));
}

/* Reads SIZE bytes at OFFSET of the file into DST; how many there were, or a vm_error.  May
   sleep. */
static long read_bytes(struct loader *l, uint32_t offset, void *dst, uint32_t size) {
  return store_read(l->load->store, offset, dst, size);
}

/* Reads the ELF header and checks that it is one of a program for this machine. */
static bool read_header(struct loader *l) {
  struct elf_header *h = &l->header;
  memset(h, 0, sizeof *h);
  long size = read_bytes(l, 0, h, sizeof *h);
  if (size < 0) return refuse_error(l, size);
  if (memcmp(h->ident, "\177ELF", 4) != 0) return refuse(l, "not an ELF file");
  if (size < (long)sizeof *h) return refuse(l, "truncated ELF header");
  if (h->ident[IDENT_CLASS] != CLASS_32) return refuse(l, "not a 32-bit program");
  if (h->ident[IDENT_DATA] != DATA_LITTLE_ENDIAN) return refuse(l, "not little-endian");
  if (h->machine != MACHINE_I386) return refuse(l, "not for the i386 (machine %u)", h->machine);
  if (h->type == TYPE_SHARED)
    return refuse(l, "a position-independent program (type 3); link it with -no-pie");
  if (h->type != TYPE_EXECUTABLE) return refuse(l, "not an executable (type %u)", h->type);
  if (h->phnum == 0) return refuse(l, "no loadable segment");
  if (h->phentsize != sizeof(struct program_header))
    return refuse(l, "bad program header size (%u)", h->phentsize);
  if (h->phnum > PROGRAM_HEADERS_MAX) return refuse(l, "too many program headers (%u)", h->phnum);
  uint32_t length = store_length(l->load->store);
  if (h->phoff > length || h->phnum * sizeof(struct program_header) > length - h->phoff)
    return refuse(l, "program headers past the end of the file");
  return true;
}

/* The first address that a segment may not use: the stack may need all from there on.  Never
   more than half of user space, whatever the limit of the stack is. */
static uint32_t segments_end(void) {
  return USER_END - ROUND_UP(MIN(vm_options.stack_limit, USER_END / 2), VM_PAGE_SIZE);
}

/* Checks the loadable segment that P, program header NUMBER, describes. */
static bool check_segment(struct loader *l, const struct program_header *p, unsigned number) {
  uint32_t length = store_length(l->load->store);
  if (p->filesz > p->memsz) return refuse(l, "segment %u: file size exceeds memory size", number);
  if (p->filesz > 0 && (p->offset > length || p->filesz > length - p->offset))
    return refuse(l, "segment %u: past the end of the file", number);
  if (p->memsz == 0) return true;
  if (p->vaddr + p->memsz < p->vaddr)
    return refuse(l, "segment %u: wraps around the end of memory", number);
  if (p->vaddr < VM_PAGE_SIZE || p->vaddr + p->memsz > USER_END)
    return refuse(l, "segment %u: outside user space", number);
  if (p->vaddr + p->memsz > segments_end())
    return refuse(l, "segment %u: overlaps the stack", number);
  if (p->filesz > 0 && (p->vaddr - p->offset) % VM_PAGE_SIZE != 0)
    return refuse(l, "segment %u: misaligned: address and offset differ within the page", number);
  return true;
}

/* The rights that segment FLAGS stand for.  The i386 cannot execute or write what it cannot
   read. */
static uint8_t segment_prot(uint32_t flags) {
  uint8_t prot = PROT_NONE;
  if (flags & (PF_R | PF_W | PF_X)) prot |= PROT_READ;
  if (flags & PF_W) prot |= PROT_WRITE;
  if (flags & PF_X) prot |= PROT_EXEC;
  return prot;
}

/* Enters the segment of P, which passed the checks, behind all that do not lie above it. */
static void insert_segment(struct loader *l, const struct program_header *p, unsigned number) {
  unsigned at = l->count++;
  for (; at > 0 && l->segments[at - 1].start > p->vaddr; at--)
    l->segments[at] = l->segments[at - 1];
  l->segments[at] = (struct segment){.start = p->vaddr,
                                     .file_end = p->vaddr + p->filesz,
                                     .end = p->vaddr + p->memsz,
                                     .offset = p->offset,
                                     .number = number,
                                     .prot = segment_prot(p->flags)};
}

/* Reads the program headers and collects the segments to load; l->segments has room for all. */
static bool read_segments(struct loader *l) {
  for (unsigned i = 0; i < l->header.phnum; i++) {
    struct program_header p;
    long size = read_bytes(l, l->header.phoff + i * sizeof p, &p, sizeof p);
    if (size < 0) return refuse_error(l, size);
    if (size < (long)sizeof p) return refuse(l, "program headers past the end of the file");
    if (p.type == PT_INTERP)
      return refuse(l, "a dynamically linked program (PT_INTERP) is not supported");
    if (p.type != PT_LOAD) continue;
    if (!check_segment(l, &p, i)) return false;
    if (p.memsz > 0) insert_segment(l, &p, i);
  }
  return true;
}

/* Checks what concerns all segments together: there are some, no two have a byte in common, and
   the entry point lies in one that may be executed. */
static bool check_image(struct loader *l) {
  if (l->count == 0) return refuse(l, "no loadable segment");
  bool entered = false;
  for (unsigned i = 0; i < l->count; i++) {
    const struct segment *s = &l->segments[i];
    if (i > 0 && s[-1].end > s->start)
      return refuse(l, "segments %u and %u overlap", s[-1].number, s->number);
    uint32_t entry = l->header.entry;
    entered = entered || ((s->prot & PROT_EXEC) && s->start <= entry && entry < s->end);
  }
  return entered || refuse(l, "entry point 0x%x is not in an executable segment", l->header.entry);
}

/* Adds a region of pages [START, END) with rights PROT and content SOURCE. */
static bool add_region(struct loader *l, vpn_t start, vpn_t end, const struct region_spec *like) {
  struct addrspace *as = l->load->as;
  struct region_spec spec = *like;
  spec.start = start;
  spec.end = end;
  spec.kind = spec.prot & PROT_WRITE ? REGION_DATA : REGION_CODE;
  if (spec.source.length == 0) spec.source = (struct region_source){0};
  addrspace_lock(as);
  int error = region_add(as, &spec);
  addrspace_unlock(as);
  return error == VM_OK || refuse_error(l, error);
}

/* What SEGMENT shows from page VPN on, which it touches. */
static struct region_source segment_source(const struct loader *l, const struct segment *segment,
                                           vpn_t vpn) {
  uint32_t page = vpn_address(vpn);
  if (segment->file_end <= page || segment->file_end == segment->start)
    return (struct region_source){0};
  return (struct region_source){.store = l->load->store,
                                .offset = segment->offset + (page - segment->start),
                                .length = segment->file_end - page};
}

/* Finds one page of the file that shows what all of the COUNT SEGMENTS have in page VPN: false if
   they come from different places, or if some byte that must be zero is not.  */
static bool find_common_source(const struct loader *l, const struct segment *segments,
                               unsigned count, struct region_source *common) {
  vpn_t vpn = vpn_of(segments[count - 1].start);
  *common = (struct region_source){0};
  for (unsigned i = 0; i < count; i++) {
    struct region_source source = segment_source(l, &segments[i], vpn);
    if (source.length == 0) continue;
    if (common->length != 0 && common->offset != source.offset) return false;
    source.length = MIN(source.length, VM_PAGE_SIZE);
    *common = source;
  }
  for (unsigned i = 0; i < count; i++) {
    uint32_t zeroes = MAX(segments[i].file_end, vpn_address(vpn));
    bool has_zeroes = zeroes < segments[i].end;
    if (has_zeroes && zeroes - vpn_address(vpn) < common->length) return false;
  }
  return true;
}

/* Copies what SEGMENT has of the file in page VPN there. */
static bool copy_part(struct loader *l, const struct segment *segment, vpn_t vpn) {
  uint32_t start = MAX(segment->start, vpn_address(vpn));
  uint32_t end = MIN(segment->file_end, vpn_address(vpn + 1));
  if (end <= start) return true;
  struct user_range range = {.as = l->load->as, .address = start, .size = end - start};
  long size = store_read_user(l->load->store, segment->offset + (start - segment->start), &range);
  if (range.error != VM_OK) return refuse_error(l, range.error);
  if (size < 0) return refuse_error(l, size);
  return size == (long)(end - start) ||
         refuse(l, "segment %u: past the end of the file", segment->number);
}

/* Adds the page that COUNT SEGMENTS share, with the rights of SPEC, and puts it together from what
   each has of the file there, because no page of the file has the bytes of all. */
static bool add_mixed_page(struct loader *l, const struct segment *segments, unsigned count,
                           struct region_spec *spec) {
  vpn_t vpn = vpn_of(segments[count - 1].start);
  uint8_t prot = spec->prot;
  spec->source = (struct region_source){0};
  spec->prot = PROT_READ | PROT_WRITE;
  if (!add_region(l, vpn, vpn + 1, spec)) return false;
  for (unsigned i = 0; i < count; i++)
    if (!copy_part(l, &segments[i], vpn)) return false;
  int error = vm_protect(l->load->as, vpn_address(vpn), VM_PAGE_SIZE, prot);
  return error == VM_OK || refuse_error(l, error);
}

/* Adds the page that COUNT SEGMENTS share, with all their rights. */
static bool add_shared_page(struct loader *l, const struct segment *segments, unsigned count) {
  vpn_t vpn = vpn_of(segments[count - 1].start);
  struct region_spec spec = {.prot = PROT_NONE};
  for (unsigned i = 0; i < count; i++) spec.prot |= segments[i].prot;
  if (!find_common_source(l, segments, count, &spec.source))
    return add_mixed_page(l, segments, count, &spec);
  return add_region(l, vpn, vpn + 1, &spec);
}

/* Makes regions of all segments.  As no two share a byte, a page shared by several is the last of
   the first of them and the first of the last. */
static bool add_regions(struct loader *l) {
  vpn_t next = 0; /* Pages below have their region. */
  for (unsigned i = 0; i < l->count; i++) {
    const struct segment *s = &l->segments[i];
    vpn_t first = MAX(next, vpn_of(s->start)), last = vpn_of(s->end - 1);
    unsigned sharers = 1;
    while (i + sharers < l->count && vpn_of(s[sharers].start) == last) sharers++;
    vpn_t end = sharers > 1 ? last : last + 1;
    struct region_spec spec = {.prot = s->prot, .source = segment_source(l, s, first)};
    if (first < end && !add_region(l, first, end, &spec)) return false;
    if (sharers > 1 && last >= next && !add_shared_page(l, s, sharers)) return false;
    next = last + 1;
  }
  return true;
}

/* Loads LOAD's file. */
bool elf_load(struct elf_load *load) {
  struct loader loader = {.load = load};
  if (!read_header(&loader)) return false;
  loader.segments = kmalloc(loader.header.phnum * sizeof *loader.segments);
  if (loader.segments == NULL) return refuse_error(&loader, VM_ENOMEM);
  bool loaded = read_segments(&loader) && check_image(&loader) && add_regions(&loader);
  if (loaded) load->end = loader.segments[loader.count - 1].end;
  kfree(loader.segments);
  load->entry = loader.header.entry;
  return loaded;
}
