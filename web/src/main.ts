// The offline page: opens the traces that it holds.
import { gunzipSync } from "fflate";
import { App } from "./app";
import { joinPlanes } from "./trace";

/** The bytes that TEXT is the base64 of. */
function fromBase64(text: string): Uint8Array {
  const direct = (Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array }).fromBase64;
  if (direct) return direct(text);
  const binary = atob(text), bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The trace in DATA: base64 of a gzip stream of a head and the planes of its records (tools/quire/page.py). */
function unpack(data: string): Uint8Array {
  return joinPlanes(gunzipSync(fromBase64(data.trim())));
}

function start(): void {
  const app = new App(document.getElementById("app")!);
  (window as unknown as { quire: App }).quire = app;
  for (const holder of document.querySelectorAll<HTMLScriptElement>("script[data-trace]")) {
    const data = holder.textContent ?? "";
    holder.textContent = "";
    app.open(unpack(data), holder.dataset["trace"] ?? "trace", true);
  }
  if (app.runs.length === 0 && !document.querySelector("script[data-trace]")) app.problem("There is no trace in this page: drop one on it.");
  document.body.dataset["ready"] = "yes";
}

// The page's first words are painted before it is busy.
requestAnimationFrame(() => setTimeout(start));
