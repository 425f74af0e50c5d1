// Making elements.

type Attributes = Record<string, string | number | boolean | ((event: never) => void)>;

/** An element TAG with ATTRIBUTES (functions listen: onclick) and CHILDREN. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** A button that shows LABEL, a text or an icon, and is called NAME. */
export function button(label: string | SVGElement, name: string, act: () => void, kind = ""): HTMLButtonElement {
  return el("button", { type: "button", "aria-label": name, title: name, class: kind, onclick: act }, label);
}

/** Paths of the icons on buttons, in a square of 16. */
const ICONS: Record<string, string> = {
  begin: "M3 3h2v10H3zM13 3v10L6 8z", end: "M11 3h2v10h-2zM3 3v10l7-5z", play: "M4 2.5v11l9-5.5z", pause: "M4 3h3v10H4zM9 3h3v10H9z",
  back: "M10.5 3v10L5 8z", next: "M5.5 3v10L11 8z", backFault: "M8 3v10L3 8zM13 3v10L8 8z", nextFault: "M3 3v10l5-5zM8 3v10l5-5z",
};

/** The picture of icon NAME. */
export function icon(name: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]!);
  svg.append(path);
  return svg;
}

/** Lets the browser keep TEXT as a file called NAME. */
export function save(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
