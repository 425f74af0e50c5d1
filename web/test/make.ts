// Writes a synthetic trace: node make.mjs OUT KEY=VALUE...
import { writeFileSync } from "node:fs";
import { Synth, type Wish } from "./synth";

const [out, ...words] = process.argv.slice(2);
const wish: Record<string, string | number> = { frames: 64, slots: 1024, events: 40000 };
for (const word of words) {
  const [key, value] = word.split("=");
  wish[key!] = Number.isNaN(Number(value)) ? value! : Number(value);
}
writeFileSync(out!, new Synth(wish as unknown as Wish).run().bytes());
