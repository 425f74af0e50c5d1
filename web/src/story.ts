// Events told in sentences, and what things are called.
import { CALLS, E, ERRORS, KINDS, WORDS } from "quire-header";
import { argument } from "./apply";
import type { Model } from "./model";
import { BAD, FREE, HOMES, Home, KERNEL, TAKEN, Where } from "./tables";

/** Words of LIST (a kind of vm/event.h) for NUMBER. */
export function word(list: string, number: number): string {
  return WORDS[list]?.[number] ?? String(number);
}

export const hex = (number: number): string => "0x" + number.toString(16);
export const number = (value: number): string => Math.round(value).toLocaleString("en");
const some = (count: number, what: string): string => (count === 1 ? `one ${what}` : `${number(count)} ${what}s`);

/** What the process of SPACE is called. */
export function spaceName(model: Model, space: number): string {
  if (space < 0) return "the kernel";
  const tables = model.now.spaceName[space]! >= 0 ? model.now : model.end;
  const event = tables.spaceName[space] ?? -1;
  const twins = event >= 0 && model.spaces > 1;
  const name = event >= 0 ? model.trace.text(event) : `process ${model.spaceWho.data[space]}`;
  return twins && tables.spacePid[space]! > 0 ? `${name} (pid ${tables.spacePid[space]})` : name;
}

/** The region that virtual page VPN of SPACE lies in now, or lay in at any time; -1: none. */
export function regionAt(model: Model, space: number, vpn: number): number {
  const regions = space >= 0 ? model.spaceRegions[space]! : [];
  for (const tables of [model.now, model.end])
    for (let i = regions.length - 1; i >= 0; i--) {
      const region = regions[i]!;
      if ((tables === model.end || tables.regionAlive[region]) && tables.regionStart[region]! <= vpn && vpn < tables.regionEnd[region]!)
        return region;
    }
  return -1;
}

export function regionKind(model: Model, region: number): string {
  const rights = model.now.regionRights[region]! || model.end.regionRights[region]!;
  return word("kind", (rights >> 3) & 7);
}

/** "rw- private" and the like. */
export function rightsText(rights: number): string {
  const letters = (rights & 1 ? "r" : "-") + (rights & 2 ? "w" : "-") + (rights & 4 ? "x" : "-");
  return `${letters} ${rights & 64 ? "shared" : "private"}`;
}

/** What virtual page VPN of SPACE is called. */
export function placeName(model: Model, space: number, vpn: number): string {
  const region = regionAt(model, space, vpn);
  const where = region < 0 ? "page" : `${regionKind(model, region)} page`;
  return `${spaceName(model, space)}'s ${where} ${hex(vpn * 4096)}`;
}

/** What CONTENT is called: by the first virtual page that has it, or had it. */
export function contentName(model: Model, content: number): string {
  if (content < 0) return "a page";
  const [sharer] = model.sharers(content);
  if (sharer !== undefined) return placeName(model, model.entrySpace(sharer), model.entryVpn(sharer));
  for (const event of model.contentEvents.of(content)) {
    const kind = model.trace.kind(event);
    if ((kind === E.FAULT || kind === E.FAULT_START) && model.aux[event]! >= 0)
      return placeName(model, model.space[event]!, model.entryVpn(model.aux[event]!));
  }
  return "a page of a file";
}

/** Where CONTENT is now, in words. */
export function whereText(model: Model, content: number): string {
  const t = model.now;
  switch (t.where[content]) {
    case Where.ZERO: return "nowhere: it is all zeroes, made when needed";
    case Where.FILE: return "in its file";
    case Where.SWAP: return t.contentSlot[content]! >= 0 ? `in swap, slot ${t.contentSlot[content]}` : "in swap";
    case Where.FRAME: return `in frame ${t.contentFrame[content]}`;
    case Where.GONE: return "gone: nobody has it any more";
    default: return "not known yet";
  }
}

export function frameOwnerText(model: Model, frame: number): string {
  const owner = model.now.frameOwner[frame]!;
  return owner === FREE ? "free" : owner === KERNEL ? "the kernel's own" : contentName(model, owner);
}

export function slotOwnerText(model: Model, slot: number): string {
  const owner = model.now.slotOwner[slot]!;
  return owner === FREE ? "free" : owner === BAD ? "bad, never used again" : owner === TAKEN ? "taken" : contentName(model, owner);
}

