"""Swap beyond this machine's raw disks: what an NBD server exports, or a qcow2 image, by QEMU's own drivers."""

import json
import os
import re
import time
import urllib.parse

from quire.host import Failure, open_regular

PAGE = 4096
SIZE_MIN = 2 * PAGE  # The kernel leaves the first page of a whole disk alone.
NBD_PORT = 10809
QCOW2_MAGIC = b"QFI\xfb"
FORM = "write it as nbd://HOST[:PORT]/EXPORT or nbd+unix:///EXPORT?socket=PATH"

# What QEMU complains of at the start -> what to tell, where {where} is the server or file, {export} the export's name.
COMPLAINTS = (
    (r"Connection refused", "{where}: Connection refused: nobody listens there; start a server, "
                            "as by: nbdkit {listen} memory 64M"),
    (r"address resolution failed", "{where}: no such host"),
    (r"Failed to connect to .*: (.*)", "{where}: {0}; is the server running, and can this machine reach it?"),
    (r"[Ee]xport .*not (?:available|present)|No export|Export not found",
     "{where}: the server has no export '{export}'; `nbdinfo --list' tells its names"),
    (r"Permission denied|[Rr]ead.only", "{where}: may not be written, which swap must be"),
    (r"TLS|tls", "{where}: the server wants TLS, which is not supported; use an ssh tunnel to it"),
    (r"Unknown driver 'nbd'|does not accept value 'nbd'",
     "this QEMU has no support for NBD (apt install qemu-system-x86)"),
    (r"'reconnect-delay' is unexpected|Invalid parameter 'reconnect-delay'",
     "this QEMU is too old for it: 4.2 or newer is needed (apt install qemu-system-x86)"),
    (r"Bad initial magic|magic|end-of-file|Failed to read", "{where}: what answers there is no NBD server ({reason})"),
    (r"Failed to get \S+ lock", "{where}: in use by another program"),
)


class SwapNode:
    """Where swap lies, as the user said it in WORD, such as --swap=URL; and what QEMU is told of it."""

    NAME = "swap"  # QEMU's for it.

    def __init__(self, word, place, **node):
        self.word = word
        self.place = place  # "HOST:PORT", a socket or a file.
        self.node = {"node-name": self.NAME, **node}
        self.size = None  # In bytes, once QEMU has told.
        self.failed = False  # Whether it could not be read or written.

    @property
    def is_server(self):
        """Whether a server has it."""
        return self.node["driver"] == "nbd"

    def text(self, wait):
        """QEMU's description; a connection that is lost may take WAIT seconds to come back."""
        return json.dumps({**self.node, **({"reconnect-delay": wait} if self.is_server else {})})

    def explain(self, complaint):
        """The Failure about COMPLAINT, the line with which QEMU gave up before it ran."""
        reason = complaint.rpartition("}: ")[2].strip()
        for pattern, text in COMPLAINTS:
            match = re.search(pattern, reason)
            if match:
                told = text.format(*match.groups(), where=self.place, export=self.node.get("export"), reason=reason,
                                   listen=self.listen_words())
                return Failure(f"{self.word}: {told}")
        return Failure(f"{self.word}: {reason}")

    def listen_words(self):
        """nbdkit's options to serve it."""
        server = self.node.get("server", {})
        if server.get("type") == "unix":
            return f"--unix={server['path']}"
        return f"--port={server.get('port', NBD_PORT)}"

    def take_size(self, line):
        """Notes the size that LINE, QEMU's answer about its nodes, tells; a Failure if it is too small for swap."""
        nodes = [node for node in json.loads(line)["return"] if node.get("node-name") == self.NAME]
        self.size = nodes[0]["image"]["virtual-size"] if nodes else 0
        if self.size < SIZE_MIN:
            raise Failure(f"{self.word}: {self.size} bytes: too small for swap, which needs {SIZE_MIN:,} or more")

    def watch(self, control):
        """A Watch over its server."""
        return Watch(control)

    def is_meant(self, data):
        """Whether DATA, of an event of QEMU's, are about it."""
        return data.get("node-name") == self.NAME

    def first_loss(self):
        """Whether it fails for the first time; notes that it has."""
        first, self.failed = not self.failed, True
        return first

    def loss_line(self, data):
        """What is said when swap could not be read or written, as DATA of QEMU's event tell."""
        done = "written" if data.get("operation") == "write" else "read"
        advice = f"; is the server at {self.place} still there?" if self.is_server else ""
        return f"{self.word}: {data.get('reason', 'error')}: swap could not be {done}{advice}"

    def silence_line(self):
        """What is said when the time is up before QEMU has opened it."""
        return f"{self.word}: no answer yet from {self.place}"


