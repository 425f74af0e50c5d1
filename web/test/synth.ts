// Traces that no guest recorded: a small machine that pages by a clock and notes what it does, for tests of the viewer.
import { E, KINDS, MAGIC, VERSION, WORDS } from "quire-header";
import { Home } from "../src/tables";
import { HEAD_BYTES, RECORD_BYTES } from "../src/trace";

export interface Wish {
  frames: number;
  slots: number;
  events: number;
  processes?: number;
  /** Pages that each process goes through, again and again. */
  pages?: number;
  policy?: "fifo" | "clock";
  fork?: boolean;
}

interface Page { id: number; vpn: number; who: number; frame: number; slot: number; dirty: boolean; used: boolean }

const HEAP = 0x8400, STACK = 0xbfffe, CODE = 0x8048;

export class Synth {
  private records: number[][] = [];
  private time = 1e8;
  private nextId = 0xc1000000;
  private readonly frames: (Page | null)[];
  private readonly slots: boolean[];
  private hand = 0;
  private readonly pages = new Map<string, Page>();
  private seed = 1;

  constructor(readonly wish: Wish) {
    this.frames = new Array<Page | null>(wish.frames).fill(null);
    this.slots = new Array<boolean>(wish.slots).fill(false);
  }

  private random(below: number): number {
    this.seed = (this.seed * 1103515245 + 12345) & 0x7fffffff;
    return Math.floor((this.seed / 0x80000000) * below);
  }

  /** Adds an event of KIND, its arguments by their names. */
  note(kind: number, who: number, detail: number, args: Record<string, number> = {}): void {
    this.time += 200 + this.random(400);
    const values = KINDS[kind]!.args.map(([name]) => args[name] ?? 0);
    this.records.push([this.time, kind | (detail << 8) | (who << 16), ...values]);
  }

  text(kind: number, who: number, words: string): void {
    const bytes = new Uint8Array(20);
    bytes.set(new TextEncoder().encode(words).subarray(0, 20));
    this.time += 100;
    this.records.push([this.time, kind | (who << 16), ...new Uint32Array(bytes.buffer)]);
  }

  get length(): number { return this.records.length; }

  private key(who: number, vpn: number): string { return `${who}:${vpn}`; }

  start(who: number, name: string): void {
    this.note(E.SPACE, who, 0);
    const region = (id: number, kind: string, rights: number, start: number, end: number): void =>
      this.note(E.REGION, who, rights | (WORDS["kind"]!.indexOf(kind) << 3), { region: id + who * 64, start, end });
    region(16, "code", 5, CODE, CODE + 12);
    region(20, "data", 3, CODE + 12, CODE + 16);
    region(24, "heap", 3, HEAP, HEAP + (this.wish.pages ?? 200));
    region(28, "stack", 3, STACK - 4, STACK + 1);
    this.note(E.PROCESS, who, 0, { pid: who + 2, parent: 0 });
    this.text(E.NAME, who, name);
  }

  /** Lets the policy free a frame. */
  private evict(): number {
    for (;;) {
      const frame = this.hand, page = this.frames[frame]!;
      this.hand = (this.hand + 1) % this.frames.length;
      this.note(E.DECISION, 0, 0, { frame: this.hand });
      if (this.wish.policy !== "fifo" && page.used) {
        page.used = false;
        this.note(E.FOUND, page.who, 0, { frame, page: page.id });
        continue;
      }
      this.note(E.VICTIM, 0, 0, { frame, page: page.id });
      this.note(E.UNMAPPED, 0, page.dirty ? 1 : 0, { page: page.id });
      this.note(E.EVICT, page.who, page.dirty ? 1 : 0, { frame, page: page.id, place: page.vpn });
      if (page.dirty) {
        page.slot = this.slots.indexOf(false);
        this.slots[page.slot] = true;
        this.note(E.SLOTS, 0, 0, { slot: page.slot, count: 1 });
        this.note(E.WRITE, 0, 0, { first: page.slot, count: 1 });
        this.time += 60000;
        this.note(E.WRITE_DONE, 0, 0, { first: page.slot, count: 1 });
        this.note(E.IN_SLOT, 0, 0, { page: page.id, slot: page.slot });
      }
      this.note(E.LEFT, 0, 0, { frame, page: page.id });
      page.frame = -1;
      page.dirty = false;
      this.frames[frame] = null;
      return frame;
    }
  }

  /** WHO reads or writes virtual page VPN. */
  touch(who: number, vpn: number, write: boolean): void {
    let page = this.pages.get(this.key(who, vpn));
    if (page !== undefined && page.frame >= 0) {
      page.used = true;
      if (write) page.dirty = true;
      return;
    }
    const fresh = page === undefined, isCode = vpn < CODE + 16;
    if (page === undefined) {
      page = { id: (this.nextId += 32), vpn, who, frame: -1, slot: -1, dirty: false, used: true };
      this.pages.set(this.key(who, vpn), page);
    }
    const home = page.slot >= 0 ? Home.SWAP : isCode ? Home.FILE : Home.ZERO;
    const address = vpn * 4096 + 16;
    this.note(E.FAULT_START, who, (write ? 1 : 0) | (home << 1), { address, page: page.id, store: isCode ? 0xc2000000 : 0 });
    let frame = this.frames.indexOf(null);
    if (frame < 0) frame = this.evict();
    this.note(E.LEND, 0, 0, { frame, page: page.id });
    this.frames[frame] = page;
    page.frame = frame;
    if (page.slot >= 0) this.readBack(page, who);
    this.note(E.ARRIVE, who, home << 2, { frame, page: page.id, key: vpn });
    page.used = true;
    page.dirty = write && !isCode;
    this.note(E.FAULT, who, (home === Home.SWAP ? 3 : isCode ? 2 : fresh ? 1 : 1) | (write ? 8 : 0), { address, page: page.id, frame });
  }

