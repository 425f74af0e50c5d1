# Quire: one kernel, its user programs, and the commands around them.  `make help` lists them.

BUILD ?= build
OPT ?= -O2
STD ?= -std=gnu17
PYTHON ?= python3
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# -- Variables -------------------------------------------------------------------------------------

# All that a command line may set; `make help` tells of those for users.  Another one is a slip.
VARIABLES := PROG FRAMES SWAP MEM DISK POLICY CORE K REPEAT JUNIT JOBS LONG SEEDS FAILED SUITE FRESH OPTIONS CHECK BENCH TRACE VIEW \
             BUILD CC CROSS_COMPILE OPT STD WERROR V VERBOSE EXTRA_CFLAGS AR PYTHON SHELL LD32 CC32 HOSTCC FUZZ_CC FUZZ_BITS
GIVEN := $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $v)),$v))
SLIP := $(firstword $(filter-out $(VARIABLES),$(GIVEN)))
ifneq ($(SLIP),)
  $(error $(or $(shell $(PYTHON) tools/near-variable '$(SLIP)' $(VARIABLES)),there is no variable $(SLIP)))
endif

# Goals that compile nothing need no compiler.
BATTERIES := soak model mutants fuzz faults cuts
PLAIN_GOALS := help clean run view shell qemu qemu-gdb sim doctor check check-all fresh bench replay format stress coverage $(BATTERIES)
BUILD_GOALS := $(filter-out $(PLAIN_GOALS),$(or $(MAKECMDGOALS),all))

# -- Compiler and flags ----------------------------------------------------------------------------

ifneq ($(BUILD_GOALS),)
  ASKED_CC := $(if $(filter default undefined,$(origin CC)),,$(CC))
  TOOLCHAIN := $(shell sh tools/toolchain '$(ASKED_CC)' '$(CROSS_COMPILE)')
  ifneq ($(filter CC32,$(TOOLCHAIN)),CC32)
    $(error $(patsubst none:%,%,$(or $(TOOLCHAIN),tools/toolchain failed)))
  endif
  # "CC32 = compiler… LTO32 = options… LD32 = linker…", on one line by $(shell).
  CC32 := $(shell set -- $(TOOLCHAIN); shift 2; while [ "$$1" != LTO32 ]; do printf '%s ' "$$1"; shift; done)
  LTO32 := $(shell set -- $(TOOLCHAIN); while [ "$$1" != LTO32 ]; do shift; done; shift 2; \
                   while [ "$$1" != LD32 ]; do printf '%s ' "$$1"; shift; done)
  # Who names a linker wants that one, and -O0 wants nothing optimized.
  ifneq ($(or $(filter command,$(origin LD32)),$(filter -O0,$(OPT))),)
    LTO32 :=
  endif
  LD32 := $(shell set -- $(TOOLCHAIN); while [ "$$1" != LD32 ]; do shift; done; shift 2; echo "$$@")
endif

WARNINGS := -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wframe-larger-than=1024 \
            $(if $(filter 1,$(WERROR)),-Werror)
# What kernel and user programs share: freestanding, position-dependent, no FPU or vector code (user.mk lets
# programs have the FPU).
CFLAGS32 := $(STD) $(OPT) -g -ffreestanding -fno-pic -fno-pie -fno-common -fno-stack-protector \
            -fcf-protection=none -fno-asynchronous-unwind-tables -fno-omit-frame-pointer \
            -mno-sse -mno-mmx -mno-80387 $(WARNINGS) -I. $(EXTRA_CFLAGS)
comma := ,
LDFLAGS32 := -nostdlib -static --build-id=none -z noexecstack

# Prints "  WHAT  target" instead of the command; V=1 shows commands, V=0 nothing.
V ?= $(VERBOSE)
Q := $(if $(filter 1,$(V)),,@)
SAY = $(if $(filter 0 1,$(V)),:,printf '  %-4s %s\n')

# -- The kernel ------------------------------------------------------------------------------------

