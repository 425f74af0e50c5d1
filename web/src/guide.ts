// What one sees, for who never saw it.
import { button, el } from "./dom";

const PARTS: [string, string][] = [
  ["Address spaces", "What each process believes it has. A square is one page of 4,096 bytes; its colour says where the content is: in memory, in swap, in a file, or nowhere, since nobody has touched it yet."],
  ["Frames", "The memory there really is. A square is one frame; its colour is that of the process whose page it holds. When no frame is free, some page has to leave. The hand shows which frame the policy looks at next."],
  ["Swap", "The disk's room for pages that were changed and had to leave."],
  ["Over time", "How many page faults there were, by what they cost: orange ones had to wait for the disk. Below, how much memory was free. Click or drag to go there."],
  ["What happens", "The events around this moment. The bold one has just happened, those below come next. Click one to go there."],
  ["A page's life", "Click any square: all that ever happened to this page, and who shares it. It is framed wherever it is."],
];
const KEYS: [string, string][] = [
  ["space", "play, pause"], ["← →", "the event before, the next"], ["shift ← →", "the fault before, the next"], ["m, M", "the next mark, start or end of a process; the one before"],
  ["page up, down", "a fiftieth of the run"], ["home, end", "the beginning, the end"], ["tab, then arrows", "from square to square; enter chooses"],
  ["esc", "look at nothing"], ["t", "dark or light"], ["?", "this page"],
];

/** The dialog. */
export function guide(): HTMLDialogElement {
  const dialog = el("dialog", { "aria-label": "What do I see?" },
    el("header", {}, el("h2", {}, "What do I see?"), button("×", "Close", () => dialog.close(), "svg")),
    el("p", {}, "A program ran with less memory than it needs. This page shows, at any moment of the run, where every page of it was, and why."),
    el("dl", {}, ...PARTS.flatMap(([name, words]) => [el("dt", {}, name), el("dd", {}, words)])),
    el("h3", {}, "Keys"),
    el("dl", { class: "keys" }, ...KEYS.flatMap(([key, words]) => [el("dt", {}, key), el("dd", {}, words)])),
    el("p", { class: "soft" }, "A trace dropped on the page, or opened with Compare…, is shown beside this one, where the program has come equally far. Each picture can be saved as SVG."));
  return dialog;
}
