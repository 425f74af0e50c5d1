// A trace: the head of a file and its records, as vm/event.h lays them out, checked before anything is shown.
import { E, KINDS, MAGIC, VERSION } from "quire-header";

export const HEAD_BYTES = 128;
export const RECORD_BYTES = 32;
export const RECORD_WORDS = RECORD_BYTES / 4;
/** Where in a record, counted in words, its head and its arguments stand. */
export const HEAD_WORD = 2;
export const ARG_WORD = 3;

export interface Head {
  capacity: number;
  flags: number;
  written: number;
  crc: number;
  firstTime: number;
  lastTime: number;
  firstMs: number;
  lastMs: number;
  frames: number;
  slots: number;
  policy: string;
  what: string;
}

/** Why bytes are not shown; the message is one line for the user. */
export class TraceError extends Error {}

/** A 64-bit number at word AT of WORDS; exact up to 2^53. */
function wide(words: Uint32Array, at: number): number {
  return words[at + 1]! * 4294967296 + words[at]!;
}

/** The text at BYTES, up to its first zero. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder("latin1").decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** What the head in BYTES says.  Throws a TraceError if this is no trace, or one of another version. */
export function readHead(bytes: Uint8Array): Head {
  const magic = text(bytes.subarray(0, 8));
  if (bytes.length < 8 || magic !== MAGIC) throw new TraceError("This is not a trace of Quire: it does not begin like one.");
  if (bytes.length < HEAD_BYTES) throw new TraceError("The trace is cut off within its head: record it again.");
  const words = new Uint32Array(bytes.slice(0, HEAD_BYTES).buffer);
  if (words[2] !== VERSION || words[3] !== RECORD_BYTES)
    throw new TraceError(`The trace has version ${words[2]}, this viewer shows version ${VERSION}: ` +
      "make the page with the tools the trace was recorded with.");
  return {
    capacity: words[4]!, flags: words[5]!, written: words[6]!, crc: words[7]!,
    firstTime: wide(words, 10), lastTime: wide(words, 12), firstMs: words[14]!, lastMs: words[15]!,
    frames: words[16]!, slots: words[17]!,
    policy: text(bytes.subarray(72, 88)), what: text(bytes.subarray(88, 128)),
  };
}

/** The records of a trace, to which live ones are added at the end. */
export class Trace {
  words: Uint32Array;
  count: number;
  /** What the user should know: one line each. */
  problems: string[] = [];

  constructor(public head: Head, words: Uint32Array, count: number) {
    this.words = words;
    this.count = count;
  }

  kind(event: number): number { return this.words[event * RECORD_WORDS + HEAD_WORD]! & 0xff; }
  detail(event: number): number { return (this.words[event * RECORD_WORDS + HEAD_WORD]! >>> 8) & 0xff; }
  who(event: number): number { return this.words[event * RECORD_WORDS + HEAD_WORD]! >>> 16; }
  arg(event: number, index: number): number { return this.words[event * RECORD_WORDS + ARG_WORD + index]!; }
  /** When EVENT happened, in the guest's clock. */
  time(event: number): number { return wide(this.words, event * RECORD_WORDS); }

  /** The text that stands in the place of EVENT's arguments. */
  text(event: number): string {
    const start = this.words.byteOffset + (event * RECORD_WORDS + ARG_WORD) * 4;
    return text(new Uint8Array(this.words.buffer, start, RECORD_BYTES - ARG_WORD * 4));
  }

  /** Milliseconds since boot at TIME, as the kernel's clock told them; from the first record on if it did not. */
  milliseconds(time: number): number {
    const { firstTime, lastTime, firstMs, lastMs } = this.head;
    if (lastTime > firstTime && lastMs > firstMs)
      return firstMs + ((time - firstTime) * (lastMs - firstMs)) / (lastTime - firstTime);
    return this.count > 0 ? (time - this.time(0)) / 1e6 : 0;
  }

  /** Adds the whole records of BYTES. */
  append(bytes: Uint8Array): void {
    const added = Math.floor(bytes.length / RECORD_BYTES);
    const needed = (this.count + added) * RECORD_WORDS;
    if (needed > this.words.length) {
      const larger = new Uint32Array(Math.max(needed, this.words.length * 2, 1 << 16));
      larger.set(this.words.subarray(0, this.count * RECORD_WORDS));
      this.words = larger;
    }
    const copy = bytes.slice(0, added * RECORD_BYTES);
    this.words.set(new Uint32Array(copy.buffer, 0, added * RECORD_WORDS), this.count * RECORD_WORDS);
    this.count += added;
  }
}

