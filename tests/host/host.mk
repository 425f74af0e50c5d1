# Tests that run on the host.  Stands alone (make -f tests/host/host.mk) and can be included.
#
# What rests on the simulated machine is built in flavours: $(BUILD)/host/FLAVOUR/NAME.
#   asan    64 bit, address and undefined-behaviour sanitizers
#   asan32  the same as 32 bit, like the kernel, where the machine runs such programs
#   fast    optimized, with assertions only
#   tsan    POSIX threads, ThreadSanitizer
#   cov     counts lines and branches for gcov

BUILD ?= build
HOSTCC ?= cc
HOST_BITS := $(shell tests/host/bits $(HOSTCC))
HOST_WARNINGS := -Wall -Wextra -Werror=implicit-function-declaration
HOST_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
HOST_FLAGS := -std=gnu17 -g -O1 $(HOST_WARNINGS) -I. $(HOST_SANITIZE)
HOST_TESTS := $(addprefix $(BUILD)/tests/host/,lib_test radix_test float_test user_lib_test edit_test policy_test)

.PHONY: host-tests
host-tests: $(HOST_TESTS)

# lib/ defines standard names: they are renamed, and the compiler must not know them.
HOST_LIB_SOURCES := tests/host/lib_test.c lib/string.c lib/printf.c lib/format_none.c lib/bitmap.c lib/calendar.c \
                    dev/clock_decode.c
