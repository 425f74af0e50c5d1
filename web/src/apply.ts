// What each event changes in the tables.
import { E, KINDS } from "quire-header";
import type { Model } from "./model";
import { BAD, Count, FOLDED, FREE, FrameFlag, HOMES, Home, KERNEL, TAKEN, Tables, Where } from "./tables";

/** Which argument of KIND is called NAME; -1: none. */
export function argument(kind: number, name: string): number {
  return KINDS[kind]!.args.findIndex(([field]) => field === name);
}

/** The same, where there must be one: a changed header is noticed at once. */
function need(kind: number, name: string): number {
  const index = argument(kind, name);
  if (index < 0) throw new Error(`vm/event.h: ${KINDS[kind]!.name} has no argument ${name}`);
  return index;
}

/** ENTRY has CONTENT; what it had before is not mapped there any more. */
function setEntry(t: Tables, entry: number, content: number): void {
  if (t.entryContent[entry] !== content + 1) t.entryMapped[entry] = 0;
  t.entryContent[entry] = content + 1;
}

type Change = (tables: Tables, model: Model, event: number) => void;

const FAULT_FRAME = need(E.FAULT, "frame");
const FAULT_BY_WRITE = 0x08;
const NO_SLOT = 0xffffffff;

/** Says where CONTENT is when it is in no frame. */
function goHome(t: Tables, content: number): void {
  const home = t.contentHome[content]!;
  t.where[content] = t.contentSlot[content]! >= 0 || home & FOLDED ? Where.SWAP
    : home === Home.FILE ? Where.FILE : home === Home.SWAP ? Where.SWAP : Where.ZERO;
}

function setFrame(t: Tables, frame: number, owner: number, flags: number, event: number): void {
  if (frame >= t.frameOwner.length) return;
  const before = t.frameOwner[frame]!;
  if (before === FREE && owner !== FREE) t.counts[Count.FREE_FRAMES]!--;
  if (before !== FREE && owner === FREE) t.counts[Count.FREE_FRAMES]!++;
  t.frameOwner[frame] = owner;
  t.frameFlags[frame] = flags;
  t.frameLocks[frame] = 0;
  t.frameTouched[frame] = event;
}

function setSlot(t: Tables, slot: number, owner: number): void {
  if (slot >= t.slotOwner.length) return;
  const before = t.slotOwner[slot]!;
  if (before === FREE && owner !== FREE) t.counts[Count.USED_SLOTS]!++;
  if (before !== FREE && owner === FREE) t.counts[Count.USED_SLOTS]!--;
  t.slotOwner[slot] = owner;
}

function putInSlot(t: Tables, content: number, slot: number): void {
  t.contentSlot[content] = slot === NO_SLOT ? -1 : slot;
  if (slot !== NO_SLOT) setSlot(t, slot, content);
}

function flag(t: Tables, content: number, set: number, clear = 0): void {
  const frame = t.contentFrame[content]!;
  if (frame >= 0) t.frameFlags[frame] = (t.frameFlags[frame]! & ~clear) | set;
}

/** The record of CONTENT has ended; what a file has is still there. */
function end(t: Tables, content: number): void {
  t.where[content] = t.contentHome[content] === Home.FILE ? Where.FILE : Where.GONE;
  t.contentFrame[content] = -1;
}

const faultStart: Change = (t, m, i) => {
  const content = m.content[i]!, entry = m.aux[i]!, detail = m.trace.detail(i);
  setEntry(t, entry, content);
  if (t.where[content] !== Where.UNKNOWN) return;
  t.contentHome[content] = (detail >> 1) & HOMES;
  if (((detail >> 4) & 3) === 0) goHome(t, content);
};

const fault: Change = (t, m, i) => {
  const content = m.content[i]!, entry = m.aux[i]!, detail = m.trace.detail(i);
  const frame = m.trace.arg(i, FAULT_FRAME);
  t.counts[Count.FAULTS + (detail & 7)]!++;
  t.entryContent[entry] = content + 1;
  t.entryMapped[entry] = t.unmaps[content]! + 1;
  if (frame >= t.frameOwner.length) { t.where[content] = Where.ZERO; return; }
  if (t.frameOwner[frame] !== content) setFrame(t, frame, content, 0, i);
  t.where[content] = Where.FRAME;
  t.contentFrame[content] = frame;
  t.frameTouched[frame] = i;
  if (detail & FAULT_BY_WRITE) t.frameFlags[frame]! |= FrameFlag.DIRTY;
};

