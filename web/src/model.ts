// What is known of a run: its events, each resolved to the content, space, entry or region it is about, and the tables
// as they were after any event.  Checkpoints of the tables make a seek cheap.
import { E, KINDS } from "quire-header";
import { apply, argument } from "./apply";
import { Growing } from "./growing";
import { Series } from "./series";
import { Tables } from "./tables";
import { Trace, startsInTheMiddle } from "./trace";

/** Entries are numbered in chunks of so many neighbouring virtual pages of a space. */
const CHUNK = 256;
const CHUNKS_PER_SPACE = 1 << 12; /* 2^20 virtual pages */
const CHECKPOINT_BYTES = 192 << 20;
const NO_FRAME = 0xffffffff;

/** Which argument of each kind is the page, the frame, an address or virtual page. */
const PAGE_ARG = KINDS.map((_, kind) => argument(kind, "page"));
const FRAME_ARG = KINDS.map((_, kind) => argument(kind, "frame"));
const ADDRESS_ARG = KINDS.map((_, kind) => argument(kind, "address"));
const VPN_ARG = KINDS.map((_, kind) => (argument(kind, "mask") < 0 ? argument(kind, "vpn") : -1));
const REGION_ARG = KINDS.map((_, kind) => argument(kind, "region"));
const OTHER_SPACE_ARG = KINDS.map((_, kind) => Math.max(argument(kind, "child"), argument(kind, "parent")));
const SLOT_ARG = KINDS.map((_, kind) => argument(kind, "slot"));

/** Events that mention something, newest first: one chain for each number. */
class Chains {
  private readonly last = new Growing(Int32Array, -1);
  private readonly event: Growing<Int32Array>;
  private readonly previous: Growing<Int32Array>;

  /** ROOM mentions are expected. */
  constructor(room: number) {
    this.event = new Growing(Int32Array, 0, room + 64);
    this.previous = new Growing(Int32Array, 0, room + 64);
  }

  add(number: number, event: number): void {
    this.last.reach(number + 1);
    const at = this.last.data[number]!;
    if (at >= 0 && this.event.data[at] === event) return;
    this.previous.push(at);
    this.last.data[number] = this.event.push(event);
  }

  /** The events of NUMBER, oldest first. */
  of(number: number): number[] {
    const found: number[] = [];
    if (number < 0 || number >= this.last.length) return found;
    for (let at = this.last.data[number]!; at >= 0; at = this.previous.data[at]!) found.push(this.event.data[at]!);
    return found.reverse();
  }
}

export class Model {
  /** Of each event: the content, the space, and whatever else it is about (entry, region or another space). */
  content = new Int32Array(0);
  space = new Int32Array(0);
  aux = new Int32Array(0);
  readonly contentEvents: Chains;
  readonly frameEvents: Chains;
  readonly series: Series;
  /** The tables at `position`, the number of events that have happened. */
  readonly now: Tables;
  position = 0;
  /** The record from which on the tables are taken from the trace, if it starts in the middle; -1: none. */
  tablesAt = -1;
  spaces = 0;
  regions = 0;
  contents = 0;
  /** What the space of a region is, and the space's number in records. */
  readonly regionSpace = new Growing(Int32Array);
  readonly spaceWho = new Growing(Int32Array);
  readonly spaceRegions: number[][] = [];
  /** Whether an entry ever had a page. */
  readonly entrySeen = new Growing(Uint8Array);
  /** Marks that programs set, in the order of time. */
  readonly marks: number[] = [];
  private tip: Tables;
  private indexed = 0;
  private readonly contentIds = new Map<number, number>();
  private readonly folded = new Map<number, number>();
  private readonly regionIds = new Map<number, number>();
  private readonly whoSpace: number[] = [];
  private readonly chunks = new Map<number, number>();
  private readonly chunkSpace = new Growing(Int32Array);
  private readonly chunkFirst = new Growing(Int32Array);
  private checkpoints: { event: number; tables: Tables }[] = [];
  private interval = 1 << 15;
  private readonly middle: boolean;
  private tablesEnd = Infinity;

  constructor(readonly trace: Trace) {
    const { frames, slots } = trace.head;
    this.tip = new Tables(Math.min(frames, 1 << 20), Math.min(slots, 1 << 22));
    this.now = this.tip.copy();
    this.contentEvents = new Chains(trace.count);
    this.frameEvents = new Chains(trace.count);
    this.series = new Series(this);
    this.middle = startsInTheMiddle(trace);
    this.checkpoints.push({ event: 0, tables: this.tip.copy() });
    this.index();
  }

  get count(): number { return this.indexed; }
  get end(): Tables { return this.tip; }

  /** Resolves what has been added to the trace. */
  index(): void {
    const { count } = this.trace;
    this.makeRoom(count);
    for (let i = this.indexed; i < count; i++) {
      this.resolve(i);
      apply(this.tip, this, i);
      this.indexed = i + 1;
      this.series.add(i, this.tip);
      if ((i + 1) % this.interval === 0) this.checkpoint(i + 1);
    }
  }

