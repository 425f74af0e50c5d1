"""The launcher `pintos`: from a command line to the exit status of a run."""

import os
import shutil
import signal
import sys
import time

from quire import disks, filesys, recording, tracing
from quire.host import (EXIT_TIMEOUT, REPOSITORY, Failure, TemporaryFolder, TimeLimit, TimeUp, describe, find_program,
                        run_program, say, write_all)
from quire.options import HELP, KERNEL_MEMORY_MB, FileCopy, UsageError, notices, parse_command_line

VIEWED = "QUIRE_VIEWED"  # In the environment of a launcher whose console a page shows: keep, or away with the trace.
READ_BACK_SECONDS = 5.0  # What the files of -g get at least: a run whose time is up gives them as well.


class Terminated(BaseException):
    """We were told to end by signal NUMBER."""

    def __init__(self, number):
        super().__init__()
        self.status = 128 + number


def terminate(number, _frame):
    """Handles signal NUMBER: unwinds, so that all is cleaned up."""
    raise Terminated(number)


def main(words):
    """Runs the launcher with the arguments WORDS; returns its exit status."""
    return guarded(lambda: run_command(words), "pintos")


def guarded(command, tool):
    """Runs COMMAND, turning every failure into a line and an exit status."""
    keep_standard_descriptors()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, terminate)
    try:
        return command()
    except UsageError as error:
        say(f"{error}\nusage: {tool} --help tells all options")
        return error.status
    except Failure as error:
        say(str(error))
        return error.status
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except Terminated as error:
        return error.status
    except BrokenPipeError:
        return 1  # Nobody reads what we write.
    except OSError as error:
        say(describe(error))
        return 1


def keep_standard_descriptors():
    """Opens what is closed of standard input, output and error, so that no other file gets their
    numbers."""
    while True:
        descriptor = os.open(os.devnull, os.O_RDWR)
        if descriptor > 2:
            os.close(descriptor)
            return


def run_command(words):
    """Decides what WORDS ask for, and does it."""
    if not words or words == ["--help"]:
        write_all(1, HELP.encode())
        return 0
    if words == ["doctor"]:
        from quire.doctor import examine

        return examine()
    options = parse_command_line(words)
    if options.help:
        write_all(1, HELP.encode())
        return 0
    if options.view and not os.environ.get(VIEWED):
        return view(options, words)
    return boot(options)


def view(options, words):
    """The run that WORDS, read as OPTIONS, ask for, as a child of ours, with the page beside it; its exit status."""
    from quire import live

    tracing.prepare(options)
    command = [sys.executable, os.path.join(REPOSITORY, "tools", "pintos")]

    def start(trace):
        return live.start(command + ([] if options.trace else [f"--trace={trace}"]) + words, {VIEWED: "keep" if options.trace else "away"})

    return live.run(start, options.view_port, options.trace, find_kernel(options.kernel))


def find_kernel(asked=None):
    """The kernel's ELF file: ASKED, $QUIRE_KERNEL, that in the folder $BUILD, or the usual one."""
    asked = asked or os.environ.get("QUIRE_KERNEL")
    if asked:
        if not os.path.isfile(asked):
            raise Failure(f"cannot find kernel {asked}")
        return os.path.abspath(asked)
    for folder in (os.environ.get("BUILD"), os.path.join(REPOSITORY, "build")):
        path = os.path.join(folder or "", "kernel.elf")
        if folder and os.path.isfile(path):
            return os.path.abspath(path)
    raise Failure(f"cannot find kernel {path} (run make first)")


