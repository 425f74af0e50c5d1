"""Bad inputs 42 to 47: the kernel's command line, and the line in which the kernel refuses it."""


def number(option, value, limits=None):
    """The line about VALUE, which is no number for OPTION, or none within LIMITS."""
    line = f"bad number `{value}' for {option}"
    return line + (f": it must be from {limits[0]} to {limits[1]}" if limits else "")


NO_WORD = "action `{}' requires 1 argument(s)"
BEFORE = "unknown action `{}' (options go before actions)"
NO_DEVICE = "no such block device `{}' for {}"
OPEN = "a quote without its partner in `{}'"
LONG = "the kernel's command line is too long"

# Number -> what the kernel is given -> what it says.
ROWS = {
    42: {"-x": "unknown option `-x' (use -h for help)",
         "-swapp=hda2": "unknown option `-swapp=hda2' (use -h for help)",
         "--help": "unknown option `--help' (use -h for help)",
         "-": "unknown option `-' (use -h for help)",
         "-q=1": "option `-q' takes no value",
         "-ul": "option `-ul' requires a value: -ul=COUNT",
         "-swap": "option `-swap' requires a value: -swap=BDEV"},
    43: {"frobnicate": "unknown action `frobnicate' (use -h for help)",
         "run": NO_WORD.format("run"), "cat": NO_WORD.format("cat"), "rm": NO_WORD.format("rm"),
         "selftest": NO_WORD.format("selftest"),
         "ls run": NO_WORD.format("run"),
         "run ''": "bad argument `' for action `run'",
         "run '  '": "bad argument `  ' for action `run'",
         "selftest nothing": "bad argument `nothing' for action `selftest'",
         "run echo -ul=9": BEFORE.format("-ul=9"), "ls -q": BEFORE.format("-q")},
    44: {"-ul=abc": number("-ul", "abc"), "-ul=-1": number("-ul", "-1"), "-ul=": number("-ul", ""),
         "-ul=99999999999": number("-ul", "99999999999"), "-ul=4294967300": number("-ul", "4294967300"),
         "-ul=12x": number("-ul", "12x"), "-ul=0": number("-ul", "0", (4, 1048575)),
         "-ul=3": number("-ul", "3", (4, 1048575)), "-ul=1048576": number("-ul", "1048576", (4, 1048575)),
         "-stack=much": number("-stack", "much"), "-stack=3": number("-stack", "3", (4, 1048576)),
         "-stack=3145728": number("-stack", "3145728", (4, 1048576)),
         "-rs=x": number("-rs", "x"), "-rs=4294967296": number("-rs", "4294967296"),
         "-vm-check=0": number("-vm-check", "0", (1, 4294967295)),
         "-vm-stress=0": number("-vm-stress", "0", (1, 4294967295)),
         "-oom=maybe": "bad value `maybe' for -oom: it must be largest, faulting, or panic",
         "-cluster=0": number("-cluster", "0", (1, 16)), "-cluster=17": number("-cluster", "17", (1, 16)),
         "-readahead=1": "bad value `1' for -readahead: it must be on or off",
         "-reserve=": "bad value `' for -reserve: it must be on or off",
         "-load-control=no": "bad value `no' for -load-control: it must be on or off",
         "-asserts=no": "bad value `no' for -asserts: it must be on or off",
         "-policy=none": "no such policy `none' for -policy; there are: duo clock fifo aging gclock clock2q clockpro"},
    45: {"run " + "x" * 2100: LONG, "run '" + "x" * 2100 + "'": LONG, " " * 3000: LONG,
         "ls " * 300: "too many words on the kernel's command line (at most 256)"},
    46: {"run 'echo x": OPEN.format("echo x"), 'run "echo x': OPEN.format("echo x"), "run '": OPEN.format(""),
         "'ls": OPEN.format("ls")},
    47: {"-swap=hdz": NO_DEVICE.format("hdz", "-swap"), "-filesys=hdz1": NO_DEVICE.format("hdz1", "-filesys"),
         "-scratch=sda": NO_DEVICE.format("sda", "-scratch"), "-filesys=hda9": NO_DEVICE.format("hda9", "-filesys"),
         "-swap=": NO_DEVICE.format("", "-swap")},
}

# 48: kilobytes of RAM, less than the kernel needs, but enough for it to say so.
SMALL_MACHINES = (1300, 1400, 1500)
