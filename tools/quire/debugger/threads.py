"""Threads of the kernel: what each does, and the call stack of any of them.

gdb sees one processor.  The stack of a thread that does not run is shown by an unwinder: it tells gdb that the processor's
own frame was called by where that thread will go on.  No register of the machine is changed.
"""

import re

import gdb
import gdb.unwinder

from quire.debugger import program
from quire.debugger.kernel import (KERNEL_BASE, THREAD_SIZE, Command, all_threads, current_thread, in_user_mode,
                                   process_of, processor_register, say, struct_type, text_of, title)

STATES = ("running", "ready", "waiting", "dying")
SWITCH_REGISTERS = ("ebp", "edi", "esi", "ebx")  # As context_switch() leaves them, the lowest first.
TRAP_REGISTERS = ("edi", "esi", "ebp", "ebx", "edx", "ecx", "eax")
LOWEST = 16  # Lower than any stack.
chosen = None  # (registers of the stack that is shown instead of the running one's, esp and eip of that), or None.


class FrameId:
    """What gdb tells frames apart by."""

    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


class ThreadUnwinder(gdb.unwinder.Unwinder):
    """The way from the processor's frame to the thread that was chosen, and from the entry of a trap to what it came from."""

    def __init__(self):
        super().__init__("quire-threads")

    def __call__(self, pending):
        sp, pc = (int(pending.read_register(name)) & 0xFFFFFFFF for name in ("esp", "eip"))
        if chosen is not None and (sp, pc) == chosen[1:]:
            return self.to_chosen(pending, pc)
        return self.through_trap(pending, sp, pc)

    def to_chosen(self, pending, pc):
        """The frame that the chosen thread will go on in.  gdb wants stacks to go up from frame to frame, hence LOWEST."""
        found = pending.create_unwind_info(FrameId(gdb.Value(LOWEST), gdb.Value(pc)))
        for name, value in chosen[0].items():
            found.add_saved_register(name, value)
        return found

    def through_trap(self, pending, sp, pc):
        """What an interrupt, fault or system call came from, if PC is in the code that receives them."""
        start, end = bounds()
        if not start <= pc < end:
            return None
        base = int(pending.read_register("ebp")) & 0xFFFFFFFF
        frame = gdb.Value(base + 8).cast(struct_type("trap_frame").pointer())
        try:
            if int(gdb.Value(base + 4).cast(frame["eip"].type.pointer()).dereference()) != int(frame["eip"]):
                return None
        except gdb.MemoryError:
            return None
        found = pending.create_unwind_info(FrameId(gdb.Value(sp), gdb.Value(pc)))
        for name in (*TRAP_REGISTERS, "eip"):
            found.add_saved_register(name, frame[name])
        from_user = int(frame["cs"]) & 3 == 3
        found.add_saved_register("esp", frame["esp"] if from_user else
                                 gdb.Value(int(frame["esp"].address)).cast(frame["eip"].type))
        return found


def bounds():
    """Where the code lies that receives traps: from trap_entry to intr_return_to."""
    global _bounds
    if _bounds is None:
        _bounds = tuple(int(gdb.parse_and_eval(f"(unsigned)&{name}")) for name in ("trap_entry", "intr_return_to"))
    return _bounds


_bounds = None


def choose(registers):
    """Shows the stack that REGISTERS stand for instead of the running one; None: the running one."""
    global chosen
    chosen = registers and (registers, processor_register("esp"), processor_register("eip"))
    gdb.invalidate_cached_frames()


def kernel_registers(thread):
    """The registers with which THREAD, which does not run, goes on in the kernel."""
    word, saved = struct_type("thread")["id"].type, int(thread["stack_pointer"])
    names = (*SWITCH_REGISTERS, "eip")
    registers = {name: gdb.Value(saved + 4 * i).cast(word.pointer()).dereference() for i, name in enumerate(names)}
    registers["esp"] = gdb.Value(saved + 4 * len(names)).cast(word)
    return registers