def boot(options):
    """One run: disks, guest, reports, files; returns the exit status."""
    from quire.machine import Machine
    from quire.terminal import Terminal

    if options.replay is not None:
        return replay(options)
    kernel = find_kernel(options.kernel)
    choose_port(options)
    tracing.prepare(options)
    with TemporaryFolder() as folder, disks.Locks() as locks:
        try:
            with TimeLimit(options.deadline):
                drives, target = prepare_disks(options, folder, locks)
                if options.record is not None:
                    options.clock = options.clock or time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
                    kernel = recording.begin(options.record, kernel, drives)
        except TimeUp:
            return tell_time_up(options, "the disks were being made")
        for line in notices(options):
            say(line)
        terminal = Terminal()
        options.terminal_columns = terminal.choose(options)
        machine = Machine(options, terminal)
        machine.console.on_death = lambda name, eip: tell_death(machine, kernel, name, eip)
        try:
            if options.gdb:
                prepare_debugger(options, kernel)
            machine.start(recording.KERNEL if options.record else bootable_name(kernel, folder), drives)
            machine.run()
        except KeyboardInterrupt:
            if options.record is not None:
                machine.complete()
                keep_recording(options, drives, machine)
            raise
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            machine.abandon()
            terminal.restore()
        if options.record is not None:
            keep_recording(options, drives, machine)
        if os.environ.get(VIEWED) != "away":
            tracing.finish(options, kernel)
        status = tell_outcome(machine, kernel)
        if options.core:
            options.gets += [FileCopy(name, name) for name in machine.console.cores]
        status = get_files(options, target, folder, status)
        if options.core:
            tell_cores(machine, kernel)
        return status


def keep_recording(options, drives, machine):
    """Completes the recording of a run of MACHINE that is over, if QEMU has ever answered, and says how to replay it."""
    from quire.machine import kernel_words

    if machine.version is not None:
        recording.finish(options.record, options, kernel_words(options, drives), drives, machine.version)
        say(f"to run this again: pintos --replay={options.record} --")


def replay(options):
    """Runs a recording again; returns the exit status."""
    from quire.machine import DriveFile, Machine
    from quire.terminal import Terminal

    run = recording.load(options.replay)
    qemu = find_program(os.environ.get("QUIRE_QEMU") or "qemu-system-i386")
    if f"version {run['qemu']}" not in run_program([qemu, "--version"])[1]:
        raise Failure(f"--replay={options.replay}: recorded by QEMU {run['qemu']}, which {qemu} is not")
    kernel = os.path.abspath(os.path.join(options.replay, recording.KERNEL))
    options.memory, options.kernel_arguments, options.qemu_args = run["memory"], run["words"], run["qemu_args"]
    options.clock = run.get("clock")  # Older recordings have none.
    choose_port(options)
    with TemporaryFolder() as folder:
        drives = []
        for index in range(run["disks"]):
            drives.append(DriveFile(folder.file(f"disk{index}"), kept=False))
        try:
            with TimeLimit(options.deadline):
                for index, drive in enumerate(drives):
                    shutil.copyfile(recording.disk_file(options.replay, index), drive.path)
        except TimeUp:
            return tell_time_up(options, "the disks were being copied")
        machine = Machine(options, Terminal())
        try:
            if options.gdb:
                prepare_debugger(options, kernel)
            machine.start(recording.KERNEL, drives)
            machine.run()
        finally:
            machine.abandon()
        return tell_outcome(machine, kernel)


def tell_time_up(options, doing):
    """Says that the time of -T was up while DOING; returns the exit status."""
    from quire.machine import timeout_line

    say(f"{timeout_line(options.timeout)}: {doing}")
    return EXIT_TIMEOUT


def bootable_name(kernel, folder):
    """KERNEL under a name without spaces, since QEMU puts it before the kernel's command line."""
    if not any(character.isspace() for character in kernel):
        return kernel
    link = folder.file("kernel.elf")
    os.symlink(kernel, link)
    return link


# -- Disks -----------------------------------------------------------------------------------------


def prepare_disks(options, folder, locks):
    """Makes and finds all disks of the run, and holds those that are kept in LOCKS.  Returns them as DriveFiles in the order in which the
    guest calls them hda, hdb, ..., and the partition that holds its file system, or None."""
    from quire.machine import DriveFile

    drives = []
    made = None
    for copy in options.gets:
        filesys.check_target(copy)
    if options.partitions:
        made = options.make_disk or folder.file("disk")
        disks.make_disk(made, options.partitions)
        drives.append(DriveFile(made, kept=options.make_disk is not None))
    elif options.make_disk is not None:
        raise Failure(f"--make-disk={options.make_disk}: no partition for it; add --filesys-size=N")
    try:
        drives += [DriveFile(path, kept=True) for path in options.disks]
        add_default_disks(drives, ("filesys", "swap") if options.swap_node is None else ("filesys",))
        check_swap_node(options, locks)
        count = len(drives) + (options.swap_node is not None)
        if count > disks.DISKS_MAX:
            raise Failure(f"{count} disks: the machine has room for {disks.DISKS_MAX}")
        for drive in drives:
            if drive.kept:
                locks.take(drive.path)
        paths = [drive.path for drive in drives]
        target = prepare_file_system(options, paths, folder)
        swap = disks.lookup_partition(paths, "swap")
        options.swap_size = swap.size if swap else 0
    except BaseException:
        if options.make_disk is not None and made is not None:
            os.unlink(made)
        raise
    return drives, target


