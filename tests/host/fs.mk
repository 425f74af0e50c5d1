# The file system's test programs, $(BUILD)/tests/host/fs_test and fs_names, with the address and
# undefined-behaviour sanitizers.  Stands alone: make -f tests/host/fs.mk.

BUILD ?= build
HOSTCC ?= cc
FS_BITS ?= -m64
FS_SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
FS_FLAGS := -std=gnu17 -g -O1 -Wall -Wextra -Werror=implicit-function-declaration -I. -Itests/host $(FS_BITS) $(FS_SANITIZE) \
            -D_FILE_OFFSET_BITS=64 -fno-omit-frame-pointer -pthread
FS_SOURCES := tests/host/fs_host.c $(wildcard fs/*.c) lib/bitmap.c
FS_OBJECTS := $(FS_SOURCES:%.c=$(BUILD)/host/fs/%.o)

$(BUILD)/host/fs/%.o: %.c tests/host/fs.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(FS_FLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/tests/host/fs_%: $(BUILD)/host/fs/tests/host/fs_%.o $(FS_OBJECTS)
	@mkdir -p $(@D)
	$(HOSTCC) $(FS_FLAGS) -o $@ $^

.SECONDARY:
-include $(wildcard $(BUILD)/host/fs/*/*.d $(BUILD)/host/fs/*/*/*.d)
