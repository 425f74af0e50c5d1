"""The kernel's structures as gdb shows them: lists, trees, the running thread, processes, address spaces."""

import functools

import gdb

THREAD_SIZE = 8192
THREAD_MAGIC = 0x7175697E
KERNEL_BASE = 0xC0000000
USER_END = 0xC0000000
PAGE = 4096
SLOT_NONE = 0xFFFFFFFF
RADIX_BITS = 5
WALK_MAX = 100_000  # Steps along a list; more are a broken one.
REGION_KINDS = ("code", "data", "stack", "heap", "mapping")


def variable(file, name):
    """The kernel's variable NAME of source file FILE, static or not."""
    value = gdb.parse_and_eval(f"'{file}'::{name}")
    return linked_variable(file, name) if value.is_optimized_out else value


def linked_variable(file, name):
    """The same where the kernel was optimized as a whole: what FILE says of NAME has no place in memory then.  The linker's
    notes have it, without the file, but of the same line, size and fields."""
    def known(symbol):
        type_ = symbol.type.strip_typedefs()
        is_struct = type_.code == gdb.TYPE_CODE_STRUCT
        return symbol.line, type_.sizeof, tuple(field.name for field in type_.fields()) if is_struct else ()

    symbols = gdb.lookup_static_symbols(name)
    wanted = {known(symbol) for symbol in symbols if symbol.symtab.filename.endswith(file)}
    for symbol in symbols:
        value = symbol.value()
        if not value.is_optimized_out and known(symbol) in wanted:
            return value
    raise gdb.error(f"gdb does not know where {name} of {file} is; build by `make OPT=-O1'")


@functools.lru_cache(maxsize=None)
def struct_type(name):
    """The type `struct NAME`."""
    return gdb.lookup_type(f"struct {name}")


def read_struct(value):
    """VALUE, a structure, read at once: each field by itself would be a request to the machine."""
    value.fetch_lazy()
    return value


def container(node, type_name, member):
    """The structure of TYPE_NAME whose field MEMBER the pointer NODE points to."""
    type_ = struct_type(type_name)
    start = int(node) - type_[member].bitpos // 8
    return read_struct(gdb.Value(start).cast(type_.pointer()).dereference())


def entries(head, type_name, member):
    """The structures of TYPE_NAME on list HEAD, linked by MEMBER."""
    end = int(head["head"].address)
    node = head["head"]["next"]
    for _ in range(WALK_MAX):
        if int(node) in (end, 0):
            return
        yield container(node, type_name, member)
        node = node["next"]


def address_of(value):
    """Where the structure VALUE lies."""
    return int(value.address)


def radix_leaves(radix):
    """What a radix tree holds, as (index, pointer)."""
    height = int(radix["height"])
    stack = [(radix["root"], height, 0)] if height > 0 else []
    while stack:
        node, level, first = stack.pop()
        content = read_struct(node.dereference())
        present = int(content["present"])
        below = []
        for slot in range(1 << RADIX_BITS):
            if not present >> slot & 1:
                continue
            index = first | slot << (level - 1) * RADIX_BITS
            item = content["slots"][slot]
            if level == 1:
                yield index, item
            else:
                below.append((item.cast(node.type), level - 1, index))
        stack += reversed(below)


def radix_get(radix, index):
    """What stands at INDEX of RADIX: a pointer, or None."""
    level, node = int(radix["height"]), radix["root"]
    if level == 0 or index >> level * RADIX_BITS:
        return None
    pointer = node.type
    while True:
        item = node["slots"][index >> (level - 1) * RADIX_BITS & (1 << RADIX_BITS) - 1]
        if int(item) == 0 or level == 1:
            return item if int(item) else None
        node, level = item.cast(pointer), level - 1


# -- Threads and processes -------------------------------------------------------------------------


def processor_register(name):
    """The processor's register NAME, whatever frame is selected."""
    return int(gdb.newest_frame().read_register(name)) & 0xFFFFFFFF


def in_user_mode():
    """Whether the processor runs a program."""
    return processor_register("cs") & 3 == 3


def current_thread():
    """The running thread."""
    if in_user_mode():
        stack = int(variable("arch/i386/segment.c", "kernel_task")["esp0"]) - 1
    else:
        stack = processor_register("esp")
    try:
        thread = thread_at(stack & -THREAD_SIZE)
        if int(thread["magic"]) == THREAD_MAGIC:
            return thread
    except gdb.MemoryError:
        pass
    raise gdb.GdbError("there is no thread yet; let the kernel start first: `hbreak process_run', `continue'")