const arrive: Change = (t, m, i) => {
  const content = m.content[i]!, frame = m.frameOf(i);
  t.contentHome[content] = (m.trace.detail(i) >> 2) & HOMES;
  if (frame < 0) return;
  setFrame(t, frame, content, 0, i);
  t.contentFrame[content] = frame;
  t.where[content] = Where.FRAME;
};

const left: Change = (t, m, i) => {
  const content = m.content[i]!, frame = m.frameOf(i);
  if (frame >= 0) setFrame(t, frame, FREE, 0, i);
  t.contentFrame[content] = -1;
  if (m.trace.detail(i) & 1) end(t, content);
  else goHome(t, content);
};

/** Calls EACH with the entry of every page in the run that event I of KIND tells of. */
function eachOfRun(m: Model, space: number, i: number, each: (entry: number, bit: number) => void): void {
  const kind = m.trace.kind(i);
  const first = m.trace.arg(i, argumentsOf(kind).vpn), mask = m.trace.arg(i, argumentsOf(kind).mask);
  for (let bit = 0, rest = mask; rest !== 0; bit++, rest >>>= 1)
    if (rest & 1) each(m.entryOf(space, first + bit), bit);
}

const runArguments: { vpn: number; mask: number }[] = [];
function argumentsOf(kind: number): { vpn: number; mask: number } {
  return (runArguments[kind] ??= { vpn: need(kind, "vpn"), mask: need(kind, "mask") });
}

const COPY_MAPPED = need(E.COPY_RUN, "mapped");
const copyRun: Change = (t, m, i) => {
  const parent = m.space[i]!, child = m.aux[i]!, mapped = m.trace.arg(i, COPY_MAPPED);
  const vpn = m.trace.arg(i, argumentsOf(E.COPY_RUN).vpn);
  eachOfRun(m, parent, i, (from, bit) => {
    const to = m.entryOf(child, vpn + bit), content = t.entryContent[from]!;
    t.entryContent[to] = content;
    t.entryMapped[to] = content > 0 && (mapped >>> bit) & 1 ? t.unmaps[content - 1]! + 1 : 0;
  });
};

const SLOT = { first: need(E.SLOTS, "slot"), count: need(E.SLOTS, "count") };
const REGION = { start: need(E.REGION, "start"), end: need(E.REGION, "end") };
const PID = need(E.PROCESS, "pid");

const region: Change = (t, m, i) => {
  const number = m.aux[i]!;
  t.regionAlive[number] = 1;
  t.regionStart[number] = m.trace.arg(i, REGION.start);
  t.regionEnd[number] = m.trace.arg(i, REGION.end);
  t.regionRights[number] = m.trace.detail(i);
};

const slotFree: Change = (t, m, i) => {
  const slot = m.trace.arg(i, 0), owner = t.slotOwner[slot]!;
  setSlot(t, slot, FREE);
  if (owner < 0) return;
  if (t.contentSlot[owner] === slot) t.contentSlot[owner] = -1;
  if (t.contentHome[owner]! & FOLDED) end(t, owner);
};

const evict: Change = (t, m, i) => {
  const content = m.content[i]!, how = m.trace.detail(i) & 0x7f;
  flag(t, content, FrameFlag.LEAVING);
  t.counts[Count.CHOSEN] = -1;
  if (how === 1) t.contentHome[content] = Home.SWAP;
};

/** Everything ends: the tables that follow are all there is. */
const tables: Change = (t, m, i) => {
  if (m.tablesAt !== i) return;
  t.entryContent.fill(0);
  t.regionAlive.fill(0);
  t.frameOwner.fill(FREE);
  t.slotOwner.fill(FREE);
  t.counts[Count.FREE_FRAMES] = t.frameOwner.length;
  t.counts[Count.USED_SLOTS] = 0;
};

const tableEntry: Change = (t, m, i) => {
  const entry = m.aux[i]!, content = m.content[i]!, flags = m.trace.detail(i);
  if (!m.usesTables(i) || content < 0) return;
  t.entryContent[entry] = content + 1;
  t.entryMapped[entry] = flags & 1 ? t.unmaps[content]! + 1 : 0;
  t.entryLocked[entry] = (flags >> 1) & 1;
  if (!(flags & 4)) return;
  t.contentHome[content] = Home.SWAP | FOLDED;
  putInSlot(t, content, m.trace.arg(i, need(E.TABLE_ENTRY, "slot")));
  goHome(t, content);
};

