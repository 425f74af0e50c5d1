// Over time: page faults by their kind, free frames and the slots taken, with what programs marked.
import { scaleLinear } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import type { Model } from "./model";
import { type Cell, type Picture, type View } from "./picture";
import { FAULT_KINDS } from "./series";
import { number, word } from "./story";
import type { Surface } from "./surface";
import type { Theme } from "./theme";

export const TIMELINE_LEFT = 64;
export const TIMELINE_RIGHT = 12;
const FAULTS = { top: 20, height: 74 };
const LEVELS = { top: 116, height: 40 };
const HEIGHT = 182;
/** The least width of a bar. */
const BAR = 5;
const short = (pixels: number): number => Math.round(pixels * 10) / 10;

/** In which order kinds of faults are stacked, and their colours: the costly ones below. */
const STACK = ["swap", "file", "cow", "zero", "cached", "error"];

export function faultColour(theme: Theme, kind: string): string {
  return { swap: theme.swap, file: theme.file, cow: theme.spaces[1]!, zero: theme.zero, cached: theme.frame, error: theme.bad }[kind] ?? theme.soft;
}

export const FAULT_WORDS: Record<string, string> = {
  swap: "from swap", file: "from a file", cow: "copied on write", zero: "fresh zeroes", cached: "was in a frame", error: "not possible",
};

export class TimelinePicture implements Picture {
  readonly id = "timeline";
  readonly title = "Over time";
  readonly hint = "Page faults by what they cost, and how much memory is free.";
  /** Where the other of two runs is, when this run is here. */
  label = "";
  private kinds: number[] = [];

  draw(s: Surface, view: View): number {
    const { model, theme, width } = view, { series } = model;
    const x = scaleLinear([series.start, Math.max(series.end, series.start + 1)], [TIMELINE_LEFT, width - TIMELINE_RIGHT]);
    this.kinds = STACK.map((name) => Array.from({ length: FAULT_KINDS }, (_, i) => word("fault", i)).indexOf(name));
    this.drawFaults(s, view, x);
    this.drawLevels(s, view, x);
    this.drawAxis(s, view);
    this.drawMarks(s, view, x);
    const time = model.position > 0 ? model.trace.time(model.position - 1) : series.start;
    const at = Math.round(x(time)) + 0.5;
    s.rect(at - 1, FAULTS.top - 6, 2, LEVELS.top + LEVELS.height - FAULTS.top + 6, { fill: theme.accent });
    s.path("M-5 -7h10l-5 7z", { fill: theme.accent }, at, FAULTS.top - 2);
    return HEIGHT;
  }

  /** Faults by kind, in bars at least BAR wide; their first bins. */
  private bars(model: Model, x: (time: number) => number): { starts: number[]; sums: Float64Array[]; each: number } {
    const { series } = model;
    const each = Math.max(1, Math.round(BAR / Math.max(0.1, x(series.start + series.width) - x(series.start))));
    const starts = Array.from({ length: Math.ceil(series.length / each) }, (_, i) => i * each);
    const sums = this.kinds.map((kind) => Float64Array.from(starts, (from) => {
      let sum = 0;
      for (let bin = from; bin < Math.min(from + each, series.length); bin++) sum += series.faults[kind]![bin]!;
      return sum;
    }));
    return { starts, sums, each };
  }

  private drawFaults(s: Surface, view: View, x: (time: number) => number): void {
    const { model, theme, width } = view, { series } = model, bottom = FAULTS.top + FAULTS.height;
    const { starts, sums, each } = this.bars(model, x);
    const totals = starts.map((_, i) => sums.reduce((sum, bars) => sum + bars[i]!, 0));
    const usual = [...totals].sort((a, b) => a - b)[Math.floor(totals.length * 0.99)] ?? 1;
    const highest = Math.max(1, Math.min(Math.max(...totals, 1), usual * 1.3));
    const y = scaleLinear([0, highest], [bottom, FAULTS.top]).clamp(true);
    const ends = [...starts, series.length], below = new Float64Array(ends.length), above = new Float64Array(ends.length);
    for (const [i, bars] of sums.entries()) {
      bars.forEach((count, bar) => { above[bar] = below[bar]! + count; });
      const shape = area<number>().x((bar) => short(x(Math.min(series.start + ends[bar]! * series.width, series.end))))
        .y0((bar) => short(y(below[bar]!))).y1((bar) => short(y(above[bar]!))).curve(curveStepAfter);
      s.path(shape(ends.map((_, bar) => bar)) ?? "", { fill: faultColour(theme, STACK[i]!) });
      below.set(above);
    }
    s.rect(TIMELINE_LEFT, bottom, width - TIMELINE_LEFT - TIMELINE_RIGHT, 1, { fill: theme.faint });
    const label = (dy: number, text: string, size: number): void => s.text(TIMELINE_LEFT - 8, FAULTS.top + dy, text, { fill: theme.soft, size, anchor: "end" });
    label(12, number(this.rate(model, highest / each)), 11);
    label(25, "faults", 10);
    label(37, "per ms", 10);
    label(FAULTS.height, "0", 11);
  }

