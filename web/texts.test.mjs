// What scripts say to people stands in the page, in the reader's language: no
// script has words of its own, and no page forgets those that its scripts need.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const VENDORED = new Set(["node_modules", "target", "dist"]);

function files(folder, ending) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return VENDORED.has(entry.name) ? [] : files(path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/;
const TOKEN = new RegExp(String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*|${STRING.source}`, "g");
/** A literal that names something in the page or the program and is never shown. */
const NAMED = new RegExp(String.raw`((?:querySelector(?:All)?(?:<[^>]*>)?|getAttribute|closest|matches|replace|split|join)\(|[\w\])]\[)(?:${STRING.source})`, "g");
/** Where a text reaches the reader, up to the end of the statement. */
const SHOWN = [
  /\.(?:textContent|innerText|innerHTML|outerHTML|title|placeholder|alt|ariaLabel|ariaDescription)\s*=(?!=)[^;]*/g,
  /setAttribute\(\s*["'](?:title|placeholder|alt|aria-(?:label|description|roledescription|valuetext|placeholder))["'],[^;]*/g,
  /(?<!function |private )\b(?:announce|alert|confirm|prompt|say|show|createTextNode|setCustomValidity|insertAdjacent(?:Text|HTML))\([^;]*/g,
  new RegExp(String.raw`\b(?:append|prepend|replaceWith|replaceChildren)\(\s*(?:${STRING.source})`, "g"),
  // What stands in when the page brought nothing.
  new RegExp(String.raw`(?:\?\?|\|\|)\s*(?:${STRING.source})`, "g"),
  new RegExp(String.raw`\bdefault:\s*(?:${STRING.source})`, "g"),
];

/** The literals with letters that a script shows to people. */
function words(source) {
  const code = source.replace(TOKEN, (token) => (token.startsWith("/") ? "" : token)).replace(NAMED, '$1""');
  const found = (code.match(new RegExp(STRING, "g")) ?? []).filter((literal) => /[^\x00-\x7f]/.test(literal) && /\p{L}/u.test(literal));
  for (const place of SHOWN) {
    for (const [statement] of code.matchAll(place)) {
      // The first argument of setAttribute is a name.
      const shown = statement.replace(/^(setAttribute\(\s*)["'][^"']*["'],/, "$1");
      for (const [literal] of shown.matchAll(new RegExp(STRING, "g"))) {
        if (/\p{L}/u.test(literal.replace(/\$\{[^}]*\}/g, ""))) found.push(literal);
      }
    }
  }
  return found;
}

test("a script's own words are found", () => {
  const guilty = [
    'item.textContent = "Remove";',
    "button.title = 'Close';",
    "notice.textContent = `${count} files`;",
    'remove.setAttribute("aria-label", "Remove");',
    'announce(text || "Draft restored");',
    'const label = words["ok"] ?? "OK";',
    'static values = { cut: { type: String, default: "It was cut." } };',
    'item.append("Remove");',
    'const NAMES = ["Médio"];',
  ];
  for (const line of guilty) assert.notDeepEqual(words(line), [], line);
  const innocent = [
    '// "Remove" is said by item.textContent = "Remove";',
    'item.className = "file-pick";',
    'item.textContent = "×";',
    "size.textContent = `${amount} ${unit}`;",
    'announce(this.element.querySelector("[data-toast-text]")?.textContent ?? "");',
    'announce(this.notice.dataset["message"] ?? "");',
    'remove.setAttribute("aria-label", `${this.removeLabelValue} ${file.name}`);',
    'dialog.setAttribute("role", "alertdialog");',
  ];
  for (const line of innocent) assert.deepEqual(words(line), [], line);
});

test("no script has words of its own", () => {
  const sources = files(join(root, "src"), ".ts");
  assert.ok(sources.length > 10, "the scripts were not found");
  const found = sources.flatMap((path) => words(readFileSync(path, "utf8")).map((literal) => `${basename(path)}: ${literal}`));
  assert.deepEqual(found, []);
});

test("a page brings every text that its controllers ask for", () => {
  const asked = new Map();
  for (const path of files(join(root, "src/controllers"), "_controller.ts")) {
    const values = /static override values = \{([\s\S]*?)\};/.exec(readFileSync(path, "utf8"))?.[1] ?? "";
    const name = basename(path, "_controller.ts").replaceAll("_", "-");
    const kebab = (value) => value.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    asked.set(name, [...values.matchAll(/(\w+): String\b/g)].map(([, value]) => `data-${name}-${kebab(value)}-value="`));
  }
  const missing = [];
  let used = 0;
  for (const folder of ["../crates", "../templates"]) {
    for (const path of files(join(root, folder), ".html")) {
      for (const line of readFileSync(path, "utf8").split("\n")) {
        for (const [, names] of line.matchAll(/data-controller="([^"]*)"/g)) {
          for (const attribute of names.split(" ").flatMap((name) => asked.get(name) ?? [])) {
            used += 1;
            if (!line.includes(attribute)) missing.push(`${basename(path)}: ${attribute}`);
          }
        }
      }
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(used >= 10, `only ${used} were looked at`);
});
