// The frame table and the swap map.
import type { Model } from "./model";
import { type Cell, CellMap, NOTHING, type Picture, type View, freshContent } from "./picture";
import { frameOwnerText, number, slotOwnerText, spaceName } from "./story";
import type { Surface } from "./surface";
import { BAD, Count, FREE, FrameFlag, KERNEL } from "./tables";
import { type Theme, spaceColour } from "./theme";

/** The space that has each content, the first of them; -1: none.  Made once for a picture. */
export function ownerSpaces(model: Model): Int32Array {
  const owners = new Int32Array(model.contents).fill(-1);
  const { entryContent } = model.now;
  for (let entry = entryContent.length - 1; entry >= 0; entry--) {
    const content = entryContent[entry]! - 1;
    if (content >= 0) owners[content] = model.entrySpace(entry);
  }
  return owners;
}

/** The largest size of COUNT cells so that they fit WIDTH and about HEIGHT. */
export function cellSize(count: number, width: number, height: number, largest: number): number {
  const ideal = Math.sqrt((width * height) / Math.max(1, count));
  return Math.max(3, Math.min(largest, Math.floor(ideal)));
}

/** Whether FRAME was in use lately: since about as many events as there are frames, eight times. */
function isRecent(model: Model, frame: number): boolean {
  return model.position - model.now.frameTouched[frame]! < 8 * model.now.frameOwner.length;
}

function drawFlags(s: Surface, cell: Cell, flags: number, theme: Theme): void {
  const { x, y, size } = cell;
  if (flags & FrameFlag.DIRTY) s.path(`M0 0h${size * 0.36}L0 ${size * 0.36}z`, { fill: theme.swap }, x + 1, y + 1);
  const arrow = size >= 10 ? size : 0;
  const up = `M0 -${arrow / 4}l${arrow / 4} ${arrow / 4}h-${arrow / 2}z`;
  if (arrow && flags & FrameFlag.LEAVING) s.path(up, { fill: theme.onSpace }, x + size / 2, y + size / 2);
  if (arrow && flags & FrameFlag.ARRIVING)
    s.path(`M0 ${arrow / 4}l${arrow / 4} -${arrow / 4}h-${arrow / 2}z`, { fill: theme.onSpace }, x + size / 2, y + size / 2);
}

export class FramesPicture implements Picture {
  readonly id = "frames";
  readonly title = "Frames";
  readonly hint = "All the memory there is: each square is one frame, coloured by the process whose page it holds.";
  private readonly map = new CellMap();

  draw(s: Surface, view: View): number {
    const { model, theme, width } = view, t = model.now;
    const count = t.frameOwner.length, owners = ownerSpaces(model);
    const size = cellSize(count, width, 180, 27), columns = Math.max(1, Math.floor(width / size));
    this.map.clear();
    for (let frame = 0; frame < count; frame++) {
      const cell = { x: (frame % columns) * size, y: 6 + Math.floor(frame / columns) * size, size, selection: { ...NOTHING, frame, content: Math.max(-1, t.frameOwner[frame]!) } };
      this.map.add(cell);
      this.drawFrame(s, cell, view, owners);
    }
    this.drawHand(s, this.map.all()[t.counts[Count.HAND]!], theme);
    return Math.ceil(count / columns) * size + 10;
  }

  private drawFrame(s: Surface, cell: Cell, { model, theme, selection }: View, owners: Int32Array): void {
    const { x, y, size, selection: { frame } } = cell, t = model.now;
    const owner = t.frameOwner[frame]!, inner = size - (size > 6 ? 2 : 1), flags = t.frameFlags[frame]!;
    const fill = owner === FREE ? theme.nowhere : owner === KERNEL ? theme.kernel : spaceColour(theme, owners[owner] ?? -1);
    s.rect(x, y, inner, inner, { fill, radius: size > 8 ? 3 : 0, opacity: flags & FrameFlag.ARRIVING ? 0.55 : 1 });
    if (owner >= 0 && isRecent(model, frame) && size >= 8)
      s.circle(x + inner - size * 0.22, y + inner - size * 0.22, Math.max(1.2, size * 0.09), { fill: theme.onSpace });
    drawFlags(s, cell, flags, theme);
    if (t.counts[Count.CHOSEN] === frame) s.rect(x + 1.5, y + 1.5, inner - 3, inner - 3, { stroke: theme.bad, width: 2, radius: 2 });
    if (t.frameLocks[frame]! > 0) s.rect(x + 2, y + 2, inner - 4, inner - 4, { stroke: theme.ink, width: 1.5, radius: 2 });
    const looked = frame === selection.frame || (owner >= 0 && owner === selection.content);
    if (looked) s.rect(x - 0.5, y - 0.5, inner + 1, inner + 1, { stroke: theme.accent, width: 2.5, radius: 3 });
    else if (owner >= 0 && owner === freshContent(model)) s.rect(x, y, inner, inner, { stroke: theme.ink, width: 1.5, radius: 3 });
  }

