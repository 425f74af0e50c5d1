"""QEMU with the kernel in it: started, listened to, and ended for a reason that is known.

The guest's serial line is QEMU's standard output, which goes through a pipe to ours, so that we
see a panic when it is printed.  Over a second channel (QMP, a socket pair) QEMU tells why the
guest ended, and can be asked for registers while it still stands there.
"""

import fcntl
import os
import re
import select
import signal
import socket
import time

from quire import recording, tracing
from quire.deaths import find_reports
from quire.disks import DEVICE_NAMES
from quire.host import (DISK_FULL, Failure, describe, find_program, lookup_program, no_space, run_program, say, wait_for,
                        write_all)

QEMU_MAJOR_MIN = 4

# Exit statuses of the launcher: see HELP in options.py.
EXIT_POWER_OFF = 0
EXIT_START = 1
EXIT_TIMEOUT = 2
EXIT_PANIC = 3
EXIT_REFUSED = 4
EXIT_RESET = 5
EXIT_DIED = 6
EXIT_FAIL_LINE = 7
EXIT_INTERRUPTED = 130

# What QEMU's status says if the guest left by the debug port: 2 * the guest's status + 1.
QEMU_STATUS_PANIC = 3
QEMU_STATUS_REFUSED = 5
QEMU_STATUS_INTERRUPTED = 7

KILL_SECONDS = 3.0  # From a line with PANIC or FAIL to the end, with -k.
HANG_SECONDS = 5.0  # What a hung guest gets to tell of its threads.
TWICE_SECONDS = 1.0  # Between two Ctrl-C that end the machine, whatever the guest does.
PENDING_MAX = 1 << 20  # Bytes typed at a guest that takes none; more are dropped.
QUIET_SECONDS = 0.5  # Silence after which it has told them.
READY_LINE = b"Boot complete."
# A program was killed for want of what the user can give more of.
SHORTAGE = re.compile(rb"(?:^|\n)(?:load: )?([^\n:]+): [^\n]*(out of memory: [^\n]*(?:no swap|swap full)|out of kernel memory)")
CORE = re.compile(rb"(?:^|\n)([^\n]+): core in ([^\n]+), \d+ KB")
WINDOW = 4096  # Bytes of output that are looked at together.
INTERRUPT = b"\x03"
SUSPEND = b"\x1a"
END_OF_INPUT = b"\x04"


def quote_word(word):
    """Kernel argument WORD as the kernel's command line wants it, in quotes where it needs them."""
    if word and not any(character.isspace() or character in "'\"" for character in word):
        return word
    if "'" in word and '"' not in word:
        return f'"{word}"'
    return "'" + word.replace("'", "'\"'\"'") + "'"


class DriveFile:
    """A disk image to attach: kept after the run, or not."""

    def __init__(self, path, kept):
        self.path = path
        self.kept = kept


def kernel_words(options, drives):
    """The kernel's arguments with DRIVES: those given, after what the launcher's own options mean to it."""
    words = [word for word, wanted in (("-explain", options.explain), ("-core", options.core)) if wanted]
    if options.trace is not None:
        words.append(f"-trace={options.trace_mb}")
    if options.terminal_columns is not None:
        words.append(f"-terminal={options.terminal_columns}")
    if options.swap_node is not None:
        own = "hda4," if "swap" in options.partitions else ""
        priority = f":{options.swap_priority}" if options.swap_priority else ""
        words.append(f"-swap={own}{DEVICE_NAMES[swap_place(drives)]}{priority}")
    return words + options.kernel_arguments


def swap_place(drives):
    """Where swap beyond DRIVES is attached: on the second channel, if it can be, so that files need not wait for it."""
    return max(2, len(drives))


def swap_words(options, drives):
    """QEMU's arguments for swap beyond DRIVES.  The guest stands until its size is known."""
    place = swap_place(drives)
    device = f"ide-hd,drive={options.swap_node.NAME},bus=ide.{place // 2},unit={place % 2},werror=report,rerror=report"
    return ["-blockdev", options.swap_node.text(options.swap_wait), "-device", device, *([] if options.gdb else ["-S"])]