$(BUILD)/tests/host/lib_test: $(HOST_LIB_SOURCES) tests/host/rename.h $(wildcard lib/*.h) tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -fno-builtin -include tests/host/rename.h -o $@ $(HOST_LIB_SOURCES) -lcmocka

HOST_FLOAT_SOURCES := tests/host/float_test.c lib/string.c lib/printf.c \
                      $(addprefix user/lib/,decimal.c format_float.c strtod.c)
$(BUILD)/tests/host/float_test: $(HOST_FLOAT_SOURCES) user/lib/math.c tests/host/rename.h tests/host/rename_math.h \
                                $(wildcard lib/*.h user/lib/*.h) user/include/math.h tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -fno-builtin -Iuser/include -include tests/host/rename_math.h -c -o $(@D)/math.o user/lib/math.c
	$(HOSTCC) $(HOST_FLAGS) -fno-builtin -include tests/host/rename.h -o $@ $(HOST_FLOAT_SOURCES) $(@D)/math.o \
	  -lcmocka -lm

# What user/lib/ has of the C library sees only its own headers, and goes by other names.
HOST_USER_SOURCES := $(addprefix user/lib/,string_more.c stdlib.c sort.c scan.c read_int.c strtod.c decimal.c) lib/string.c tests/host/user_classes.c
HOST_USER_OBJECTS := $(patsubst %.c,$(BUILD)/tests/host/user/%.o,$(HOST_USER_SOURCES))
$(BUILD)/tests/host/user/%.o: %.c tests/host/rename_user.h tests/host/rename.h $(wildcard lib/*.h user/include/*.h) tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -ffreestanding -fno-builtin -Iuser/include -include tests/host/rename_user.h -c -o $@ $<
$(BUILD)/tests/host/user_lib_test: tests/host/user_lib_test.c $(HOST_USER_OBJECTS)
	$(HOSTCC) $(HOST_FLAGS) -fno-builtin -o $@ $^ -lcmocka

# The library's other headers have standard names: those of the host come first.
HOST_EDIT_SOURCES := tests/host/edit_test.c user/lib/edit.c user/lib/keys.c
$(BUILD)/tests/host/edit_test: $(HOST_EDIT_SOURCES) user/include/edit.h tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -idirafter user/include -o $@ $(HOST_EDIT_SOURCES) -lcmocka

HOST_RADIX_SOURCES := tests/host/radix_test.c vm/radix.c
$(BUILD)/tests/host/radix_test: $(HOST_RADIX_SOURCES) $(wildcard vm/*.h) tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -o $@ $(HOST_RADIX_SOURCES) -lcmocka

# The simulator of replacement policies: their own files, and no machine around them.
SIM_SOURCES := $(wildcard host/sim/*.c) $(filter-out vm/policy_frames.c,$(wildcard vm/policy*.c))
$(BUILD)/host/quire-sim: $(SIM_SOURCES) $(wildcard host/sim/*.h vm/policy*.h) vm/types.h tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) -std=gnu17 -D_GNU_SOURCE -g -O2 $(HOST_WARNINGS) -I. -o $@ $(SIM_SOURCES) -lm
.PHONY: sim
sim: $(BUILD)/host/quire-sim

# The contract of vm/policy.h, for every policy.
HOST_POLICY_SOURCES := tests/host/policy_test.c $(filter-out vm/policy_frames.c,$(wildcard vm/policy*.c))
$(BUILD)/tests/host/policy_test: $(HOST_POLICY_SOURCES) $(wildcard vm/policy*.h) tests/host/host.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_FLAGS) -o $@ $(HOST_POLICY_SOURCES) -lcmocka

# -- On the simulated machine ----------------------------------------------------------------------

comma := ,
RIG_SOURCES := $(filter-out host/coroutines.c host/pthreads.c,$(wildcard host/*.c)) $(wildcard vm/*.c) lib/bitmap.c
SOAK_SOURCES := $(wildcard tests/soak/*.c)
VM_TEST_SOURCES := $(addprefix tests/host/,vm_test.c vm_check_test.c vm_bounds_test.c vm_states_test.c vm_own_test.c vm_swap_test.c vm_usage_test.c)
# What vm_bounds_test.c counts.
VM_TEST_WRAPS := $(addprefix -Wl$(comma)--wrap=,port_vm_lock port_wait spt_next radix_next page_is_dirty frame_is_evictable \
                   $(addprefix port_pmap_,remove write_protect take_dirty is_dirty))
FAILURES_SOURCES := $(wildcard tests/host/failures*.c)

# $(call flavour,NAME,COMPILER AND FLAGS,THREADS)
define flavour
$(BUILD)/host/$(1)/%.o: %.c tests/host/host.mk
	@mkdir -p $$(@D)
	$(2) -std=gnu17 -g $(HOST_WARNINGS) -I. -MMD -MP -c -o $$@ $$<
RIG_$(1) := $(patsubst %.c,$(BUILD)/host/$(1)/%.o,$(RIG_SOURCES) host/$(3).c)
$(BUILD)/host/$(1)/soak: $$(RIG_$(1)) $(patsubst %.c,$(BUILD)/host/$(1)/%.o,$(SOAK_SOURCES))
	$(2) -o $$@ $$^ -pthread
$(BUILD)/host/$(1)/vm_failures: $$(RIG_$(1)) $(patsubst %.c,$(BUILD)/host/$(1)/%.o,$(FAILURES_SOURCES))
	$(2) -o $$@ $$^ -pthread
$(BUILD)/host/$(1)/vm_test: $$(RIG_$(1)) $(patsubst %.c,$(BUILD)/host/$(1)/%.o,$(VM_TEST_SOURCES))
	$(2) -o $$@ $$^ $(VM_TEST_WRAPS) -pthread -lcmocka
$(BUILD)/host/$(1)/radix_test: $(patsubst %.c,$(BUILD)/host/$(1)/%.o,$(HOST_RADIX_SOURCES))
	$(2) -o $$@ $$^ -lcmocka
$(BUILD)/host/$(1)/vm_scenarios: $$(RIG_$(1)) $(BUILD)/host/$(1)/tests/host/vm_scenarios.o
	$(2) -o $$@ $$^ -pthread
endef

$(eval $(call flavour,asan,$(HOSTCC) -O1 $(HOST_SANITIZE),coroutines))
$(eval $(call flavour,asan32,$(HOSTCC) $(HOST_BITS) -O1 $(HOST_SANITIZE),coroutines))
$(eval $(call flavour,fast,$(HOSTCC) -O2,coroutines))
$(eval $(call flavour,tsan,$(HOSTCC) -O1 -fsanitize=thread,pthreads))
$(eval $(call flavour,cov,$(HOSTCC) -O0 --coverage,coroutines))

-include $(wildcard $(BUILD)/host/*/*/*.d $(BUILD)/host/*/*/*/*.d)