class Watch:
    """Sees that a server which keeps its connection but does not answer holds up nothing for long.  When the guest gives
    its request up, QEMU stands until the request ends, and the guest with it: then the connection is cut, which is as
    if the server were lost.  To cut it without need does no harm: QEMU connects again and asks again."""

    PERIOD = 2.0  # Seconds between two questions, and what QEMU gets to answer.
    NAME = "watch"  # The name of the questions; it stands in the answers.

    def __init__(self, control):
        self.control = control
        self.due = time.monotonic() + self.PERIOD  # When to ask, or to cut, by the monotonic clock.
        self.waits = False  # For an answer.

    def look(self, is_up):
        """Does what is due now, if QEMU IS_UP: has begun to answer at all."""
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + self.PERIOD
        if not is_up:
            return
        if self.waits:
            self.control.cut(SwapNode.NAME)
            return
        self.waits = True
        self.control.ask_status(self.NAME)

    def hear(self, line):
        """Notes LINE of QEMU's if it is the answer."""
        if f'"id": "{self.NAME}"' in line:
            self.waits = False


def make_node(name, value):
    """The SwapNode that option NAME asks for with VALUE."""
    word = f"{name}={value}"
    if value.endswith(".qcow2"):
        return image_node(word, value)
    try:
        url = urllib.parse.urlsplit(value)
        port = url.port
    except ValueError as error:
        raise Failure(f"{word}: bad URL ({error}); {FORM}") from error
    if url.scheme == "nbds":
        raise Failure(f"{word}: TLS is not supported; use nbd:// through an ssh tunnel")
    if url.scheme == "nbd":
        return network_node(word, url, port)
    if url.scheme == "nbd+unix":
        return socket_node(word, url)
    raise Failure(f"{word}: {url.scheme}: is not supported; {FORM}")


def network_node(word, url, port):
    """The SwapNode of an export of another machine, at URL and PORT."""
    if not url.hostname or url.query or url.fragment or "@" in url.netloc or port == 0:
        raise Failure(f"{word}: bad URL; {FORM}")
    place = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    server = {"type": "inet", "host": url.hostname, "port": str(port or NBD_PORT)}
    return SwapNode(word, f"{place}:{port or NBD_PORT}", driver="nbd", server=server, export=export_name(url))


def socket_node(word, url):
    """The SwapNode of an export at a socket of this machine, as URL tells."""
    fields = urllib.parse.parse_qs(url.query)
    if url.netloc or url.fragment or list(fields) != ["socket"] or len(fields["socket"]) != 1:
        raise Failure(f"{word}: bad URL; {FORM}")
    path = fields["socket"][0]
    return SwapNode(word, path, driver="nbd", server={"type": "unix", "path": path}, export=export_name(url))


def export_name(url):
    """The name of the export in URL."""
    return urllib.parse.unquote(url.path[1:])


def image_node(word, path):
    """The SwapNode of the qcow2 image PATH."""
    if not os.path.exists(path):
        raise Failure(f"{word}: No such file or directory; make it by: qemu-img create -f qcow2 {path} 64M")
    with open(open_regular(path), "rb", buffering=0) as file:
        if file.read(len(QCOW2_MAGIC)) != QCOW2_MAGIC:
            raise Failure(f"{word}: not a qcow2 image; make one by: qemu-img create -f qcow2 FILE 64M")
    return SwapNode(word, path, driver="qcow2", file={"driver": "file", "filename": path})
