// A picture on the page: its heading, its legend, the canvas, and what the mouse and the keyboard do with it.
import { button, el, save } from "./dom";
import type { Model } from "./model";
import type { Cell, Picture, Selection, View } from "./picture";
import { CanvasSurface, SvgSurface } from "./surface";
import { chosenTheme } from "./theme";

export interface Owner {
  model: Model;
  selection: Selection;
  select(selection: Selection): void;
  say(text: string): void;
}

export type Legend = (model: Model) => [colour: string, words: string, mark?: string][];

export class Panel {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  private readonly summary = el("span", { class: "summary" });
  private readonly legendBox = el("div", { class: "legend" });
  private readonly tip = el("div", { class: "tip", role: "tooltip", hidden: true });
  private legendText = "";
  private focused = -1;
  private width = 0;
  private height = 0;

  constructor(readonly picture: Picture, private readonly owner: Owner, private readonly legend: Legend, interactive = true) {
    this.canvas = el("canvas", { role: "img", tabindex: interactive ? 0 : -1, "aria-label": picture.title });
    this.element = el("section", { class: `panel ${picture.id}`, "aria-label": picture.title },
      el("header", {}, el("h2", {}, picture.title), this.summary, button("SVG", `Save the picture “${picture.title}” as SVG`, () => this.saveSvg(), "svg")),
      el("p", { class: "hint" }, picture.hint), this.legendBox,
      el("div", { class: "scroll" }, this.canvas), this.tip);
    if (!interactive) return;
    this.canvas.addEventListener("mousemove", (event) => this.point(event));
    this.canvas.addEventListener("mouseleave", () => { this.tip.hidden = true; });
    this.canvas.addEventListener("click", (event) => this.choose(this.picture.at(event.offsetX, event.offsetY)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("blur", () => { this.tip.hidden = true; });
  }

  private view(width: number): View {
    return { model: this.owner.model, theme: chosenTheme(), selection: this.owner.selection, width };
  }

  draw(): void {
    const width = Math.floor(this.canvas.parentElement!.clientWidth);
    if (width < 20) return;
    if (width !== this.width) this.height = 0;
    this.width = width;
    for (let drawn = -1; drawn < 0 || drawn > this.height;) {
      this.height = Math.max(this.height, drawn);
      drawn = this.drawOnce();
    }
    this.drawWords();
  }

  /** Draws on a canvas of the size known; the height that is needed.  A picture grows at once, but does not shrink, or
      the page would dance. */
  private drawOnce(): number {
    const { width, height } = this, ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.floor(width * ratio) || this.canvas.height !== Math.floor(height * ratio)) {
      this.canvas.width = Math.floor(width * ratio);
      this.canvas.height = Math.floor(height * ratio);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    const g = this.canvas.getContext("2d")!;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    return this.picture.draw(new CanvasSurface(g), this.view(width));
  }

  private drawWords(): void {
    const { model } = this.owner, words = this.picture.summary(model);
    this.summary.textContent = words;
    this.canvas.setAttribute("aria-label", `${this.picture.title}: ${words}. ${this.picture.hint}`);
    const rows = this.legend(model), text = JSON.stringify(rows);
    if (text === this.legendText) return;
    this.legendText = text;
    this.legendBox.replaceChildren(...rows.map(([colour, what, mark]) =>
      el("span", { class: "key" }, el("i", { class: `swatch ${mark ?? ""}`, style: `--c:${colour}` }), what)));
  }

  private point(event: MouseEvent): void {
    const cell = this.picture.at(event.offsetX, event.offsetY);
    this.canvas.style.cursor = cell ? "pointer" : "default";
    this.showTip(cell);
  }

  private showTip(cell: Cell | null): void {
    this.tip.hidden = !cell;
    if (!cell) return;
    this.tip.textContent = this.picture.describe(cell, this.owner.model);
    const box = this.canvas.getBoundingClientRect(), panel = this.element.getBoundingClientRect();
    const left = Math.min(box.left - panel.left + cell.x, panel.width - 250);
    this.tip.style.left = `${Math.max(4, left)}px`;
    this.tip.style.top = `${box.top - panel.top + cell.y + cell.size + 6}px`;
  }

  private choose(cell: Cell | null): void {
    if (!cell) return;
    this.owner.select(cell.selection);
    this.owner.say(this.picture.describe(cell, this.owner.model));
  }

  /** Arrow keys go from square to square; Enter chooses. */
  private key(event: KeyboardEvent): void {
    const cells = this.picture.cells(), cell = cells[this.focused];
    if (cells.length === 0) return;
    if (event.key === "Enter" || event.key === " ") {
      if (cell) this.choose(cell);
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const to = cell ? nextCell(cells, this.focused, event.key) : event.key.startsWith("Arrow") ? 0 : -1;
    if (to < 0 || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.focused = to;
    this.showTip(cells[to]!);
    this.owner.say(this.picture.describe(cells[to]!, this.owner.model));
  }

  saveSvg(): void {
    save(`quire-${this.picture.id}.svg`, this.svg(), "image/svg+xml");
  }

  /** The picture as an SVG file. */
  svg(width = Math.max(480, this.canvas.parentElement!.clientWidth)): string {
    const surface = new SvgSurface(), view = this.view(width);
    const height = this.picture.draw(surface, view);
    return surface.file(width, height, view.theme.panel, `${this.picture.title}: ${this.picture.summary(view.model)}`);
  }
}

/** Where KEY leads from cell AT of CELLS; -1: nowhere. */
function nextCell(cells: Cell[], at: number, key: string): number {
  const cell = cells[at]!;
  if (key === "ArrowRight") return Math.min(cells.length - 1, at + 1);
  if (key === "ArrowLeft") return Math.max(0, at - 1);
  if (key === "Home") return 0;
  if (key === "End") return cells.length - 1;
  if (key !== "ArrowUp" && key !== "ArrowDown") return -1;
  const down = key === "ArrowDown";
  let best = at, distance = Infinity;
  cells.forEach((other, i) => {
    const dy = down ? other.y - cell.y : cell.y - other.y;
    if (dy <= 0) return;
    const d = dy * 4 + Math.abs(other.x - cell.x);
    if (d < distance) { distance = d; best = i; }
  });
  return best;
}
