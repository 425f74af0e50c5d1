/* The descriptor table, the task state for traps from ring 3, and the task that double faults run
   in (IA-32 manual, volume 3, chapters 3 and 7). */
#include "arch/i386/segment.h"

#include <stddef.h>
#include <stdint.h>

#include "arch/i386/context.h"
#include "arch/i386/cpu.h"
#include "arch/i386/intr.h"
#include "lib/round.h"

/* The 32-bit task state segment. */
struct task_state {
  uint32_t back_link;
  uint32_t esp0, ss0, esp1, ss1, esp2, ss2;
  uint32_t cr3;
  uint32_t eip, eflags;
  uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
  uint32_t es, cs, ss, ds, fs, gs;
  uint32_t ldt;
  uint16_t trap, io_map_base;
};
_Static_assert(sizeof(struct task_state) == 104, "the size the processor knows");

/* Access bytes and, for flat segments, flags: 4 KB granularity, 32 bits. */
#define ACCESS_KERNEL_CODE         0x9a
#define ACCESS_KERNEL_DATA         0x92
#define ACCESS_USER_CODE           0xfa
#define ACCESS_USER_DATA           0xf2
#define ACCESS_TASK                0x89

#define DESCRIPTOR_INDEX(SELECTOR) ((SELECTOR) / 8)

static uint64_t descriptors[DESCRIPTOR_INDEX(SEL_DOUBLE_FAULT) + 1];
static struct task_state kernel_task;
static struct task_state double_fault_task;
static struct trap_frame double_fault_frame;
static uint32_t double_fault_stack[128];

/* A segment over all 4 GB with access byte ACCESS. */
static uint64_t describe_flat(uint8_t access) {
  return 0x00cf00000000ffffull | (uint64_t)access << 40;
}

/* A task state segment at TASK. */
static uint64_t describe_task(const struct task_state *task) {
  uint32_t base = (uint32_t)(uintptr_t)task;
  uint32_t low = base << 16 | (sizeof *task - 1);
  uint32_t high = (base & 0xff000000u) | ACCESS_TASK << 8 | (base >> 16 & 0xff);
  return (uint64_t)high << 32 | low;
}

/* Reports the trap in double_fault_frame, as vector 8, on the stack of the thread that failed. */
_Noreturn static void double_fault_report(void) {
  intr_dispatch_fatal(&double_fault_frame);
}

/* Where the processor starts the double-fault task.  Saves what it stored of the failing code and
   goes on at the top of that thread's kernel stack: the code there asks the stack pointer which
   thread it is, and the outermost frames are the least loss. */
_Noreturn static void double_fault_enter(void) {
  const struct task_state *failed = &kernel_task;
  double_fault_frame = (struct trap_frame){
      .edi = failed->edi,
      .esi = failed->esi,
      .ebp = failed->ebp,
      .ebx = failed->ebx,
      .edx = failed->edx,
      .ecx = failed->ecx,
      .eax = failed->eax,
      .gs = (uint16_t)failed->gs,
      .fs = (uint16_t)failed->fs,
      .es = (uint16_t)failed->es,
      .ds = (uint16_t)failed->ds,
      .vector = INTR_DOUBLE_FAULT,
      .eip = failed->eip,
      .cs = (uint16_t)failed->cs,
      .eflags = failed->eflags,
      .esp = failed->esp,
      .ss = (uint16_t)failed->ss,
  };
  __asm__ volatile("movl %0, %%esp; xorl %%ebp, %%ebp; call *%1"
                   :
                   : "r"(failed->esp0), "r"(double_fault_report)
                   : "memory");
  __builtin_unreachable();
}

/* Fills in the task that runs double_fault_enter(), in the kernel's own page directory, which is
   still loaded. */
static void double_fault_init(void) {
  double_fault_task = (struct task_state){
      .cr3 = cpu_read_cr3(),
      .eip = (uint32_t)(uintptr_t)double_fault_enter,
      .eflags = EFLAGS_FIXED,
      .esp = (uint32_t)(uintptr_t)&double_fault_stack[ARRAY_SIZE(double_fault_stack)],
      .es = SEL_KERNEL_DATA,
      .cs = SEL_KERNEL_CODE,
      .ss = SEL_KERNEL_DATA,
      .ds = SEL_KERNEL_DATA,
      .fs = SEL_KERNEL_DATA,
      .gs = SEL_KERNEL_DATA,
      .io_map_base = sizeof double_fault_task,
  };
}

/* Points the processor at the descriptor table and reloads every segment register from it. */
static void descriptors_load(void) {
  struct {
    uint16_t limit;
    uint32_t base;
  } __attribute__((packed)) pointer = {sizeof descriptors - 1, (uint32_t)(uintptr_t)descriptors};
  __asm__ volatile("lgdt %0\n\t"
                   "ljmp %1, $1f\n"
                   "1:\tmovl %2, %%ds\n\t"
                   "movl %2, %%es\n\t"
                   "movl %2, %%fs\n\t"
                   "movl %2, %%gs\n\t"
                   "movl %2, %%ss"
                   :
                   : "m"(pointer), "i"(SEL_KERNEL_CODE), "r"(SEL_KERNEL_DATA)
                   : "memory");
}

/* Fills the descriptor table and makes it and the kernel's task state the processor's.  An I/O map
   base at the end of the task state means no map: ring 3 has no ports. */
void segment_init(void) {
  descriptors[DESCRIPTOR_INDEX(SEL_KERNEL_CODE)] = describe_flat(ACCESS_KERNEL_CODE);
  descriptors[DESCRIPTOR_INDEX(SEL_KERNEL_DATA)] = describe_flat(ACCESS_KERNEL_DATA);
  descriptors[DESCRIPTOR_INDEX(SEL_USER_CODE)] = describe_flat(ACCESS_USER_CODE);
  descriptors[DESCRIPTOR_INDEX(SEL_USER_DATA)] = describe_flat(ACCESS_USER_DATA);
  descriptors[DESCRIPTOR_INDEX(SEL_TASK)] = describe_task(&kernel_task);
  descriptors[DESCRIPTOR_INDEX(SEL_DOUBLE_FAULT)] = describe_task(&double_fault_task);
  kernel_task.ss0 = SEL_KERNEL_DATA;
  kernel_task.io_map_base = sizeof kernel_task;
  segment_set_kernel_stack(boot_stack + KERNEL_STACK_SIZE);
  double_fault_init();
  descriptors_load();
  __asm__ volatile("ltr %w0" : : "r"(SEL_TASK));
}

/* The processor reads esp0 at each trap from ring 3. */
void segment_set_kernel_stack(void *top) {
  kernel_task.esp0 = (uint32_t)(uintptr_t)top;
}