  private readBack(page: Page, who: number): void {
    this.note(E.READ, who, 0, { first: page.slot, count: 1 });
    this.time += 80000;
    this.note(E.READ_DONE, 0, 0, { first: page.slot, count: 1 });
    this.note(E.SLOT_FREE, 0, 0, { slot: page.slot });
    this.note(E.IN_SLOT, 0, 0, { page: page.id, slot: 0xffffffff });
    this.slots[page.slot] = false;
    page.slot = -1;
  }

  /** WHO ends, and all that it had. */
  end(who: number, status: number): void {
    this.note(E.EXIT, who, 0, { pid: who + 2, status });
    for (const page of [...this.pages.values()].filter((p) => p.who === who)) {
      this.note(E.CLEAR_RUN, who, 0, { vpn: page.vpn, mask: 1 });
      if (page.frame >= 0) {
        this.note(E.LEFT, 0, 1, { frame: page.frame, page: page.id });
        this.frames[page.frame] = null;
      } else this.note(E.GONE, 0, 0, { page: page.id });
      if (page.slot >= 0) {
        this.note(E.SLOT_FREE, 0, 0, { slot: page.slot });
        this.slots[page.slot] = false;
      }
      this.pages.delete(this.key(who, page.vpn));
    }
    for (const [id, start, end] of [[16, CODE, CODE + 12], [20, CODE + 12, CODE + 16], [24, HEAP, HEAP + (this.wish.pages ?? 200)], [28, STACK - 4, STACK + 1]])
      this.note(E.REGION_END, who, 0, { region: id! + who * 64, start: start!, end: end! });
    this.note(E.SPACE_END, who, 0);
  }

  /** Runs the program until there are enough events. */
  run(): this {
    const { processes = 2, pages = 200, events } = this.wish;
    this.note(E.BOOT, 0, 0, { frames: this.wish.frames, slots: this.wish.slots, cluster: 1 });
    this.text(E.POLICY, 0, this.wish.policy ?? "clock");
    for (let who = 1; who <= processes; who++) this.start(who, who === 1 ? "sort" : `linear ${who}`);
    let step = 0;
    for (; this.records.length < events - pages * 5 * processes; step++) {
      const who = (step >> 5) % processes + 1, at = step % pages;
      if (step % 32 === 0) this.note(E.SWITCH, who, 0, { thread: who + 4 });
      if (step % 7 === 0) this.touch(who, CODE + (step >> 3) % 12, false);
      if (step % 41 === 0) this.touch(who, STACK - this.random(3), true);
      this.touch(who, HEAP + (step % 3 === 0 ? this.random(Math.min(pages, 24)) : at), step % 2 === 0);
      if (step > 0 && step % (pages * 4) === 0) this.text(E.MARK, who, `round ${step / pages / 4}`);
      if (step % 100 === 0) this.note(E.CALL, who, 9, { first: 1 });
    }
    for (let who = 1; who <= processes; who++) this.end(who, 0);
    return this;
  }

  /** The bytes of the trace's file. */
  bytes(): Uint8Array {
    const buffer = new ArrayBuffer(HEAD_BYTES + this.records.length * RECORD_BYTES);
    const view = new DataView(buffer), bytes = new Uint8Array(buffer);
    const put = (text: string, at: number): void => { bytes.set(new TextEncoder().encode(text), at); };
    const last = this.records.at(-1)?.[0] ?? 0;
    put(MAGIC, 0);
    const { frames, slots, policy = "clock" } = this.wish;
    [VERSION, RECORD_BYTES, this.records.length, 1, this.records.length, 0].forEach((word, i) => view.setUint32(8 + 4 * i, word, true));
    view.setFloat64(40, 0);
    view.setUint32(40, 1e8, true);
    view.setUint32(48, last % 4294967296, true);
    view.setUint32(52, Math.floor(last / 4294967296), true);
    [0, Math.max(1, Math.floor((last - 1e8) / 1e6)), frames, slots].forEach((word, i) => view.setUint32(56 + 4 * i, word, true));
    put(policy, 72);
    put("sort 4M", 88);
    this.records.forEach((record, i) => {
      const at = HEAD_BYTES + i * RECORD_BYTES;
      view.setUint32(at, record[0]! % 4294967296, true);
      view.setUint32(at + 4, Math.floor(record[0]! / 4294967296), true);
      for (let word = 1; word < record.length; word++) view.setUint32(at + 4 + 4 * word, record[word]! >>> 0, true);
    });
    return bytes;
  }
}