def qemu_command(options, kernel, drives, control):
    """The command that boots KERNEL with DRIVES; CONTROL is the descriptor of its QMP channel."""
    command = [
        find_qemu(),
        *tracing.qemu_words(options), "-nodefaults", "-display", "none", "-nic", "none",
        "-no-reboot", "-device", "isa-debug-exit,iobase=0x501,iosize=2",
        "-serial", "mon:stdio" if options.monitor else "stdio",
        "-kernel", kernel,
        "-append", " ".join(quote_word(word) for word in kernel_words(options, drives)),
    ]
    if not options.replay:  # A monitor that somebody is connected to stops a replay.
        command += ["-no-shutdown", "-chardev", f"socket,id=control,fd={control}",
                    "-qmp", "chardev:control"]
    noted = options.record or options.replay
    for index, drive in enumerate(drives):
        path = os.path.abspath(drive.path) if noted else drive.path  # QEMU starts in the folder of notes.
        path = path.replace(",", ",,")
        cache = "writeback" if drive.kept else "unsafe"
        errors = "werror=report,rerror=report"  # Else a full host disk stops the guest.
        if noted:
            command += ["-drive", f"file={path},format=raw,if=none,id=file{index},cache={cache}",
                        "-drive", f"driver=blkreplay,if=none,image=file{index},id=disk{index},{errors}",
                        "-device", f"ide-hd,drive=disk{index},bus=ide.{index // 2},unit={index % 2}"]
        else:
            command += ["-drive", f"file={path},format=raw,if=ide,index={index},cache={cache},{errors}"]
    if options.swap_node is not None:
        command += swap_words(options, drives)
    if noted:
        command += ["-icount", f"shift=auto,rr={'record' if options.record else 'replay'},rrfile={recording.EVENTS}"]
    elif options.icount:
        command += ["-icount", "shift=0,sleep=off"]
    command += ["-rtc", clock_words(options)]
    if options.gdb:
        command += ["-S", "-gdb", f"tcp:127.0.0.1:{options.gdb_port}"]
    return command + options.qemu_args


def clock_words(options):
    """What QEMU's -rtc is told.  Where runs are to be the same, the clock follows the instructions."""
    same = options.clock or options.icount or options.record or options.replay
    return f"base={options.clock or 'utc'}" + (",clock=vm" if same else "")


class Console:
    """What the guest said: passed on at once, and kept as far as a report needs it."""

    def __init__(self):
        self.window = b""  # The last bytes, a little more than a line.
        self.ready = False
        self.panicked = False
        self.failed = False
        self.story = b""  # All from the panic, or from the time-out, on.
        self.keep = False
        self.at_line_start = True
        self.program = None  # The name after the last "Executing '".
        self.shortage = None  # The program that was killed first for want of something, and the words for it.
        self.cores = {}  # The core files that the guest has: name -> the program.
        self.on_death = None  # Called with the name and the eip of each program that an exception killed.

    @property
    def went_wrong(self):
        """True after a line with PANIC or FAIL."""
        return self.panicked or self.failed

    def take(self, data):
        """Passes DATA on and looks through it."""
        seen = self.window + data
        self.pass_on(seen, len(self.window))
        if not self.ready:
            self.ready = READY_LINE in seen
        if not self.panicked and b"PANIC" in seen:
            self.panicked = True
            self.story = seen
        elif (self.panicked or self.keep) and len(self.story) < (1 << 20):
            self.story += data
        if not self.failed and b"FAIL" in seen:
            self.failed = True
        if self.shortage is None and b"out of " in seen:
            match = SHORTAGE.search(seen)
            self.shortage = (os.fsdecode(match.group(1)), match.group(2)) if match else None
        if b": core in " in seen:
            self.cores.update((os.fsdecode(name), os.fsdecode(program)) for program, name in CORE.findall(seen))
        place = seen.rfind(b"Executing '")
        if place >= 0:
            self.program = seen[place + len(b"Executing '"):].split(b"'")[0].split(b" ")[0]
        self.window = seen[-WINDOW:] if len(seen) > WINDOW else seen

    def pass_on(self, seen, start):
        """Writes what SEEN has from START on; below each report of a killed program comes what on_death says."""
        for end, name, eip in find_reports(seen, start) if self.on_death else ():
            write_all(1, seen[start:end])
            self.at_line_start = True
            self.on_death(name, eip)
            start = end
        write_all(1, seen[start:])
        self.at_line_start = seen.endswith(b"\n")

    def say(self, line):
        """Writes a line of our own, never in the middle of the guest's."""
        start = b"" if self.at_line_start else b"\n"
        write_all(1, start + line.encode("utf-8", "replace") + b"\n")
        self.at_line_start = True