KERNEL_DIRS := arch/i386 lib kern dev vm fs proc init
KERNEL_SOURCES := $(sort $(wildcard $(KERNEL_DIRS:%=%/*.c) arch/i386/*.S))
KERNEL_OBJECTS := $(patsubst %,$(BUILD)/%.o,$(basename $(KERNEL_SOURCES)))
KERNEL_SCRIPT := arch/i386/kernel.lds
KERNEL := $(BUILD)/kernel.elf
# The kernel is optimized as a whole: what a door like vm/port.h costs is the work behind it, not the call.  What the
# compiler itself calls stays apart.
$(KERNEL_OBJECTS): ACROSS = $(LTO32)
$(BUILD)/lib/string.o $(BUILD)/lib/divide.o: ACROSS =
# What runs seldom is compiled to be small.
SELDOM := $(filter-out init/port.c,$(wildcard init/*.c proc/report*.c proc/core*.c $(addprefix proc/,flight.c exception.c \
            syscall_process.c syscall_console.c process_facts.c shortage.c kill.c) \
            $(addprefix vm/,event_tables.c event_policy.c check.c explain.c own.c usage.c swapper.c policy_aging.c \
            policy_clock2q.c policy_clockpro.c policy_gclock.c) kern/panic.c kern/stack.c lib/calendar.c \
            $(addprefix dev/,ide.c ide_pio.c partition.c clock.c clock_decode.c) $(addprefix arch/i386/,machine.c pci.c power.c) \
            $(addprefix fs/,mount.c volume.c check.c dir_index.c balloc.c fresh.c sync.c)))
$(SELDOM:%.c=$(BUILD)/%.o): SMALL = $(OPT:-O2=-Os)
LINK32 = $(if $(LTO32),$(CC32) $(CFLAGS32) $(LTO32:-flto=-flto=auto) -no-pie $(LDFLAGS32:--%=-Wl$(comma)--%),$(LD32) $(LDFLAGS32))

.PHONY: all kernel programs
all: kernel programs
kernel: $(KERNEL) $(KERNEL)-gdb.py

$(KERNEL): $(KERNEL_OBJECTS) $(KERNEL_SCRIPT) $(BUILD)/flags
	@$(SAY) LD $@
	$(Q)$(LINK32) -T $(KERNEL_SCRIPT) -o $@ $(KERNEL_OBJECTS)

# What gdb loads together with the kernel: commands that show the kernel's tables.
$(KERNEL)-gdb.py: $(KERNEL_SCRIPT) Makefile
	@mkdir -p $(@D)
	@printf '%s\n' 'import sys' 'sys.path.insert(0, "$(CURDIR)/tools")' 'import quire.debugger.commands' > $@

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@$(SAY) CC $<
	$(Q)$(CC32) $(CFLAGS32) $(SMALL) $(ACROSS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.S $(BUILD)/flags
	@mkdir -p $(@D)
	@$(SAY) AS $<
	$(Q)$(CC32) $(CFLAGS32) -MMD -MP -c -o $@ $<

# Holds compiler and flags: a build with others starts anew.
.PHONY: FORCE
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC32) $(CFLAGS32) $(LTO32) $(LD32)' > $@.new; \
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

ifneq ($(BUILD_GOALS),)
-include $(KERNEL_OBJECTS:.o=.d)
endif

# -- User programs and guest tests -----------------------------------------------------------------
# user/user.mk adds prerequisites to `programs`: $(BUILD)/user/NAME and $(BUILD)/tests/guest/NAME.
# The others may add what they build.

programs:
-include user/user.mk host/host.mk bench/bench.mk

# -- Running ---------------------------------------------------------------------------------------

# PROG, FRAMES, SWAP, MEM, DISK, POLICY, CORE, TRACE and VIEW reach tools/run-demo in the environment; it has their defaults.
# POLICY reaches the tests, too.
export BUILD PROG FRAMES SWAP MEM DISK POLICY CORE TRACE VIEW

# $(call build_quietly,GOALS) builds on all processors, unless -j says how many.  It shows how far it is, if there is
# much to do; with V=0 or V=1 what these mean.
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc 2> /dev/null || echo 1))
build_quietly = $(if $(V),,$(PYTHON) tools/build-progress '$(BUILD)') \
                $(MAKE) --no-print-directory -s $(PARALLEL) V=$(V) $(1)
# PROG may also be a guest test.
RUN_GOALS := kernel user-programs $(if $(wildcard tests/guest/$(firstword $(PROG)).c),guest-tests)

.PHONY: run view shell qemu qemu-gdb
run:
	@tools/setup --run
	@$(call build_quietly,$(RUN_GOALS))
	@$(if $(VIEW),tools/setup --view)
	@$(PYTHON) tools/run-demo run

view:
	@tools/setup --run
	@tools/setup --view
	@$(call build_quietly,$(RUN_GOALS))
	@$(PYTHON) tools/run-demo view

shell qemu:
	@tools/setup --run
	@$(call build_quietly,$(RUN_GOALS))
	@$(PYTHON) tools/run-demo shell

qemu-gdb:
	@tools/setup --run
	@$(call build_quietly,$(RUN_GOALS))
	@$(PYTHON) tools/run-demo gdb

# -- Checking --------------------------------------------------------------------------------------

.PHONY: check check-all fresh bench replay stress coverage sim $(BATTERIES)
# Seeds of `make stress`.
SEEDS ?= 1 2 3 4 5
# LONG=1: the batteries take their time.  FAILED=1: what failed the last time.
export LONG FAILED

check check-all:
	@tools/setup --check
	@$(call build_quietly,all)
	@$(PYTHON) tests/run $(CHECK) $(if $(filter check-all,$@),--all)

# The README's commands on a bare machine; needs root.
fresh:
	@FRESH='$(FRESH)' tools/fresh $(SUITE) $(OPTIONS)

stress:
	@tools/setup --check
	@$(call build_quietly,all)
	@STRESS_SEEDS='$(SEEDS)' $(PYTHON) tests/run $(CHECK) -k test_stress

bench:
	@$(call build_quietly,all)
	@$(PYTHON) bench/run $(BENCH)

replay:
	@$(call build_quietly,kernel user-programs sim)
	@$(PYTHON) bench/replay $(if $(FRAMES),--frames '$(FRAMES)') $(if $(POLICY),--policy '$(POLICY)') $(OPTIONS) $(TRACE)

# Batteries that run for as long as one likes; `make check` has the short form of each.  OPTIONS are
# those of tests/NAME/run; --help tells them.
OPTIONS ?=
$(BATTERIES):
	@tools/setup --check
	@$(call build_quietly,all)
	@$(PYTHON) tests/$@/run $(OPTIONS)

sim:
	@$(MAKE) --no-print-directory -s -f tests/host/host.mk BUILD='$(BUILD)' sim
	@echo 'tests/sim/traces has four traces to replay; $(BUILD)/host/quire-sim --help tells more'

coverage:
	@tools/setup --check
	@$(PYTHON) tests/host/coverage $(OPTIONS)

# -- The rest --------------------------------------------------------------------------------------

.PHONY: clean format compile_commands.json help
clean:
	rm -rf $(BUILD)

format:
	@command=$$($(PYTHON) tests/versions.py clang-format) && \
	  find $(KERNEL_DIRS) user host tests bench -name '*.[ch]' -exec $$command -i {} +

compile_commands.json:
	@$(PYTHON) tools/compile-commands $@ '$(CC32) $(CFLAGS32)' $(KERNEL_SOURCES) \
	  -- '$(CC32) $(USER_CFLAGS)' $(USER_SOURCES)

help:
	@echo 'make            build the kernel and all programs in $(BUILD)/'
	@echo 'make run        sort 4 MiB of numbers in 64 frames of memory; change it by'
	@echo '                PROG="program arguments" FRAMES=frames|all SWAP=MB|URL MEM=MB POLICY=NAME CORE=1'
	@echo '                TRACE=run.qtrace records every event; tools/quire-trace run.qtrace tells them'
	@echo '                VIEW=1 makes a page of it as well, $(BUILD)/run.html, for any browser'
	@echo 'make view       the same while it happens, in a page of a browser; PROG=shell to type'
	@echo 'make shell      an interactive shell in the guest (exit ends it); DISK=my.dsk keeps its files'
	@echo 'make check      the tests, but for the batteries; K=quick a minute of them, K=NAME others,'
	@echo '                FAILED=1 what failed the last time, REPEAT=N repeats, JUNIT=FILE reports, JOBS=N,'
	@echo '                POLICY=NAME under another replacement policy'
	@echo 'make check-all  the batteries too, in their short form; LONG=1 in the long one'
	@echo 'make fresh      make run and make check on a bare machine; SUITE=bookworm, trixie or sid'
	@echo 'make stress     all guest tests while pages leave at every chance; SEEDS="1 2 3"'
	@echo 'make soak       the VM against flat arrays, for as long as you like'
	@echo 'make model      the model of page states, checked by spin'
	@echo 'make mutants    planted bugs, each of which some test must find'
	@echo 'make fuzz       libFuzzer over loaders, file system, arguments, paths'
	@echo 'make faults     disks that fail, under QEMU'
	@echo 'make cuts       power cuts at every write'
	@echo 'make coverage   how much of vm/ the tests on the host run'
	@echo '                (all seven: OPTIONS=--help tells more)'
	@echo 'make bench      the measured figures'
	@echo 'make replay     traces in the kernel and in the simulator, side by side; TRACE=FILE'
	@echo '                FRAMES=64,25% POLICY=clock,duo OPTIONS=--help'
	@echo 'make sim        the simulator of replacement policies, $(BUILD)/host/quire-sim'
	@echo 'make qemu-gdb   as make run, but waits for a debugger (docs/launcher.md); OPT=-O1 keeps variables'
	@echo 'make doctor     what is installed, and what is missing'
	@echo 'make format     clang-format over all C files'
	@echo 'make compile_commands.json   for editors and clangd'
	@echo 'make clean      remove $(BUILD)/'
	@echo
	@echo 'Variables: CC=clang, CROSS_COMPILE=i686-elf-, OPT=-O0, STD=-std=gnu2x, WERROR=1, BUILD=dir,'
	@echo '           V=1 shows the commands'

.PHONY: doctor
doctor:
	@$(PYTHON) tools/pintos doctor
