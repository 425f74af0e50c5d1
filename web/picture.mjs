// Makes a picture of a page: node picture.mjs OUT.png PAGE.html [light|dark] [SHARE].  SHARE says how far the run is, 0 to 1.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { chromium } from "playwright-core";

const [out, path, colorScheme = "light", share = "0.5"] = process.argv.slice(2);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) => existsSync(file));
const browser = await chromium.launch({ executablePath, args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
await page.goto(`file://${resolve(path)}`);
await page.waitForSelector("body[data-ready]");
// Stands at a fault, and looks at its page.
await page.evaluate((part) => {
  const { quire } = window, { model } = quire.first;
  quire.seek(Math.floor(model.count * part));
  while (model.position < model.count && !/is served: its content came back/.test(document.querySelector(".narration").textContent)) {
    quire.seek(model.position + 1);
    quire.drawNow();
  }
  quire.first.select({ content: model.content[model.position - 1], frame: -1, slot: -1, entry: -1 });
}, Number(share));
await page.waitForTimeout(500);
await page.screenshot({ path: out });
await browser.close();