const tablePage: Change = (t, m, i) => {
  if (!m.usesTables(i)) return;
  const content = m.content[i]!, frame = m.frameOf(i), detail = m.trace.detail(i);
  t.contentHome[content] = (detail >> 2) & HOMES;
  putInSlot(t, content, m.trace.arg(i, need(E.TABLE_PAGE, "slot")));
  t.contentFrame[content] = frame;
  if (frame >= 0 && (detail & 3) === 2) t.where[content] = Where.FRAME;
  else goHome(t, content);
};

const tableFrame: Change = (t, m, i) => {
  if (!m.usesTables(i)) return;
  setFrame(t, m.frameOf(i), m.trace.detail(i) & 1 ? KERNEL : m.content[i]!, 0, i);
};

const tableSlots: Change = (t, m, i) => {
  if (!m.usesTables(i)) return;
  const first = m.trace.arg(i, 0), mask = m.trace.arg(i, 1);
  for (let bit = 0; bit < 32; bit++)
    if ((mask >>> bit) & 1 && first + bit < t.slotOwner.length && t.slotOwner[first + bit] === FREE) setSlot(t, first + bit, TAKEN);
};

/** Frees the frame of event I, whose page did not arrive, or which the kernel gives back. */
const frameFree: Change = (t, m, i) => {
  const content = m.content[i]!;
  if (content >= 0) t.contentFrame[content] = -1;
  setFrame(t, m.frameOf(i), FREE, 0, i);
};

const touched: Change = (t, m, i) => {
  const frame = m.frameOf(i);
  if (frame >= 0) t.frameTouched[frame] = i;
};

function lock(change: number): Change {
  return (t, m, i) => {
    const frame = m.frameOf(i);
    t.entryLocked[m.aux[i]!] = change > 0 ? 1 : 0;
    if (frame >= 0) t.frameLocks[frame] = Math.max(0, t.frameLocks[frame]! + change);
  };
}

