// One run on the page: its pictures, its events, and what is looked at.
import { E } from "quire-header";
import { el } from "./dom";
import { FramesPicture, SwapPicture, spaceLegend } from "./frames";
import { eventItem, showLife } from "./life";
import { Model } from "./model";
import { Panel, type Legend, type Owner } from "./panel";
import { NOTHING, type Selection } from "./picture";
import { SpacesPicture } from "./spaces";
import { eventClass } from "./story";
import { chosenTheme } from "./theme";
import { FAULT_WORDS, TimelinePicture, faultColour } from "./timeline";

/** What the list of events can show. */
export const CLASSES: [name: string, words: string, shown: boolean][] = [
  ["fault", "Faults", true], ["evict", "Evictions", true], ["disk", "Disk", true], ["process", "Processes", true],
  ["policy", "Policy", false], ["call", "System calls", false], ["book", "Book-keeping", false],
];
const AROUND = 14;

const whereLegend: Legend = () => {
  const t = chosenTheme();
  return [[t.frame, "in memory"], [t.frame, "in memory, not mapped yet", "half"], [t.swap, "in swap"], [t.file, "in its file"],
    [t.zero, "all zeroes"], [t.nowhere, "not touched yet"], [t.frame, "shared", "dot"], [t.soft, "never touched, left out", "gap"]];
};
const frameLegend: Legend = (model) => {
  const t = chosenTheme();
  return [...spaceLegend(model, t).slice(0, 8), [t.file, "file page nobody maps"], [t.kernel, "kernel"], [t.nowhere, "free"],
    [t.swap, "dirty", "corner"], [t.soft, "used lately", "dot"], [t.ink, "locked", "ring"], [t.bad, "chosen to go", "ring"], [t.accent, "the policy's hand", "hand"]];
};
const swapLegend: Legend = () => {
  const t = chosenTheme();
  return [[t.nowhere, "free"], [t.bad, "bad"]];
};
const timeLegend: Legend = () => {
  const t = chosenTheme();
  return Object.entries(FAULT_WORDS).map(([kind, words]) => [faultColour(t, kind), words]);
};

export class Run implements Owner {
  selection: Selection = NOTHING;
  readonly timeline = new TimelinePicture();
  readonly panels: Panel[];
  readonly timePanel: Panel;
  readonly element: HTMLElement;
  readonly list = el("ol", { class: "events", "aria-label": "Events around this moment" });
  readonly life = el("section", { class: "panel life", "aria-label": "What is looked at", hidden: true });

  constructor(public model: Model, readonly title: string, private readonly host: { show: Set<string>; seekRun(run: Run, event: number): void; refresh(): void; say(text: string): void }) {
    const [spaces, frames, swap] = [new Panel(new SpacesPicture(), this, whereLegend), new Panel(new FramesPicture(), this, frameLegend), new Panel(new SwapPicture(), this, swapLegend)];
    this.panels = [spaces, frames, swap];
    this.timePanel = new Panel(this.timeline, this, timeLegend, false);
    this.element = el("div", { class: "run" },
      el("div", { class: "column wide" }, spaces.element),
      el("div", { class: "column" }, frames.element, swap.element),
      el("div", { class: "column telling" }, this.life,
        el("section", { class: "panel list", "aria-label": "Events" }, el("header", {}, el("h2", {}, "What happens"), el("span", { class: "summary" }, title)), this.list)));
    this.listenToTimeline();
  }

  private listenToTimeline(): void {
    const { canvas } = this.timePanel;
    const go = (event: MouseEvent): void => {
      const time = this.timeline.timeAt(this.model, event.offsetX, canvas.clientWidth);
      this.host.seekRun(this, this.model.eventAtTime(time));
    };
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); go(event); });
    canvas.addEventListener("pointermove", (event) => { if (event.buttons & 1) go(event); });
  }

  say(text: string): void { this.host.say(text); }
  seek(event: number): void { this.host.seekRun(this, event); }

  select(selection: Selection): void {
    this.selection = selection;
    this.host.refresh();
  }

  /** What is looked at follows its content: where the content has gone, not who came after it. */
  private follow(): void {
    const { selection } = this;
    if (selection.content < 0) return;
    this.selection = { ...selection, frame: -1, slot: -1 };
  }

  draw(words: boolean): void {
    this.follow();
    for (const panel of this.panels) panel.draw();
    this.timePanel.draw();
    if (words) this.drawWords();
  }

  private drawWords(): void {
    const { selection } = this;
    const chosen = selection.content >= 0 || selection.frame >= 0 || selection.slot >= 0;
    this.life.hidden = !chosen;
    if (chosen) showLife(this.life, this, selection);
    const { model } = this, events: number[] = [];
    for (let at = model.position - 1, steps = 0; at >= 0 && events.length < AROUND && steps < 4000; at--, steps++) if (this.shows(at)) events.unshift(at);
    const past = events.length;
    for (let at = model.position, steps = 0; at < model.count && events.length < past + AROUND && steps < 4000; at++, steps++) if (this.shows(at)) events.push(at);
    this.list.replaceChildren(...events.map((event) => eventItem(this, event, event === model.position - 1)));
    const current = this.list.querySelector(".now") ?? this.list.children[past - 1];
    if (current instanceof HTMLElement) this.list.scrollTop = current.offsetTop - this.list.offsetTop - this.list.clientHeight / 2;
  }

  shows(event: number): boolean {
    return event === this.model.position - 1 || this.host.show.has(eventClass(this.model.trace.kind(event)));
  }

  /** The next event, or the one before, for which TEST holds; the end of the run if there is none. */
  find(direction: 1 | -1, test: (kind: number) => boolean): number {
    const { model } = this;
    for (let at = model.position - 1 + direction; at >= 0 && at < model.count; at += direction) if (test(model.trace.kind(at))) return at + 1;
    return direction > 0 ? model.count : 0;
  }
}

export const isFault = (kind: number): boolean => kind === E.FAULT || kind === E.FAULT_FAILED;
export const isMark = (kind: number): boolean => kind === E.MARK || kind === E.NAME || kind === E.EXIT;
