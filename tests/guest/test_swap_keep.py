"""-swap-keep: what is read back from swap and not written leaves again without being written."""

import re

import support

PAGES, PASSES, POOL = 256, 10, 64  # Of swap-reread.


def reread(*kernel, swap="4"):
    """Pages read, pages written and slots in use after swap-reread has read its memory, for each time it was written."""
    console = support.pintos([f"--swap-size={swap}", "--filesys-size=2", *support.put(["swap-reread"])],
                             ["-q", "-f", f"-ul={POOL}", "-vm-check=100", *kernel, "check", "run", "swap-reread", "check"])
    console.check("FAIL" not in console.text, "a page has another content")
    console.expect_clean_end()
    support.check_counts(console, *console.checks())
    found = re.findall(r"written (?:once|twice): (\d+) read, (\d+) written, (\d+) slots", console.text)
    console.check(len(found) == 2, "the figures are missing")
    return [tuple(map(int, figures)) for figures in found]


def test_keeps():
    """With the option a page is written once for each time it was changed; without it, each time it leaves."""
    for read, written, slots in reread():
        assert written > read * 9 // 10, f"{written} written for {read} read"
        assert slots < PAGES, "a page in a frame has a slot"
    for read, written, slots in reread("-swap-keep"):
        assert read > PASSES * (PAGES - POOL), f"{read} read: memory was not gone over"
        assert written <= PAGES, f"{written} pages written"
        assert slots <= PAGES + 8, f"{slots} slots for {PAGES} pages"


def test_no_room():
    """Where swap is small for what is in it no slot is kept that another page needs."""
    reread("-swap-keep", swap="0.875")