  /** COUNT faults in a bin, in faults for each millisecond. */
  private rate(model: Model, count: number): number {
    const { trace, series } = model;
    const width = trace.milliseconds(series.start + series.width) - trace.milliseconds(series.start);
    return width > 0 ? count / width : 0;
  }

  private drawLevels(s: Surface, { model, theme, width }: View, x: (time: number) => number): void {
    const { series } = model, frames = model.now.frameOwner.length, bottom = LEVELS.top + LEVELS.height;
    const bins = Array.from({ length: series.length }, (_, i) => i);
    const when = (bin: number): number => short(x(Math.min(series.start + (bin + 1) * series.width, series.end)));
    const y = scaleLinear([0, Math.max(1, frames)], [bottom, LEVELS.top]);
    const ground = area<number>().x(when).y0(bottom).y1((bin) => short(y(series.free[bin]!)));
    s.path(ground(bins) ?? "", { fill: theme.frame, opacity: 0.22 });
    s.path(line<number>().x(when).y((bin) => short(y(series.free[bin]!)))(bins) ?? "", { stroke: theme.frame, width: 1.5 });
    const most = Math.max(1, ...series.slots.subarray(0, series.length));
    const slots = scaleLinear([0, most], [bottom, LEVELS.top]);
    s.path(line<number>().x(when).y((bin) => short(slots(series.slots[bin]!)))(bins) ?? "", { stroke: theme.swap, width: 1.5 });
    s.rect(TIMELINE_LEFT, bottom, width - TIMELINE_LEFT - TIMELINE_RIGHT, 1, { fill: theme.faint });
    s.text(TIMELINE_LEFT - 8, LEVELS.top + 8, number(frames), { fill: theme.soft, size: 11, anchor: "end" });
    s.text(TIMELINE_LEFT - 8, LEVELS.top + 21, "free", { fill: theme.frame, size: 10, anchor: "end" });
    s.text(TIMELINE_LEFT - 8, LEVELS.top + 33, `swap ≤${number(most)}`, { fill: theme.swap, size: 10, anchor: "end" });
  }

  private drawAxis(s: Surface, { model, theme, width }: View): void {
    const { series, trace } = model;
    const from = trace.milliseconds(series.start), to = trace.milliseconds(Math.max(series.end, series.start + 1));
    const scale = scaleLinear([from, to], [TIMELINE_LEFT, width - TIMELINE_RIGHT]);
    for (const tick of scale.ticks(Math.max(2, Math.floor(width / 130)))) {
      s.rect(scale(tick), LEVELS.top + LEVELS.height, 1, 4, { fill: theme.soft });
      s.text(scale(tick), HEIGHT - 10, `${number(tick)} ms`, { fill: theme.soft, size: 11, anchor: scale(tick) > width - 40 ? "end" : "middle" });
    }
    if (this.label) s.text(TIMELINE_LEFT, 11, this.label, { fill: theme.ink, size: 12, bold: true });
  }

  private drawMarks(s: Surface, { model, theme }: View, x: (time: number) => number): void {
    let last = -1000;
    for (const mark of model.marks) {
      const at = x(model.trace.time(mark));
      s.rect(at, FAULTS.top, 1, LEVELS.top + LEVELS.height - FAULTS.top, { fill: theme.soft, opacity: 0.6 });
      if (at - last < 60) continue;
      s.text(at + 3, FAULTS.top - 3, model.trace.text(mark), { fill: theme.soft, size: 10 });
      last = at;
    }
  }

  /** The time that stands at X of a picture of WIDTH. */
  timeAt(model: Model, x: number, width: number): number {
    const { series } = model;
    const part = (x - TIMELINE_LEFT) / (width - TIMELINE_LEFT - TIMELINE_RIGHT);
    return series.start + Math.max(0, Math.min(1, part)) * (series.end - series.start);
  }

  at(): Cell | null { return null; }
  cells(): Cell[] { return []; }
  describe(): string { return ""; }
  summary(model: Model): string {
    let faults = 0;
    for (const bins of model.series.faults) for (let i = 0; i < model.series.length; i++) faults += bins[i]!;
    return `${number(faults)} faults in all`;
  }
}