/** By kind; what is not here changes nothing. */
const CHANGES: (Change | undefined)[] = [];
CHANGES[E.SPACE] = (t, m, i) => { t.spaceAlive[m.space[i]!] = 1; };
CHANGES[E.SPACE_END] = (t, m, i) => { t.spaceAlive[m.space[i]!] = 2; };
CHANGES[E.NAME] = (t, m, i) => { t.spaceName[m.space[i]!] = i; };
CHANGES[E.PROCESS] = (t, m, i) => {
  const space = m.space[i]!;
  t.spaceAlive[space] = 1;
  t.spacePid[space] = m.trace.arg(i, PID);
  t.spaceParent[space] = m.aux[i]!;
  if (m.trace.detail(i) === 1 && m.aux[i]! >= 0) t.spaceName[space] = t.spaceName[m.aux[i]!]!;
};
CHANGES[E.SWITCH] = (t, m, i) => { t.counts[Count.RUNNING] = m.space[i]!; };
CHANGES[E.REGION] = region;
CHANGES[E.TABLE_REGION] = (t, m, i) => { if (m.usesTables(i)) region(t, m, i); };
CHANGES[E.REGION_END] = (t, m, i) => { t.regionAlive[m.aux[i]!] = 0; };
CHANGES[E.FAULT_START] = faultStart;
CHANGES[E.FAULT] = fault;
CHANGES[E.FAULT_FAILED] = (t) => { t.counts[Count.FAULTS + 5]!++; };
CHANGES[E.STORE_PAGE] = (t, m, i) => {
  const content = m.content[i]!;
  t.contentHome[content] = m.trace.detail(i) & 1 ? Home.ZERO : Home.FILE;
  if (t.where[content] !== Where.FRAME) goHome(t, content);
};
CHANGES[E.LEND] = (t, m, i) => {
  const content = m.content[i]!, frame = m.frameOf(i);
  if (frame < 0) return;
  setFrame(t, frame, content, FrameFlag.ARRIVING, i);
  t.contentFrame[content] = frame;
};
CHANGES[E.FREE] = frameFree;
CHANGES[E.ARRIVE] = arrive;
CHANGES[E.LEFT] = left;
CHANGES[E.GONE] = (t, m, i) => end(t, m.content[i]!);
CHANGES[E.LEND_KERNEL] = (t, m, i) => setFrame(t, m.frameOf(i), KERNEL, 0, i);
CHANGES[E.RETURN_KERNEL] = frameFree;
CHANGES[E.UNMAPPED] = (t, m, i) => {
  const content = m.content[i]!, dirty = m.trace.detail(i) & 1;
  t.unmaps[content]!++;
  flag(t, content, dirty ? FrameFlag.DIRTY : 0, dirty ? 0 : FrameFlag.DIRTY);
};
CHANGES[E.UNMAP_RUN] = (t, m, i) => eachOfRun(m, m.space[i]!, i, (entry) => { t.entryMapped[entry] = 0; });
CHANGES[E.CLEAR_RUN] = (t, m, i) => eachOfRun(m, m.space[i]!, i, (entry) => {
  setEntry(t, entry, -1);
  t.entryLocked[entry] = 0;
});
CHANGES[E.COPY_RUN] = copyRun;
CHANGES[E.FOLD] = (t, m, i) => { t.contentHome[m.content[i]!] = Home.SWAP | FOLDED; };
CHANGES[E.UNFOLD] = (t, m, i) => {
  const content = m.content[i]!, slot = m.trace.arg(i, need(E.UNFOLD, "slot"));
  t.contentHome[content] = Home.SWAP;
  putInSlot(t, content, slot);
  t.where[content] = Where.SWAP;
  setEntry(t, m.aux[i]!, content);
};
CHANGES[E.EVICT] = evict;
CHANGES[E.NOT_LEFT] = (t, m, i) => flag(t, m.content[i]!, FrameFlag.DIRTY, FrameFlag.LEAVING);
CHANGES[E.IN_SLOT] = (t, m, i) => putInSlot(t, m.content[i]!, m.trace.arg(i, need(E.IN_SLOT, "slot")));
CHANGES[E.SLOTS] = (t, m, i) => {
  for (let n = 0; n < m.trace.arg(i, SLOT.count); n++) setSlot(t, m.trace.arg(i, SLOT.first) + n, TAKEN);
};
CHANGES[E.SLOT_FREE] = slotFree;
CHANGES[E.SLOT_BAD] = (t, m, i) => setSlot(t, m.trace.arg(i, 0), BAD);
CHANGES[E.READ] = (t, m, i) => { t.counts[Count.READS]! += m.trace.arg(i, need(E.READ, "count")); };
CHANGES[E.WRITE] = (t, m, i) => { t.counts[Count.WRITES]! += m.trace.arg(i, need(E.WRITE, "count")); };
CHANGES[E.SYNC] = (t, m, i) => flag(t, m.content[i]!, FrameFlag.SYNCING, FrameFlag.DIRTY);
CHANGES[E.SYNC_DONE] = (t, m, i) => flag(t, m.content[i]!, m.trace.detail(i) & 1 ? FrameFlag.DIRTY : 0, FrameFlag.SYNCING);
CHANGES[E.LOCK] = lock(1);
CHANGES[E.UNLOCK] = lock(-1);
CHANGES[E.PIN] = touched;
CHANGES[E.FOUND] = touched;
CHANGES[E.VICTIM] = (t, m, i) => { t.counts[Count.CHOSEN] = m.frameOf(i); };
CHANGES[E.DECISION] = (t, m, i) => { if (m.trace.detail(i) === 0 && m.frameOf(i) >= 0) t.counts[Count.HAND] = m.frameOf(i); };
CHANGES[E.STOP] = (t, m, i) => { t.spaceStopped[m.space[i]!] = 1; };
CHANGES[E.RESUME] = (t, m, i) => { t.spaceStopped[m.space[i]!] = 0; };
CHANGES[E.TABLES] = tables;
CHANGES[E.TABLE_ENTRY] = tableEntry;
CHANGES[E.TABLE_PAGE] = tablePage;
CHANGES[E.TABLE_FRAME] = tableFrame;
CHANGES[E.TABLE_SLOTS] = tableSlots;

/** Changes TABLES as EVENT of MODEL says. */
export function apply(tables: Tables, model: Model, event: number): void {
  CHANGES[model.trace.kind(event)]?.(tables, model, event);
}