class Control:
    """Our end of the QMP channel: sends commands, collects what comes back as text."""

    def __init__(self, end, may_cut=False):
        self.socket = end
        self.text = ""
        self.registers = None
        enable = ',"arguments":{"enable":["oob"]}' if may_cut else ""
        self.send(f'{{"execute":"qmp_capabilities"{enable}}}')

    def send(self, line):
        """Sends one command; QEMU may be gone already."""
        try:
            self.socket.sendall(line.encode() + b"\n")
        except OSError:
            pass

    def ask_registers(self):
        """Asks for the processor's registers; the answer comes through receive()."""
        self.send('{"execute":"human-monitor-command",'
                  '"arguments":{"command-line":"info registers"}}')

    def ask_nodes(self):
        """Asks for QEMU's disks and their sizes; the answer comes through receive()."""
        self.send('{"execute":"query-named-block-nodes"}')

    def ask_status(self, name):
        """Asks a question of no interest; NAME stands in the answer, which comes through receive()."""
        self.send(f'{{"execute":"query-status","id":"{name}"}}')

    def cut(self, node):
        """Cuts the connection of disk NODE, even while QEMU does nothing else.  One before 6.0 cannot."""
        self.send(f'{{"exec-oob":"yank","arguments":{{"instances":[{{"type":"block-node","node-name":"{node}"}}]}}}}')

    def receive(self):
        """Takes what has come and returns the new complete lines; None at the end."""
        try:
            data = self.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            return None
        self.text += data.decode("utf-8", "replace")
        *lines, self.text = self.text.split("\n")
        for line in lines:
            if "EIP=" in line and self.registers is None:
                self.registers = line
        return lines


