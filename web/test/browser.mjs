// Uses a page as a person would, in Debian's Chromium: node browser.mjs PICTURES PAGE [TWO].
// PAGE shows one trace, TWO two of them; screenshots go to folder PICTURES.  Prints what was seen; fails by its status.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [pictures, one, two] = process.argv.slice(2);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const browser = await chromium.launch({ executablePath, args: process.getuid() === 0 ? ["--no-sandbox"] : [] });

/** Opens PATH; every error of the page and every request beyond it is a failure. */
async function open(path, colorScheme = "light") {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => { if (!/^(file|blob|data):/.test(request.url())) wrong.push(`asked for ${request.url()}`); });
  await page.goto(`file://${path}`);
  await page.waitForSelector("body[data-ready]", { timeout: 120000 });
  await settle(page);
  return { page, wrong };
}

const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const position = (page) => page.evaluate(() => window.quire.first.model.position);
const press = async (page, key) => { await page.keyboard.press(key); await settle(page); };

/** How many colours a canvas shows. */
const colours = (page, panel) => page.evaluate((name) => {
  const canvas = document.querySelector(`.panel.${name} canvas`);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}, panel);

const { page, wrong } = await open(one);
for (const panel of ["spaces", "frames", "swap", "timeline"]) assert.ok(await colours(page, panel) > 2, `${panel} is empty`);
await page.screenshot({ path: join(pictures, "light.png") });

// The keyboard: event by event, fault by fault, to the ends.
await press(page, "Home");
assert.equal(await position(page), 0);
await press(page, "ArrowRight");
assert.equal(await position(page), 1);
await press(page, "Shift+ArrowRight");
assert.match(await page.textContent(".narration"), /fault/i);
const spoken = await page.getAttribute("input[type=range]", "aria-valuetext");
assert.match(spoken, /^event .* of .* ms: .*fault/i);
assert.ok((await page.textContent(".aloud")).length > 10, "nothing is said aloud");
await press(page, "End");
assert.equal(await position(page), await page.evaluate(() => window.quire.first.model.count));

// A page is clicked: its life is told, and leads elsewhere in time.
await page.evaluate(() => window.quire.seek(Math.floor(window.quire.first.model.count / 2)));
await settle(page);
const spot = await page.evaluate(() => {
  const cell = window.quire.first.panels[1].picture.cells().find((c) => c.selection.content >= 0);
  return { x: cell.x + cell.size / 2, y: cell.y + cell.size / 2 };
});
await page.locator(".panel.frames canvas").click({ position: spot });
await settle(page);
assert.match(await page.textContent(".life"), /in frame \d+.*Its life: \d+/s);
const before = await position(page);
await page.locator(".life .event").first().click();
await settle(page);
assert.ok(await position(page) < before);
await page.screenshot({ path: join(pictures, "life.png") });

// From square to square without a mouse.
await page.evaluate(() => window.quire.seek(0));
await page.locator(".panel.spaces canvas").focus();
await press(page, "ArrowDown"); // There is no square yet.
await page.evaluate(() => window.quire.seek(Math.floor(window.quire.first.model.count / 2)));
await settle(page);
await press(page, "ArrowDown");
await press(page, "ArrowRight");
assert.match(await page.textContent(".aloud"), /page/);
await press(page, "Escape");

// It plays, and stops at the end.
await page.evaluate(() => window.quire.seek(0));
await page.selectOption(".transport select", "6");
await page.locator(".play").click();
await page.waitForFunction(() => window.quire.first.model.position > 0);
await page.locator(".play").click();

// Dark and light, pictures as SVG, help.
await press(page, "t");
assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".panel.spaces .svg").click()]);
const svg = readFileSync(await download.path(), "utf8");
assert.ok(await page.evaluate((text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror") === null, svg));
await page.keyboard.press("?");
await page.screenshot({ path: join(pictures, "help.png") });
await page.keyboard.press("Escape");

// What is no trace is refused with one line.
await page.setInputFiles("input[type=file]", { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no trace") });
await page.waitForFunction(() => /notes\.txt: This is not a trace of Quire/.test(document.querySelector(".problems").textContent));
const seek = await page.evaluate(() => {
  const { quire } = window, times = [];
  for (let part = 0; part < 12; part++) {
    const start = performance.now();
    quire.first.model.seek(Math.floor((quire.first.model.count * ((part * 7) % 12)) / 12));
    times.push(performance.now() - start);
  }
  return Math.max(...times);
});
assert.deepEqual(wrong, []);
console.log(`events ${await page.evaluate(() => window.quire.first.model.count)}, slowest seek ${seek.toFixed(1)} ms`);
await page.close();

const dark = await open(one, "dark");
await dark.page.screenshot({ path: join(pictures, "dark.png") });
assert.deepEqual(dark.wrong, []);
if (two) {
  const side = await open(two);
  assert.equal(await side.page.evaluate(() => window.quire.runs.length), 2);
  const places = [];
  for (const part of [0, 0.3, 0.6, 1]) {
    await side.page.evaluate((at) => window.quire.seek(Math.floor(window.quire.first.model.count * at)), part);
    places.push(await side.page.evaluate(() => window.quire.runs[1].model.position));
  }
  assert.deepEqual(places, [...places].sort((a, b) => a - b));
  await side.page.evaluate(() => window.quire.seek(Math.floor(window.quire.first.model.count * 0.6)));
  await settle(side.page);
  await side.page.screenshot({ path: join(pictures, "two.png") });
  assert.deepEqual(side.wrong, []);
}
await browser.close();
