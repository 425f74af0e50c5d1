# The fuzz targets: $(BUILD)/tests/fuzz/NAME, by clang with libFuzzer and the address and
# undefined-behaviour sanitizers.  The kernel's own files are compiled as they are; what they need
# below comes from host/ and from tests/fuzz/.  Stands alone: make -f tests/fuzz/fuzz.mk targets.

BUILD ?= build
PYTHON ?= python3
FUZZ_CC ?= clang
# As the kernel is: 32 bits, where the host can.
FUZZ_BITS := $(or $(FUZZ_BITS),$(shell tests/host/bits $(FUZZ_CC)))
FUZZ := $(BUILD)/tests/fuzz
FUZZ_TARGETS := elf ext2 syscalls cmdline path
FUZZ_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_FLAGS := -std=gnu17 -g -O2 -Wall -Wextra -I. $(FUZZ_BITS) -fno-omit-frame-pointer $(FUZZ_SANITIZE) \
              -include tests/fuzz/current.h
# lib/ defines standard names, which the C library keeps.  It is not what coverage is about.
FUZZ_LIB_FLAGS := $(FUZZ_FLAGS) -fno-builtin -include tests/host/rename.h
FUZZ_LIB := $(filter-out lib/divide.c,$(wildcard lib/*.c))
FUZZ_KERNEL_FLAGS := $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -fno-builtin -include tests/host/rename.h
FUZZ_KERNEL := $(wildcard vm/*.c fs/*.c) $(filter-out proc/exception.c proc/page_fault.c,$(wildcard proc/*.c)) \
               dev/block.c kern/print.c $(addprefix init/,cmdline.c options.c actions.c check.c)
FUZZ_HOST := $(filter-out host/pthreads.c,$(wildcard host/*.c)) \
             $(addprefix tests/fuzz/,kernel.c memory.c devices.c)
FUZZ_SOURCES := $(FUZZ_LIB) $(FUZZ_KERNEL) $(FUZZ_HOST)
FUZZ_COMMON := $(FUZZ_SOURCES:%.c=$(FUZZ)/%.o) $(FUZZ)/images.o
FUZZ_MAKEFILE := tests/fuzz/fuzz.mk

.PHONY: targets
targets: $(FUZZ_TARGETS:%=$(FUZZ)/%) $(FUZZ)/seeds/elf/0

$(FUZZ)/seeds/elf/0: tests/fuzz/seeds.py tests/elf_corpus.py proc/syscall_numbers.h
	@rm -rf $(FUZZ)/seeds
	$(PYTHON) tests/fuzz/seeds.py $(FUZZ)/seeds

$(FUZZ)/images/1k: tests/fuzz/geometries.py tests/elf_corpus.py
	@rm -rf $(@D)
	$(PYTHON) tests/fuzz/geometries.py $(@D)

$(FUZZ)/images.o: tests/fuzz/images.S $(FUZZ)/images/1k
	$(FUZZ_CC) $(FUZZ_BITS) -I$(FUZZ)/images -c -o $@ $<

$(FUZZ_LIB:%.c=$(FUZZ)/%.o): $(FUZZ)/%.o: %.c $(FUZZ_MAKEFILE)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_LIB_FLAGS) -MMD -MP -c -o $@ $<

$(FUZZ_KERNEL:%.c=$(FUZZ)/%.o): $(FUZZ)/%.o: %.c $(FUZZ_MAKEFILE)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_KERNEL_FLAGS) -MMD -MP -c -o $@ $<

$(FUZZ_HOST:%.c=$(FUZZ)/%.o) $(FUZZ_TARGETS:%=$(FUZZ)/tests/fuzz/%.o): $(FUZZ)/%.o: %.c $(FUZZ_MAKEFILE)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -MMD -MP -c -o $@ $<

$(FUZZ_TARGETS:%=$(FUZZ)/%): $(FUZZ)/%: $(FUZZ)/tests/fuzz/%.o $(FUZZ_COMMON)
	$(FUZZ_CC) $(FUZZ_BITS) $(FUZZ_SANITIZE) -fsanitize=fuzzer -o $@ $^

-include $(FUZZ_COMMON:.o=.d) $(FUZZ_TARGETS:%=$(FUZZ)/tests/fuzz/%.d)
