"""How deep kernel stacks get (stack.py says how that is found out)."""

import importlib.util
import os
import re

_SPEC = importlib.util.spec_from_file_location("stack", os.path.join(os.path.dirname(__file__), "stack.py"))
stack = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(stack)

STACK = 8192  # KERNEL_STACK_SIZE
THREAD = 256  # The thread's record at its bottom, at the most (kern/thread.c asserts it).
MARGIN = 1024  # Stays free, whatever the compiler.


def test_stacks_suffice():
    """The worst path, an interrupt on top, leaves the margin free."""
    _, roots, (interrupt, top) = stack.measure(os.environ["BUILD"])
    name, (size, path) = max(roots.items(), key=lambda item: item[1][0])
    shown = "\n".join(f"{rest:5}  {function}" for function, rest in [*path, *top])
    assert size + interrupt + MARGIN <= STACK - THREAD, f"{name}: {size + interrupt} bytes\n{shown}"


def test_the_path_is_whole():
    """What is known to be deep is found: a system call that faults on user memory, page-out to a file, a disk."""
    kernel, _, _ = stack.measure(os.environ["BUILD"])
    (fault,) = kernel.named(["vm_fault_locked"])
    (copy,) = kernel.named(["usercopy"])
    (transfer,) = kernel.named(["ide_transfer"])
    assert kernel.deepest(copy)[0] > kernel.deepest(fault)[0] > kernel.deepest(transfer)[0] > 0
    names = [re.sub(r"\..*", "", name) for name, _ in kernel.deepest(copy)[1]]
    assert {"usercopy", "page_fault", "vm_fault_locked", "ide_transfer"} <= set(names)


def test_instructions_are_followed():
    """What compilers do with esp counts, and jumps over it do not."""
    function = stack.Function("f", 0)
    function.code = dict(enumerate([("push", "%ebp"), ("mov", "%esp,%ebp"), ("push", "%ebx"), ("sub", "$0x14,%esp"),
                                    ("je", "8 <f+0x8>"), ("sub", "$0xc,%esp"), ("push", "%eax"), ("call", "64 <g>"),
                                    ("lea", "-0x4(%ebp),%esp"), ("pop", "%ebx"), ("pop", "%ebp"), ("ret", "")]))
    function.follow({100: None})
    assert function.calls == [(100, 48, 7)]
    assert function.depth == 48
