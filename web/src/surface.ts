// What pictures are drawn on: a canvas, or the text of an SVG file.  Both take the same calls, so that any picture can
// be had for a slide.

export interface Style {
  fill?: string;
  stroke?: string;
  width?: number;
  radius?: number;
  opacity?: number;
}

export interface TextStyle {
  fill: string;
  size: number;
  bold?: boolean;
  anchor?: "start" | "middle" | "end";
  mono?: boolean;
}

export interface Surface {
  rect(x: number, y: number, w: number, h: number, style: Style): void;
  circle(x: number, y: number, r: number, style: Style): void;
  /** D is a path as SVG writes it, moved by X and Y. */
  path(d: string, style: Style, x?: number, y?: number): void;
  text(x: number, y: number, text: string, style: TextStyle): void;
}

export const FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif";
export const MONO = "ui-monospace, 'DejaVu Sans Mono', monospace";

export class CanvasSurface implements Surface {
  constructor(private readonly g: CanvasRenderingContext2D) {}

  private paint(style: Style, fill: () => void, stroke: () => void): void {
    this.g.globalAlpha = style.opacity ?? 1;
    if (style.fill) { this.g.fillStyle = style.fill; fill(); }
    if (style.stroke) {
      this.g.strokeStyle = style.stroke;
      this.g.lineWidth = style.width ?? 1;
      stroke();
    }
    this.g.globalAlpha = 1;
  }

  rect(x: number, y: number, w: number, h: number, style: Style): void {
    const { g } = this;
    if (!style.radius) { this.paint(style, () => g.fillRect(x, y, w, h), () => g.strokeRect(x, y, w, h)); return; }
    g.beginPath();
    g.roundRect(x, y, w, h, style.radius);
    this.paint(style, () => g.fill(), () => g.stroke());
  }

  circle(x: number, y: number, r: number, style: Style): void {
    this.g.beginPath();
    this.g.arc(x, y, r, 0, 2 * Math.PI);
    this.paint(style, () => this.g.fill(), () => this.g.stroke());
  }

  path(d: string, style: Style, x = 0, y = 0): void {
    const path = new Path2D(d);
    this.g.save();
    this.g.translate(x, y);
    this.paint(style, () => this.g.fill(path), () => this.g.stroke(path));
    this.g.restore();
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    this.g.fillStyle = style.fill;
    this.g.font = `${style.bold ? "600 " : ""}${style.size}px ${style.mono ? MONO : FONT}`;
    this.g.textAlign = style.anchor === "middle" ? "center" : style.anchor ?? "start";
    this.g.textBaseline = "alphabetic";
    this.g.fillText(text, x, y);
  }
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const short = (value: number): string => String(Math.round(value * 100) / 100);

export class SvgSurface implements Surface {
  private readonly parts: string[] = [];

  private attributes(style: Style): string {
    return ` fill="${style.fill ?? "none"}"` + (style.stroke ? ` stroke="${style.stroke}" stroke-width="${style.width ?? 1}"` : "") +
      (style.opacity === undefined ? "" : ` opacity="${style.opacity}"`);
  }

  rect(x: number, y: number, w: number, h: number, style: Style): void {
    this.parts.push(`<rect x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}"` +
      `${style.radius ? ` rx="${style.radius}"` : ""}${this.attributes(style)}/>`);
  }

  circle(x: number, y: number, r: number, style: Style): void {
    this.parts.push(`<circle cx="${short(x)}" cy="${short(y)}" r="${short(r)}"${this.attributes(style)}/>`);
  }

  path(d: string, style: Style, x = 0, y = 0): void {
    this.parts.push(`<path d="${d}"${x || y ? ` transform="translate(${short(x)} ${short(y)})"` : ""}${this.attributes(style)}/>`);
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    this.parts.push(`<text x="${short(x)}" y="${short(y)}" font-size="${style.size}" fill="${style.fill}"` +
      ` font-family="${style.mono ? MONO : FONT}"${style.bold ? ' font-weight="600"' : ""}` +
      `${style.anchor ? ` text-anchor="${style.anchor}"` : ""}>${escape(text)}</text>`);
  }

  /** The file, of WIDTH times HEIGHT, which is called TITLE by who reads it aloud. */
  file(width: number, height: number, background: string, title: string): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">` +
      `<title>${escape(title)}</title><rect width="100%" height="100%" fill="${background}"/>\n${this.parts.join("\n")}\n</svg>\n`;
  }
}
