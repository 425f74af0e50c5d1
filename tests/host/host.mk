# Tests that run on the host: $(BUILD)/tests/host/NAME, with the address and undefined-behaviour
# sanitizers.  Stands alone (make -f tests/host/host.mk) and can be included.

BUILD ?= build
HOSTCC ?= cc
HOST_FLAGS := -std=gnu17 -g -O1 -Wall -Wextra -I. -fsanitize=address,undefined -fno-sanitize-recover=all \
              -fno-omit-frame-pointer
HOST_TESTS := $(BUILD)/tests/host/lib_test $(BUILD)/tests/host/radix_test

.PHONY: host-tests
host-tests: $(HOST_TESTS)

# lib/ defines standard names: they are renamed, and the compiler must not know them.
HOST_LIB_SOURCES := tests/host/lib_test.c lib/string.c lib/printf.c lib/bitmap.c
$(BUILD)/tests/host/lib_test: $(HOST_LIB_SOURCES) tests/host/rename.h $(wildcard lib/*.h) tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -fno-builtin -include tests/host/rename.h -o $@ $(HOST_LIB_SOURCES) -lcmocka

HOST_RADIX_SOURCES := tests/host/radix_test.c vm/radix.c
$(BUILD)/tests/host/radix_test: $(HOST_RADIX_SOURCES) $(wildcard vm/*.h) tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -o $@ $(HOST_RADIX_SOURCES) -lcmocka

# The VM against a model, on the machine of host/.
HOST_VM_SOURCES := $(wildcard host/*.c vm/*.c) lib/bitmap.c
$(BUILD)/tests/host/vm_model: tests/host/vm_model.c $(HOST_VM_SOURCES) $(wildcard host/*.h vm/*.h) tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -o $@ tests/host/vm_model.c $(HOST_VM_SOURCES)

# Scenarios that once went wrong.
$(BUILD)/tests/host/vm_scenarios: tests/host/vm_scenarios.c $(HOST_VM_SOURCES) $(wildcard host/*.h vm/*.h) tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -o $@ tests/host/vm_scenarios.c $(HOST_VM_SOURCES)