  private makeRoom(count: number): void {
    if (count <= this.content.length) return;
    for (const name of ["content", "space", "aux"] as const) {
      const larger = new Int32Array(this.content.length === 0 ? count : Math.max(count, this[name].length * 2));
      larger.set(this[name]);
      if (name === "aux") { this.aux = larger; continue; }
      this[name] = larger;
    }
  }

  /** Keeps the tables as they are after EVENT events; fewer of them if they take too much memory. */
  private checkpoint(event: number): void {
    this.checkpoints.push({ event, tables: this.tip.copy() });
    if (this.checkpoints.length * this.tip.size() <= CHECKPOINT_BYTES || this.checkpoints.length < 4) return;
    this.checkpoints = this.checkpoints.filter((_, i) => i % 2 === 0);
    this.interval *= 2;
  }

  /** Lets `now` be the tables after EVENTS events. */
  seek(events: number): void {
    const target = Math.max(0, Math.min(events, this.indexed));
    const near = target >= this.position && target - this.position < this.interval;
    if (!near) {
      let at = this.checkpoints.length - 1;
      while (this.checkpoints[at]!.event > target) at--;
      this.now.take(this.checkpoints[at]!.tables);
      this.position = this.checkpoints[at]!.event;
    }
    this.reach(this.now);
    for (; this.position < target; this.position++) apply(this.now, this, this.position);
  }

  /** Makes room in TABLES for all that is known. */
  private reach(tables: Tables): void {
    tables.ensure("contents", this.contents);
    tables.ensure("spaces", this.spaces);
    tables.ensure("regions", this.regions);
    tables.ensure("entries", this.chunkSpace.length * CHUNK);
  }

  /** The frame EVENT is about; -1: none, or none of the pool. */
  frameOf(event: number): number {
    const index = FRAME_ARG[this.trace.kind(event)]!;
    if (index < 0) return -1;
    const frame = this.trace.arg(event, index);
    return frame === NO_FRAME || frame >= this.now.frameOwner.length ? -1 : frame;
  }

  /** Whether the table record EVENT is to be believed: only if nothing better is known. */
  usesTables(event: number): boolean {
    return this.tablesAt >= 0 && event > this.tablesAt && event < this.tablesEnd;
  }

  /** The number of the entry of virtual page VPN of SPACE. */
  entryOf(space: number, vpn: number): number {
    const key = space * CHUNKS_PER_SPACE + (vpn >>> 8);
    let chunk = this.chunks.get(key);
    if (chunk === undefined) {
      chunk = this.chunkSpace.push(space);
      this.chunkFirst.push(vpn & ~(CHUNK - 1));
      this.chunks.set(key, chunk);
      this.tip.ensure("entries", (chunk + 1) * CHUNK);
      this.now.ensure("entries", (chunk + 1) * CHUNK);
    }
    return chunk * CHUNK + (vpn & (CHUNK - 1));
  }

  /** The same, -1 if nothing was ever seen near it. */
  entryIfAny(space: number, vpn: number): number {
    const chunk = this.chunks.get(space * CHUNKS_PER_SPACE + (vpn >>> 8));
    return chunk === undefined ? -1 : chunk * CHUNK + (vpn & (CHUNK - 1));
  }

  entrySpace(entry: number): number { return this.chunkSpace.data[Math.floor(entry / CHUNK)]!; }
  entryVpn(entry: number): number { return this.chunkFirst.data[Math.floor(entry / CHUNK)]! + (entry % CHUNK); }

  /** Entries that have CONTENT now. */
  sharers(content: number): number[] {
    const found: number[] = [];
    const { entryContent } = this.now;
    if (content < 0) return found;
    for (let at = entryContent.indexOf(content + 1); at >= 0; at = entryContent.indexOf(content + 1, at + 1)) found.push(at);
    return found;
  }

  /** The space that records call WHO at this point of the index; -1: the kernel. */
  private spaceOf(who: number): number {
    if (who === 0) return -1;
    return (this.whoSpace[who] ??= this.newSpace(who));
  }

  private newSpace(who: number): number {
    this.spaceWho.push(who);
    this.spaceRegions.push([]);
    this.tip.ensure("spaces", this.spaces + 1);
    this.now.ensure("spaces", this.spaces + 1);
    this.tip.spaceAlive[this.spaces] = 1;
    return this.spaces++;
  }

  private contentOf(id: number): number {
    if (id === 0) return -1;
    let content = this.contentIds.get(id);
    if (content === undefined) {
      content = this.contents++;
      this.tip.ensure("contents", this.contents);
      this.contentIds.set(id, content);
    }
    return content;
  }

  private regionOf(space: number, id: number): number {
    const key = space * 4294967296 + id;
    let region = this.regionIds.get(key);
    if (region === undefined) {
      region = this.regions++;
      this.tip.ensure("regions", this.regions);
      this.regionIds.set(key, region);
      this.regionSpace.push(space);
      if (space >= 0) this.spaceRegions[space]!.push(region);
    }
    return region;
  }

