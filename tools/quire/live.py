"""The viewer beside a running guest: pintos --view, make view.

The launcher runs as a child, as it always does; we read the guest's memory, which is a file meanwhile, and hand what is
new to a page on loopback.  The page only looks: when it is closed the guest goes on.  Whoever asks needs the token that
stands in the printed address, and a browser must have come by that address itself.
"""

import hmac
import http.server
import mmap
import os
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import time
import urllib.parse
import webbrowser

from quire import events, page
from quire.host import Failure, say, write_all

UNSETTLED = 64  # So many of the newest records may not be whole while more come.
BATCH = 200_000  # Records handed out at once.
TYPED_MAX = 1 << 16
GONE_SECONDS = 2.0  # A page that has not asked for so long is closed.
LAST_SECONDS = 5.0  # What an open page gets to fetch the end of the run.
POLICY = ("default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; "
          "img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")


class Memory:
    """The ring of events in the memory of a guest, a file NAME that becomes a trace when the guest has ended."""

    def __init__(self, name, kernel):
        self.name, self.kernel, self.data, self.at = name, kernel, None, 0
        self.before = 0  # How many were written when we looked last.

    def open(self):
        """Maps the file once it is there; whether it is."""
        if self.data is not None:
            return True
        try:
            with open(self.name, "rb") as file:
                if os.fstat(file.fileno()).st_size < events.HEAD.size:
                    return False
                self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            return False
        if self.data[:len(events.MAGIC)] != events.MAGIC:
            with open(self.kernel, "rb") as file:
                symbols = events.elf_symbols(file.read(), (events.SYMBOL,))
            if events.SYMBOL not in symbols:
                raise Failure(f"{self.kernel}: has no symbol {events.SYMBOL}: stripped, or of a version without events")
            self.at = symbols[events.SYMBOL] - events.KERNEL_BASE
        return True

    def since(self, first, ended):
        """A head and the records from FIRST on, all of them if the guest has ENDED; no bytes while there are none.  A
        Failure if records from FIRST on have been overwritten."""
        if not self.open():
            return b""
        head = events.HEAD.unpack_from(self.data, self.at)
        magic, _, size, capacity, flags, written, _, address = head[:8]
        if magic != events.MAGIC or (address == 0 and self.at != 0) or size != events.RECORD.size:
            return b""
        stops = bool(flags & events.STOPS)
        end = min(written, capacity) if stops else written
        if not ended and written != self.before:
            end -= UNSETTLED
        self.before = written
        if not stops and first < written - capacity:
            raise Failure("The ring of events went round before the page had read it: give it more by --trace-mb.")
        end = min(end, first + BATCH)
        start = address - events.KERNEL_BASE if address else self.at + events.HEAD.size
        rows = (self.data[start + i % capacity * size:start + (i % capacity + 1) * size] for i in range(first, end))
        return self.data[self.at:self.at + events.HEAD.size] + b"".join(rows)


