// What is looked at: where it is, who shares it, and its whole life, each event of which leads there.
import { button, el } from "./dom";
import type { Model } from "./model";
import type { Selection } from "./picture";
import { contentName, eventClass, frameOwnerText, number, placeName, slotOwnerText, tell, whereText } from "./story";
import { FrameFlag } from "./tables";

/** How many events of a life are shown at once, before and after now. */
const BEFORE = 60;
const AFTER = 25;

export interface LifeHost {
  model: Model;
  seek(event: number): void;
  select(selection: Selection): void;
}

/** Time of EVENT, in words. */
export function timeText(model: Model, event: number): string {
  const ms = model.trace.milliseconds(model.trace.time(Math.max(0, event)));
  return `${ms.toLocaleString("en", { minimumFractionDigits: 3, maximumFractionDigits: 3 })} ms`;
}

/** EVENT as an item of a list, which leads there. */
export function eventItem(host: LifeHost, event: number, isNow: boolean): HTMLElement {
  const { model } = host;
  const item = button("", tell(model, event), () => host.seek(event + 1), "event");
  item.removeAttribute("title");
  item.removeAttribute("aria-label");
  item.append(el("span", { class: "time" }, timeText(model, event)), el("span", { class: "words" }, tell(model, event)));
  return el("li", { class: `${eventClass(model.trace.kind(event))}${isNow ? " now" : ""}${event >= model.position ? " later" : ""}`, ...(isNow ? { "aria-current": "true" } : {}) }, item);
}

function facts(model: Model, selection: Selection): string[] {
  const { content, frame, slot } = selection, t = model.now, found: string[] = [];
  if (frame >= 0) found.push(`Frame ${frame} now: ${frameOwnerText(model, frame)}.`);
  if (slot >= 0) found.push(`Slot ${slot} now: ${slotOwnerText(model, slot)}.`);
  if (content < 0) return found;
  found.push(`Its content is ${whereText(model, content)}.`);
  const at = t.contentFrame[content]!, flags = at >= 0 ? t.frameFlags[at]! : 0;
  if (flags & FrameFlag.DIRTY) found.push("It was written to since it came, so it must be saved before it can go.");
  return found;
}

/** The part of a life around now: the events, and how many more there are on both sides. */
function around(events: number[], position: number): { shown: number[]; before: number; after: number } {
  let now = events.findIndex((event) => event >= position);
  if (now < 0) now = events.length;
  const from = Math.max(0, now - BEFORE), to = Math.min(events.length, now + AFTER);
  return { shown: events.slice(from, to), before: from, after: events.length - to };
}

function sharersList(host: LifeHost, content: number): HTMLElement[] {
  const { model } = host, sharers = model.sharers(content);
  if (sharers.length === 0) return [el("p", { class: "soft" }, "No process has it at this moment.")];
  const intro = sharers.length === 1 ? "Nobody shares it; it belongs to:" : `It is shared by ${number(sharers.length)} virtual pages:`;
  return [el("p", {}, intro), el("ul", { class: "sharers" }, ...sharers.slice(0, 12).map((entry) =>
    el("li", {}, placeName(model, model.entrySpace(entry), model.entryVpn(entry)) + (model.now.isMapped(entry) ? ", mapped" : ", not mapped: a touch would fault"))),
  ...(sharers.length > 12 ? [el("li", {}, `and ${number(sharers.length - 12)} more`)] : []))];
}

/** Fills BOX with all that is known about SELECTION. */
export function showLife(box: HTMLElement, host: LifeHost, selection: Selection): void {
  const { model } = host, { content, frame } = selection;
  const events = content >= 0 ? model.contentEvents.of(content) : frame >= 0 ? model.frameEvents.of(frame) : [];
  const title = content >= 0 ? contentName(model, content) : frame >= 0 ? `Frame ${frame}` : selection.slot >= 0 ? `Slot ${selection.slot}` : "A page that was never touched";
  const life = around(events, model.position);
  box.replaceChildren(
    el("header", {}, el("h2", {}, title), button("×", "Close", () => host.select({ content: -1, frame: -1, slot: -1, entry: -1 }), "svg")),
    ...facts(model, selection).map((fact) => el("p", {}, fact)),
    ...(content >= 0 ? sharersList(host, content) : []),
    el("h3", {}, events.length > 0 ? `Its life: ${number(events.length)} events` : "Nothing has happened to it."),
    ...(life.before > 0 ? [el("p", { class: "soft" }, `… ${number(life.before)} earlier`)] : []),
    el("ol", { class: "events" }, ...life.shown.map((event) => eventItem(host, event, event === model.position - 1))),
    ...(life.after > 0 ? [el("p", { class: "soft" }, `… ${number(life.after)} later`)] : []),
  );
  box.querySelector(".later")?.previousElementSibling?.scrollIntoView({ block: "nearest" });
}