/** What a sentence is made from. */
class Teller {
  readonly kind: number;
  readonly detail: number;
  constructor(readonly model: Model, readonly event: number) {
    this.kind = model.trace.kind(event);
    this.detail = model.trace.detail(event);
  }
  arg(name: string): number { return this.model.trace.arg(this.event, argument(this.kind, name)); }
  get who(): string { return spaceName(this.model, this.model.space[this.event]!); }
  get other(): string { return spaceName(this.model, this.model.aux[this.event]!); }
  get page(): string { return contentName(this.model, this.model.content[this.event]!); }
  get frame(): string { return `frame ${this.arg("frame")}`; }
  get place(): string { return placeName(this.model, this.model.space[this.event]!, this.arg("address") >>> 12); }
  get text(): string { return this.model.trace.text(this.event); }
  get error(): string {
    const error = this.arg("error") | 0;
    return error === 0 ? "" : ERRORS[error]?.replace(/\.$/, "") ?? `error ${error}`;
  }
  /** "pages 3 to 7 of a file" or "slots 3 to 7". */
  get request(): string {
    const first = this.arg("first"), count = this.arg("count"), file = (this.detail & 1) === 1;
    const noun = file ? "page" : "slot";
    const range = count === 1 ? `${noun} ${first}` : `${noun}s ${first} to ${first + count - 1}`;
    return file ? `${range} of a file` : `${range} of swap`;
  }
  get run(): string {
    let count = 0;
    for (let mask = this.arg("mask"); mask !== 0; mask >>>= 1) count += mask & 1;
    return `${some(count, "page")} from ${hex(this.arg("vpn") * 4096)} on`;
  }
}

const FAULT_TEXT: Record<string, string> = {
  cached: "the page was in a frame already and only had to be mapped",
  zero: "it gets a fresh page of zeroes",
  file: "its content was read from a file",
  swap: "its content came back from swap",
  cow: "it wrote to a shared page and got a copy of its own",
  error: "it could not be helped",
};

/** Where a fault found the content, of DETAIL. */
function foundText(detail: number): string {
  const state = word("state", (detail >> 4) & 3), home = (detail >> 1) & HOMES;
  if (state === "resident") return detail & 1 ? "it is in memory, but not mapped for writing" : "it is in memory, but not mapped";
  if (state === "arriving") return "it is just being read";
  if (state === "leaving") return "it is just being written out";
  if (home === Home.FILE) return "its content is in a file";
  return home === Home.SWAP ? "its content is in swap" : "it holds nothing yet";
}

