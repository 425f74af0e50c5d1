"""The kernel's detectors of its own bugs: each is seen to fire, on a bug done on purpose (init/selftest.c)."""

import os
import re

import pytest

import support

# Self-test -> the function that panics, what it says, and functions of the call stack in their order.
PANICS = {
    "assert": ("fail_assertion", r"assertion `zero == 1' failed", ["fail_assertion", "actions_run"]),
    "null-read": ("serve_kernel_fault", "page fault at 0x0: not present error reading page in kernel context, .*",
                  ["read_null"]),
    "null-call": ("serve_kernel_fault", "page fault at 0x0: not present error reading page in kernel context, eip 0x0",
                  ["call_null", "actions_run"]),
    "null-copy": ("serve_kernel_fault", "page fault at 0x0: not present error reading page in kernel context, .*",
                  ["memcpy", "copy_null", "actions_run"]),
    "code-write": ("serve_kernel_fault", "page fault at 0xc01[0-9a-f]{5}: rights violation error writing page "
                   "in kernel context, .*", ["write_code"]),
    "divide": ("serve_exception", r"interrupt 0x00 \(#DE Divide Error\) in the kernel, .*", ["divide"]),
    "interrupt": ("serve_unexpected", r"unexpected interrupt 0x3f \(unknown\), .*", ["raise_interrupt"]),
    "stack-overflow": ("check_stack", "the kernel stack of thread 1 at 0x[0-9a-f]{8} overflowed",
                       ["check_stack", "actions_run"]),
    "stack-lost": ("double_fault", "double fault, eip .*", ["lose_stack"]),
    "lock-order": ("lock_acquire", "assertion `self->ranks_held >> lock->rank == 0' failed",
                   ["lock_acquire", "take_in_wrong_order", "actions_run"]),
    "lock-twice": ("lock_acquire", "assertion `self->ranks_held >> lock->rank == 0' failed",
                   ["lock_acquire", "take_twice", "actions_run"]),
    "lock-foreign": ("lock_release", r"assertion `lock_is_mine\(lock\)' failed",
                     ["lock_release", "release_foreign", "actions_run"]),
    "lock-kept": ("thread_exit", "assertion `.*ranks_held == 0.*' failed", ["thread_exit", "exit_with_lock"]),
    "sleep-unpreempted": ("sema_down", "assertion `.*preempt_count == 0' failed",
                          ["sema_down", "timer_sleep_ms", "sleep_unpreempted"]),
    "free-twice": ("slab_give", "assertion `.*' failed", ["free_twice"]),
    "free-inside": ("slab_give", "assertion `.*' failed", ["free_inside"]),
    "free-less": ("page_free", r"assertion `pool_run\(page\) == count' failed", ["page_free", "free_less"]),
    "use-freed": ("serve_kernel_fault", "page fault at 0xcccccccc: not present error reading page in kernel "
                  "context, .*", ["use_freed", "actions_run"]),
    "use-freed-page": ("serve_kernel_fault", "page fault at 0xcccccccc: not present error reading page in kernel "
                       "context, .*", ["use_freed_page", "actions_run"]),
    "panic-twice": ("fail_assertion", "assertion `zero == 1' failed", ["fail_assertion", "actions_run"]),
    "panic-fault": ("fail_assertion", "assertion `zero == 1' failed", ["fail_assertion", "actions_run"]),
}
# Those whose report is cut short by another bug, and the line that says so.
SECOND = {
    "panic-twice": r"The report failed at init/selftest\.c:\d+ in fail_assertion\(\): assertion `zero == 1' failed",
    "panic-fault": r"The report failed at proc/page_fault\.c:\d+ in serve_kernel_fault\(\): page fault at 0x0: .*",
}
NOT_PANICS = {"leak", "frame-lost", "hang", "wait", "priorities"}  # Each has a test of its own.


def run(name, *more, seconds=support.SECONDS):
    """Boots, checks, does self-test NAME, and then the actions MORE."""
    return support.pintos([], ["-q", "check", "selftest", name, *more], seconds=seconds)


def stack_of(console, thread=None):
    """The functions of the call stack by name: of the panic or trap, or of THREAD."""
    title = "Call stack by name" + (f" of {thread}" if thread else "")
    match = re.search(rf"^{title}:\n((?:  0x.*\n?)+)", console.text, re.MULTILINE)
    console.check(match, f"no `{title}:'")
    return re.findall(r"^  0x[0-9a-f]{8}  (\w+)", match.group(1), re.MULTILINE)


