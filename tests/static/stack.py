#!/usr/bin/env python3
"""How deep kernel stacks get: the worst path of calls, in bytes, from the machine code of the kernel.

usage: tests/static/stack.py [BUILD]

Every function is followed instruction by instruction, so what is on the stack at each of its calls is known
whatever compiler made it.  Calls through pointers are declared below, under the function whose source has the
call; so is why the circles end.  On top of the worst path of a thread comes the worst interrupt.

Not counted: what a panic does, which is the end, and the NMI by which the launcher asks what a hung system does.
"""

import collections
import fnmatch
import os
import re
import struct
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What the processor and our stub push: flags, cs, eip, error code, vector; from ring 3 also esp and ss.
TRAP_BYTES = 20
USER_BYTES = 8
# Of a stack, and what of it must be left for eviction: kern/thread.h, kern/page_alloc.c.
THREAD_SIZE, EVICTION_STACK = 8192, 5120
# More than what stands on it where a process is killed: the entry, and a system call that was given a bad pointer.
KILL_STACK = 576

# {function with a call through a pointer: whom it may call}.  FILE:NAME is one of several functions of that name;
# @NAME all functions that a table of that name holds.
TAKE, GIVE = ["page_alloc_zeroed"], ["give_page"]
REAL_POLICY = ["@policy_*"]
POLICY = REAL_POLICY + ["admit", "forget", "choose"]
SHRINK = ["free_all", "free_spares", "pmap_free_spares"]
HOLD = ["store_ops.c:hold", "anonymous.c:hold"]
RELEASE = ["store_ops.c:release", "anonymous.c:release"]
NODE_HOLD = ["node_ops.c:hold", "report_hold"]
NODE_PUT = ["node_ops.c:put", "report_put"]
NODE_DESCRIBE = ["node_ops.c:describe", "report_describe"]
NODE_OPEN = ["node_ops.c:open", "root_open", "process_open", "report_open", "program_open"]
INDIRECT = {
    "intr_dispatch_irq": ["timer_interrupt", "serve_irq", "primary_interrupt", "secondary_interrupt", "sched_irq_return"],
    "table_take": TAKE, "kernel_map": TAKE, "window_init": TAKE, "pmap_create": TAKE,
    "table_give": GIVE, "pmap_destroy": GIVE, "pmap_free_spares": GIVE,
    "memory_make": [], "make_lendable": [], "few_are_left": ["supply_may_lend_kernel"],
    "borrowed_give": ["take_page_back"], "reserve_shrink": ["take_page_back"], "shrink": SHRINK, "memory_shrink": SHRINK,
    "timer_interrupt": ["load.c:tick"],
    "serve_irq": ["ring_put"], "ring_put": ["foreground_interrupt"],
    "transfer_piece": ["ide_transfer"], "block_flush": ["ide_flush"],
    "block_for_each": ["overlap_visit", "print_repeats"],
    "sched_finish_switch": ["free_thread"],
    "thread_main": ["process_main", "child_main", "supply_reserve_thread", "idle"], "idle": ["supply_zero_ahead"], "thread_for_each": ["print_thread", "ask_to_look"],
    "suspend_self": ["after_suspending"],
    "output_run": ["piece_put", "buffer_put"],
    "actions_check": ["@table"], "actions_run": ["@table"], "parse_option": ["@table"],
    "process_halt": ["end_power_off"], "syscall_entry": ["@syscalls"], "tree_hand_over": ["process_free"],
    "frame_init": POLICY, "frame_free": POLICY, "frame_admit": POLICY, "gather_victims": POLICY,
    "policy_choose": POLICY, "admit": REAL_POLICY, "forget": REAL_POLICY,
    "choose": REAL_POLICY, "switch_to": ["record_switch"], "serve": ["@syscalls"],
    "range_visit": ["note_advice", "bring_region_in", "drop_region", "sync_region", "lock_region", "end_locking",
                    "unlock_region", "map.c:set_rights"],
    "map_locked": RELEASE, "region_create": HOLD, "region_destroy": RELEASE,
    "store_reserve_page": ["store_ops.c:reserve", "no_reserve"], "region_commit": ["commit"],
    "read_from_file": ["read_pages"], "write_run": ["write_pages"],
    "node_hold": NODE_HOLD, "node_put": NODE_PUT, "report_put": RELEASE,
    "node_number": NODE_DESCRIBE, "node_size": NODE_DESCRIBE, "sys_file_info": NODE_DESCRIBE,
    "lookup_in": ["node_ops.c:lookup", "root_lookup", "process_lookup", "no_lookup"],
    "fs_readdir": ["node_ops.c:readdir", "root_readdir", "process_readdir", "no_readdir"],
    "fs_lookup": NODE_OPEN, "sys_seek": NODE_OPEN, "report_open": ["@system_kinds", "@process_kinds"],
    # Their own stack, the start on it, or the end of everything.
    "intr_dispatch_fatal": [], "double_fault_enter": [], "boot_entry": [], "foreground_interrupt": [],
    "debug_panic": [], "selftest_run": [], "call_null": [],
}
# Not followed, and why.
CUTS = {
    "debug_panic": "a panic is the end",
    "memory_make": "evicts only where so much of the stack is left as its own root below says",
    "make_lendable": "evicts only there, too",
    "serve_nmi": "only the launcher asks",
    "thread_preempt": "switches to another thread, as the interrupt on top does",
    "selftest_run": "breaks things on purpose",
    "mark_heed_all": "never in a fault of the kernel's own copies; its own root below says how deep its callers are",
    "core_leave": "has a root of its own below: a fault of the kernel's copies kills nobody",
}
# Functions that call themselves, by whatever way: how often at the most, and why.
ROUNDS = {
    "page_bring_in": (1, "a partial page is filled from a whole page of its file"),
    "resolve": (5, "one symbolic link leads to another LINKS_FOLLOWED_MAX times"),
    "free_tree": (3, "blocks of pointers stand in three levels"),
    "write_locked": (2, "a directory's block waits for inodes, and these for bitmaps"),
}
# More than the entries have on the stack where they heed marks.
HEED_BYTES = 1024
# Where threads come into the kernel: {root: (bytes there already, whom it calls)}.  None: a function by itself.
ROOTS = {
    "system call": (TRAP_BYTES + USER_BYTES, "trap_entry", ["syscall_entry"]),
    "fault in a program": (TRAP_BYTES + USER_BYTES, "trap_entry",
                           ["page_fault", "exception.c:serve_exception", "use_fpu"]),
    "what a mark asks for": (TRAP_BYTES + USER_BYTES + HEED_BYTES, "trap_entry", ["mark_heed_all"]),
    "interrupt of a program": (TRAP_BYTES + USER_BYTES, "irq_entry", ["return_to_user"]),
    "end with a core file": (TRAP_BYTES + USER_BYTES + KILL_STACK, "trap_entry", ["core_leave"]),
    "kernel thread": (8, None, ["thread_main"]),
    "eviction for the kernel's memory": (THREAD_SIZE - EVICTION_STACK, None, ["lend_page", "supply_make_lendable"]),
    "start and actions": (0, None, ["kernel_main"]),
}


