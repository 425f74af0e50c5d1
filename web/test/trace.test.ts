import assert from "node:assert/strict";
import { test } from "node:test";
import * as zlib from "node:zlib";
import { TraceError, crc32, joinPlanes, readTrace } from "../src/trace";
import { Synth } from "./synth";

/** Node 18 has none. */
const zlibCrc = (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32;

const good = (): Uint8Array => new Synth({ frames: 8, slots: 64, events: 800, pages: 20 }).run().bytes();
const word = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  new DataView(bytes.buffer).setUint32(at, value, true);
  return bytes;
};
const refused = (bytes: Uint8Array, line: RegExp): void =>
  assert.throws(() => readTrace(bytes), (error: Error) => error instanceof TraceError && line.test(error.message) && !error.message.includes("\n"));

test("a good trace has no problems", () => assert.deepEqual(readTrace(good()).problems, []));

test("what is no trace is refused", () => {
  refused(new TextEncoder().encode("\x7fELF and more"), /not a trace of Quire/);
  refused(new Uint8Array(0), /not a trace of Quire/);
  refused(good().slice(0, 100), /cut off within its head/);
  refused(good().slice(0, 128), /no events/);
  refused(word(good(), 8, 99), /version 99, this viewer shows version/);
  refused(word(good(), 12, 16), /version/);
});

test("a truncated trace is shown as far as it goes, with a line", () => {
  const trace = readTrace(good().slice(0, 128 + 32 * 50 + 7));
  assert.equal(trace.count, 50);
  assert.match(trace.problems.join(), /truncated: 50 of/);
});

test("a damaged trace is shown up to the damage, with a line", () => {
  const trace = readTrace(word(good(), 128 + 32 * 60 + 8, 0xff));
  assert.equal(trace.count, 60);
  assert.match(trace.problems.join(), /damaged: record 60/);
  assert.match(readTrace(word(good(), 28, 12345)).problems.join(), /check sum/);
});

test("a trace that starts in the middle says so", () => {
  const bytes = good();
  const middle = new Uint8Array(bytes.length - 32 * 100);
  middle.set(bytes.subarray(0, 128));
  middle.set(bytes.subarray(128 + 32 * 100), 128);
  const capacity = (middle.length - 128) / 32;
  assert.match(readTrace(word(middle, 16, capacity)).problems.join(), /starts in the middle.*100 earlier events/);
  assert.match(readTrace(word(word(good(), 24, 5000), 20, 3)).problems.join(), /ring was full|truncated/);
});

test("the check sum is zlib's", { skip: zlibCrc === undefined }, () =>
  assert.equal(crc32(good()), zlibCrc!(good())));

test("a file's planes are joined again, with what is left at the end", () => {
  const bytes = good().slice(0, 128 + 32 * 20 + 5), count = 20, packed = bytes.slice();
  for (let record = 0; record < count; record++)
    for (let i = 0; i < 32; i++) packed[128 + i * count + record] = bytes[128 + record * 32 + i]!;
  assert.deepEqual(joinPlanes(packed), bytes);
});
