"""What the host tools share.  Only the standard library, and as little of it as will do: the time
from the start of a tool to the start of QEMU is mostly imports."""