type Tell = (t: Teller) => string;
const TELL: Record<string, Tell> = {
  BOOT: (t) => `The virtual memory starts, with ${some(t.arg("frames"), "frame")} and ${some(t.arg("slots"), "slot")}.`,
  POLICY: (t) => `The replacement policy is ${t.text}.`,
  SPACE: () => "A new address space is made; it is empty.",
  SPACE_END: (t) => `The address space of ${t.who} has given everything back.`,
  NAME: (t) => `A process is called ${t.text}.`,
  PROCESS: (t) => t.detail === 1 ? `${t.who} starts: a copy of ${t.other}.` : `${t.who} starts.`,
  EXEC: (t) => `${t.who} is loaded from its file; nothing has been read of it yet but its head.`,
  EXIT: (t) => t.detail === 0 || t.detail === 1 ? `${t.who} ends with status ${t.arg("status") | 0}.` : `${t.who} is ended (${word("ending", t.detail)}).`,
  SWITCH: (t) => t.model.space[t.event]! < 0 ? "The processor goes to a thread of the kernel." : `The processor goes to ${t.who}.`,
  CALL: (t) => `${t.who} calls ${CALLS[t.detail] ?? `system call ${t.detail}`}.`,
  RETURN: (t) => `${CALLS[t.detail] ?? "The call"} gives ${t.who} ${t.arg("result") | 0}.`,
  MARK: (t) => `${t.who} says: “${t.text}”.`,
  REGION: (t) => `${t.who} has ${some(t.arg("end") - t.arg("start"), "page")} of ${word("kind", (t.detail >> 3) & 7)} ` +
    `from ${hex(t.arg("start") * 4096)} on, ${rightsText(t.detail)}.`,
  REGION_END: (t) => `${t.who} has the region at ${hex(t.arg("start") * 4096)} no more.`,
  FAULT_START: (t) => `Page fault: ${t.detail & 1 ? "a write to" : "a read of"} ${t.place}; ${foundText(t.detail)}.`,
  FAULT: (t) => `The fault at ${t.place} is served: ${FAULT_TEXT[word("fault", t.detail & 7)] ?? ""}${t.detail & 16 ? "; the stack grew" : ""}.`,
  FAULT_FAILED: (t) => `A fault of ${t.who} at ${hex(t.arg("address"))} cannot be helped: ${t.error}.`,
  STORE_PAGE: (t) => `Page ${t.arg("index")} of a file is known to the VM from now on; whoever needs it will find it here.`,
  LEND: (t) => `${cap(t.frame)} is lent to ${t.page}, which is on its way in.`,
  FREE: (t) => `${cap(t.frame)} is free again: its page did not arrive.`,
  ARRIVE: (t) => `${cap(t.page)} is in ${t.frame}${["", ", read ahead: nobody has asked for it yet", ", a copy", ", newly made"][t.detail & 3]}.`,
  LEFT: (t) => t.detail & 1 ? `${cap(t.page)} has ended; ${t.frame} is free.` : `${cap(t.page)} is out; ${t.frame} is free.`,
  GONE: (t) => `${cap(t.page)} has ended: nobody needs it.`,
  LEND_KERNEL: (t) => `The kernel borrows ${t.frame} for itself.`,
  RETURN_KERNEL: (t) => `The kernel gives ${t.frame} back.`,
  UNMAPPED: (t) => `${cap(t.page)} is taken out of all page tables${t.detail & 1 ? "; it was written to" : "; it is clean"}.`,
  UNMAP_RUN: (t) => `${cap(t.run)} of ${t.who} are taken out of the page table.`,
  CLEAR_RUN: (t) => `${t.who} gives up ${t.run}.`,
  FORK: (t) => `${t.who} forks: ${t.other} gets the same pages, copied when one of them writes.`,
  COPY_RUN: (t) => `${t.other} shares ${t.run} with ${t.who}.`,
  FOLD: (t) => `${cap(t.page)} needs no record while it is in slot ${t.arg("slot")}.`,
  UNFOLD: (t) => `${cap(t.page)}, in slot ${t.arg("slot")}, has a record again.`,
  EVICT: (t) => `${cap(t.page)} must leave ${t.frame}: ` +
    `${["it is clean and just dropped", "it goes to swap", "it goes to its file"][t.detail & 0x7f] ?? "it goes"}${t.detail & 0x80 ? ", along with a neighbour" : ""}.`,
  NOT_LEFT: (t) => `${cap(t.page)} could not be written and stays.`,
  IN_SLOT: (t) => t.arg("slot") === 0xffffffff ? `${cap(t.page)} needs its slot no more.` : `${cap(t.page)} has slot ${t.arg("slot")}.`,
  SLOTS: (t) => `${cap(some(t.arg("count"), "slot"))} of swap from ${t.arg("slot")} on ${t.arg("count") === 1 ? "is" : "are"} taken.`,
  SLOT_FREE: (t) => `Slot ${t.arg("slot")} is free.`,
  SLOT_BAD: (t) => `Slot ${t.arg("slot")} could not be written and is never used again.`,
  READ: (t) => `The disk is asked to read ${t.request}${t.arg("count") > 1 ? "; one is wanted, the rest is read ahead" : ""}.`,
  READ_DONE: (t) => `The disk has ${t.error ? `not read ${t.request}: ${t.error}` : `read ${t.request}`}.`,
  WRITE: (t) => `The disk is asked to write ${t.request}.`,
  WRITE_DONE: (t) => `The disk has ${t.error ? `not written ${t.request}: ${t.error}` : `written ${t.request}`}.`,
  SYNC: (t) => `${cap(t.page)} is being written to its file and stays in memory.`,
  SYNC_DONE: (t) => `${cap(t.page)} ${t.detail & 1 ? "is still dirty" : "is on disk"}.`,
  LOCK: (t) => `${t.who} locks ${t.page} in its frame.`,
  UNLOCK: (t) => `${t.who} unlocks ${t.page}.`,
  PIN: (t) => `The kernel holds ${t.page} for a moment, to copy.`,
  VICTIM: (t) => `The policy chooses ${t.frame}, ${t.page}, to go.`,
  FOUND: (t) => `The policy looks at ${t.frame}: ${t.page} was used lately.`,
  DECISION: (t) => t.detail === 0 ? `The policy's hand stands at ${t.frame}.` : `The policy, about ${t.frame}: ${word("decision", t.detail).replace("-", " ")}.`,
  STOP: (t) => `Load control stops ${t.who}, so that the others have room.`,
  RESUME: (t) => `Load control lets ${t.who} go on.`,
};

/** TEXT with a capital at its beginning, unless it begins with a program's name. */
function cap(text: string): string {
  return /^(one|a|an|frame|page|pages|slot|slots|the|\d[\d,]*) /.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text;
}

/** EVENT of MODEL in a sentence. */
export function tell(model: Model, event: number): string {
  const kind = KINDS[model.trace.kind(event)]!;
  return TELL[kind.name]?.(new Teller(model, event)) ?? kind.sentence;
}

/** What kind of thing EVENT is, for its colour and its filter. */
export function eventClass(kind: number): string {
  switch (kind) {
    case E.FAULT: case E.FAULT_START: case E.FAULT_FAILED: return "fault";
    case E.EVICT: case E.LEFT: case E.VICTIM: case E.UNMAPPED: case E.NOT_LEFT: return "evict";
    case E.READ: case E.READ_DONE: case E.WRITE: case E.WRITE_DONE: case E.SYNC: case E.SYNC_DONE: return "disk";
    case E.DECISION: case E.FOUND: return "policy";
    case E.MARK: case E.PROCESS: case E.EXIT: case E.EXEC: case E.FORK: case E.STOP: case E.RESUME: case E.NAME: return "process";
    case E.CALL: case E.RETURN: case E.SWITCH: return "call";
    default: return "book";
  }
}
