// The page: one run or two, the slider, the keys.
import { ALIKE, type Alignment, align, follow } from "./align";
import { button, el, icon } from "./dom";
import { guide } from "./guide";
import { timeText } from "./life";
import { Model } from "./model";
import { Player, SPEEDS } from "./player";
import { CLASSES, Run, isFault, isMark } from "./run";
import { number, tell } from "./story";
import { TraceError, readTrace } from "./trace";

export class App {
  readonly runs: Run[] = [];
  readonly show = new Set(CLASSES.filter(([, , shown]) => shown).map(([name]) => name));
  readonly player = new Player(() => this.first.model, (event) => this.seek(event), () => this.drawButtons());
  private alignment: Alignment | null = null;
  private readonly body = el("main", { class: "runs" });
  private readonly times = el("div", { class: "times" });
  private readonly problems = el("div", { class: "problems", role: "status" });
  private readonly title = el("span", { class: "what" });
  private readonly narration = el("p", { class: "narration" });
  private readonly live = el("p", { class: "aloud", "aria-live": "polite" });
  private readonly slider = el("input", { type: "range", min: 0, max: 1, step: 1, "aria-label": "Time", oninput: () => this.seek(Number(this.slider.value)) });
  private readonly play = button(icon("play"), "Play (space)", () => this.player.toggle(), "play");
  private readonly help = guide();
  private readonly file = el("input", { type: "file", hidden: true, onchange: () => void this.openFiles(this.file.files) });
  /** Told when the reader goes elsewhere in time. */
  onSeek: () => void = () => undefined;
  private pending = false;
  /** Words follow the pictures a little later while time runs. */
  private wordsAt = 0;

