import assert from "node:assert/strict";
import { test } from "node:test";
import { E } from "quire-header";
import { ALIKE, align, follow } from "../src/align";
import { Model } from "../src/model";
import { readTrace } from "../src/trace";
import { Synth } from "./synth";

const run = (frames: number, policy: "fifo" | "clock", pages = 40): Model => new Model(readTrace(new Synth({ frames, slots: 256, events: 6000, pages, policy, processes: 1 }).run().bytes()));

test("marks of one program under two policies stand beside each other", () => {
  const one = run(16, "clock"), other = run(24, "fifo"), alignment = align(one, other);
  assert.ok(alignment.likeness > 0.8, String(alignment.likeness));
  const marks = new Map(other.marks.map((mark) => [other.trace.text(mark), mark]));
  for (const mark of one.marks) {
    const there = marks.get(one.trace.text(mark));
    if (there !== undefined) assert.equal(follow(alignment, mark + 1, one.count, other.count), there + 1);
  }
});

test("the second run never goes back while the first goes on, and both end together", () => {
  const one = run(16, "clock"), other = run(24, "fifo"), alignment = align(one, other);
  let last = 0;
  for (let event = 0; event <= one.count; event++) {
    const there = follow(alignment, event, one.count, other.count);
    assert.ok(there >= last);
    last = there;
  }
  assert.equal(last, other.count);
});

test("traces of different programs are told apart", () => {
  const other = new Synth({ frames: 8, slots: 64, events: 0 });
  other.note(E.BOOT, 0, 0, { frames: 8, slots: 64 });
  other.start(7, "other");
  for (let page = 0; page < 60; page++) other.touch(7, 0x20000 + page, true);
  assert.ok(align(run(16, "clock"), new Model(readTrace(other.bytes()))).likeness < ALIKE);
});
