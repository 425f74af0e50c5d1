"""Why a test failed: the line that says it, looked for in what a guest or a program printed."""

import re

# Lines that name a cause, the strongest kind first.
CAUSES = [re.compile(pattern, re.MULTILINE) for pattern in (
    r"^.*\bPANIC\b.*$|^.*\bcheck: broken: .*$|^.*\bbroken invariant: .*$"
    r"|^\S+\.[ch]:\d+ in \w+\(\): .*$",
    r"^.*\bERROR: (?:Address|Leak)Sanitizer: .*$|^.*: runtime error: .*$|^.*\bWARNING: ThreadSanitizer: .*$"
    r"|^.*\bAssertion .* failed.*$|^# seed \d+ .*$",
    r"^.*\bFAIL(?:ED)?\b.*$",
    r"^.*\bdying due to interrupt .*$|^.*: killed: .*$|^.*\bTIMEOUT\b.*$",
)]
# What sanitizers say about nothing: stacks of threads that are switched in user mode.
NOISE = re.compile(r"^.*(?:ASan is ignoring requested __asan_handle_no_return|ASan doesn't fully support makecontext|"
                   r"False positive error reports may follow|For details see https?://\S*/sanitizers/issues/189).*\n?",
                   re.MULTILINE)
AROUND = 6  # Lines before a cause that are shown with it.


def quiet(text):
    """TEXT without the noise."""
    return NOISE.sub("", text)


def find(text):
    """The first line of TEXT of the strongest kind there is, or None."""
    for pattern in CAUSES:
        match = pattern.search(text)
        if match:
            return match.group(0).strip()
    return None


def tail(text, lines=25):
    """The last LINES of TEXT, each after a bar.  If its cause stands before them, the lines around it come
    first, half as many again: no list that follows a cause cuts it away."""
    rows = quiet(text).rstrip().split("\n")
    start = max(0, len(rows) - lines)
    shown = rows[start:]
    cause = find("\n".join(rows))
    place = next((number for number, row in enumerate(rows) if row.strip() == cause), start)
    if place < start:
        first = max(0, place - AROUND)
        last = min(start, first + max(lines // 2, 2 * AROUND))
        gap = [f"... {start - last} more lines ..."] if last < start else []
        shown = [*rows[first:last], *gap, *shown]
    return "\n".join("| " + row for row in shown)


def headline(text):
    """The line of a failure's whole TEXT that says most: its cause, or else what pytest shows of an error (its lines
    begin with E), or else the first."""
    errors = re.findall(r"^E {3}(.*\S.*)$", text, re.MULTILINE)
    plain = re.sub(r"^(?:E {3}|\| )+", "", text, flags=re.MULTILINE)
    return find(plain) or (errors or plain.split("\n"))[0].strip()
