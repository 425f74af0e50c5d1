// Compares what the model says with the tables that a trace has: node tables.mjs TRACE.
import { readFileSync } from "node:fs";
import { E } from "quire-header";
import { Model } from "../src/model";
import { Count, FREE, KERNEL } from "../src/tables";
import { readTrace } from "../src/trace";

const model = new Model(readTrace(new Uint8Array(readFileSync(process.argv[2]!))));
const { trace, now: t } = model;
const seen = { times: 0, entries: 0, frames: 0, slots: 0 };
let differ = 0;

function same(is: unknown, told: unknown, what: string): void {
  if (is === told) return;
  if (differ++ < 10) console.error(`${what}: the events say ${String(is)}, the tables ${String(told)}`);
}

function compareEntry(i: number): void {
  const entry = model.aux[i]!, name = `record ${i}, page ${trace.arg(i, 0).toString(16)}`;
  seen.entries++;
  same(t.entryContent[entry]! - 1, model.content[i], name);
  if (!(trace.detail(i) & 4)) same(t.isMapped(entry), (trace.detail(i) & 1) === 1, `${name}, mapped`);
}

function compareFrame(i: number): void {
  const frame = model.frameOf(i);
  if (frame < 0) return;
  seen.frames++;
  same(t.frameOwner[frame], trace.detail(i) & 1 ? KERNEL : model.content[i], `record ${i}, frame ${frame}`);
}

function compareSlots(i: number): void {
  for (let bit = 0, mask = trace.arg(i, 1); mask !== 0; bit++, mask >>>= 1) {
    if (!(mask & 1)) continue;
    seen.slots++;
    same(t.slotOwner[trace.arg(i, 0) + bit] !== FREE, true, `record ${i}, slot ${trace.arg(i, 0) + bit}`);
  }
}

for (let i = 0; i < trace.count; i++) {
  const kind = trace.kind(i);
  if (kind === E.TABLES) { model.seek(i); seen.times++; }
  else if (kind === E.TABLE_ENTRY) compareEntry(i);
  else if (kind === E.TABLE_FRAME) compareFrame(i);
  else if (kind === E.TABLE_SLOTS) compareSlots(i);
  else if (kind === E.TABLES_END) {
    same(t.counts[Count.FREE_FRAMES], trace.arg(i, 0), `record ${i}, free frames`);
    same(t.counts[Count.USED_SLOTS], trace.arg(i, 1) + trace.arg(i, 2), `record ${i}, used slots`);
  }
}
console.log(`${seen.times} times, ${seen.entries} entries, ${seen.frames} frames, ${seen.slots} slots: ${differ} differ`);
