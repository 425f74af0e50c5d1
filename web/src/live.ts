// The page beside a running guest: fetches its events and its console as they come, and sends what is typed.
import { Terminal } from "@xterm/xterm";
import { App } from "./app";
import { button, el } from "./dom";
import { Model } from "./model";
import { HEAD_BYTES, Trace, TraceError, readHead } from "./trace";

const POLL_MS = 150;

class Live {
  private readonly app = new App(document.getElementById("app")!);
  private readonly terminal = new Terminal({ convertEol: true, fontSize: 12, rows: 12, cols: 80, theme: { background: "#12151c" }, cursorBlink: true, screenReaderMode: true });
  private readonly token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  private trace: Trace | null = null;
  private model: Model | null = null;
  private printed = 0;
  private typed = "";
  private sending = false;
  private following = true;
  private readonly state = el("span", { class: "summary" }, "waiting for the guest");
  private readonly followButton = button("Follow", "Show the newest event again (F)", () => this.follow(true), "follow");

  constructor() {
    (window as unknown as { quire: App }).quire = this.app;
    const box = el("div", { class: "screen" });
    const panel = el("section", { class: "panel console", "aria-label": "Console of the guest" },
      el("header", {}, el("h2", {}, "Console"), this.state, this.followButton), box);
    this.app.root.querySelector(".strip")!.prepend(panel);
    this.app.root.classList.add("live");
    this.terminal.open(box);
    this.terminal.onData((data) => void this.send(data));
    this.app.onSeek = () => this.follow(false);
    document.addEventListener("keydown", (event) => {
      if (event.key === "f" && !(event.target as HTMLElement).closest(".console")) this.follow(true);
    });
    document.body.dataset["ready"] = "yes";
    void this.loop();
  }

  private follow(on: boolean): void {
    this.following = on;
    this.followButton.hidden = on;
    if (on && this.model) this.show();
  }

  private show(): void {
    const { onSeek } = this.app;
    this.app.onSeek = () => undefined;
    this.app.seek(this.model!.count);
    this.app.onSeek = onSeek;
  }

  private request(path: string, options: RequestInit = {}): Promise<Response> {
    return fetch(path, { ...options, headers: { "X-Quire-Token": this.token }, cache: "no-store" });
  }

  /** Sends what was typed, in its order. */
  private async send(data: string): Promise<void> {
    this.typed += data;
    if (this.sending) return;
    this.sending = true;
    while (this.typed !== "") {
      const body = this.typed;
      this.typed = "";
      await this.request("console", { method: "POST", body }).catch(() => undefined);
    }
    this.sending = false;
  }

  /** Polls until the guest is gone. */
  private async loop(): Promise<void> {
    for (;;) {
      try {
        const done = await this.poll();
        if (done) { this.state.textContent = "the guest has ended; all of its run is here"; return; }
      } catch (error) {
        this.state.textContent = error instanceof TraceError ? error.message : "no answer any more: the guest's launcher has ended; what came is still here";
        return;
      }
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  }

  private async poll(): Promise<boolean> {
    const have = this.trace?.count ?? 0;
    const answer = await this.request(`events?from=${have}`);
    if (answer.status === 403) throw new TraceError("The address lacks its token: use the whole address that was printed.");
    const ended = answer.headers.get("X-Quire-Ended") === "yes", lost = answer.headers.get("X-Quire-Lost");
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const text = await (await this.request(`console?from=${this.printed}`)).arrayBuffer();
    this.printed += text.byteLength;
    if (text.byteLength > 0) this.terminal.write(new Uint8Array(text));
    if (lost) throw new TraceError(lost);
    if (bytes.length > HEAD_BYTES) this.take(bytes);
    return ended && bytes.length <= HEAD_BYTES;
  }

  private take(bytes: Uint8Array): void {
    const head = readHead(bytes);
    if (this.trace) this.trace.head = head;
    else this.trace = new Trace(head, new Uint32Array(0), 0);
    this.trace.append(bytes.subarray(HEAD_BYTES));
    this.state.textContent = `following: ${this.trace.count.toLocaleString("en")} events`;
    if (!this.model) {
      this.model = new Model(this.trace);
      this.app.add(this.model, "live");
      this.follow(true);
      return;
    }
    this.model.index();
    if (this.following) this.show();
    else this.app.refresh();
  }
}

new Live();
