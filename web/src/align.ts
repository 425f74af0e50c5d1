// Two runs of one program, aligned by how far the program has come: by what it does in any memory and under any policy.
// These are its milestones: a page touched for the first time, the next system call, a mark, a start, an end.
import { E } from "quire-header";
import type { Model } from "./model";

export interface Alignment {
  /** Milestones that both runs have, as numbers of events, rising in both. */
  first: Int32Array;
  second: Int32Array;
  /** The part of the milestones of the shorter list that both have, 0 to 1. */
  likeness: number;
}

/** Below this part of common milestones two runs are not of one program. */
export const ALIKE = 0.3;

/** The milestones of MODEL: what each is called, once, and when it was. */
function milestones(model: Model): Map<string, number> {
  const found = new Map<string, number>(), { trace } = model;
  const calls = new Map<string, number>();
  for (let i = 0; i < model.count; i++) {
    const kind = trace.kind(i), space = model.space[i]!;
    let key: string | undefined;
    if (kind === E.FAULT) key = `touch ${space} ${model.entryVpn(model.aux[i]!)}`;
    else if (kind === E.MARK || kind === E.NAME) key = `${kind} ${space} ${trace.text(i)}`;
    else if (kind === E.PROCESS || kind === E.EXIT) key = `${kind} ${space}`;
    else if (kind === E.CALL) {
      const call = `call ${space} ${trace.detail(i)}`;
      calls.set(call, (calls.get(call) ?? 0) + 1);
      key = `${call} ${calls.get(call)}`;
    }
    if (key !== undefined && !found.has(key)) found.set(key, i);
  }
  return found;
}

/** Indices of the longest rising part of VALUES. */
function longestRise(values: number[]): number[] {
  const tails: number[] = [], before = new Int32Array(values.length);
  values.forEach((value, i) => {
    let low = 0, high = tails.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[tails[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = i;
  });
  const rise: number[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at]!) rise.push(at);
  return rise.reverse();
}

/** Aligns FIRST and SECOND. */
export function align(first: Model, second: Model): Alignment {
  const ours = milestones(first), theirs = milestones(second);
  const common = [...ours].filter(([key]) => theirs.has(key)).map(([key, at]) => [at, theirs.get(key)!] as const).sort((a, b) => a[0] - b[0]);
  const rise = longestRise(common.map(([, at]) => at));
  return {
    first: Int32Array.from(rise, (i) => common[i]![0]),
    second: Int32Array.from(rise, (i) => common[i]![1]),
    likeness: rise.length / Math.max(1, Math.min(ours.size, theirs.size)),
  };
}

/** Where the second run is when the first is at EVENT; between milestones as far on as the first. */
export function follow(alignment: Alignment, event: number, firstCount: number, secondCount: number): number {
  const { first, second } = alignment;
  let low = 0, high = first.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (first[middle]! < event) low = middle + 1;
    else high = middle;
  }
  const from = low > 0 ? [first[low - 1]! + 1, second[low - 1]! + 1] as const : [0, 0] as const;
  const to = low < first.length ? [first[low]! + 1, second[low]! + 1] as const : [firstCount, secondCount] as const;
  const part = to[0] > from[0] ? (event - from[0]) / (to[0] - from[0]) : 1;
  return Math.round(from[1] + Math.max(0, Math.min(1, part)) * (to[1] - from[1]));
}