def lines_of(*command):
    """The lines that COMMAND prints."""
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split("\n")


class Function:
    """A piece of code with a name: its calls are (address called, or None; bytes on the stack then; where)."""

    def __init__(self, name, address):
        self.name, self.address = name, address
        self.code = {}  # {address: (operation, operands)}, in order.
        self.calls = []
        self.depth = 0  # At its deepest, its calls left out.

    def follow(self, functions):
        """Finds the calls: walks through the code along all jumps."""
        addresses = list(self.code)
        after = dict(zip(addresses, addresses[1:]))
        known, work, switches = set(), [(self.address, 4, 0)], []
        while work or switches:
            if not work:  # What only a table of jumps leads to is entered as the jump was left.
                rest = [address for address in addresses if address not in known]
                if not rest:
                    break
                work.append((rest[0], *switches[0]))
            address, depth, base = work.pop()
            while address is not None and address not in known:
                operation, operands = self.code[address]
                known.add(address)
                target = re.match(r"([0-9a-f]+) <", operands)
                target = int(target.group(1), 16) if target else None
                if operation == "call":
                    self.calls.append((target, depth, address))
                elif operation.startswith("j") and target in self.code:
                    work.append((target, depth, base))
                elif operation.startswith("j") and target in functions:
                    self.calls.append((target, depth - 4, address))
                elif operation == "jmp" and ",4)" in operands:
                    switches.append((depth, base))
                elif operation == "jmp" and target is None:
                    self.calls.append((None, depth - 4, address))
                depth, base = step(operation, operands, depth, base)
                self.depth = max(self.depth, depth)
                address = None if operation in ("jmp", "ret", "iret", "iretl", "ud2") else after.get(address)