def check_swap_node(options, locks):
    """Refuses what cannot be with swap beyond the disks; takes its image, if it is one, in LOCKS."""
    if options.swap_node is None:
        return
    if options.record is not None:
        raise Failure(f"{options.swap_node.word}: a recording keeps all disks; give swap by --swap-size=N")
    if not options.swap_node.is_server:
        locks.take(options.swap_node.place)


def add_default_disks(drives, roles):
    """Adds filesys.dsk and swap.dsk of the current folder, as far as ROLES names them, to DRIVES where no disk so far
    has such a partition."""
    from quire.machine import DriveFile

    for drive in drives:
        disks.read_partitions(drive.path)  # Refuses what is no disk.
    for role in roles:
        name = f"{role}.dsk"
        paths = [drive.path for drive in drives]
        if os.path.exists(name) and name not in paths and not disks.lookup_partition(paths, role):
            drives.append(DriveFile(name, kept=True))


def prepare_file_system(options, paths, folder):
    """Formats the file system if -f asks for it and puts files in.  Returns its partition."""
    if options.filesys_device and (options.wants_format or options.puts or options.gets):
        target = disks.find_device(paths, options.filesys_device)
    else:
        target = disks.lookup_partition(paths, "filesys")
    wishes = (("-f", options.wants_format), ("-p", options.puts), ("-g", options.gets))
    for name, wish in wishes:
        if wish and target is None:
            raise Failure(f"{name}: there is no file system partition; "
                          "add --filesys-size=N or --disk=DISK")
    if options.wants_format:
        filesys.format_partition(target, options.puts, folder)
    elif options.puts:
        source = options.partitions.get("filesys")
        if source is not None and source.how == "size" and target.path == paths[0]:
            raise Failure("-p: the file system partition is new; "
                          "add -f to the kernel arguments to format it")
        filesys.put_files(target, options.puts, folder)
    return target


def get_files(options, target, folder, status):
    """Copies files out of the guest after a run that ended with STATUS; returns the new status."""
    end = None if options.deadline is None else max(options.deadline, time.monotonic() + READ_BACK_SECONDS)
    try:
        with TimeLimit(end):
            for copy in options.gets:
                try:
                    filesys.get_file(target, copy, folder)
                except Failure as error:
                    say(str(error))
                    status = status or error.status
    except TimeUp:
        return status or tell_time_up(options, "the files of -g were being read")
    return status


# -- The debugger ----------------------------------------------------------------------------------


def choose_port(options):
    """Settles on which port the debugger is waited for."""
    if options.uport:
        options.gdb = True
        options.gdb_port = options.gdb_port or 25000 + os.getuid() % 5000
    if options.gdb and options.gdb_port is None:
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            options.gdb_port = probe.getsockname()[1]