class Machine:
    """One run of QEMU."""

    def __init__(self, options, terminal):
        self.options = options
        self.terminal = terminal
        self.console = Console()
        self.pid = None
        self.status = None  # How QEMU ended, once it has.
        self.timed_out = False
        self.stopped_by_us = False
        self.quitting = False
        self.reset = False
        self.powered_off = False  # The guest itself ended, or asked for a reset.
        self.told_to_end = None  # QEMU's word for who ended it from outside.
        self.failed_disks = set()  # Indices of those that the host could not read or write.
        self.too_old = None
        self.complaint = None  # QEMU's about swap beyond the disks, with which it gave up.
        self.refusal = None  # The Failure about its size.
        self.watch = None  # Over a server of swap.
        self.version = None  # QEMU's.
        self.input = None  # What to feed to the guest: a descriptor, or None.
        self.feed = None
        self.fed = b"\n"
        self.pending = b""
        self.interrupted = float("-inf")  # When Ctrl-C was typed last.
        self.errors = b""
        self.deadline = None
        self.last_words = None  # When a hung guest has had its time to tell.

    # -- Start -------------------------------------------------------------------------------------

    def start(self, kernel, drives):
        """Starts QEMU."""
        self.drives = drives
        ours, theirs = socket.socketpair()
        command = qemu_command(self.options, kernel, drives, theirs.fileno())
        self.out, out_end = os.pipe()
        self.err, err_end = os.pipe()
        widen_pipe(self.out)
        input_end = self.choose_input()
        os.set_inheritable(theirs.fileno(), True)
        actions = [(os.POSIX_SPAWN_DUP2, out_end, 1), (os.POSIX_SPAWN_DUP2, err_end, 2)]
        if input_end != 0:
            actions.insert(0, (os.POSIX_SPAWN_DUP2, input_end, 0))
        guard = lookup_program("setpriv")
        if guard is not None:  # QEMU must not outlive us, even if we are killed.
            command = [guard, "--pdeathsig", "KILL", "--"] + command
        before = os.getcwd()
        # The guest sees the kernel's name, so a replay must give the same.
        os.chdir(self.options.record or self.options.replay or before)
        try:
            self.pid = os.posix_spawn(
                command[0], command, os.environ, file_actions=actions,
                setsigdef=[signal.SIGPIPE, signal.SIGINT, signal.SIGTERM])
        except OSError as error:
            raise Failure(describe(error, command[0])) from error
        finally:
            os.chdir(before)
        for descriptor in (out_end, err_end, *([input_end] if input_end != 0 else [])):
            os.close(descriptor)
        theirs.close()
        node = self.options.swap_node
        self.control = Control(ours, may_cut=node is not None)
        if node is not None:
            self.control.ask_nodes()
        if node is not None and node.is_server:
            self.watch = node.watch(self.control)

    def choose_input(self):
        """The descriptor QEMU gets as standard input.  A terminal in whose foreground we are it gets
        itself, unless the guest's output goes to a terminal as well; anything else we read and feed it
        once the guest listens.  From the background, where reading would stop us, nothing is read."""
        source = 0
        if self.options.replay:
            return os.open(os.devnull, os.O_RDONLY)  # What was typed is in the recording.
        if self.terminal.is_ours and not self.terminal.is_interactive:
            return 0
        if self.terminal.is_background:
            source = os.open(os.devnull, os.O_RDONLY)
        if self.options.monitor or self.options.gdb:
            return source
        self.terminal.make_raw()
        end, self.feed = os.pipe()
        os.set_blocking(self.feed, False)
        self.input = source
        return end

    # -- The run -----------------------------------------------------------------------------------

    def run(self):
        """Serves QEMU until it ends, then sets `status`."""
        self.deadline = self.options.deadline
        self.poll = select.poll()
        for descriptor in (self.out, self.err, self.control.socket.fileno()):
            self.poll.register(descriptor, select.POLLIN)
        if self.terminal.is_interactive:
            self.poll.register(self.input, select.POLLIN)
        self.open_ends = {self.out, self.err}
        self.serve()

    def serve(self):
        """Goes on serving QEMU until it ends."""
        while self.open_ends:
            self.serve_events(self.poll.poll(self.wait_time()))
            if self.watch is not None:
                self.watch.look(self.version is not None)
            if self.deadline is not None and time.monotonic() >= self.deadline:
                self.deadline_reached()
        self.status = wait_for(self.pid)
        self.pid = None
        while self.serve_control():  # What it said last.
            pass

    def wait_time(self):
        """How long to wait for events, in milliseconds; None for ever."""
        ends = [end for end in (self.deadline, self.watch and self.watch.due) if end is not None]
        if not ends:
            return None
        return max(0, int((min(ends) - time.monotonic()) * 1000) + 1)

    def serve_events(self, events):
        """Deals with what select.poll() reported."""
        for descriptor, _ in events:
            if descriptor == self.out:
                self.serve_output()
            elif descriptor == self.err:
                self.serve_errors()
            elif descriptor == self.control.socket.fileno():
                self.serve_control()
            elif descriptor == self.input:
                self.read_input()
            elif descriptor == self.feed:
                self.feed_input()

    def serve_output(self):
        """Passes on what the guest printed."""
        data = os.read(self.out, 65536)
        if not data:
            self.close_end(self.out)
            return
        self.console.take(data)
        if self.console.ready and self.pending:
            self.poll.register(self.feed, select.POLLOUT)
        elif self.console.ready and self.input is not None:
            self.poll.register(self.input, select.POLLIN)
        if self.timed_out and self.deadline is not None:
            self.deadline = min(self.last_words, time.monotonic() + QUIET_SECONDS)
        elif self.options.kill_on_failure and not self.stopped_by_us and self.console.went_wrong:
            self.stopped_by_us = True
            self.deadline = min(self.deadline or float("inf"), time.monotonic() + KILL_SECONDS)
        if len(data) < 64:
            time.sleep(0.001)  # QEMU writes byte by byte: let some gather.

    def serve_errors(self):
        """Passes on what QEMU complains about, but for the signal it was sent."""
        data = os.read(self.err, 65536)
        self.errors += data
        if not data:
            self.close_end(self.err)
            self.errors += b"\n" if self.errors and not self.errors.endswith(b"\n") else b""
        *lines, self.errors = self.errors.split(b"\n")
        for line in lines:
            if self.complaint is not None or (b": -blockdev " in line and self.options.swap_node is not None):
                self.complaint = self.complaint or line.decode("utf-8", "replace")
            elif b"terminating on signal" not in line:
                write_all(2, line + b"\n")

    def close_end(self, descriptor):
        """Forgets a pipe that QEMU closed."""
        self.poll.unregister(descriptor)
        self.open_ends.discard(descriptor)
        os.close(descriptor)

    def serve_control(self):
        """Notices the greeting, which tells QEMU's version, disks that the host fails, and the end of the guest.
        Returns whether more may come."""
        lines = self.control.receive()
        if lines is None:
            if self.pid is not None:
                self.poll.unregister(self.control.socket.fileno())
            return False
        for line in lines:
            if self.watch is not None:
                self.watch.hear(line)
            if '"QMP"' in line:
                self.check_version(line)
            elif '"SHUTDOWN"' in line and '"guest": true' in line:
                self.powered_off = True
                self.reset = '"guest-reset"' in line
                if self.reset:
                    self.control.ask_registers()
                self.control.send('{"execute":"quit"}')
            elif '"SHUTDOWN"' in line and not (self.powered_off or self.quitting):
                reason = re.search(r'"reason": *"([^"]*)"', line)
                self.told_to_end = reason.group(1) if reason else "host"
            elif '"BLOCK_IO_ERROR"' in line:
                self.disk_failed(line)
            elif '"virtual-size"' in line:
                self.check_swap(line)
        return True

    def check_swap(self, answer):
        """Lets the guest run if swap beyond the disks is large enough, as QEMU's ANSWER tells; else ends QEMU."""
        try:
            self.options.swap_node.take_size(answer)
        except Failure as error:
            self.refusal = error
            self.kill()
            return
        if not self.options.gdb:
            self.control.send('{"execute":"cont"}')

    def disk_failed(self, event):
        """Says once for each disk that the host could not read or write it: the guest sees only an error of its disk."""
        import json

        data = json.loads(event)["data"]
        node = self.options.swap_node
        if node is not None and node.is_meant(data):
            if node.first_loss():
                self.say(node.loss_line(data))
            return
        place = re.fullmatch(r"ide(\d)-hd(\d)|disk(\d)", data.get("device", ""))
        index = int(place.group(3) or 2 * int(place.group(1)) + int(place.group(2))) if place else 0
        if index in self.failed_disks or index >= len(self.drives):
            return
        self.failed_disks.add(index)
        path = self.drives[index].path
        if data.get("nospace") or data.get("reason") in map(os.strerror, DISK_FULL):
            self.say(no_space(path, "the guest's disk could not be written"))
        else:
            done = "written" if data.get("operation") == "write" else "read"
            self.say(f"{path}: {data.get('reason', 'error')}: the guest's disk could not be {done}")

    def say(self, line):
        """Tells the user LINE, never in the middle of a line of the guest's."""
        write_all(2, b"" if self.console.at_line_start else b"\n")
        self.console.at_line_start = True
        say(line)

    def check_version(self, greeting):
        """Ends a QEMU that is too old."""
        major = re.search(r'"major": *(\d+)', greeting)
        minor = re.search(r'"minor": *(\d+)', greeting)
        micro = re.search(r'"micro": *(\d+)', greeting)
        self.version = ".".join(part.group(1) if part else "?" for part in (major, minor, micro))
        self.too_old = too_old(self.version)
        if self.too_old is not None:
            self.kill()

    # -- Input -------------------------------------------------------------------------------------

    def read_input(self):
        """Takes a piece of standard input; its end becomes the guest's end of input (Ctrl-D at the
        start of a line)."""
        try:
            data = os.read(self.input, 4096)
        except OSError:
            data = b""  # A terminal that was hung up.
        if self.terminal.is_interactive and data:
            data = self.take_keys(data)
            if not data:
                return
        elif self.terminal.is_foreign and INTERRUPT in data:
            raise KeyboardInterrupt  # Nobody else makes a signal of it.
        else:
            self.poll.unregister(self.input)
        if not data:
            data = END_OF_INPUT if self.fed.endswith(b"\n") else b"\n" + END_OF_INPUT
            self.input = None
        self.fed = data[-1:]
        self.pending = (self.pending + data)[:PENDING_MAX]
        if self.console.ready:
            self.poll.register(self.feed, select.POLLOUT)

    def take_keys(self, data):
        """Looks through DATA, typed at a terminal that makes no signals; returns what is the guest's.  Ctrl-C is, if
        the guest listens and it is not the second within a moment.  Ctrl-Z stops us."""
        for key in data:
            if key == SUSPEND[0] and self.terminal.is_ours:
                self.terminal.suspend()
            if key != INTERRUPT[0]:
                continue
            now = time.monotonic()
            if not self.console.ready or self.console.panicked or now - self.interrupted < TWICE_SECONDS:
                write_all(2, b"" if self.console.at_line_start else b"\n")
                say("the machine was ended by Ctrl-C")
                raise KeyboardInterrupt
            self.interrupted = now
        return data.replace(SUSPEND, b"") if self.terminal.is_ours else data

    def feed_input(self):
        """Gives QEMU more of the pending input."""
        try:
            self.pending = self.pending[os.write(self.feed, self.pending):]
        except BlockingIOError:
            return
        except OSError:
            self.pending = b""
            if self.terminal.is_interactive and self.input is not None:
                self.poll.unregister(self.input)
            self.input = None
        if not self.pending:
            self.poll.unregister(self.feed)
            if self.input is not None:
                self.poll.register(self.input, select.POLLIN)

    # -- The end -----------------------------------------------------------------------------------

    def deadline_reached(self):
        """The time is up: for the run, for a failing run, or for a hung guest's last words."""
        if self.options.record and not self.quitting:
            self.quit()
            return
        if self.timed_out or self.stopped_by_us:
            self.kill()
            return
        self.timed_out = True
        self.console.say(timeout_line(self.options.timeout))
        if self.version is None and self.options.swap_node is not None:
            self.say(self.options.swap_node.silence_line())
        self.console.keep = True
        # The kernel answers a non-maskable interrupt by telling what each thread does.
        self.control.ask_registers()
        self.control.send('{"execute":"inject-nmi"}')
        self.deadline = self.last_words = time.monotonic() + HANG_SECONDS

    def quit(self):
        """Ends QEMU so that it completes its recording."""
        self.quitting = True
        if not self.stopped_by_us:
            self.timed_out = True
            self.console.say(timeout_line(self.options.timeout))
        self.control.send('{"execute":"quit"}')
        self.deadline = time.monotonic() + HANG_SECONDS

    def complete(self):
        """Ends QEMU, which records, and serves it to its end: the way out of a recording that was interrupted."""
        if self.pid is None or self.version is None:
            return
        self.stopped_by_us = True
        self.quit()
        self.serve()

    def kill(self):
        """Ends QEMU at once, if it runs; run() goes on until its pipes are closed."""
        self.deadline = None
        if self.pid is not None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def abandon(self):
        """Ends QEMU and waits for it: the way out when we are interrupted."""
        if self.pid is not None:
            self.kill()
            wait_for(self.pid)
            self.pid = None

    def outcome(self):
        """The launcher's exit status for this run, and a line that explains it or None."""
        if self.too_old is None and self.status == EXIT_START and self.version is None:
            self.too_old = too_old(run_program([find_qemu(), "--version"])[1])  # It did not even understand us.
        if self.too_old is not None:
            raise Failure(f"QEMU {self.too_old} (apt install qemu-system-x86)")
        if self.complaint is not None:
            raise self.options.swap_node.explain(self.complaint)
        if self.refusal is not None:
            raise self.refusal
        if self.timed_out:
            return EXIT_TIMEOUT, None
        if self.status == QEMU_STATUS_PANIC or self.console.panicked:
            return EXIT_PANIC, None
        if self.stopped_by_us:
            return EXIT_FAIL_LINE, "stopped after a line with FAIL"
        if self.status == QEMU_STATUS_REFUSED:
            return EXIT_REFUSED, None
        if self.status == QEMU_STATUS_INTERRUPTED:
            return EXIT_INTERRUPTED, None
        if self.reset:
            if "-r" in self.options.kernel_arguments:
                return EXIT_POWER_OFF, None
            return EXIT_RESET, "the guest was reset (triple fault?)"
        if self.status == 0 and not self.powered_off and self.told_to_end == "host-signal":
            return EXIT_DIED, "QEMU was ended by a signal"
        if self.status == 0 and not self.powered_off and (self.told_to_end or self.options.monitor):
            return EXIT_INTERRUPTED, "ended by the monitor's quit"
        if self.status == 0:
            return EXIT_POWER_OFF, None
        if self.status == 1:
            return EXIT_START, "QEMU could not run the guest"
        if self.status < 0:
            return EXIT_DIED, f"simulator died with signal {-self.status}"
        return EXIT_DIED, f"simulator ended with status {self.status}"


def find_qemu():
    """The path of QEMU."""
    return find_program(os.environ.get("QUIRE_QEMU") or "qemu-system-i386")


def too_old(text):
    """What is wrong with the QEMU whose version stands in TEXT, or None."""
    match = re.search(r"(\d+)\.(\d+)", text)
    if match is None or int(match.group(1)) >= QEMU_MAJOR_MIN:
        return None
    return f"{match.group(0)} is too old: {QEMU_MAJOR_MIN}.0 or newer is needed"


def timeout_line(seconds):
    """What is said when SECONDS are over."""
    return f"TIMEOUT after {seconds:g} second{'' if seconds == 1 else 's'}"


def widen_pipe(descriptor):
    """Makes a pipe as large as the system lets us, so that QEMU seldom waits for us."""
    try:
        fcntl.fcntl(descriptor, getattr(fcntl, "F_SETPIPE_SZ", 1031), 1 << 20)
    except OSError:
        pass
