"""What must be true of a file system after a power cut: e2fsck and debugfs are the judges.

At any point e2fsck -fy repairs it, a second run finds nothing, and what was promised is there.  If all
writes before the cut are on the disk, e2fsck finds nothing but things that nobody has and counts that
are wrong, and no file shows another's content.
"""

import array
import functools
import itertools
import os
import re
import shutil
import struct
import subprocess

from cuts import writelog

# What e2fsck may say: its own course, and losses.
COURSE = re.compile("|".join((
    r"e2fsck .*", r"Pass \d.*", r"", r".*FILE SYSTEM WAS MODIFIED.*", r"\S+: \d+/\d+ files .*",
    r".*was not cleanly unmounted, check forced\.", r".*contains a file system with errors, check forced\.",
    r".*\? yes", r"Fix|Clear|Connect to /lost\+found")))
LOSSES = re.compile("|".join((
    r"(Block|Inode) bitmap differences: ( -(\d+|\(\d+--\d+\)))+",
    r"Free (blocks|inodes) count wrong.*", r"Directories count wrong.*",
    r"Inode \d+, i_blocks is \d+, should be \d+", r"Inode \d+, i_size is \d+, should be \d+",
    r"Inode \d+ ref count is \d+, should be \d+",
    r"Unattached (zero-length )?inode \d+", r"Unconnected directory inode \d+ \(.*\)")))
ANSWER = re.compile(r"\.?\s*(Fix|Clear|Connect to /lost\+found)?\? yes$")
NUMBER = re.compile(r"(\d+)$")
CHUNK = 4096  # Bytes that are compared at once.
CHUNKS = 16

CLEAN, REPAIRED, BROKEN = range(3)


class Verdict:
    """What was found: complaints, which are failures, and which kinds of losses."""

    def __init__(self):
        self.complaints = []
        self.losses = set()
        self.state = BROKEN