def prepare_debugger(options, kernel):
    """Says the line that starts gdb, and writes beside the kernel a command file for it that loads our commands as well, and
    which file each program of the guest is."""
    import json
    import shlex

    folder = os.path.dirname(kernel)
    programs = {copy.guest.lstrip("/"): os.path.abspath(copy.host) for copy in options.puts}
    lines = ["set confirm off", f"add-auto-load-safe-path {folder}", f"file {kernel}", f"target remote :{options.gdb_port}"]
    try:
        with open(os.path.join(folder, "programs.json"), "w", encoding="utf-8") as file:
            json.dump(programs, file)
        with open(os.path.join(folder, "gdbinit"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        folder = None  # The line below does without them.
    shown = min(kernel, os.path.relpath(kernel), key=len)
    say(f"waiting for the debugger; in another terminal type\n"
        f"gdb {shlex.quote(shown)} -ex 'target remote :{options.gdb_port}'")
    if folder is not None:
        commands = shlex.quote(os.path.join(os.path.dirname(shown), "gdbinit"))
        write_all(2, f"or, to have Quire's commands too (help vm, threads, locks, program): gdb -x {commands}\n".encode())


# -- Reports ---------------------------------------------------------------------------------------


def user_program(options, kernel, name):
    """The host's file of the user program that the guest calls NAME, or None."""
    for copy in options.puts:
        if copy.guest.lstrip("/") == name.lstrip("/"):
            return os.path.abspath(copy.host)
    for folder in ("user", "tests/guest"):
        path = os.path.join(os.path.dirname(kernel), folder, os.path.basename(name))
        if name and os.path.isfile(path):
            return path
    return None


def tell_death(machine, kernel, name, eip):
    """Says where in its source program NAME stood, which was killed at EIP, if its file is known here."""
    from quire.deaths import describe_death

    program = user_program(machine.options, kernel, name)
    if program is not None:
        machine.say(describe_death(name, eip, program))


def tell_cores(machine, kernel):
    """Says how to look at each core file that was copied out."""
    import shlex

    for name, program in machine.console.cores.items():
        path = user_program(machine.options, kernel, program)
        if path is not None and os.path.isfile(name):
            shown = min(path, os.path.relpath(path), key=len)
            say(f"to see where {program} was killed: gdb {shlex.quote(shown)} {shlex.quote(name)}")


def tell_outcome(machine, kernel):
    """Explains how the run ended; returns the exit status."""
    status, line = machine.outcome()
    console = machine.console
    if machine.control.registers and (machine.timed_out or (machine.reset and status != 0)):
        for text in explain_registers(machine, kernel):
            console.say(text)
    if console.story:
        tell_stacks(console, kernel)
    if console.shortage is not None and machine.options.explain:
        advise(machine, kernel, *console.shortage)
    if line is not None:
        machine.say(line)
    return status


def advise(machine, kernel, name, words):
    """Says what to try after program NAME ended with WORDS: more swap, or a larger machine."""
    from quire.symbols import memory_size

    options = machine.options
    if b"kernel memory" in words:
        if options.memory < KERNEL_MEMORY_MB:
            more = f"{options.memory_word}{min(2 * options.memory, KERNEL_MEMORY_MB)}"
            machine.say(f"{name} ran out of kernel memory; to give the machine more: {more}")
        return
    program = user_program(options, kernel, name)
    given = options.swap_size if options.swap_node is None else options.swap_node.size or 0
    advice = suggest_swap(given, memory_size(program) if program else 0)
    if options.swap_node is not None:
        machine.say(f"{name} ran out of swap; to give it more: make {options.swap_node.place} larger: {advice} MB, say")
    else:
        machine.say(f"{name} ran out of swap; to give it more: {options.swap_word}{advice}")


def suggest_swap(given, program):
    """Megabytes of swap to try where GIVEN bytes were not enough for a program of PROGRAM bytes: a quarter more
    than it has if that is more than there was, else twice as much."""
    megabytes = program * 5 // 4 >> 20
    return max(4, megabytes if megabytes << 20 > given else -(-given * 2 >> 20))


def tell_stacks(console, kernel):
    """Names the addresses of the call stacks that the kernel printed."""
    from quire.symbols import call_stacks, explain_stack, trap_addresses

    for thread, stack in call_stacks(console.story):
        console.say("Call stack by name" + (f" of {thread}:" if thread else ":"))
        for text in explain_stack(kernel, stack, trap_addresses(console.story)):
            console.say(text)


def explain_registers(machine, kernel):
    """Lines that tell where the guest stood when its registers were read."""
    from quire.symbols import KERNEL_BASE, read_registers, running_thread, symbolize

    found = read_registers(machine.control.registers)
    if found is None:
        return []
    eip = found["eip"]
    ring3 = found["cpl"] == 3
    program = kernel
    if ring3 and eip < KERNEL_BASE:
        name = running_thread(machine.console.story) or os.fsdecode(machine.console.program or b"")
        program = user_program(machine.options, kernel, name) or ""
    place = symbolize(program, [eip])[0] or "(unknown)"
    state = ["in user mode" if ring3 else "in the kernel"]
    if found["halted"]:
        state.append("halted")
    state.append("interrupts " + ("on" if found["flags"] & 0x200 else "off"))
    lines = [f"The guest was at {eip:#010x} {place}, {', '.join(state)}."]
    if machine.reset and not machine.timed_out:
        lines.append(f"cr2={found['cr2']:08x} esp={found['esp']:08x}")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
