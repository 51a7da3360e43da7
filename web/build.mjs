// Builds web/dist: one script, one style sheet, one icon sprite, the fonts, the
// licences of all that and manifest.json (logical name -> hashed name).
// Everything but the manifest may be cached for ever; .br and .gz siblings are
// served to clients that take them.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const PUBLIC = "/static/";
const ICONS = "node_modules/@tabler/icons/icons";
const OF_PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;
/** The notices of releases that bring no file of their own, in src/licences; Tabler's styles contain Bootstrap's. */
const KEPT_NOTICES = { "@hotwired/turbo": ["turbo.txt"], "@tabler/core": ["tabler.txt", "bootstrap.txt"] };

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);
const withoutComments = (svg) => svg.replace(/<!--[\s\S]*?-->/g, "");

const scss = (sources) => ({
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, (args) => {
      const result = sass.compile(args.path, {
        loadPaths: [join(root, "node_modules")],
        quietDeps: true,
        logger: sass.Logger.silent,
      });
      for (const url of result.loadedUrls) sources.add(url.pathname);
      return { contents: result.css, loader: "css" };
    });
  },
});

// Turbo puts its progress bar's style sheet into the page; our policy forbids
// inline styles and base.css has the rules, so that line is taken out.
const turboWithoutInlineStyle = {
  name: "turbo-without-inline-style",
  setup(build) {
    build.onLoad({ filter: /@hotwired[\\/]turbo[\\/]dist[\\/].*\.js$/ }, (args) => {
      const source = readFileSync(args.path, "utf8");
      const call = "this.installStylesheetElement();";
      if (!source.includes(call)) throw new Error("Turbo changed: look at ProgressBar again");
      return { contents: source.replaceAll(call, ""), loader: "js" };
    });
  },
};

/** Adds to `sources` every file that goes into it. */
async function bundle(entry, sources) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: dist,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    target: ["es2022", "chrome123", "firefox121", "safari17.5"],
    legalComments: "eof",
    loader: { ".woff2": "file", ".svg": "file" },
    assetNames: "[name]-[hash]",
    publicPath: PUBLIC,
    plugins: [scss(sources), turboWithoutInlineStyle],
    logLevel: "warning",
  });
  for (const path of Object.keys(result.metafile.inputs)) sources.add(path);
  return result.outputFiles.map((file) => ({ name: file.path.slice(dist.length + 1), bytes: Buffer.from(file.contents) }));
}

/** A sprite of the icons named in icons.txt; "name-filled" takes the filled drawing. */
function sprite() {
  const names = readFileSync(join(root, "icons.txt"), "utf8")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter(Boolean);
  const symbols = [...new Set(names)].sort().map((name) => {
    const filled = name.endsWith("-filled");
    const file = join(root, ICONS, filled ? "filled" : "outline", `${name.replace(/-filled$/, "")}.svg`);
    const body = withoutComments(readFileSync(file, "utf8"))
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
      .replace(/>\s+</g, "><")
      .trim();
    const paint = filled ? 'fill="currentColor" stroke="none"' : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${body}</symbol>`;
  });
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

/** One text with the licence of every package that `sources` come from, since each asks to go with its copies. */
function licences(sources) {
  const names = [...sources].map((path) => OF_PACKAGE.exec(path)?.[1]).filter(Boolean);
  const parts = [...new Set(names)].sort().map((name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const own = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
    const files = [
      ...own.map((file) => join(folder, file)),
      ...(KEPT_NOTICES[name] ?? []).map((file) => join(root, "src/licences", file)),
    ];
    if (files.length === 0) throw new Error(`${name} brings no licence: keep its notice in src/licences`);
    const texts = files.map((file) => readFileSync(file, "utf8").trim());
    return [`${"=".repeat(72)}\n${name} ${version} (${license})\n${"=".repeat(72)}`, ...texts].join("\n\n");
  });
  const head = "The pages of Balcão contain work of others. These are its licences.";
  return Buffer.from(`${[head, ...parts].join("\n\n\n")}\n`);
}

function emit(name, bytes) {
  writeFileSync(join(dist, name), bytes);
  if (/\.(js|css|svg|txt)$/.test(name)) {
    writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}

function emitHashed(manifest, logical, bytes) {
  const dot = logical.lastIndexOf(".");
  const name = `${logical.slice(0, dot)}-${hash(bytes)}${logical.slice(dot)}`;
  emit(name, bytes);
  manifest[logical] = name;
}

async function build() {
  const sources = new Set([`${ICONS}/`]);
  const outputs = [...(await bundle("src/app.ts", sources)), ...(await bundle("src/styles/app.css", sources))];
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const manifest = {};
  for (const { name, bytes } of outputs) {
    if (name === "app.js" || name === "app.css") {
      emitHashed(manifest, name, bytes);
    } else {
      emit(name, bytes); // fonts: named with a hash by esbuild already
      if (name.includes("inter-latin-wght")) manifest["inter.woff2"] = name;
    }
  }
  emitHashed(manifest, "icons.svg", sprite());
  emitHashed(manifest, "licences.txt", licences(sources));
  for (const file of readdirSync(join(root, "src/assets"))) {
    emitHashed(manifest, file, readFileSync(join(root, "src/assets", file)));
  }
  writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const name of Object.values(manifest)) {
    const bytes = readFileSync(join(dist, name));
    console.log(`${name}  ${(bytes.length / 1024).toFixed(1)} KB  (${(gzipSync(bytes).length / 1024).toFixed(1)} KB gzip)`);
  }
}

await build();
if (process.argv.includes("--watch")) {
  let timer;
  watch(join(root, "src"), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((error) => console.error(error.message)), 80);
  });
}
