// What the C headers say about events, as a TypeScript file: the numbers, words and sentences have no other list.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The strings of macro FILE#NAME's rows, each row one array of C words and strings joined. */
function rows(text, name) {
  const start = text.search(new RegExp(`#define ${name}\\(`));
  if (start < 0) throw new Error(`vm/event.h has no table ${name}`);
  const lines = text.slice(start).split("\n");
  let end = 0;
  while (lines[end].endsWith("\\")) end++;
  const body = lines.slice(1, end + 1).map((line) => line.replace(/\\$/, "")).join(" ");
  const found = [];
  for (const row of body.matchAll(/\b[EL]\((\w+),((?:\s*"(?:[^"\\]|\\.)*"\s*,?)+)\)/g)) {
    const strings = [...row[2].matchAll(/"((?:[^"\\]|\\.)*)"\s*(,|$)?/g)];
    const joined = [""];
    for (const [, piece, comma] of strings) {
      joined[joined.length - 1] += piece;
      if (comma === ",") joined.push("");
    }
    if (joined[joined.length - 1] === "" && joined.length > 1) joined.pop();
    found.push([row[1], ...joined]);
  }
  return found;
}

/** Members of an enum of TEXT whose names begin with PREFIX: [name, number]. */
function members(text, prefix) {
  const found = [];
  for (const match of text.matchAll(new RegExp(`\\b${prefix}(\\w+)\\s*=\\s*(-?\\d+)`, "g")))
    found.push([match[1].toLowerCase(), Number(match[2])]);
  return found;
}

/** "name:kind name:kind" as [name, kind] pairs. */
function fields(text) {
  return text.split(" ").filter(Boolean).map((field) => { const [name, kind = name] = field.split(":"); return [name, kind]; });
}

/** What the headers below ROOT say. */
export function readHeaders(root) {
  const text = readFileSync(join(root, "vm/event.h"), "utf8");
  const kinds = rows(text, "EVENTS").map(([name, detail = "", args = "", sentence = ""], i) => ({
    number: i + 1, name, detail, args: fields(args), sentence,
  }));
  const words = rows(text, "EVENT_WORDS").map(([name, list]) => [name, list.split(/[ |]/)]);
  const calls = members(readFileSync(join(root, "proc/syscall_numbers.h"), "utf8"), "SYSCALL_");
  const errors = [...readFileSync(join(root, "vm/error.h"), "utf8")
    .matchAll(/VM_(\w+) = (-?\d+),?\s*\/\* ([^*]*?) *\*\//g)].map((m) => [Number(m[2]), m[3]]);
  const version = Number(/#define EVENT_VERSION (\d+)/.exec(text)[1]);
  const magic = /#define EVENT_MAGIC\s+"(\w+)"/.exec(text)[1];
  return { kinds, words, calls, errors, version, magic };
}

/** The TypeScript file that says what the headers below ROOT say. */
export function headersAsTypeScript(root) {
  const { kinds, words, calls, errors, version, magic } = readHeaders(root);
  const json = (value) => JSON.stringify(value);
  return [
    "// Made by header.mjs from vm/event.h, proc/syscall_numbers.h and vm/error.h.",
    `export const VERSION = ${version};`,
    `export const MAGIC = ${json(magic)};`,
    `export const E = {\n  NONE: 0,\n${kinds.map((k) => `  ${k.name}: ${k.number},`).join("\n")}\n} as const;`,
    "export interface Kind { name: string; detail: string; args: [string, string][]; sentence: string }",
    `export const KINDS: Kind[] = ${json([{ name: "NONE", detail: "", args: [], sentence: "" }, ...kinds.map(({ name, detail, args, sentence }) => ({ name, detail, args, sentence }))])};`,
    `export const WORDS: Record<string, string[]> = ${json(Object.fromEntries(words))};`,
    `export const CALLS: Record<number, string> = ${json(Object.fromEntries(calls.map(([n, v]) => [v, n])))};`,
    `export const ERRORS: Record<number, string> = ${json(Object.fromEntries(errors))};`,
    "",
  ].join("\n");
}
