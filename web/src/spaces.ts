// Address spaces: each region a lane, each of its pages a square coloured by where its content is.
import type { Model } from "./model";
import { type Cell, CellMap, NOTHING, type Picture, type View, freshContent } from "./picture";
import { hex, number, placeName, regionKind, rightsText, spaceName, whereText } from "./story";
import type { Surface } from "./surface";
import { Count, Where } from "./tables";
import { type Theme, spaceColour } from "./theme";

const LABEL = 96;
/** Squares that one region gets at most; each stands for several pages then. */
const MOST_CELLS = 6000;
/** Regions of so many pages are shown whole; gaps of so many untouched pages are left out of larger ones. */
const WHOLE = 256;
const GAP = 48;

export function whereColour(theme: Theme, where: number): string {
  return [theme.nowhere, theme.zero, theme.file, theme.swap, theme.frame, theme.nowhere][where]!;
}

/** Pages from START to END of a region that are shown one after another. */
type Stretch = [start: number, end: number];

interface Lane {
  region: number;
  stretches: Stretch[];
  perCell: number;
  /** Squares, those between stretches, which stand for what is left out, too. */
  cells: number;
}

/** Regions of SPACE that are there now, by address. */
function lanes(model: Model, space: number): Lane[] {
  const t = model.now;
  return model.spaceRegions[space]!.filter((region) => t.regionAlive[region])
    .sort((a, b) => t.regionStart[a]! - t.regionStart[b]!)
    .map((region) => {
      const stretches = shown(model, space, region);
      const pages = stretches.reduce((sum, [start, end]) => sum + end - start, 0), perCell = Math.max(1, Math.ceil(pages / MOST_CELLS));
      const cells = stretches.reduce((sum, [start, end]) => sum + Math.ceil((end - start) / perCell), stretches.length - 1);
      return { region, stretches, perCell, cells };
    });
}

/** The parts of REGION that are shown: of a large one only what is ever touched, and a little around it. */
function shown(model: Model, space: number, region: number): Stretch[] {
  const t = model.now, start = t.regionStart[region]!, end = t.regionEnd[region]!;
  if (end - start <= WHOLE) return [[start, end]];
  const found: Stretch[] = [];
  for (let vpn = start; vpn < end; vpn++) {
    const entry = model.entryIfAny(space, vpn), last = found.at(-1);
    if (entry < 0) vpn |= 255;
    else if (model.entrySeen.data[entry]) {
      if (last && vpn - last[1] < GAP) last[1] = vpn + 1;
      else found.push([vpn, vpn + 1]);
    }
  }
  if (found.length === 0) return [[start, start + 8]];
  const padded = found.map(([from, to]): Stretch => [Math.max(start, from - 2), Math.min(end, to + 2)]);
  if (padded.at(-1)![1] < end) padded.push([end, end]);
  return padded;
}

/** What one drawing is done with. */
interface Brush { s: Surface; view: View; size: number }

export class SpacesPicture implements Picture {
  readonly id = "spaces";
  readonly title = "Address spaces";
  readonly hint = "What each process believes it has: each square is a page of 4 KiB, coloured by where its content is now.";
  private readonly map = new CellMap();
  private shares = new Uint16Array(0);

  draw(s: Surface, view: View): number {
    const { model, width } = view, t = model.now;
    this.map.clear();
    this.countShares(model);
    const alive: number[] = [];
    for (let space = 0; space < model.spaces; space++) if (t.spaceAlive[space] === 1) alive.push(space);
    const all = alive.map((space) => lanes(model, space));
    const brush = { s, view, size: this.size(all.flat(), width - LABEL) };
    let y = 0;
    alive.forEach((space, i) => { y = this.drawSpace(brush, space, all[i]!, y); });
    if (alive.length === 0)
      s.text(0, 22, model.position === 0 ? "The run has not begun: press play, or drag the slider." : "No process is there at this moment.", { fill: view.theme.soft, size: 13 });
    return Math.max(y, 40);
  }

  /** The largest squares with which everything is about as high as a screen. */
  private size(lanes: Lane[], width: number): number {
    for (let size = 16; size > 4; size--) {
      const columns = Math.floor(width / size);
      if (lanes.reduce((sum, lane) => sum + Math.ceil(lane.cells / columns) * size + 10, 0) < 560) return size;
    }
    return 4;
  }

  private countShares(model: Model): void {
    if (this.shares.length < model.contents) this.shares = new Uint16Array(model.contents * 2);
    this.shares.fill(0);
    const { entryContent } = model.now;
    for (let entry = 0; entry < entryContent.length; entry++) if (entryContent[entry]! > 0) this.shares[entryContent[entry]! - 1]!++;
  }