class Guest:
    """The launcher with its guest, CHILD of ours."""

    def __init__(self, child, memory):
        self.memory, self.console, self.lock, self.ended = memory, bytearray(), threading.Lock(), False
        self.asked = 0.0  # When a page asked last.
        self.complete = threading.Event()  # A page has all of a run that ended.
        self.child = child

    def type(self, data):
        """Hands DATA, typed by somebody, to the guest."""
        try:
            os.write(self.child.stdin.fileno(), data)
        except OSError:
            pass  # It has ended.

    def run(self):
        """Copies the console to ours, and our keyboard to the guest, until the guest has ended; its exit status."""
        out, keyboard = self.child.stdout.fileno(), sys.stdin.fileno() if sys.stdin else None
        watched = [out] + ([keyboard] if keyboard is not None else [])
        while True:
            ready, _, _ = select.select(watched, [], [])
            if keyboard in ready:
                typed = os.read(keyboard, 4096)
                if typed:
                    self.type(typed)
                else:
                    watched.remove(keyboard)
            if out in ready:
                data = os.read(out, 1 << 16)
                if not data:
                    break
                with self.lock:
                    self.console += data
                write_all(1, data)
        status = self.child.wait()
        self.ended = True
        return status

    def let_page_finish(self):
        """Waits until an open page has fetched the rest."""
        if time.monotonic() - self.asked < GONE_SECONDS:
            self.complete.wait(LAST_SECONDS)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request; the server has the guest, the page and the token."""

    server_version, sys_version, protocol_version = "quire", "", "HTTP/1.1"

    def log_message(self, *_words):
        """Says nothing: the console is the guest's."""

    def answer(self, status, body=b"", kind="text/plain; charset=utf-8", headers=()):
        """Sends BODY."""
        self.send_response(status)
        fixed = (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"),
                 ("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff"),
                 ("Cross-Origin-Resource-Policy", "same-origin"), ("Referrer-Policy", "no-referrer"))
        for name, value in (*fixed, *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def is_refused(self, needs_token):
        """Refuses who came by another name, from another page, or without the token where that is needed."""
        names = self.server.names
        origin = self.headers.get("Origin")
        allowed = self.headers.get("Host") in names and (origin is None or origin in {f"http://{name}" for name in names})
        given = self.headers.get("X-Quire-Token", "").encode("utf-8", "replace")
        if allowed and (not needs_token or hmac.compare_digest(given, self.server.token.encode())):
            return False
        self.close_connection = True
        self.answer(403, b"refused: use the whole address that the launcher printed\n")
        return True

    def first(self, query):
        """The number FROM of QUERY."""
        text = urllib.parse.parse_qs(query).get("from", ["0"])[0]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0

    def do_GET(self):
        """The page, the events from a number on, the console from a byte on."""
        url, guest = urllib.parse.urlsplit(self.path), self.server.guest
        if self.is_refused(url.path != "/"):
            return
        if url.path == "/":
            self.answer(200, self.server.page, "text/html; charset=utf-8")
        elif url.path == "/events":
            self.send_events(guest, self.first(url.query))
        elif url.path == "/console":
            with guest.lock:
                data = bytes(guest.console[self.first(url.query):])
            self.answer(200, data, "application/octet-stream")
        else:
            self.answer(404, b"there is only /\n")

    def send_events(self, guest, first):
        """Sends the events from number FIRST on."""
        guest.asked, ended = time.monotonic(), guest.ended
        headers = [("X-Quire-Ended", "yes" if ended else "no")]
        try:
            data = guest.memory.since(first, ended)
        except Failure as error:
            data = b""
            headers.append(("X-Quire-Lost", str(error)))
        self.answer(200, data, "application/octet-stream", headers)
        if ended and len(data) <= events.HEAD.size:
            guest.complete.set()

    def do_POST(self):
        """What was typed into the console."""
        if self.is_refused(True):
            return
        length = self.headers.get("Content-Length", "")
        if self.path != "/console" or not length.isdigit() or int(length) > TYPED_MAX:
            self.close_connection = True
            self.answer(400, b"bad request\n")
            return
        self.server.guest.type(self.rfile.read(int(length)))
        self.answer(204)


class Server(http.server.ThreadingHTTPServer):
    """Serves PAGE and GUEST on loopback alone."""

    daemon_threads, allow_reuse_address = True, False

    def __init__(self, port, text, guest=None):
        try:
            super().__init__(("127.0.0.1", port), Handler)
        except OSError as error:
            raise Failure(f"--view-port={port}: {error.strerror}: give another port, or none, which takes a free one") from error
        self.page, self.guest, self.token = text.encode("utf-8"), guest, secrets.token_urlsafe(18)
        self.names = {f"127.0.0.1:{self.server_port}", f"localhost:{self.server_port}"}

    @property
    def address(self):
        """Where the page is, with the token, which a browser sends to nobody by itself."""
        return f"http://127.0.0.1:{self.server_port}/#token={self.token}"

    def handle_error(self, *_words):
        """A page that went away is no error."""


def open_browser(address):
    """Shows ADDRESS, in a browser too where there is a desktop."""
    say(f"view: {address}")
    has_desktop = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if has_desktop and os.isatty(2) and not webbrowser.open(address):
        say("view: there is no browser here that could be opened: open the address above")


class Keyboard:
    """Our terminal, its keys handed on one by one and shown by the guest alone."""

    def __enter__(self):
        self.before = None
        if sys.stdin and os.isatty(0):
            self.before = termios.tcgetattr(0)
            now = termios.tcgetattr(0)
            now[3] &= ~(termios.ECHO | termios.ICANON)
            termios.tcsetattr(0, termios.TCSADRAIN, now)
        return self

    def __exit__(self, *_error):
        if self.before is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, self.before)


def start(command, environment):
    """Starts COMMAND, ENVIRONMENT added to ours, so that we are its console."""
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **environment})


def run(start_child, port, trace, kernel):
    """Serves the page on PORT (0: any) while a child runs, which START_CHILD(NAME) starts so that it records in NAME.  That
    is TRACE, or if it is None a file that goes away.  The child's exit status."""
    server = Server(port, page.built("live.html", lambda line: say(f"view: {line}")))
    with tempfile.TemporaryDirectory(prefix="quire-view-") as folder:
        name = trace or os.path.join(folder, "trace")
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.guest = Guest(start_child(name), Memory(name, kernel))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        open_browser(server.address)
        try:
            with Keyboard():
                status = server.guest.run()
            server.guest.let_page_finish()
        finally:
            signal.signal(signal.SIGINT, before)
            server.shutdown()
            server.server_close()
    return status
