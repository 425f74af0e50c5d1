"""The terminal on standard input: what it is to us, and its modes."""

import fcntl
import os
import signal

from quire.host import say

COLUMNS_MIN = 8  # The kernel takes no fewer.
COLUMNS_USUAL = 80


class Terminal:
    """The terminal on standard input, if there is one: ours if we are in its foreground, in whose
    background we are, or foreign, not our controlling terminal.  Where the output is a terminal too, the run is
    interactive: each key goes to the guest.  Its state is put back when the run is over; QEMU, if it has the
    terminal, does it itself unless it is killed."""

    def __init__(self):
        self.modes = None
        self.is_ours = self.is_background = self.is_foreign = self.is_interactive = False
        if os.isatty(0):
            import termios

            self.modes = termios.tcgetattr(0)
            self.flags = fcntl.fcntl(0, fcntl.F_GETFL)
            try:
                self.is_ours = os.tcgetpgrp(0) == os.getpgrp()
                self.is_background = not self.is_ours
            except OSError:
                self.is_foreign = True

    def choose(self, options):
        """Decides whether a run with OPTIONS is interactive; returns the terminal's columns then, else None.  QEMU's
        monitor and the debugger want the terminal as it was."""
        taken = options.monitor or options.gdb or options.replay
        self.is_interactive = (self.is_ours or self.is_foreign) and os.isatty(1) and not taken
        if not self.is_interactive:
            return None
        columns = os.get_terminal_size(1).columns
        return max(columns, COLUMNS_MIN) if columns > 0 else COLUMNS_USUAL

    def make_raw(self):
        """Makes it hand over each key as it is typed, if we read it ourselves: a foreign one, or in an interactive
        run.  Output stays as it was."""
        if not self.is_foreign and not self.is_interactive:
            return
        import termios

        modes = termios.tcgetattr(0)
        modes[0] &= ~(termios.IGNBRK | termios.BRKINT | termios.PARMRK | termios.ISTRIP | termios.INLCR
                      | termios.IGNCR | termios.ICRNL | termios.IXON)
        modes[3] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.IEXTEN | termios.ISIG)
        modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
        termios.tcsetattr(0, termios.TCSANOW, modes)
        if self.is_interactive:
            signal.signal(signal.SIGCONT, self.go_on)

    def go_on(self, _number, _frame):
        """Whoever stopped us may have changed the modes."""
        self.make_raw()

    def suspend(self):
        """Stops all of our process group, QEMU too, with the terminal as it was; returns when we go on."""
        self.restore()
        os.kill(0, signal.SIGTSTP)
        self.make_raw()

    def restore(self):
        """Puts it back, from the background too."""
        if self.modes is None:
            return
        import termios

        previous = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        try:
            termios.tcsetattr(0, termios.TCSADRAIN, self.modes)
            fcntl.fcntl(0, fcntl.F_SETFL, self.flags)
        except (OSError, termios.error):
            say("the terminal could not be restored")
        finally:
            signal.signal(signal.SIGTTOU, previous)
