# User programs and guest tests: $(BUILD)/user/NAME from user/bin/NAME.c, $(BUILD)/tests/guest/NAME
# from tests/guest/NAME.c, both linked with the user library; $(BUILD)/bench/guest/bench the same way, and
# $(BUILD)/tests/guest/attack from tests/guest/attacks/*.c.

USER_PROGRAMS := $(patsubst user/bin/%.c,$(BUILD)/user/%,$(sort $(wildcard user/bin/*.c)))
GUEST_TESTS := $(patsubst tests/guest/%.c,$(BUILD)/tests/guest/%,$(sort $(wildcard tests/guest/*.c)))
USER_SOURCES := $(sort $(wildcard user/lib/*.c user/bin/*.c tests/guest/*.c tests/guest/lib/*.c \
                                  tests/guest/attacks/*.c bench/guest/*.c))
BENCH_PROGRAM := $(BUILD)/bench/guest/bench
ATTACK_PROGRAM := $(BUILD)/tests/guest/attack
USER_OBJECTS := $(USER_SOURCES:%.c=$(BUILD)/%.o)
USER_LIBRARY := $(BUILD)/user/libuser.a
TEST_LIBRARY := $(BUILD)/tests/guest/libtest.a
USER_SCRIPT := user/user.lds

.PHONY: user-programs guest-tests bench-program
programs: user-programs guest-tests bench-program
user-programs: $(USER_PROGRAMS)
guest-tests: $(GUEST_TESTS) $(ATTACK_PROGRAM)
bench-program: $(BENCH_PROGRAM)

ifneq ($(BUILD_GOALS),)

# Only headers of ours and the compiler's own freestanding ones.  The stack of a program grows, so
# its frames may be large.  Floating point is the x87 unit's, whatever the compiler: all processors have it, and
# a program without floating point has no instruction of the unit.
USER_CFLAGS := $(filter-out -Wframe-larger-than=% -mno-80387,$(CFLAGS32)) -nostdinc \
               -isystem $(shell $(CC32) -print-file-name=include) -Iuser/include
AR ?= ar

$(BUILD)/user/%.o: user/%.c $(BUILD)/flags user/user.mk
	@mkdir -p $(@D)
	@$(SAY) CC $<
	$(Q)$(CC32) $(USER_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/guest/%.o: tests/guest/%.c $(BUILD)/flags user/user.mk
	@mkdir -p $(@D)
	@$(SAY) CC $<
	$(Q)$(CC32) $(USER_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/bench/guest/%.o: bench/guest/%.c $(BUILD)/flags user/user.mk
	@mkdir -p $(@D)
	@$(SAY) CC $<
	$(Q)$(CC32) $(USER_CFLAGS) -MMD -MP -c -o $@ $<

# lib/ is compiled as for the kernel, and shared with it, but for the one file that each has of its own.
$(USER_LIBRARY): $(patsubst %.c,$(BUILD)/%.o,$(wildcard user/lib/*.c) $(filter-out lib/format_none.c,$(wildcard lib/*.c)))
$(TEST_LIBRARY): $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/guest/lib/*.c))
$(USER_LIBRARY) $(TEST_LIBRARY):
	@mkdir -p $(@D)
	@$(SAY) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

LINK_PROGRAM = $(LD32) $(LDFLAGS32) -z max-page-size=4096 -T $(USER_SCRIPT) -o $@ \
               $(filter %.o,$^) --start-group $(filter %.a,$^) --end-group

$(USER_PROGRAMS): $(BUILD)/user/%: $(BUILD)/user/bin/%.o $(USER_LIBRARY) $(USER_SCRIPT)
	@$(SAY) LD $@
	$(Q)$(LINK_PROGRAM)

$(GUEST_TESTS): $(BUILD)/tests/guest/%: $(BUILD)/tests/guest/%.o $(TEST_LIBRARY) $(USER_LIBRARY) \
                                       $(USER_SCRIPT)
	@$(SAY) LD $@
	$(Q)$(LINK_PROGRAM)

$(ATTACK_PROGRAM): $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/guest/attacks/*.c)) $(TEST_LIBRARY) $(USER_LIBRARY) \
                   $(USER_SCRIPT)
	@$(SAY) LD $@
	$(Q)$(LINK_PROGRAM)

$(BENCH_PROGRAM): $(patsubst %.c,$(BUILD)/%.o,$(wildcard bench/guest/*.c)) $(USER_LIBRARY) $(USER_SCRIPT)
	@$(SAY) LD $@
	$(Q)$(LINK_PROGRAM)

-include $(USER_OBJECTS:.o=.d)

endif
