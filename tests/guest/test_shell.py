"""The shell at a terminal: keys, history, completion, Ctrl-C, jobs; and the launcher between the two."""

import fcntl
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import termios
import time

import pytest

import support

PROMPT = b"--\x1b[K"  # As the editor shows it, with an empty line.
PROGRAMS = ["shell", "echo", "sort", "ls", "true"]
TWICE_SECONDS = 1.5  # More than the launcher wants between two Ctrl-C that are not the machine's.


class Terminal:
    """A guest at a terminal of its own."""

    def __init__(self, folder, command, programs=(), caller=None):
        try:
            self.ours, theirs = pty.openpty()
        except OSError as error:
            pytest.skip(f"no terminals here: {error}")
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(theirs)
        self.theirs = theirs
        words = [support.PINTOS, "-T", "60", "--filesys-size=4", "--swap-size=4",
                 *support.put([*PROGRAMS, *programs]), "--", "-q", "-f", "check", "run", command, "check"]
        self.process = subprocess.Popen(caller or words, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder,
                                        start_new_session=True, preexec_fn=self.control)
        self.rest = b""
        if caller is not None:
            os.write(self.ours, shlex.join(words).encode() + b"\n")

    def control(self):
        """Makes standard input the controlling terminal."""
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def until(self, text):
        """What was shown up to TEXT and with it."""
        while text not in self.rest:
            data = os.read(self.ours, 4096)
            assert data, f"no {text!r} in {self.rest[-500:]!r}"
            self.rest += data
        place = self.rest.index(text) + len(text)
        shown, self.rest = self.rest[:place], self.rest[place:]
        return shown

    def type(self, keys, text=PROMPT):
        """Types KEYS; what is shown then, up to TEXT."""
        os.write(self.ours, keys)
        return self.until(text)

    def end(self, status=0):
        """The rest that is shown; the launcher must end with STATUS and the terminal be as before."""
        shown = self.rest
        while self.process.poll() is None:
            try:
                shown += os.read(self.ours, 4096) if ready(self.ours) else b""
            except OSError:
                break
        assert self.process.wait(20) == status, shown[-500:]
        assert termios.tcgetattr(self.theirs) == self.before
        return shown


def ready(descriptor):
    """Whether something can be read there, soon."""
    return bool(select.select([descriptor], [], [], 0.2)[0])


@pytest.fixture
def start(tmp_path):
    """Starts guests, and ends what is left of them."""
    terminals = []

    def begin(command="shell", programs=(), caller=None):
        terminals.append(Terminal(tmp_path, command, programs, caller))
        return terminals[-1]

    yield begin
    for terminal in terminals:
        if terminal.process.poll() is None:
            terminal.process.kill()
            terminal.process.wait()
        os.close(terminal.ours)
        os.close(terminal.theirs)


def leave(terminal):
    """Ends the shell in order: everything was given back."""
    terminal.type(b"\x04", b"Shell exiting.")
    shown = terminal.end().decode()
    counts = re.findall(r"check: ok.*", shown)
    assert len(counts) == 1 and "Powering off" in shown, shown


def test_keys(start):
    """Arrows, Home, Delete, history; unknown sequences; Ctrl-D in the middle."""
    terminal = start()
    terminal.until(PROMPT)
    shown = terminal.type(b"echo a b\x1b[D\x1b[DX\x1b[Hz\x1b[D\x1b[3~\x1b[99;5z\x1bOP\r")
    assert b"\r\naX b\r\necho: exit(0)" in shown
    assert b"\r\naX b\r\necho: exit(0)" in terminal.type(b"\x1b[A\r"), "the line before"
    assert b"\r\nkept\r\n" in terminal.type(b"echo kept\x10\x0e\r"), "up and down"
    assert b"\r\nx\r\n" in terminal.type(b"ec\x04ho x\r"), "Ctrl-D in the middle"
    assert b"exit code" not in shown, "one line tells how it ended"
    leave(terminal)


def test_completion(start):
    """A program's name and a blank; a list at the second Tab."""
    terminal = start()
    terminal.until(PROMPT)
    assert b"\r\nok\r\n" in terminal.type(b"ec\tok\r")
    shown = terminal.type(b"s\t\t", b"sort")
    assert b"shell" in shown
    assert b"\r\necho\r\n" in terminal.type(b"\x15echo ec\t\r", b"echo: exit(0)"), "a file"
    leave(terminal)