def user_registers(thread):
    """The registers with which THREAD goes on in its program, or None: what a trap pushed first."""
    top = int(thread.address) + THREAD_SIZE - struct_type("trap_frame").sizeof
    frame = gdb.Value(top).cast(struct_type("trap_frame").pointer()).dereference()
    if not int(thread["process"]) or int(frame["cs"]) & 3 != 3:
        return None
    return {name: frame[name] for name in (*TRAP_REGISTERS, "eip", "esp")}


def is_waiting(thread):
    """Whether THREAD sleeps on something that has a name."""
    return STATES[int(thread["state"])] == "waiting" and int(thread["waiting_for"]) != 0


def describe(thread, running):
    """THREAD in a line; RUNNING is the address of the running one."""
    process = process_of(thread)
    state = STATES[int(thread["state"])] if int(thread["state"]) < len(STATES) else "?"
    if int(thread.address) == running:
        state = "running, in user mode" if in_user_mode() else "running, in the kernel"
    if is_waiting(thread):
        state += f" for {text_of(thread['waiting_for'])} at {int(thread['waiting_object']):#x}"
    if int(thread["ranks_held"]):
        from quire.debugger.locks import rank_names

        state += ", holds " + ", ".join(rank_names(int(thread["ranks_held"])))
    mark = "*" if int(thread.address) == running else " "
    owner = f" of {title(process)}" if process is not None else ""
    return f"{mark} {int(thread['id']):3} {text_of(thread['name']):<16} {state}{owner}"


class Threads(Command):
    """List the kernel's threads; `threads ID' shows the call stack of one, and up, down, frame, info locals then are about it;
`threads all' those of all, `threads off' goes back to the running one, as every continue or step does.
usage: threads [ID | all | off]"""

    usage = "[ID | all | off]"

    def run(self, word=None):
        """Does that."""
        if word == "off":
            choose(None)
            return
        threads, running = all_threads(), int(current_thread().address)
        if word is None:
            for thread in threads:
                say(describe(thread, running))
        elif word == "all":
            for thread in threads:
                show(thread, running)
            choose(None)
        else:
            found = [thread for thread in threads if word.isdigit() and int(thread["id"]) == int(word)]
            if not found:
                raise gdb.GdbError(f"there is no thread {word}; `threads' lists them")
            show(found[0], running)


def show(thread, running):
    """Prints the call stack of THREAD, first in the kernel and then in its program; gdb's commands are about the former then."""
    say(describe(thread, running))
    if process_of(thread) is not None:
        program.follow_process(process_of(thread))
    is_running = int(thread.address) == running
    kernel = None if is_running else kernel_registers(thread)
    show_stack(kernel)
    user = None if is_running and in_user_mode() else user_registers(thread)
    if user is not None:
        say("    in its program")
        show_stack(user)
        choose(kernel)
    select_first()


def select_first():
    """Selects the first frame of the stack that was chosen; returns its level."""
    frame = gdb.newest_frame()
    while chosen is not None and frame.type() == gdb.INLINE_FRAME:
        frame = frame.older()
    if chosen is not None:
        frame = frame.older()
    if frame is None:
        return 0
    frame.select()
    return frame.level()


def show_stack(registers):
    """Prints the call stack that REGISTERS stand for (None: the running one); if it begins in the kernel, only what is there."""
    choose(registers)
    in_kernel = int((registers or {"eip": processor_register("eip")})["eip"]) >= KERNEL_BASE
    level = select_first()
    for line in gdb.execute("backtrace", to_string=True).splitlines():
        number = line[1:].split(" ")[0] if line.startswith("#") else ""
        if number.isdigit() and int(number) < level:
            continue
        if in_kernel and re.match(r"#\d+ +0x[0-9ab]", line):
            return
        say(line)


def forget(_event):
    """The machine ran: the thread that was chosen may be elsewhere now."""
    if chosen is not None:
        choose(None)


def register():
    """Makes the command and its unwinder."""
    gdb.unwinder.register_unwinder(None, ThreadUnwinder(), replace=True)
    gdb.events.cont.connect(forget)
    gdb.events.stop.connect(forget)
    Threads("threads")