  private drawHand(s: Surface, cell: Cell | undefined, theme: Theme): void {
    if (cell) s.path("M0 6L-5 -4H5z", { fill: theme.accent, stroke: theme.panel, width: 1 }, cell.x + cell.size / 2 - 1, cell.y);
  }

  at(x: number, y: number): Cell | null { return this.map.at(x, y); }
  cells(): Cell[] { return this.map.all(); }

  describe(cell: Cell, model: Model): string {
    const { frame } = cell.selection, t = model.now, flags = t.frameFlags[frame]!;
    const marks = [
      flags & FrameFlag.DIRTY && "dirty", t.frameOwner[frame]! >= 0 && isRecent(model, frame) && "used lately",
      flags & FrameFlag.ARRIVING && "on its way in", flags & FrameFlag.LEAVING && "on its way out",
      t.counts[Count.CHOSEN] === frame && "chosen to go", t.frameLocks[frame]! > 0 && "locked", t.counts[Count.HAND] === frame && "the hand stands here",
    ].filter(Boolean);
    return `Frame ${frame}: ${frameOwnerText(model, frame)}${marks.length > 0 ? `; ${marks.join(", ")}` : ""}`;
  }

  summary(model: Model): string {
    const { counts, frameOwner } = model.now;
    return `${number(counts[Count.FREE_FRAMES]!)} of ${number(frameOwner.length)} free`;
  }
}

export class SwapPicture implements Picture {
  readonly id = "swap";
  readonly title = "Swap";
  readonly hint = "The disk's room for pages that had to leave memory; each square is one slot.";
  private readonly map = new CellMap();

  draw(s: Surface, view: View): number {
    const { model, theme, width, selection } = view, t = model.now;
    const count = t.slotOwner.length, owners = ownerSpaces(model);
    const size = cellSize(count, width, 110, 14), columns = Math.max(1, Math.floor(width / size));
    const inner = size - (size > 3 ? 1 : 0.5);
    this.map.clear();
    for (let slot = 0; slot < count; slot++) {
      const x = (slot % columns) * size, y = 2 + Math.floor(slot / columns) * size, owner = t.slotOwner[slot]!;
      this.map.add({ x, y, size, selection: { ...NOTHING, slot, content: Math.max(-1, owner) } });
      const fill = owner === FREE ? theme.nowhere : owner === BAD ? theme.bad : owner < 0 ? theme.kernel : spaceColour(theme, owners[owner] ?? -1);
      s.rect(x, y, inner, inner, { fill });
      if (slot === selection.slot || (owner >= 0 && owner === selection.content))
        s.rect(x - 1, y - 1, inner + 2, inner + 2, { stroke: theme.accent, width: 2 });
    }
    return Math.ceil(count / columns) * size + 6;
  }

  at(x: number, y: number): Cell | null { return this.map.at(x, y); }
  cells(): Cell[] { return this.map.all(); }
  describe(cell: Cell, model: Model): string { return `Slot ${cell.selection.slot}: ${slotOwnerText(model, cell.selection.slot)}`; }
  summary(model: Model): string {
    return `${number(model.now.counts[Count.USED_SLOTS]!)} of ${number(model.now.slotOwner.length)} taken`;
  }
}

/** Who has what colour, for the legend. */
export function spaceLegend(model: Model, theme: Theme): [string, string][] {
  const found: [string, string][] = [];
  for (let space = 0; space < model.spaces; space++)
    if (model.now.spaceAlive[space] === 1) found.push([spaceColour(theme, space), spaceName(model, space)]);
  return found;
}