  private drawSpace(brush: Brush, space: number, lanes: Lane[], top: number): number {
    const { s, view } = brush, { model, theme, width } = view, t = model.now;
    const running = t.counts[Count.RUNNING] === space;
    s.rect(0, top + 3, 4, 16, { fill: spaceColour(theme, space), radius: 2 });
    s.text(11, top + 16, spaceName(model, space), { fill: theme.ink, size: 14, bold: true });
    const count = [0, 0, 0, 0, 0, 0];
    for (const lane of lanes)
      for (const [start, end] of lane.stretches) for (let vpn = start; vpn < end; vpn++) count[this.whereOf(model, space, vpn)]!++;
    const state = t.spaceStopped[space] ? "stopped by load control" : running ? "running" : "";
    s.text(width - 4, top + 16, [state, `${number(count[Where.FRAME]!)} pages in memory`, `${number(count[Where.SWAP]!)} in swap`].filter(Boolean).join(" · "),
      { fill: running ? theme.accent : theme.soft, size: 12, anchor: "end" });
    let y = top + 28;
    for (const lane of lanes) y = this.drawLane(brush, space, lane, y);
    return y + 10;
  }

  private drawLane(brush: Brush, space: number, lane: Lane, top: number): number {
    const { s, view, size } = brush, { model, theme, width } = view;
    const columns = Math.max(1, Math.floor((width - LABEL) / size)), rows = Math.ceil(lane.cells / columns);
    s.text(11, top + Math.max(9, size * 0.5 + 4), regionKind(model, lane.region), { fill: theme.ink, size: 12 });
    if (rows * size >= 24 || lane.perCell > 1)
      s.text(11, top + 24, lane.perCell > 1 ? `${lane.perCell} pages each` : `${number(model.now.regionEnd[lane.region]! - model.now.regionStart[lane.region]!)} pages`, { fill: theme.soft, size: 10 });
    let i = 0;
    const place = (): [number, number] => [LABEL + (i % columns) * size, top + Math.floor(i++ / columns) * size];
    lane.stretches.forEach(([start, end], n) => {
      if (n > 0) this.drawGap(brush, place());
      for (let vpn = start; vpn < end; vpn += lane.perCell) this.drawPage(brush, space, vpn, place());
    });
    return top + Math.max(rows * size, lane.perCell > 1 ? 28 : 14) + 6;
  }

  /** Pages that nobody ever touches are left out here. */
  private drawGap({ s, view: { theme }, size }: Brush, [x, y]: [number, number]): void {
    for (let dot = 1; dot <= 3; dot++) s.circle(x + (dot * size) / 4 - 0.5, y + size / 2, Math.max(0.8, size / 14), { fill: theme.soft });
  }

  private whereOf(model: Model, space: number, vpn: number): number {
    const entry = model.entryIfAny(space, vpn);
    const content = entry < 0 ? -1 : model.now.entryContent[entry]! - 1;
    return content < 0 ? Where.UNKNOWN : model.now.where[content]!;
  }

  private drawPage({ s, view: { model, theme, selection }, size }: Brush, space: number, vpn: number, [x, y]: [number, number]): void {
    const t = model.now, entry = model.entryIfAny(space, vpn), content = entry < 0 ? -1 : t.entryContent[entry]! - 1;
    const where = content < 0 ? Where.UNKNOWN : t.where[content]!, inner = size - (size > 5 ? 1.5 : 0.8);
    this.map.add({ x, y, size, selection: { ...NOTHING, entry, content } });
    const unmapped = where === Where.FRAME && !t.isMapped(entry);
    s.rect(x, y, inner, inner, { fill: whereColour(theme, where), radius: size > 8 ? 2 : 0, ...(unmapped ? { opacity: 0.5 } : {}) });
    if (content < 0) return;
    if (this.shares[content]! > 1 && size >= 7 && where !== Where.ZERO) s.circle(x + inner / 2, y + inner / 2, Math.max(1.3, size * 0.16), { fill: theme.onSpace });
    if (t.entryLocked[entry]) s.rect(x + 1.5, y + 1.5, inner - 3, inner - 3, { stroke: theme.onSpace, width: 1.5 });
    if (content === selection.content) s.rect(x - 1, y - 1, inner + 2, inner + 2, { stroke: theme.accent, width: 2.5, radius: 2 });
    else if (content === freshContent(model)) s.rect(x - 0.5, y - 0.5, inner + 1, inner + 1, { stroke: theme.ink, width: 1.5, radius: 2 });
  }

  at(x: number, y: number): Cell | null { return this.map.at(x, y); }
  cells(): Cell[] { return this.map.all(); }

  describe(cell: Cell, model: Model): string {
    const { entry, content } = cell.selection;
    if (entry < 0) return "A page that was never touched";
    const name = placeName(model, model.entrySpace(entry), model.entryVpn(entry));
    if (content < 0) return `${name}: never touched so far, so it is nowhere yet`;
    const shares = this.shares[content]! - 1;
    return `${name}: ${whereText(model, content)}${shares > 0 ? `; shared with ${shares} other${shares > 1 ? "s" : ""}` : ""}`;
  }

  summary(model: Model): string {
    let alive = 0;
    for (let space = 0; space < model.spaces; space++) if (model.now.spaceAlive[space] === 1) alive++;
    return alive === 1 ? "one process" : `${alive} processes`;
  }
}

/** What a region is, for those who point at its label. */
export function describeRegion(model: Model, region: number): string {
  const t = model.now;
  return `${regionKind(model, region)}: ${hex(t.regionStart[region]! * 4096)} to ${hex(t.regionEnd[region]! * 4096)}, ${rightsText(t.regionRights[region]!)}`;
}
