// Bundles the viewer: node build.mjs [--tests | --types] [BUILD].
//   BUILD/web/viewer.html   the page, into which tools/quire/page.py puts traces
//   BUILD/web/live.html     the page beside a running guest
//   BUILD/web/tests/        with --tests: the unit tests, for node --test
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { headersAsTypeScript } from "./header.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const words = process.argv.slice(2);
const tests = words.includes("--tests");
const out = join(resolve(words.find((word) => !word.startsWith("-")) ?? join(root, "build")), "web");

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "header.ts"), headersAsTypeScript(root));
if (words.includes("--types")) process.exit(0);

const { build } = await import("esbuild");
const common = {
  bundle: true, alias: { "quire-header": join(out, "header.ts") }, absWorkingDir: here, logLevel: "warning",
};

/** One script or style sheet, made small. */
async function bundle(entry) {
  const { outputFiles } = await build({ ...common, entryPoints: [entry], write: false, minify: true, format: "iife", target: "es2022" });
  return outputFiles[0].text;
}

/** Writes page NAME.html: the template with script and style sheets inside. */
async function page(name, entry, styles) {
  const script = (await bundle(entry)).replaceAll("</script", "<\\/script");
  const style = (await Promise.all(styles.map(bundle))).join("\n");
  const template = readFileSync(join(here, "src/page.html"), "utf8");
  writeFileSync(join(out, name), template.replace("/*STYLE*/", () => style).replace("/*SCRIPT*/", () => script));
}

if (tests) {
  const files = readdirSync(join(here, "test")).filter((file) => file.endsWith(".test.ts") || ["make.ts", "tables.ts"].includes(file));
  await build({ ...common, entryPoints: files.map((file) => join(here, "test", file)), outdir: join(out, "tests"), outExtension: { ".js": ".mjs" },
    platform: "node", format: "esm", sourcemap: "inline", packages: "bundle" });
} else {
  await page("viewer.html", "src/main.ts", ["src/style.css"]);
  await page("live.html", "src/live.ts", ["node_modules/@xterm/xterm/css/xterm.css", "src/style.css"]);
}
