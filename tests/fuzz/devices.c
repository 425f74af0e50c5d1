/* What the kernel's own folders need of dev/ and arch/i386/: a disk in memory, a console that nobody
   reads, time that stands still, and the machine's ends. */
#include "arch/i386/intr.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arch/i386/machine.h"
#include "arch/i386/usercopy.h"
#include "dev/console.h"
#include "dev/clock.h"
#include "dev/timer.h"
#include "host/threads.h"
#include "init/selftest.h"
#include "kern/print.h"
#include "kern/thread.h"
#include "proc/process.h"
#include "tests/fuzz/kernel.h"
#include "vm/port.h"

#define NAP_MS        10
#define DELAY_MAX     20
#define DISK_SIZE_MAX (1u << 20)

/* -- Disk ------------------------------------------------------------------------------------- */

struct kernel_disk kernel_disk;

/* Moves the runs of REQUEST. */
static int disk_transfer(void *device, const struct block_request *request) {
  struct kernel_disk *disk = device;
  uint8_t *place = disk->bytes + (size_t)request->sector * SECTOR_SIZE;
  kernel_step();
  ASSERT(!port_vm_locked() && thread_current()->ranks_held >> RANK_DISK == 0);
  thread_switch_point();
  if (disk->fail_after > 0 && --disk->fail_after == 0) return BLOCK_EIO;
  disk->writes += request->write;
  for (unsigned i = 0; i < request->count; i++) {
    const struct block_run *run = &request->runs[i];
    memcpy(request->write ? place : run->memory, request->write ? run->memory : place, run->bytes);
    place += run->bytes;
  }
  return BLOCK_OK;
}

/* All is safe. */
static int disk_flush(void *device) {
  (void)device;
  return BLOCK_OK;
}

/* A fresh disk with IMAGE; an empty one if it is NULL. */
static void disk_start(const struct image *image) {
  static const struct block_ops ops = {disk_transfer, disk_flush};
  static uint8_t bytes[DISK_SIZE_MAX];
  uint32_t size = image != NULL ? image->size : 0;
  ASSERT(size <= sizeof bytes);
  kernel_disk = (struct kernel_disk){.bytes = bytes};
  if (size > 0) memcpy(bytes, image->bytes, size);
  kernel_disk.block = (struct block){.name = "hda2",
                                     .role = BLOCK_FILESYS,
                                     .sectors = size / SECTOR_SIZE,
                                     .ops = &ops,
                                     .device = &kernel_disk};
}

/* -- Console and time ------------------------------------------------------------------------- */

/* What is printed is shown with FUZZ_VERBOSE in the environment. */
void uart_write(const char *text, size_t size) {
  static int verbose = -1;
  if (verbose < 0) verbose = getenv("FUZZ_VERBOSE") != NULL;
  if (verbose) fwrite(text, 1, size, stdout);
}

/* Writes SIZE bytes. */
void console_write(const char *text, size_t size) {
  thread_switch_point();
  kwrite(text, size);
}

/* A line without end was typed. */
long console_read(char *buffer, size_t size) {
  thread_switch_point();
  memset(buffer, 'x', size);
  return (long)size;
}

/* Keys come like lines. */
void console_set_keys(bool keys) {
  (void)keys;
}

/* It is none. */
void console_set_terminal(unsigned columns, bool (*interrupt)(void)) {
  (void)columns, (void)interrupt;
}

/* A terminal as usual. */
unsigned console_columns(void) {
  return 80;
}

/* It is always just after boot. */
uint64_t timer_ticks(void) {
  return 100;
}

/* No tick comes. */
void timer_set_hook(void (*hook)(bool in_program)) {
  (void)hook;
}

/* Lets others run; no sleep is so long that it must be broken off. */
void timer_sleep_interruptible(uint32_t ms) {
  timer_sleep_ms(ms);
}

/* And the same day. */
uint32_t clock_seconds(void) {
  return 1700000000;
}

/* Lets others run. */
void timer_sleep_ms(uint32_t ms) {
  kernel_step();
  thread_delay(ms < DELAY_MAX ? ms : DELAY_MAX);
}

/* Waits for SEMA in naps, about as long as MS says. */
bool timer_sema_down(struct semaphore *sema, uint32_t ms) {
  for (uint32_t waited = 0; sema->value == 0 && waited < ms; waited += NAP_MS)
    timer_sleep_ms(NAP_MS);
  if (sema->value == 0) return false;
  sema->value--;
  return true;
}

/* -- The machine ------------------------------------------------------------------------------ */

static trap_handler *traps[INTR_VECTORS];
void (*kernel_program)(struct trap_frame *frame);
int kernel_exit_status = -1;

/* No interrupt comes that could return to a program. */
void intr_set_user_return_hook(void (*hook)(void)) {
  (void)hook;
}

/* Notes HANDLER for VECTOR. */
void intr_register_trap(unsigned vector, enum intr_gate gate, trap_handler *handler,
                        const char *name) {
  (void)gate, (void)name;
  ASSERT(vector < INTR_VECTORS);
  traps[vector] = handler;
}

/* Raises VECTOR. */
void kernel_trap(unsigned vector, struct trap_frame *frame) {
  ASSERT(traps[vector] != NULL);
  traps[vector](frame);
}

/* A program's first registers: only these two matter here. */
void trap_frame_init(struct trap_frame *frame, uint32_t eip, uint32_t esp) {
  memset(frame, 0, sizeof *frame);
  frame->eip = eip;
  frame->esp = esp;
}

/* Runs a program. */
void intr_return_to(const struct trap_frame *frame) {
  struct trap_frame registers = *frame;
  if (kernel_program != NULL) kernel_program(&registers);
  process_exit(0);
}

/* In proc/ the user's memory is always the source. */
size_t usercopy(void *dst, const void *src, size_t size, int *error) {
  return port_copy_from_user(dst, (uaddr_t)(uintptr_t)src, size, error);
}

/* Ends the thread that ends the machine. */
void machine_exit(uint8_t status) {
  kernel_exit_status = status;
  thread_exit();
}

static const struct kernel_options *boot;

/* Notes what the loader tells. */
void machine_start(const struct kernel_options *options) {
  boot = options;
  kernel_exit_status = -1;
  disk_start(options->image);
}

/* The kernel's command line. */
const char *machine_command_line(void) {
  return boot->command_line;
}

/* Whether there was more. */
bool machine_command_line_is_cut(void) {
  return boot->command_line_is_cut;
}

/* No panic is survived here. */
void panic_set_reboot(void) {
}

/* Bugs on purpose are not for here. */
bool selftest_exists(const char *name) {
  (void)name;
  return false;
}

/* Never called. */
void selftest_run(const char *name) {
  (void)name;
  abort();
}
