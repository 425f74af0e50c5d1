// What is drawn over time: bins of equal width that become wider as a run grows longer.
import { E } from "quire-header";
import type { Model } from "./model";
import { Count, type Tables } from "./tables";

export const FAULT_KINDS = 6;
const BINS = 720;

export class Series {
  /** Time at which bin 0 begins, and the width of a bin. */
  start = 0;
  width = 0;
  length = 0;
  /** Faults of each bin by their kind, kind after kind. */
  readonly faults = Array.from({ length: FAULT_KINDS }, () => new Float64Array(BINS * 2));
  readonly reads = new Float64Array(BINS * 2);
  readonly writes = new Float64Array(BINS * 2);
  /** At the end of each bin. */
  readonly free = new Float64Array(BINS * 2);
  readonly slots = new Float64Array(BINS * 2);
  private lastTime = 0;

  constructor(private readonly model: Model) {
    const { trace } = model;
    if (trace.count === 0) return;
    this.begin();
    const span = trace.time(trace.count - 1) - this.start;
    this.width = Math.max(1, Math.ceil(span / BINS));
  }

  private begin(): void {
    this.start = this.lastTime = this.model.trace.time(0);
    this.width = Math.max(1, this.width || 1e5);
  }

  get end(): number { return this.lastTime; }

  /** Makes two bins one. */
  private widen(): void {
    const half = Math.ceil(this.length / 2);
    for (const sums of [...this.faults, this.reads, this.writes]) {
      for (let i = 0; i < half; i++) sums[i] = sums[2 * i]! + (2 * i + 1 < this.length ? sums[2 * i + 1]! : 0);
      sums.fill(0, half);
    }
    for (const levels of [this.free, this.slots]) {
      for (let i = 0; i < half; i++) levels[i] = levels[Math.min(2 * i + 1, this.length - 1)]!;
      levels.fill(0, half);
    }
    this.length = half;
    this.width *= 2;
  }

  /** Lets there be a bin for TIME; which. */
  private reach(time: number): number {
    while (time - this.start >= this.width * BINS * 2) this.widen();
    const bin = Math.max(0, Math.floor((time - this.start) / this.width));
    for (; this.length <= bin; this.length++) {
      this.free[this.length] = this.length > 0 ? this.free[this.length - 1]! : 0;
      this.slots[this.length] = this.length > 0 ? this.slots[this.length - 1]! : 0;
    }
    return bin;
  }

  /** Counts EVENT, after which the tables are TABLES. */
  add(event: number, tables: Tables): void {
    const { trace } = this.model;
    if (this.width === 0) this.begin();
    const time = trace.time(event);
    if (time > this.lastTime) this.lastTime = time;
    const bin = this.reach(time), kind = trace.kind(event);
    if (kind === E.FAULT) this.faults[Math.min(trace.detail(event) & 7, FAULT_KINDS - 1)]![bin]!++;
    else if (kind === E.FAULT_FAILED) this.faults[FAULT_KINDS - 1]![bin]!++;
    else if (kind === E.READ) this.reads[bin]! += trace.arg(event, 2);
    else if (kind === E.WRITE) this.writes[bin]! += trace.arg(event, 2);
    this.free[bin] = tables.counts[Count.FREE_FRAMES]!;
    this.slots[bin] = tables.counts[Count.USED_SLOTS]!;
  }
}