def number(text):
    """The value of an immediate operand like $0x1c, signed."""
    value = int(text.lstrip("$"), 0)
    return value - (1 << 32) if value >= 1 << 31 else value


def step(operation, operands, depth, base):
    """The bytes on the stack after an instruction, and up to where ebp points; DEPTH and BASE before it."""
    pushes = {"push": 4, "pushl": 4, "pushf": 4, "pushfl": 4, "pusha": 32, "pushal": 32}
    pops = {"pop": 4, "popl": 4, "popf": 4, "popfl": 4, "popa": 32, "popal": 32}
    if operation in pushes or operation in pops:
        return depth + pushes.get(operation, 0) - pops.get(operation, 0), base
    if operation == "leave":
        return base - 4, base
    if operation == "mov" and operands == "%esp,%ebp":
        return depth, depth
    match = re.match(r"(\$-?(?:0x)?[0-9a-f]+),%esp$", operands)
    if match and operation in ("sub", "subl"):
        depth += number(match.group(1))
    elif match and operation in ("add", "addl"):
        depth -= number(match.group(1))
    elif match and operation in ("and", "andl"):
        depth += -number(match.group(1)) - 4  # At the most.
    match = re.match(r"(-?0x[0-9a-f]+)?\((%ebp|%esp)\),%esp$", operands)
    if match and operation == "lea":
        depth = (base if match.group(2) == "%ebp" else depth) - int(match.group(1) or "0", 16)
    return depth, base