  /** Fills the columns of event I. */
  private resolve(i: number): void {
    const { trace } = this;
    const kind = trace.kind(i), who = trace.who(i);
    if (kind === E.SPACE) this.whoSpace[who] = this.newSpace(who);
    const space = this.spaceOf(who);
    this.space[i] = space;
    const page = PAGE_ARG[kind]!;
    let content = -1;
    if (kind === E.UNFOLD || (kind === E.TABLE_ENTRY && trace.arg(i, page) === 0)) content = this.unfold(i, kind);
    else if (page >= 0) content = this.contentOf(trace.arg(i, page));
    this.content[i] = content;
    this.aux[i] = this.resolveOther(i, kind, space);
    if (content >= 0 && this.aux[i]! >= 0 && kind !== E.PROCESS) this.seen(this.aux[i]!);
    if (content >= 0) this.contentEvents.add(content, i);
    const frame = this.frameOf(i);
    if (frame >= 0) this.frameEvents.add(frame, i);
    this.afterResolve(i, kind, content);
  }

  private seen(entry: number): void {
    this.entrySeen.reach(entry + 1);
    this.entrySeen.data[entry] = 1;
  }

  private resolveOther(i: number, kind: number, space: number): number {
    const { trace } = this;
    if (REGION_ARG[kind]! >= 0) return this.regionOf(space, trace.arg(i, REGION_ARG[kind]!));
    if (OTHER_SPACE_ARG[kind]! >= 0) return this.spaceOf(trace.arg(i, OTHER_SPACE_ARG[kind]!));
    if (space < 0) return -1;
    if (ADDRESS_ARG[kind]! >= 0 && PAGE_ARG[kind]! >= 0) return this.entryOf(space, trace.arg(i, ADDRESS_ARG[kind]!) >>> 12);
    if (VPN_ARG[kind]! >= 0) return this.entryOf(space, trace.arg(i, VPN_ARG[kind]!));
    return -1;
  }

  /** The content that stands in the slot event I of KIND tells of, known by its page again from now on. */
  private unfold(i: number, kind: number): number {
    const slot = this.trace.arg(i, SLOT_ARG[kind]!);
    let content = this.folded.get(slot);
    if (content === undefined) {
      content = this.contents++;
      this.tip.ensure("contents", this.contents);
    }
    if (kind === E.UNFOLD) {
      this.folded.delete(slot);
      this.contentIds.set(this.trace.arg(i, PAGE_ARG[kind]!), content);
    } else this.folded.set(slot, content);
    return content;
  }

  /** What event I changes in what is known of numbers that may be used again; mentions of more than one content. */
  private afterResolve(i: number, kind: number, content: number): void {
    const { trace } = this;
    if (kind === E.GONE || (kind === E.LEFT && trace.detail(i) & 1)) this.contentIds.delete(trace.arg(i, PAGE_ARG[kind]!));
    else if (kind === E.FOLD) {
      this.contentIds.delete(trace.arg(i, PAGE_ARG[kind]!));
      this.folded.set(trace.arg(i, SLOT_ARG[kind]!), content);
    } else if (kind === E.SLOT_FREE) this.endFolded(i);
    else if (kind === E.REGION_END) this.regionIds.delete(this.space[i]! * 4294967296 + trace.arg(i, REGION_ARG[kind]!));
    else if (kind === E.SPACE_END) delete this.whoSpace[trace.who(i)];
    else if (kind === E.MARK) this.marks.push(i);
    else if (kind === E.COPY_RUN || kind === E.CLEAR_RUN) this.mentionRun(i, kind);
    else if (kind === E.READ || kind === E.WRITE) this.mentionSlots(i, kind);
    else if (kind === E.TABLES && this.middle && this.tablesAt < 0) this.tablesAt = i;
    else if (kind === E.TABLES_END && this.tablesAt >= 0 && this.tablesEnd === Infinity) this.tablesEnd = i;
  }

  private endFolded(i: number): void {
    const slot = this.trace.arg(i, SLOT_ARG[E.SLOT_FREE]!), content = this.folded.get(slot);
    if (content === undefined) return;
    this.contentEvents.add(content, i);
    this.folded.delete(slot);
  }

  /** The contents whose entries are copied or ended know of it. */
  private mentionRun(i: number, kind: number): void {
    const first = this.trace.arg(i, argument(kind, "vpn"));
    for (let bit = 0, mask = this.trace.arg(i, argument(kind, "mask")); mask !== 0; bit++, mask >>>= 1) {
      if (!(mask & 1)) continue;
      const content = this.tip.entryContent[this.entryOf(this.space[i]!, first + bit)]! - 1;
      if (content >= 0) this.contentEvents.add(content, i);
    }
  }

  /** The contents in the slots of a request know of it. */
  private mentionSlots(i: number, kind: number): void {
    if (this.trace.detail(i) !== 0) return;
    const first = this.trace.arg(i, argument(kind, "first")), count = this.trace.arg(i, argument(kind, "count"));
    for (let slot = first; slot < first + count; slot++) {
      const content = this.tip.slotOwner[slot] ?? -1;
      if (content >= 0) this.contentEvents.add(content, i);
    }
  }

  /** The first event at or after TIME: how many had happened by then. */
  eventAtTime(time: number): number {
    let low = 0, high = this.indexed;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.trace.time(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
