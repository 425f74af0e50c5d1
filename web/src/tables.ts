// The tables of the VM as they were at one moment: typed arrays that can be copied whole.
// Contents, entries, spaces and regions have dense numbers that the index gave them (model.ts).

/** Where a page of content is. */
export const Where = { UNKNOWN: 0, ZERO: 1, FILE: 2, SWAP: 3, FRAME: 4, GONE: 5 } as const;
/** Who has a frame or slot, if no content does. */
export const FREE = -1;
export const KERNEL = -2;
export const BAD = -3;
/** A slot that is taken by something that has not been seen. */
export const TAKEN = -2;

export const FrameFlag = { ARRIVING: 1, LEAVING: 2, DIRTY: 4, SYNCING: 8 } as const;
/** As enum page_home has them, one bit each; and of a page in a slot that needs no record. */
export const Home = { ZERO: 1, FILE: 2, SWAP: 4 } as const;
export const HOMES = 7;
export const FOLDED = 8;

/** Counters that the tables keep. */
export const Count = { FREE_FRAMES: 0, USED_SLOTS: 1, HAND: 2, RUNNING: 3, FAULTS: 4 /* to 9, by kind */, READS: 10, WRITES: 11, CHOSEN: 12, SIZE: 13 } as const;

/** The arrays that grow with what the index has seen, and what a new element is. */
const GROWING = {
  where: [Uint8Array, 0], contentFrame: [Int32Array, -1], contentSlot: [Int32Array, -1], contentHome: [Uint8Array, 0], unmaps: [Uint32Array, 0],
  entryContent: [Int32Array, 0], entryMapped: [Uint32Array, 0], entryLocked: [Uint8Array, 0],
  spaceAlive: [Uint8Array, 0], spaceName: [Int32Array, -1], spacePid: [Int32Array, 0], spaceParent: [Int32Array, -1], spaceStopped: [Uint8Array, 0],
  regionAlive: [Uint8Array, 0], regionStart: [Int32Array, 0], regionEnd: [Int32Array, 0], regionRights: [Uint8Array, 0],
} as const;
const FIXED = ["frameOwner", "frameFlags", "frameTouched", "frameLocks", "slotOwner", "counts"] as const;

type Growing = keyof typeof GROWING;
export type Group = "contents" | "entries" | "spaces" | "regions";
const GROUPS: Record<Group, Growing[]> = {
  contents: ["where", "contentFrame", "contentSlot", "contentHome", "unmaps"],
  entries: ["entryContent", "entryMapped", "entryLocked"],
  spaces: ["spaceAlive", "spaceName", "spacePid", "spaceParent", "spaceStopped"],
  regions: ["regionAlive", "regionStart", "regionEnd", "regionRights"],
};

export class Tables {
  where = new Uint8Array(0);
  contentFrame = new Int32Array(0);
  contentSlot = new Int32Array(0);
  contentHome = new Uint8Array(0);
  /** How often a content was taken out of all page tables; an entry is mapped if it has this number plus one. */
  unmaps = new Uint32Array(0);
  /** Content plus one; 0: none. */
  entryContent = new Int32Array(0);
  entryMapped = new Uint32Array(0);
  entryLocked = new Uint8Array(0);
  spaceAlive = new Uint8Array(0);
  /** The event that named the space. */
  spaceName = new Int32Array(0);
  spacePid = new Int32Array(0);
  spaceParent = new Int32Array(0);
  spaceStopped = new Uint8Array(0);
  regionAlive = new Uint8Array(0);
  regionStart = new Int32Array(0);
  regionEnd = new Int32Array(0);
  regionRights = new Uint8Array(0);
  frameOwner: Int32Array;
  frameFlags: Uint8Array;
  /** The event by which the frame was last seen to be in use. */
  frameTouched: Int32Array;
  frameLocks: Uint8Array;
  slotOwner: Int32Array;
  counts = new Float64Array(Count.SIZE);

  constructor(readonly frames: number, readonly slots: number) {
    this.frameOwner = new Int32Array(frames).fill(FREE);
    this.frameFlags = new Uint8Array(frames);
    this.frameTouched = new Int32Array(frames).fill(-1);
    this.frameLocks = new Uint8Array(frames);
    this.slotOwner = new Int32Array(slots).fill(FREE);
    this.counts[Count.FREE_FRAMES] = frames;
    this.counts[Count.HAND] = -1;
    this.counts[Count.CHOSEN] = -1;
    this.counts[Count.RUNNING] = -1;
  }

  /** Makes room for SIZE elements of GROUP. */
  ensure(group: Group, size: number): void {
    const first = this[GROUPS[group][0]!];
    if (size <= first.length) return;
    const room = Math.max(size, first.length * 2, 256);
    for (const name of GROUPS[group]) {
      const [Type, empty] = GROWING[name];
      const larger = new Type(room).fill(empty);
      larger.set(this[name]);
      (this as Record<Growing, unknown>)[name] = larger;
    }
  }

  /** A copy of the tables, for a checkpoint. */
  copy(): Tables {
    const copy = new Tables(0, 0);
    copy.take(this);
    return copy;
  }

  /** Becomes what OTHER is. */
  take(other: Tables): void {
    for (const name of [...FIXED, ...(Object.keys(GROWING) as Growing[])]) {
      const from = other[name];
      const to = this[name];
      if (to.length >= from.length && (name in GROWING || to.length === from.length)) {
        to.set(from as never);
        if (name in GROWING) to.fill(GROWING[name as Growing][1], from.length);
      } else (this as Record<string, unknown>)[name] = from.slice();
    }
  }

  /** Bytes of a copy. */
  size(): number {
    let bytes = 0;
    for (const name of [...FIXED, ...(Object.keys(GROWING) as Growing[])]) bytes += this[name].byteLength;
    return bytes;
  }

  isMapped(entry: number): boolean {
    const content = this.entryContent[entry]! - 1;
    return content >= 0 && this.entryMapped[entry] === this.unmaps[content]! + 1;
  }
}
