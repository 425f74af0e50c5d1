// Uses the page beside a running guest: node live.mjs PICTURES COMMAND..., which runs a shell and prints the address.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [pictures, ...command] = process.argv.slice(2);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const guest = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "pipe"] });
let printed = "", console_ = "";
guest.stderr.on("data", (data) => { printed += data; });
guest.stdout.on("data", (data) => { console_ += data; });
const ended = new Promise((done) => guest.on("exit", done));

/** Waits until TEST holds. */
async function until(test, what) {
  for (let tries = 0; tries < 600; tries++) {
    if (test()) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  assert.fail(`never ${what}: ${printed}${console_}`);
}

try {
  await until(() => /view: http\S+/.test(printed), "printed its address");
  const browser = await chromium.launch({ executablePath, args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 950 } });
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  await page.goto(/view: (http\S+)/.exec(printed)[1]);
  await page.waitForFunction(() => window.quire?.runs.length === 1, null, { timeout: 60000 });
  const before = await page.evaluate(() => window.quire.first.model.count);
  await page.locator(".console .xterm").click();
  await page.keyboard.type("linear 100 2\n");
  await until(() => /linear: exit\(0\)/.test(console_), "ran what was typed");
  await page.waitForFunction((count) => window.quire.first.model.count > count + 1000, before, { timeout: 60000 });
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(pictures, "live.png") });
  const position = await page.evaluate(() => { window.quire.seek(100); return window.quire.first.model.position; });
  assert.equal(position, 100);
  assert.deepEqual(wrong, []);
  await browser.close();
  guest.stdin.write("linear 50 1\nexit\n");
  await until(() => (console_.match(/linear: exit\(0\)/g) ?? []).length === 2, "went on without the page");
  console.log(`the guest ended with status ${await ended}`);
} finally {
  guest.kill();
}
