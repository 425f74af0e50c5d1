import assert from "node:assert/strict";
import { test } from "node:test";
import { E } from "quire-header";
import { Model } from "../src/model";
import { Count, FREE, Where } from "../src/tables";
import { readTrace } from "../src/trace";
import { Synth } from "./synth";

const small = (): Model => new Model(readTrace(new Synth({ frames: 16, slots: 256, events: 6000, pages: 40 }).run().bytes()));

test("every seek shows what applying one event after another shows", () => {
  const model = small();
  const seen: string[] = [];
  const state = (): string => [model.now.frameOwner, model.now.where.subarray(0, model.contents), model.now.slotOwner,
    model.now.counts].map((a) => a.join()).join("|");
  for (let i = 0; i <= model.count; i++) { model.seek(i); if (i % 97 === 0) seen.push(state()); }
  for (let i = seen.length - 1; i >= 0; i -= 3) { model.seek(i * 97); assert.equal(state(), seen[i]); }
});

test("frames, contents and slots name each other at any moment", () => {
  const model = small();
  for (let i = 0; i <= model.count; i += 13) {
    model.seek(i);
    const t = model.now;
    let free = 0, used = 0;
    t.frameOwner.forEach((owner, frame) => {
      if (owner === FREE) free++;
      else assert.equal(t.contentFrame[owner], frame);
    });
    t.slotOwner.forEach((owner) => { if (owner !== FREE) used++; });
    assert.equal(free, t.counts[Count.FREE_FRAMES]);
    assert.equal(used, t.counts[Count.USED_SLOTS]);
    for (let c = 0; c < model.contents; c++)
      if (t.where[c] === Where.FRAME) assert.equal(t.frameOwner[t.contentFrame[c]!], c);
  }
});

test("at the end everything has been given back", () => {
  const model = small();
  model.seek(model.count);
  assert.equal(model.now.counts[Count.FREE_FRAMES], 16);
  assert.equal(model.now.counts[Count.USED_SLOTS], 0);
  assert.ok(model.now.entryContent.every((content) => content === 0));
});

test("a page's life begins with its first fault and ends with its end", () => {
  const model = small();
  for (let content = 0; content < model.contents; content += 7) {
    const life = model.contentEvents.of(content).map((event) => model.trace.kind(event));
    assert.equal(life[0], E.FAULT_START);
    assert.ok(([E.GONE, E.LEFT] as number[]).includes(life.at(-1)!));
  }
});

test("a content that two spaces have is named by both", () => {
  const synth = new Synth({ frames: 8, slots: 64, events: 0 });
  synth.note(E.BOOT, 0, 0, { frames: 8, slots: 64 });
  synth.start(1, "fork");
  synth.touch(1, 0x8400, true);
  synth.note(E.SPACE, 2, 0);
  synth.note(E.FORK, 1, 0, { child: 2 });
  synth.note(E.COPY_RUN, 1, 0, { child: 2, vpn: 0x8400, mask: 1, mapped: 1 });
  const model = new Model(readTrace(synth.bytes()));
  model.seek(model.count);
  const sharers = model.sharers(0);
  assert.deepEqual(sharers.map((entry) => [model.entrySpace(entry), model.entryVpn(entry)]), [[0, 0x8400], [1, 0x8400]]);
  assert.ok(sharers.every((entry) => model.now.isMapped(entry)));
  assert.ok(model.contentEvents.of(0).some((event) => model.trace.kind(event) === E.COPY_RUN));
});

test("bins of time count every fault once, however long the run becomes", () => {
  const synth = new Synth({ frames: 16, slots: 256, events: 20000, pages: 40 }).run();
  const bytes = synth.bytes();
  const whole = new Model(readTrace(bytes));
  const sum = (model: Model): number => model.series.faults.reduce((n, bins) => n + bins.reduce((a, b) => a + b, 0), 0);
  let faults = 0;
  for (let i = 0; i < whole.count; i++) if (whole.trace.kind(i) === E.FAULT) faults++;
  assert.equal(sum(whole), faults);
  const live = new Model(readTrace(bytes.slice(0, 128 + 32 * 100)));
  for (let at = 100; at < whole.count; at += 777) {
    live.trace.append(bytes.subarray(128 + 32 * at, 128 + 32 * Math.min(at + 777, whole.count)));
    live.index();
  }
  assert.equal(live.count, whole.count);
  assert.equal(sum(live), faults);
});