/** How many leading records of TRACE make sense: known kinds, times that do not go far back. */
function soundRecords(trace: Trace): number {
  let time = 0;
  for (let i = 0; i < trace.count; i++) {
    const kind = trace.kind(i);
    if (kind === E.NONE || kind >= KINDS.length) return i;
    const now = trace.time(i);
    if (now < time - 1e9) return i;
    if (now > time) time = now;
  }
  return trace.count;
}

/** CRC-32 of BYTES, as zlib counts it. */
export function crc32(bytes: Uint8Array): number {
  const table = crcTable();
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 0xff]!;
  return (crc ^ -1) >>> 0;
}

let crcs: Int32Array | undefined;
function crcTable(): Int32Array {
  crcs ??= Int32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ -306674912 : n >>> 1;
    return n;
  });
  return crcs;
}

/** The file whose head and planes are in PACKED: first the first bytes of all records, then all second ones, and so on,
    which packs to half; what is left of a record at the end stands as it is. */
export function joinPlanes(packed: Uint8Array): Uint8Array {
  const count = Math.floor(Math.max(0, packed.length - HEAD_BYTES) / RECORD_BYTES), end = HEAD_BYTES + count * RECORD_BYTES;
  const bytes = new Uint8Array(packed.length), words = new Uint32Array(bytes.buffer, HEAD_BYTES, count * RECORD_WORDS);
  bytes.set(packed.subarray(0, HEAD_BYTES));
  bytes.set(packed.subarray(end), end);
  for (let record = 0, at = 0; record < count; record++)
    for (let word = 0, from = HEAD_BYTES + record; word < RECORD_WORDS; word++, from += 4 * count)
      words[at++] = packed[from]! | (packed[from + count]! << 8) | (packed[from + 2 * count]! << 16) | (packed[from + 3 * count]! << 24);
  return bytes;
}

/** The trace in BYTES, a file.  Throws a TraceError if nothing of it can be shown; what is missing or damaged becomes
    one of its problems.  A SUMMED file's check sum has been looked at. */
export function readTrace(bytes: Uint8Array, summed = false): Trace {
  const head = readHead(bytes);
  const whole = Math.floor((bytes.length - HEAD_BYTES) / RECORD_BYTES);
  const start = bytes.byteOffset + HEAD_BYTES;
  const aligned = start % 4 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset + HEAD_BYTES, whole * RECORD_WORDS);
  const trace = new Trace(head, words, whole);
  const expected = Math.min(head.written, head.capacity || head.written);
  const cut = bytes.length % RECORD_BYTES !== 0 || whole < expected;
  if (cut)
    trace.problems.push(`The trace is truncated: ${whole.toLocaleString("en")} of ` +
      `${expected.toLocaleString("en")} records are there; what follows is missing.`);
  const sound = soundRecords(trace);
  const damaged = sound < whole ||
    (!cut && !summed && head.crc !== 0 && crc32(bytes.subarray(HEAD_BYTES)) !== head.crc);
  if (damaged)
    trace.problems.push(sound < whole
      ? `The trace is damaged: record ${sound.toLocaleString("en")} makes no sense; it is shown up to there.`
      : "The trace is damaged: its check sum is wrong; what it shows may be wrong, too.");
  trace.count = sound;
  if (trace.count === 0) throw new TraceError("There are no events in the trace: was the guest started with -trace?");
  noteGaps(trace);
  return trace;
}

/** Notes whether TRACE begins or ends in the middle of the run. */
export function noteGaps(trace: Trace): void {
  const { head } = trace;
  const missing = head.capacity > 0 && head.written > head.capacity ? head.written - head.capacity : 0;
  const stops = (head.flags & 2) !== 0;
  if (missing > 0 && stops)
    trace.problems.push(`The ring was full: the last ${missing.toLocaleString("en")} events are missing; ` +
      "give -trace more megabytes.");
  else if (startsInTheMiddle(trace))
    trace.problems.push("The trace starts in the middle of the run" +
      (missing > 0 ? ` (${missing.toLocaleString("en")} earlier events were overwritten; give -trace more megabytes)` : "") +
      ": what happened before is not known, and shown as unknown.");
}

/** Whether the first records of TRACE are not those of the boot. */
export function startsInTheMiddle(trace: Trace): boolean {
  for (let i = 0; i < Math.min(trace.count, 64); i++) if (trace.kind(i) === E.BOOT) return false;
  return true;
}