  constructor(readonly root: HTMLElement) {
    root.replaceChildren(this.header(), this.problems, this.body, el("footer", { class: "bottom" }, el("div", { class: "strip" }, this.times), this.narration, this.transport()), this.live, this.help, this.file);
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("resize", () => this.refresh());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.refresh());
    root.addEventListener("dragover", (event) => event.preventDefault());
    root.addEventListener("drop", (event) => { event.preventDefault(); void this.openFiles(event.dataTransfer?.files ?? null); });
  }

  get first(): Run { return this.runs[0]!; }

  private header(): HTMLElement {
    return el("header", { class: "top" }, el("h1", {}, "Quire"), this.title, el("span", { class: "space" }),
      button("Compare…", "Open a second trace beside this one", () => this.file.click()),
      button("◐", "Dark or light (T)", () => this.switchTheme()), button("?", "What do I see? (?)", () => this.help.showModal()));
  }

  private transport(): HTMLElement {
    const speed = el("select", { "aria-label": "Speed", onchange: () => { this.player.speed = Number(speed.value); } },
      ...SPEEDS.map(([value, words]) => el("option", { value, selected: value === this.player.speed }, words)));
    const step = (label: string, name: string, act: () => void): HTMLElement => button(icon(label), name, () => { this.player.stop(); act(); });
    return el("div", { class: "transport", role: "group", "aria-label": "Time" },
      step("begin", "To the beginning (Home)", () => this.seek(0)), step("backFault", "The fault before (shift and left arrow)", () => this.seek(this.first.find(-1, isFault))),
      step("back", "The event before (left arrow)", () => this.seek(this.first.model.position - 1)), this.play,
      step("next", "The next event (right arrow)", () => this.seek(this.first.model.position + 1)), step("nextFault", "The next fault (shift and right arrow)", () => this.seek(this.first.find(1, isFault))),
      step("end", "To the end (End)", () => this.seek(this.first.model.count)), speed, this.slider, this.filters());
  }

  private filters(): HTMLElement {
    return el("details", { class: "filters" }, el("summary", {}, "Show"), el("div", { class: "menu" }, ...CLASSES.map(([name, words, shown]) =>
      el("label", { class: name }, el("input", { type: "checkbox", checked: shown, onchange: (event: Event) => {
        if ((event.target as HTMLInputElement).checked) this.show.add(name);
        else this.show.delete(name);
        this.refresh();
      } }), words))));
  }

  /** Shows the trace in BYTES, called NAME, alone or beside the one that is there; SUMMED as readTrace() has it. */
  open(bytes: Uint8Array, name: string, summed = false): void {
    try {
      this.add(new Model(readTrace(bytes, summed)), name);
    } catch (error) {
      if (!(error instanceof TraceError)) throw error;
      this.problem(`${name}: ${error.message}`);
      if (this.runs.length === 0) this.body.replaceChildren(el("p", { class: "opening" }, error.message));
    }
  }

  add(model: Model, name: string): void {
    if (this.runs.length === 2) this.runs.pop();
    const { head } = model.trace;
    const title = [head.what.replace(/^run /, "") || name, head.policy && `policy ${head.policy}`, `${number(head.frames)} frames`].filter(Boolean).join(" · ");
    for (const problem of model.trace.problems) this.problem(`${name}: ${problem}`);
    this.runs.push(new Run(model, title, this));
    this.arrange();
    if (this.runs.length === 2) this.alignRuns();
    this.seek(this.runs.length === 2 ? this.first.model.position : this.opening(model));
  }

  /** Where a run is shown first: where something is to be seen, a third into it. */
  private opening(model: Model): number { return Math.floor(model.count / 3); }

  private alignRuns(): void {
    const [one, other] = [this.runs[0]!.model, this.runs[1]!.model];
    this.alignment = align(one, other);
    if (this.alignment.likeness >= ALIKE) return;
    this.problem("These are traces of different programs: they are shown side by side by their share of time, not by progress.");
    this.alignment = { first: new Int32Array(0), second: new Int32Array(0), likeness: 0 };
  }

  private arrange(): void {
    this.root.classList.toggle("two", this.runs.length === 2);
    this.body.replaceChildren(...this.runs.map((run) => run.element));
    this.times.replaceChildren(...this.runs.map((run) => run.timePanel.element));
    for (const run of this.runs) run.timeline.label = this.runs.length === 2 ? run.title : "";
    this.title.textContent = this.runs.map((run) => run.title).join("   and   ");
    this.slider.max = String(this.first.model.count);
  }

  problem(line: string): void {
    const box = el("p", {}, el("span", {}, line), button("×", "Close this line", () => box.remove(), "svg"));
    this.problems.append(box);
  }

  private async openFiles(files: FileList | null): Promise<void> {
    for (const file of files ?? []) this.open(new Uint8Array(await file.arrayBuffer()), file.name);
    this.file.value = "";
  }

  /** The first run is after EVENT events from now on, the second as far as that. */
  seek(event: number): void {
    this.onSeek();
    this.first.model.seek(event);
    const second = this.runs[1];
    if (second && this.alignment) second.model.seek(follow(this.alignment, this.first.model.position, this.first.model.count, second.model.count));
    this.refresh();
  }

  /** RUN is after EVENT events, the other as far as that. */
  seekRun(run: Run, event: number): void {
    if (run === this.first) { this.seek(event); return; }
    const { alignment } = this;
    if (!alignment) return;
    const back = { first: alignment.second, second: alignment.first, likeness: alignment.likeness };
    this.first.model.seek(follow(back, event, run.model.count, this.first.model.count));
    run.model.seek(event);
    this.refresh();
  }

  say(text: string): void { this.live.textContent = text; }

  /** Draws everything soon. */
  refresh(): void {
    if (this.pending || this.runs.length === 0) return;
    this.pending = true;
    requestAnimationFrame((now) => {
      this.pending = false;
      const words = !this.player.playing || now - this.wordsAt > 120;
      if (words) this.wordsAt = now;
      for (const run of this.runs) run.draw(words);
      this.drawNow();
    });
  }

  private drawNow(): void {
    const { model } = this.first;
    this.slider.max = String(model.count);
    this.slider.value = String(model.position);
    const event = model.position - 1;
    const sentence = event < 0 ? "The run has not begun." : tell(model, event);
    const place = event < 0 ? "" : `event ${number(event + 1)} of ${number(model.count)} · ${timeText(model, event)}`;
    this.slider.setAttribute("aria-valuetext", `${place}: ${sentence}`);
    this.narration.replaceChildren(el("span", { class: "time" }, place), el("span", { class: "words" }, sentence));
  }

  private drawButtons(): void {
    this.play.replaceChildren(icon(this.player.playing ? "pause" : "play"));
    const name = this.player.playing ? "Pause (space)" : "Play (space)";
    this.play.title = name;
    this.play.setAttribute("aria-label", name);
    this.refresh();
  }

  switchTheme(): void {
    const root = document.documentElement, dark = root.dataset["theme"] ? root.dataset["theme"] === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset["theme"] = dark ? "light" : "dark";
    this.refresh();
  }

  private key(event: KeyboardEvent): void {
    const at = event.target as HTMLElement;
    if (this.runs.length === 0 || this.help.open || event.ctrlKey || event.altKey || event.metaKey) return;
    if (at.closest?.(".console, select, dialog") || (at instanceof HTMLInputElement && at.type !== "range")) return;
    const { first, first: { model } } = this, page = Math.max(1, Math.floor(model.count / 50));
    const isButton = at.closest?.("button, summary") !== null && at.closest?.("button, summary") !== undefined;
    const acts: Record<string, () => void> = {
      ArrowRight: () => this.seek(event.shiftKey ? first.find(1, isFault) : model.position + 1),
      ArrowLeft: () => this.seek(event.shiftKey ? first.find(-1, isFault) : model.position - 1),
      PageDown: () => this.seek(model.position + page), PageUp: () => this.seek(model.position - page),
      Home: () => this.seek(0), End: () => this.seek(model.count),
      m: () => this.seek(first.find(1, isMark)), M: () => this.seek(first.find(-1, isMark)),
      t: () => this.switchTheme(), "?": () => this.help.showModal(), Escape: () => first.select({ content: -1, frame: -1, slot: -1, entry: -1 }),
      ...(isButton ? {} : { " ": () => this.player.toggle() }),
    };
    const act = acts[event.key];
    if (!act) return;
    if (event.key !== " " && !/^[tm?]$/i.test(event.key)) this.player.stop();
    act();
    event.preventDefault();
    if (event.key.startsWith("Arrow") && model.position > 0) this.say(tell(model, model.position - 1));
  }
}
