// Play: time goes on by itself, in so many seconds for the whole run, or event by event.
import type { Model } from "./model";

export const SPEEDS: [value: number, words: string][] = [
  [-2, "2 events a second"], [-10, "10 events a second"], [-60, "60 events a second"],
  [300, "whole run in 5 minutes"], [60, "whole run in 1 minute"], [20, "whole run in 20 seconds"], [6, "whole run in 6 seconds"],
];

export class Player {
  playing = false;
  speed = 20;
  private last = 0;
  private owed = 0;
  private time = 0;

  constructor(private readonly model: () => Model, private readonly seek: (event: number) => void, private readonly changed: () => void) {}

  toggle(): void {
    if (this.playing) { this.stop(); return; }
    const model = this.model();
    if (model.position >= model.count) this.seek(0);
    this.playing = true;
    this.last = 0;
    this.changed();
    requestAnimationFrame((now) => this.step(now));
  }

  stop(): void {
    this.playing = false;
    this.changed();
  }

  private step(now: number): void {
    if (!this.playing) return;
    const model = this.model();
    const passed = this.last === 0 ? 0 : Math.min(250, now - this.last);
    if (this.last === 0) { this.owed = 0; this.time = model.position > 0 ? model.trace.time(model.position - 1) : model.series.start; }
    this.last = now;
    if (this.speed < 0) {
      this.owed += (passed / 1000) * -this.speed;
      const whole = Math.floor(this.owed);
      this.owed -= whole;
      if (whole > 0) this.seek(model.position + whole);
    } else {
      this.time += ((model.series.end - model.series.start) * passed) / (this.speed * 1000);
      const event = model.eventAtTime(this.time);
      if (event !== model.position) this.seek(event);
    }
    if (model.position >= model.count) this.stop();
    else requestAnimationFrame((next) => this.step(next));
  }
}