def thread_at(address):
    """The thread at ADDRESS."""
    return read_struct(gdb.Value(address).cast(struct_type("thread").pointer()).dereference())


def all_threads():
    """All threads, the oldest first."""
    current_thread()  # Else there is no list yet.
    return list(entries(variable("kern/thread.c", "all_threads"), "thread", "all_node"))


def text_of(value, length=64):
    """The string at or in VALUE."""
    try:
        if value.type.code == gdb.TYPE_CODE_PTR:
            return value.string("utf-8", "replace", length=-1) if int(value) else ""
        return value.string("utf-8", "replace")
    except (gdb.MemoryError, gdb.error):
        return "?"


def process_of(thread):
    """The process of THREAD, or None."""
    if int(thread["process"]) == 0:
        return None
    return read_struct(thread["process"].cast(struct_type("process").pointer()).dereference())


def all_processes():
    """All processes that have memory, by pid."""
    found = [process_of(thread) for thread in all_threads()]
    return sorted((p for p in found if p is not None and int(p["as"])), key=lambda p: int(p["pid"]))


def find_process(text):
    """The process whose pid TEXT is; without TEXT the running one."""
    processes = all_processes()
    known = ", ".join(f"{int(p['pid'])} {text_of(p['name'])}" for p in processes) or "none"
    if text:
        if not text.isdigit():
            raise gdb.GdbError(f"{text}: not a process id; there are: {known}")
        for process in processes:
            if int(process["pid"]) == int(text):
                return process
        raise gdb.GdbError(f"there is no process {text} with memory; there are: {known}")
    process = process_of(current_thread())
    if process is None or not int(process["as"]):
        raise gdb.GdbError(f"the running thread has no process; name one: {known}")
    return process


def title(process):
    """PROCESS as it is called in what we print."""
    return f"{text_of(process['name'])} (process {int(process['pid'])})"


# -- Address spaces --------------------------------------------------------------------------------


def space_of(process):
    """The address space of PROCESS."""
    return read_struct(process["as"].dereference())


def all_spaces():
    """All address spaces, as (address, the process's name)."""
    return {int(process["as"]): title(process) for process in all_processes()}


def regions_of(space):
    """The regions of address space SPACE, by address."""
    stack, node, found = [], space["regions"]["root"], []
    while stack or int(node):
        while int(node):
            region = read_struct(node.dereference())
            stack.append(region)
            node = region["left"]
        region = stack.pop()
        found.append(region)
        node = region["right"]
    return found


def find_region(space, vpn):
    """The region of SPACE that holds page VPN, or None."""
    for region in regions_of(space):
        if int(region["start"]) <= vpn < int(region["end"]):
            return region
    return None


def source_name(store, offset=None):
    """What the content of STORE, a pointer, is: a file by its inode, or nothing but zeroes."""
    if int(store) == 0:
        return "zeroes"
    if bool(store["anonymous"]):
        return "shared memory"
    number = int(container(store, "inode", "store")["number"])
    return f"inode {number}" + ("" if offset is None else f" from {offset:#x} on")


def parse_address(text):
    """TEXT, an expression of gdb's, as a number."""
    try:
        return int(gdb.parse_and_eval(text)) & 0xFFFFFFFF
    except gdb.error as error:
        raise gdb.GdbError(f"{text}: not an address: {error}") from error


class Command(gdb.Command):
    """A command NAME whose class comment is its help and whose function is `run`, given the words that follow."""

    most = 1  # Words it takes.
    usage = ""

    def __init__(self, name, prefix=False):
        self.name = name
        super().__init__(name, gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION, prefix)

    def invoke(self, argument, from_tty):
        """Called by gdb."""
        words = gdb.string_to_argv(argument)
        if len(words) > self.most:
            raise gdb.GdbError(f"usage: {self.name} {self.usage}".rstrip())
        try:
            self.run(*words)
        except gdb.MemoryError as error:
            raise gdb.GdbError(f"{self.name}: {error}: the kernel's tables are not there, or broken") from error
        except gdb.error as error:
            raise gdb.GdbError(f"{self.name}: {error}") from error


def say(line=""):
    """Prints LINE."""
    gdb.write(line + "\n")