class Kernel:
    """The functions of an ELF file, and who calls whom."""

    def __init__(self, path):
        self.path = path
        self.functions = {}  # {address: Function}
        self.names = collections.defaultdict(list)  # {name, and FILE:NAME: addresses}
        self.objects = collections.defaultdict(list)  # {name of a table: [(address, size)]}
        self.disassemble()
        self.read_symbols()
        for function in self.functions.values():
            function.follow(self.functions)
        self.sources = self.find_sources()
        self.worst, self.extra, self.in_circles = {}, {}, set()

    def disassemble(self):
        """Takes all functions from the listing."""
        function = None
        for line in lines_of("objdump", "-d", "-w", "--no-show-raw-insn", self.path):
            head = re.match(r"([0-9a-f]+) <(.+)>:$", line)
            if head:
                function = Function(head.group(2), int(head.group(1), 16))
                self.functions[function.address] = function
                continue
            match = re.match(r"\s*([0-9a-f]+):\s+(?:(?:lock|rep|repz|repnz|cs|ds|notrack)\s+)*([a-z0-9]+)\s*(.*)$", line)
            if match and function:
                function.code[int(match.group(1), 16)] = (match.group(2), match.group(3).split("#")[0].strip())

    def read_symbols(self):
        """Learns in which files functions of a name are, and where tables are.  What a linker that optimizes makes
        of a function or a table is called NAME.what.number; the file is known from the lines of the source."""
        places = lines_of("addr2line", "-e", self.path, *map(hex, self.functions))
        for function, place in zip(self.functions.values(), places):
            name = function.name.split(".")[0]
            self.names[name].append(function.address)
            self.names[f"{os.path.basename(place.split(':')[0])}:{name}"].append(function.address)
        for line in lines_of("objdump", "-t", "-w", self.path):
            match = re.match(r"([0-9a-f]{8}) (.{7}) (\S+)\t([0-9a-f]{8}) (?:\.hidden )?(\S+)$", line)
            if match and match.group(2)[-1:] == "O":
                self.objects[match.group(5).split(".")[0]].append((int(match.group(1), 16), int(match.group(4), 16)))

    def find_sources(self):
        """{address of a call through a pointer: the function whose source has it}, wherever it was inlined."""
        places = [place for function in self.functions.values() for target, _, place in function.calls if target is None]
        found = {}
        for place, line in zip(places, lines_of("addr2line", "-f", "-e", self.path, *map(hex, places))[::2]):
            found[place] = line
        return found

    def held_by(self, pattern):
        """The functions whose addresses stand in tables named like PATTERN."""
        with open(self.path, "rb") as file:
            data = file.read()
        start, size, count = struct.unpack_from("<I", data, 28)[0], *struct.unpack_from("<HH", data, 42)
        segments = [struct.unpack_from("<IIIII", data, start + i * size) for i in range(count)]
        found = set()
        for name in fnmatch.filter(self.objects, pattern):
            for address, length in self.objects[name]:
                for kind, offset, virtual, _, filled in segments:
                    if kind == 1 and virtual <= address and address + length <= virtual + filled:
                        words = struct.unpack_from(f"<{length // 4}I", data, offset + address - virtual)
                        found |= {word for word in words if word in self.functions}
        return sorted(found)

    def named(self, names):
        """The addresses of the functions NAMES, as in INDIRECT."""
        found = []
        for name in names:
            found += self.held_by(name[1:]) if name.startswith("@") else self.names.get(name, [])
        return found

    def callees(self, function):
        """Whom FUNCTION calls, and the bytes on the stack then; raises KeyError for a pointer not declared."""
        for target, depth, place in function.calls:
            if target is not None:
                yield target, depth
                continue
            source = self.sources[place]
            if source not in INDIRECT and function.name.split(".")[0] not in INDIRECT:
                raise KeyError(f"{source}: declare whom it calls through a pointer")
            for callee in self.named(INDIRECT.get(source, INDIRECT.get(function.name.split(".")[0]))):
                yield callee, depth
        if function.name in ("usercopy", "usercopy_string"):
            for callee in self.named(["page_fault"]):
                yield callee, function.depth + TRAP_BYTES + self.entry("trap_entry")

    def entry(self, name):
        """The bytes that the stub NAME has on the stack where it calls."""
        address = self.names[name][0]
        return self.functions[address].calls[0][1] - 4

    def deepest(self, address, way=()):
        """The bytes of the worst path from the function at ADDRESS on, and the path: [(name, bytes)].  WAY has
        who called, and the bytes that each had on the stack then.  Raises ValueError for a circle."""
        if address in self.worst:
            return self.worst[address]
        function = self.functions[address]
        best, path = function.depth, []
        for callee, depth in self.callees(function):
            if callee not in self.functions or self.functions[callee].name.split(".")[0] in CUTS:
                continue
            now = [*way, (address, depth)]
            start = next((i for i, (other, _) in enumerate(now) if other == callee), None)
            if start is not None:
                self.note_circle(now[start:])
                continue
            below, rest = self.deepest(callee, now)
            if depth + below > best:
                best, path = depth + below, rest
        best += self.extra.get(address, 0)
        result = best, [(function.name, best), *path]
        if address not in self.in_circles:  # What is in one costs less below another part of it.
            self.worst[address] = result
        return result

    def note_circle(self, circle):
        """CIRCLE, [(function, bytes)], is gone round as often as ROUNDS says: that function of it costs so much more."""
        named = [(address, ROUNDS[name][0]) for address, _ in circle
                 if (name := self.functions[address].name.split(".")[0]) in ROUNDS]
        if not named:
            names = [self.functions[address].name for address, _ in [*circle, circle[0]]]
            raise ValueError("a circle of calls: " + " ".join(names))
        self.in_circles |= {address for address, _ in circle}
        address, rounds = named[0]
        self.extra[address] = max(self.extra.get(address, 0), rounds * sum(size for _, size in circle))

    def root(self, base, stub, names):
        """The worst path that starts with BASE bytes and STUB (or None) and goes on with one of NAMES."""
        base += self.entry(stub) if stub else 0
        ways = [self.deepest(address) for address in self.named(names)]
        best, path = max(ways, key=lambda way: way[0])
        return base + best, path

    def interrupt(self):
        """The worst interrupt on top of kernel code."""
        return self.root(TRAP_BYTES, "irq_entry", ["intr_dispatch_irq"])


def measure(build):
    """The kernel of BUILD; {root: (bytes, path)}; bytes of an interrupt, its path; bytes of a stack."""
    kernel = Kernel(os.path.join(build, "kernel.elf"))
    return kernel, {name: kernel.root(*root) for name, root in ROOTS.items()}, kernel.interrupt()


def main():
    """Prints the worst path."""
    build = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build")
    _, roots, (irq, irq_path) = measure(build)
    for name, (size, _) in sorted(roots.items(), key=lambda item: -item[1][0]):
        print(f"{size:5} bytes  {name}")
    print(f"{irq:5} bytes  an interrupt on top")
    name, (size, path) = max(roots.items(), key=lambda item: item[1][0])
    print(f"\n{size + irq} bytes: {name}, then an interrupt.  Bytes from each function on:")
    for function, rest in [*path, *irq_path]:
        print(f"{rest:5}  {function}")


if __name__ == "__main__":
    try:
        main()
    except (KeyError, ValueError) as problem:
        sys.exit(f"stack.py: {problem.args[0]}")