def test_too_long(start):
    terminal = start()
    terminal.until(PROMPT)
    assert b"too long" in terminal.type(b"echo " + b"x" * 600 + b"\r", b"at most)")
    terminal.until(PROMPT)
    leave(terminal)


@pytest.mark.parametrize("kind", ["spin", "read", "chain", "fault", "exec"])
def test_interrupt(start, kind):
    """Ctrl-C ends the program and those it started, and the shell goes on."""
    terminal = start(programs=["child-victim", "child-exit"])
    terminal.until(PROMPT)
    os.write(terminal.ours, b"child-victim %s\r" % kind.encode())
    time.sleep(1)
    shown = terminal.type(b"\x03")
    assert b"^C\r\nchild-victim: exit(-1)" in shown, shown
    assert b"child-victim" not in terminal.type(b"ps\r").replace(b"victim " + kind.encode(), b""), "all are gone"
    leave(terminal)


def test_interrupt_at_prompt(start):
    """Ctrl-C gives the line up."""
    terminal = start()
    terminal.until(PROMPT)
    assert b"no such^C" in terminal.type(b"no such\x03")
    assert b"\r\nhere\r\n" in terminal.type(b"echo here\r")
    leave(terminal)


def test_interrupt_twice(start):
    """The machine, at once."""
    terminal = start()
    terminal.until(PROMPT)
    os.write(terminal.ours, b"\x03\x03")
    terminal.until(b"\r\npintos: the machine was ended by Ctrl-C\r\n")
    terminal.end(130)


def test_interrupt_without_shell(start):
    """Where no process has the console one Ctrl-C is the machine's."""
    terminal = start("child-victim spin", ["child-victim"])
    terminal.until(b"Executing 'child-victim spin':")
    time.sleep(0.5)
    os.write(terminal.ours, b"\x03")
    assert b"^C" in terminal.end(130)


def test_jobs(start):
    """In the background, listed, brought back, killed; their ends are told before a prompt."""
    terminal = start(programs=["child-victim"])
    terminal.until(PROMPT)
    pid = re.search(rb"\[1\] (\d+)", terminal.type(b"child-victim doze &\r")).group(1)
    assert b"[1] runs: child-victim doze (pid " + pid in terminal.type(b"jobs\r")
    shown = terminal.type(b"ps\r")
    assert re.search(rb"\n +%s +1 +sleeps .* time +child-victim" % pid, shown), shown
    terminal.type(b"child-victim doze &\r")
    terminal.type(b"kill %1\r")
    time.sleep(0.5)
    assert b"[1] ended: child-victim doze (exit code -1)" in terminal.type(b"\r")
    assert b"no such job" in terminal.type(b"kill %1\r")
    terminal.type(b"fg\r", b"child-victim doze\r\n")
    time.sleep(0.5)
    assert b"^C" in terminal.type(b"\x03")
    leave(terminal)


def test_suspend(start):
    """Ctrl-Z stops the launcher with the terminal as it was; the calling shell's fg goes on, and so does the line."""
    terminal = start(caller=["bash", "--norc", "-i"])
    terminal.until(PROMPT)
    terminal.type(b"echo one", b"one")
    terminal.type(b"\x1a", b"Stopped")
    assert b" -icanon" not in terminal.type(b"stty -a; echo that''s all\n", b"thats all"), "as it was"
    terminal.type(b"fg\n", b"shell")
    time.sleep(1)
    assert b"\r\none\r\n" in terminal.type(b"\r")
    terminal.type(b"\x04", b"Powering off")
    terminal.until(b"bash-")
    os.write(terminal.ours, b"exit $?\n")
    assert terminal.process.wait(20) == 0


@pytest.mark.parametrize("key", [b"q", b"\x03"])
def test_top(start, key):
    """It shows the processes again and again, clearing the screen, until q or Ctrl-C; then the line is edited as before."""
    terminal = start(programs=["top"])
    terminal.until(PROMPT)
    terminal.type(b"top -d 1\r", b"q ends")
    terminal.until(b"\x1b[H\x1b[J")
    shown = terminal.until(b"q ends")
    assert re.search(rb"\n +\d+ S .* shell\r\n", shown) and re.search(rb" R .* top\r\n", shown), shown
    assert b"top: exit(%d)" % (0 if key == b"q" else -1) in terminal.type(key)
    assert b"top\r\n" not in terminal.type(b"ps\r"), "both are gone"
    leave(terminal)