def check_stack(console, functions, thread=None):
    """FUNCTIONS stand one behind the other in the call stack, its innermost first."""
    stack = stack_of(console, thread)
    places = [stack.index(name) if name in stack else -1 for name in functions]
    console.check(-1 not in places and places == sorted(places), f"{functions} are not in {stack}")


@pytest.mark.parametrize("name", PANICS)
def test_panic(name):
    """One panic that says where and why, one call stack that names who did it, and status 3."""
    function, message, stack = PANICS[name]
    console = run(name)
    panics = re.findall(r"^Kernel PANIC at .*", console.text, re.MULTILINE)
    pattern = rf"Kernel PANIC at \w+(/\w+)+\.c:\d+ in {function}\(\): {message}"
    console.check(len(panics) == 1 and re.fullmatch(pattern, panics[0]), f"not one line like `{pattern}'")
    console.check(console.text.count("Call stack: ") == 1, "not one call stack")
    check_stack(console, stack)
    second = re.findall(r"^The report failed at .*", console.text, re.MULTILINE)
    expected = [SECOND[name]] if name in SECOND else []
    console.check(len(second) == len(expected) and all(map(re.fullmatch, expected, second)), "the report failed")
    if not expected:
        console.check(re.search(r"^Threads:\n  main \(thread 1\): (running|ready)", console.text, re.MULTILINE),
                      "no list of threads")
    console.check(console.status == 3, f"status {console.status}, not 3")


def test_leak():
    """Kernel memory that nobody gives back is counted by `check'."""
    console = run("leak", "check")
    before, after = console.checks()
    console.check(after["kernel_blocks"] == before["kernel_blocks"] + 2, "two blocks are lost")
    console.check(after["kernel_bytes"] == before["kernel_bytes"] + 64, "of 64 bytes in all")
    console.expect_clean_end()


def test_broken_invariant():
    """`check' names the invariant of the VM that is broken."""
    console = run("frame-lost", "check")
    console.check(len(console.checks()) == 1, "the first check is fine, the second not")
    console.check("\ncheck: broken: frames add up to the pool, frames " in console.text, "no line that names it")


def hang(name):
    """The time it was given, and the console, of a guest that runs the self-test NAME for ever."""
    def run_for(seconds):
        console = run(name, seconds=seconds)
        return console, "check: ok" in console.text.partition("TIMEOUT")[0]
    return support.until_boot(run_for)


@pytest.mark.battery
def test_hang():
    """A kernel that loops is stopped in time; the report names the place and all threads."""
    seconds, console = hang("hang")
    console.check(f"\nTIMEOUT after {seconds} seconds\n" in console.text, "no line that says so")
    console.check(re.search(r"^The guest was at 0x[0-9a-f]{8} hang \(init/selftest\.c:\d+\), in the kernel, "
                            "interrupts off", console.text, re.MULTILINE), "no line with the place")
    check_stack(console, ["hang"])
    console.check(re.search(r"^  main \(thread 1\): running$", console.text, re.MULTILINE), "main does not run")
    check_stack(console, ["thread_block", "supply_reserve_thread"], "pageout")
    console.check(console.status == 2, f"status {console.status}, not 2")


def test_wait():
    """Of a kernel that waits for ever the report tells what for, and where."""
    _, console = hang("wait")
    console.check(re.search(r"^The guest was at .* in the kernel, halted, interrupts on", console.text, re.MULTILINE),
                  "it is not idle")
    console.check(re.search(r"^  main \(thread 1\): waiting for semaphore at 0x[0-9a-f]{8}$", console.text,
                            re.MULTILINE), "no line that says what main waits for")
    check_stack(console, ["thread_block", "wait_for_ever", "actions_run"], "main")
    console.check(console.status == 2, f"status {console.status}, not 2")


def test_priorities():
    """Of the threads that are ready the one of the highest priority runs."""
    console = run("priorities")
    order = re.findall(r"^selftest: priority (\d+)$", console.text, re.MULTILINE)
    console.check(order == ["63", "32", "31", "30"], f"they ran in the order {order}")
    console.expect_clean_end()


def test_all_are_known():
    """Every self-test of the kernel has its row or test here."""
    with open(os.path.join(support.ROOT, "init", "selftest.c"), encoding="utf-8") as file:
        names = set(re.findall(r'\{"([\w-]+)", \w+\}', file.read()))
    assert names == set(PANICS) | NOT_PANICS