def run(command):
    """The status of COMMAND and all it says."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                            check=False, env={**os.environ, "LC_ALL": "C"})
    return result.returncode, result.stdout


def repair(path, in_order, verdict):
    """Has e2fsck repair the image at PATH."""
    status, text = run(["/sbin/e2fsck", "-fy", path])
    if status not in (0, 1):
        verdict.complaints.append(f"e2fsck -fy: status {status}\n{text}")
        return
    lines = [ANSWER.sub("", line.strip()) for line in text.split("\n")]
    for line in lines:
        if LOSSES.fullmatch(line):
            verdict.losses.add(re.sub(r"\d+|\(.*\)|:.*", "#", line))
        elif in_order and not COURSE.fullmatch(line):
            verdict.complaints.append(f"not a loss: {line}\n{text}")
            break
    if status == 0:
        verdict.state = CLEAN
        return
    status, text = run(["/sbin/e2fsck", "-fn", path])
    if status == 0:
        verdict.state = REPAIRED
    else:
        verdict.complaints.append(f"not repaired, e2fsck -fn: status {status}\n{text}")


def words_of(content):
    """The whole words of CONTENT."""
    words = array.array("I")
    words.frombytes(content[:len(content) // 4 * 4])
    return words


@functools.lru_cache(2000)
def own_chunk(number, generation, chunk):
    """What file NUMBER in GENERATION has in CHUNK; after CHUNKS the places in words start anew."""
    first = number << 20 | generation << 14
    return array.array("I", [first | index & 0x3FFF for index in range(chunk * CHUNK // 4, (chunk + 1) * CHUNK // 4)]
                       ).tobytes()


def telling_words(content, number, offset=0):
    """(index, word) of CONTENT, which file NUMBER has at OFFSET; one stands for all of a chunk that is zero, or the
    file's own in one generation."""
    end = offset + len(content)
    while offset < end:
        chunk, start = divmod(offset, CHUNK)
        size = min(CHUNK - start, end - offset)
        part = content[len(content) - (end - offset):][:size]
        words = words_of(part)
        own = own_chunk(number, words[0] >> 14 & 0x3F, chunk % CHUNKS)[start:start + size] if words else b""
        telling = 1 if part == own or not part.strip(b"\0") else len(words)
        yield from enumerate(words[:telling], offset // 4)
        offset += size


def is_own(word, number, index):
    """Whether WORD is what file NUMBER has at INDEX, in whatever generation."""
    return word >> 20 == number and (word ^ index) & 0x3FFF == 0


def check_own(name, content, verdict):
    """File NAME holds nothing but its own words."""
    match = NUMBER.search(name)
    if name == "marks" or not match or not content.strip(b"\0"):
        return
    number = int(match.group(1))
    if name.startswith("lost+found/"):
        number = next(word for word in words_of(content) if word) >> 20
    for index, word in telling_words(content, number):
        if word != 0 and not is_own(word, number, index):
            verdict.complaints.append(f"{name} shows what is not its own at {index * 4}: 0x{word:08x} "
                                      f"(file {word >> 20})")
            return


def check_promise(folder, name, ranges, verdict):
    """File NAME is there with all of RANGES."""
    number = int(NUMBER.search(name).group(1))
    try:
        with open(os.path.join(folder, name), "rb") as file:
            for offset, size, generation in ranges:
                file.seek(offset)
                content = file.read(size)
                if len(content) < size:
                    verdict.complaints.append(f"{name} ends at {offset + len(content)}, not {offset + size}")
                    return
                for index, word in telling_words(content, number, offset):
                    if not is_own(word, number, index) or word >> 14 & 0x3F < generation:
                        verdict.complaints.append(f"{name} at {index * 4}: 0x{word:08x} instead of generation "
                                                  f"{generation}")
                        return
    except FileNotFoundError:
        verdict.complaints.append(f"{name} is not there")


def all_files(folder):
    """The names of all files below FOLDER."""
    for path, _, names in os.walk(folder):
        for name in names:
            yield os.path.relpath(os.path.join(path, name), folder)


def is_directory(block):
    """Whether BLOCK is one of records as directories have them."""
    place = 0
    while place + 8 <= len(block):
        inode, length, name_length = struct.unpack_from("<IHB", block, place)
        if length < 8 or length % 4 or place + length > len(block) or (inode and 8 + name_length > length):
            return False
        place += length
    return place == len(block)


def broken_directories(writes, block_size):
    """Which writes of directory blocks would leave records that do not fit if sectors up to some border were of
    this version of the block, and the others of another since the last flush; or the other way round."""
    image, versions, broken = bytearray(writes.base), {}, []
    for count, entry in enumerate(writes.entries):
        place, new = entry.offset - writes.start, bytes(entry.data)
        if not new:
            versions = {}
        elif len(new) == block_size and is_directory(new):
            older = versions.setdefault(place, [bytes(image[place:place + block_size])])
            for old, border in itertools.product(filter(is_directory, older),
                                                 range(writelog.SECTOR, block_size, writelog.SECTOR)):
                mixes = (old[:border] + new[border:], new[:border] + old[border:])
                if not all(map(is_directory, mixes)):
                    broken.append(f"write {count}, block {place // block_size}, at {border}")
            older.append(new)
        image[place:place + len(new)] = new
    return broken


def judge(image, in_order, promised, folder):
    """The verdict on IMAGE, by way of files in FOLDER."""
    verdict = Verdict()
    path, dump = os.path.join(folder, "image"), os.path.join(folder, "dump")
    with open(path, "wb") as file:
        file.write(image)
    repair(path, in_order, verdict)
    shutil.rmtree(dump, ignore_errors=True)
    os.mkdir(dump)
    run(["/sbin/debugfs", "-R", f"rdump / {dump}", path])
    for name, ranges in promised.items():
        check_promise(dump, name, ranges, verdict)
    if in_order:
        for name in all_files(dump):
            with open(os.path.join(dump, name), "rb") as file:
                check_own(name, file.read(), verdict)
    return verdict
