// What all pictures have in common: what they show, where a click lands.
import type { Model } from "./model";
import type { Surface } from "./surface";
import type { Theme } from "./theme";

/** What is looked at: a content, a frame, a slot or a virtual page (as an entry). */
export interface Selection {
  content: number;
  frame: number;
  slot: number;
  entry: number;
}

export const NOTHING: Selection = { content: -1, frame: -1, slot: -1, entry: -1 };

/** A cell of a picture: what it stands for. */
export interface Cell {
  x: number;
  y: number;
  size: number;
  selection: Selection;
}

/** What a picture is drawn from. */
export interface View {
  model: Model;
  theme: Theme;
  selection: Selection;
  width: number;
}

export interface Picture {
  readonly id: string;
  readonly title: string;
  /** One sentence for who never saw it. */
  readonly hint: string;
  /** Draws on SURFACE; the height that it needs. */
  draw(surface: Surface, view: View): number;
  /** What stands at X, Y of what was drawn last; null: nothing. */
  at(x: number, y: number): Cell | null;
  /** All that was drawn last, in order, for the keyboard. */
  cells(): Cell[];
  /** What CELL is, in words, and all of it in a sentence. */
  describe(cell: Cell, model: Model): string;
  summary(model: Model): string;
}

/** Cells of one size in rows, found again by place. */
export class CellMap {
  private list: Cell[] = [];
  clear(): void { this.list = []; }
  add(cell: Cell): void { this.list.push(cell); }
  all(): Cell[] { return this.list; }
  at(x: number, y: number): Cell | null {
    return this.list.find((c) => x >= c.x && x < c.x + c.size && y >= c.y && y < c.y + c.size) ?? null;
  }
}

/** The event that has just happened, as far as pictures point at it. */
export function freshContent(model: Model): number {
  return model.position > 0 ? model.content[model.position - 1]! : -1;
}
