// Every page, at two widths, in every theme: nothing to scroll sideways, no axe
// violation, a silent console, no request that fails or leaves the desk, light
// on the wire; and a picture of it.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DESKTOP, HERE, PHONE, launchBrowser, newContext, signIn, startDesk } from "./desk.mjs";
import { IMAGES, picture, pictureForReadme } from "./pictures.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES = { phone: PHONE, desktop: DESKTOP };
const THEMES = ["light", "dark"];
/** The same pages in other colours: their contrast alone can be wrong. */
const OTHER_THEMES = ["roxo-escuro", "comfort"];
const HTML_AT_MOST = 30 * 1024;
const JS_AT_MOST = 60 * 1024;

/** Who looks: the first of a role, or somebody with something to show. */
const PEOPLE = { client: "ivonete@barauna.test", tech: "tech", supervisor: "supervisor", admin: "admin" };

/** The ticket that the READMEs show: a requester's and a technician's, with a conversation. */
const STORY = "TV do painel";

/** Tickets are found where the demo keeps each kind: a list's first link, or the one named so. */
const LISTS = {
  client: {
    ticket: ["/tickets?view=active", STORY],
    "ticket-resolved": "/tickets?view=resolved",
    "ticket-closed": "/tickets?status=closed",
  },
  tech: {
    ticket: ["/tickets?view=mine", STORY],
    "ticket-unassigned": "/tickets?view=unassigned",
    "ticket-escalated": "/tickets?view=escalated",
    "ticket-resolved": "/tickets?view=resolved",
    "ticket-closed": "/tickets?status=closed",
    answer: "/answers",
  },
  supervisor: { ticket: "/tickets?view=working" },
  admin: {
    ticket: "/tickets?view=waiting",
    company: "/admin/companies",
    user: "/admin/users",
    technician: "/admin/users?q=cicero",
    queue: "/admin/queues",
    category: "/admin/categories",
    channel: "/admin/channels",
    answer: "/answers",
  },
};
const LINKS = "main [data-row] a[href]";

/**
 * name, path (or what leads to it), and what is not usual about it.
 * `readme`: the window at that size, in the light, is a picture of the READMEs.
 */
const PAGES = {
  nobody: [
    { name: "landing", path: "/" },
    { name: "login", path: "/auth/login" },
    { name: "login-refused", path: "/auth/login", act: refusedLogin, status: 422 },
    { name: "register", path: "/auth/register" },
    { name: "register-refused", path: "/auth/register", act: (page) => send(page), status: 422 },
    { name: "forgot", path: "/auth/forgot" },
    { name: "letter-sent", path: "/auth/sent?for=confirm" },
    { name: "link-over", path: "/auth/reset/over", status: 404 },
    { name: "api-docs", path: "/api/docs" },
    { name: "api-docs-open", path: "/api/docs", act: (page) => page.evaluate(() => document.querySelectorAll("details.fold").forEach((d) => (d.open = true))) },
    { name: "404", path: "/no/such/page", status: 404 },
  ],
  client: [
    { name: "dashboard", path: "/dashboard" },
    { name: "tickets", path: "/tickets" },
    { name: "tickets-cards", path: "/tickets?show=cards" },
    { name: "search", path: "/search?q=tv" },
    { name: "tickets-empty", path: "/tickets?view=all&q=&from=2001-01-01&to=2001-01-02" },
    { name: "ticket", find: "ticket", readme: { phone: "phone" } },
    { name: "ticket-resolved", find: "ticket-resolved" },
    { name: "ticket-closed", find: "ticket-closed" },
    { name: "new", path: "/tickets/create" },
    { name: "new-filled", path: "/tickets/create", act: fillTicket, readme: { desktop: "new-ticket" } },
    { name: "new-refused", path: "/tickets/create", act: refusedTicket, status: 422 },
    { name: "edit-403", find: "ticket", end: "/edit", status: 403 },
    { name: "404", path: "/tickets/20200101-0000", status: 404 },
  ],
  tech: [
    { name: "dashboard", path: "/dashboard" },
    { name: "tickets", path: "/tickets", readme: { desktop: "list" } },
    { name: "tickets-all", path: "/tickets?view=all" },
    { name: "tickets-filtered", path: "/tickets?status=closed&priority=high" },
    { name: "tickets-cards", path: "/tickets?show=cards" },
    { name: "tickets-empty", path: "/tickets?from=2001-01-01&to=2001-01-02" },
    { name: "tickets-searched", path: "/tickets?q=impressora" },
    { name: "list-bulk", path: "/tickets", act: chooseThree },
    { name: "list-save-view", path: "/tickets?priority=high", act: (page) => page.locator(".list-tools .menu-form summary").click() },
    { name: "list-board", path: "/tickets?show=board" },
    { name: "list-split", path: "/tickets?show=split" },
    { name: "list-split-open", path: "/tickets?show=split", act: openBeside },
    { name: "search", path: "/search?q=bara" },
    { name: "search-none", path: "/search?q=xyzxyzxyz" },
    { name: "ticket", find: "ticket", readme: { desktop: "ticket" } },
    { name: "ticket-unfolded", find: "ticket", act: unfold },
    { name: "ticket-refused", find: "ticket", act: refusedNote, status: 422 },
    { name: "ticket-unassigned", find: "ticket-unassigned" },
    { name: "ticket-escalated", find: "ticket-escalated" },
    { name: "ticket-resolved", find: "ticket-resolved" },
    { name: "ticket-closed", find: "ticket-closed" },
    { name: "new", path: "/tickets/create" },
    { name: "new-refused", path: "/tickets/create", act: refusedTicket, status: 422 },
    { name: "edit", find: "ticket", end: "/edit" },
    { name: "answers", path: "/answers" },
    { name: "answer-new", path: "/answers/new" },
    { name: "answer-shared", find: "answer" },
    { name: "answer-refused", path: "/answers/new", act: refusedAnswer, status: 422 },
    { name: "ticket-answers", find: "ticket", act: openAnswers },
    { name: "admin-403", path: "/admin", status: 403 },
    { name: "menu", path: "/dashboard", act: (page) => page.locator(".user-button").click() },
    { name: "keys", path: "/tickets", act: (page) => page.keyboard.press("?") },
    { name: "preferences", path: "/preferences" },
    { name: "preferences-refused", path: "/preferences", act: wrongZone, status: 422 },
    { name: "lgpd", path: "/lgpd" },
    { name: "profile", path: "/meu-perfil" },
    { name: "security", path: "/meu-perfil/security" },
    { name: "profile-refused", path: "/meu-perfil", act: wrongPassword, status: 422 },
    { name: "palette", find: "ticket", act: (page) => page.keyboard.press("Control+k") },
    { name: "palette-typed", path: "/dashboard", act: openPalette },
  ],
  supervisor: [
    { name: "dashboard", path: "/dashboard" },
    { name: "tickets", path: "/tickets" },
    { name: "list-bulk-menu", path: "/tickets?show=cards", act: (page) => chooseThree(page, true) },
    { name: "list-bulk-done", path: "/tickets?view=unassigned", act: chooseAndWait },
    { name: "ticket", find: "ticket" },
    { name: "new", path: "/tickets/create" },
    { name: "edit", find: "ticket", end: "/edit" },
    { name: "admin", path: "/admin" },
    { name: "users-403", path: "/admin/users", status: 403 },
  ],
  admin: [
    { name: "dashboard", path: "/dashboard" },
    { name: "tickets", path: "/tickets" },
    { name: "ticket", find: "ticket" },
    { name: "new", path: "/tickets/create" },
    { name: "edit", find: "ticket", end: "/edit" },
    { name: "admin", path: "/admin" },
    { name: "companies", path: "/admin/companies" },
    { name: "company-new", path: "/admin/companies/new" },
    { name: "sso", path: "/admin/sso" },
    { name: "sso-new", path: "/admin/sso/new" },
    { name: "sso-own", path: "/meu-perfil/sso" },
    { name: "company", find: "company" },
    { name: "users", path: "/admin/users" },
    { name: "users-none", path: "/admin/users?q=xyzzy" },
    { name: "user-new", path: "/admin/users/new" },
    { name: "user-refused", path: "/admin/users/new", act: (page) => send(page), status: 422 },
    { name: "user", find: "user" },
    { name: "user-invite", find: "user", end: "/invite" },
    { name: "audit", path: "/admin/audit" },
    { name: "company-privacy", find: "company", end: "/privacy" },
    { name: "config", path: "/admin/config" },
    { name: "signin-rules", path: "/admin/security" },
    { name: "config-privacy", path: "/admin/config/privacy" },
    { name: "tools", path: "/admin/tools" },
    { name: "queues", path: "/admin/queues" },
    { name: "queue-new", path: "/admin/queues/new" },
    { name: "queue", find: "queue" },
    { name: "categories", path: "/admin/categories" },
    { name: "category-new", path: "/admin/categories/new" },
    { name: "category", find: "category" },
    { name: "channels", path: "/admin/channels" },
    { name: "channel-new", path: "/admin/channels/new" },
    { name: "channel", find: "channel" },
    { name: "answers", path: "/answers" },
    { name: "answer-new", path: "/answers/new" },
    { name: "answer", find: "answer" },
    { name: "roles", path: "/admin/roles" },
    { name: "role-new", path: "/admin/roles/new?from=supervisor" },
    { name: "role-refused", path: "/admin/roles/new", act: (page) => send(page), status: 422 },
    { name: "user-limits", find: "technician", end: "/limits" },
  ],
};

/** Sends the page's form and waits for the refusal. */
async function send(page, form = "main form[method=post]") {
  const answer = page.waitForResponse((r) => r.request().method() === "POST");
  await page.locator(form).first().evaluate((f) => f.requestSubmit());
  await answer;
  await page.locator("main [role=alert]").first().waitFor();
}

async function refusedLogin(page) {
  await page.locator("#email").fill("nobody@nowhere.test");
  await page.locator("#password").fill("wrong-password");
  await send(page);
}

async function wrongPassword(page) {
  await page.locator("#password_old").fill("wrong-password");
  await page.locator("#password").fill("uma-senha-nova");
  await page.locator("#password_again").fill("uma-senha-nova");
  await send(page, "form[action='/meu-perfil/password']");
}

async function wrongZone(page) {
  await page.locator("#zone").fill("Marte/Base");
  await send(page, "form:has(#zone)");
}

async function fillTicket(page) {
  await page.locator("#title").fill("A impressora da recepção puxa duas folhas por vez");
  await page.locator("#description").fill(
    "Começou hoje cedo, com o papel novo. Já tirei a bandeja e coloquei de volta.\nSó acontece na impressora da recepção; a do consultório 2 está normal.",
  );
  await page.locator("#description").blur();
}

async function refusedTicket(page) {
  await page.locator("#description").fill("A impressora parou.");
  await send(page, "main form[enctype]");
}

/** An EXE that calls itself a PDF, with a note. */
async function refusedNote(page) {
  await page.locator("#content").fill("Segue o laudo.");
  await page.locator("#files").setInputFiles({
    name: "laudo.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("MZ\x90\x00 this is no PDF"),
  });
  await send(page, ".composer");
}

/** A variable that there is not. */
async function refusedAnswer(page) {
  await page.locator("#title").fill("Visita");
  await page.locator("#body").fill("Olá, {{ nome }}! A visita foi marcada.");
  await send(page);
}

/** The list that a slash opens, with what was found. */
async function openAnswers(page) {
  await page.locator("#content").pressSequentially("/ch");
  await page.locator(".answers [role=option]:visible").first().waitFor();
}

/** Ctrl+K, with what was found. */
async function openPalette(page) {
  await page.keyboard.press("Control+k");
  await page.locator("#palette").fill("impressora");
  await page.locator(".palette [data-palette-target=hits] [role=option]").first().waitFor();
}

/** Three tickets of a list are chosen; `isOpen`: and the first menu for them stands open. */
async function chooseThree(page, isOpen = false) {
  for (const n of [0, 1, 2]) await page.locator("[data-select]").nth(n).check();
  if (isOpen) await page.locator(".bulk summary").first().click();
  await page.locator(".bulk").waitFor();
}

/** A ticket is chosen and set to waiting, which can be undone. */
async function chooseAndWait(page) {
  await page.locator("[data-select]").first().check();
  await page.locator(".bulk [value=wait]").click();
  await page.locator(".bulk-notice").waitFor();
}

async function openBeside(page) {
  await page.locator(".split-item a").first().click();
  await page.locator(".split-ticket h1").waitFor();
}

/** The form of the longest action, and an internal note begun. */
async function unfold(page) {
  await page.locator("details.action summary").last().click();
  await page.locator("[data-key=n]").click();
}

let desk;
let browser;
const found = {};
const states = {};
const scripts = new Map();

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
  await Promise.all(
    Object.keys(LISTS).map(async (role) => {
      const c = await newContext(browser, desk);
      const page = await c.newPage();
      await signIn(page, desk, PEOPLE[role]);
      found[role] = {};
      for (const [name, where] of Object.entries(LISTS[role])) {
        const [list, title] = [where].flat();
        await page.goto(list);
        const link = page.locator(LINKS, { hasText: title }).first();
        assert.ok(await link.count(), `${role}: ${list} leads nowhere`);
        found[role][name] = await link.getAttribute("href");
      }
      states[role] = await c.storageState();
      await c.close();
    }),
  );
});

after(async () => {
  await browser?.close();
  await desk?.stop();
});

/** Everything that a page must not do, gathered while it loads. */
function watch(page) {
  const wrongs = [];
  const pageUrls = new Set();
  const allowed = new Set();
  page.on("pageerror", (error) => wrongs.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // Chromium logs the page's own 403, 404 and 422: those are what we came for.
    const refusal = /status of (\d+)/.exec(message.text());
    if (refusal && allowed.has(Number(refusal[1])) && pageUrls.has(message.location().url)) return;
    wrongs.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== desk.url) wrongs.push(`request to ${url.origin}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // What a page asks by itself it gives up when it is left: that is no failure.
    if (why === "net::ERR_ABORTED" && request.resourceType() === "fetch") return;
    wrongs.push(`failed: ${request.url()} ${why}`);
  });
  page.on("response", (response) => {
    const request = response.request();
    const own = request.isNavigationRequest() || request.method() === "POST";
    if (own) pageUrls.add(response.url());
    else if (response.status() >= 400) wrongs.push(`${response.status()} ${response.url()}`);
  });
  return { wrongs, allowed };
}

async function scriptBytes(page) {
  const urls = await page.evaluate(() => performance.getEntriesByType("resource").map((e) => e.name).filter((n) => /\.m?js(\?|$)/.test(n)));
  let bytes = 0;
  for (const url of new Set(urls)) {
    if (!scripts.has(url)) {
      const answer = await fetch(url, { headers: { "accept-encoding": "identity" } });
      scripts.set(url, gzipSync(Buffer.from(await answer.arrayBuffer())).length);
    }
    bytes += scripts.get(url);
  }
  return { bytes, count: new Set(urls).size };
}

async function axe(page, runOnly = { type: "tag", values: TAGS }) {
  const violations = await page.evaluate(async (runOnly) => {
    const result = await window.axe.run(document, { runOnly, resultTypes: ["violations"] });
    return result.violations.map((v) => ({
      id: v.id,
      help: v.help,
      nodes: v.nodes.map((n) => `${n.target.join(" ")}\n      ${n.html.slice(0, 200)}\n      ${n.failureSummary.split("\n").slice(1).join("; ").trim()}`),
    }));
  }, runOnly);
  return violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 6).join("\n    ")}${v.nodes.length > 6 ? `\n    and ${v.nodes.length - 6} more` : ""}`);
}

async function wear(page, theme) {
  // As the theme switch does it; that the choice is kept is a journey's matter.
  await page.evaluate(async (chosen) => {
    const isPlain = ["light", "dark"].includes(chosen);
    Object.assign(document.documentElement.dataset, { theme: chosen, bsTheme: isPlain ? chosen : "dark" });
    for (const choice of document.querySelectorAll("[name=theme][aria-pressed]")) choice.setAttribute("aria-pressed", choice.value === chosen);
    window.scrollTo(0, 0);
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  }, theme);
}

/** What is wrong with the page as it stands. */
/** The parts that pages are made of, and what makes each of them look as it does. */
const PARTS = {
  button: ".btn:not(.btn-sm, .btn-lg, .btn-icon, .btn-block)",
  // What is done to many stands in a bar of its own on phones.
  "small button": ":not(.bulk *).btn-sm:not(.btn-icon)",
  "large button": ".btn-lg",
  field: ".fields input.form-control:not([type=file])",
  choice: ".fields select.form-select",
  form: ".fields",
  panel: ".panel",
  title: ".page-head h1",
};
const SHAPE = ["border-radius", "font-family", "font-size", "min-height", "row-gap"];
/** What somebody acts with is one of these, and no page makes its own. */
const CONTROLS = [
  ".btn, .menu-item, .swatch, .variable, .btn-link-plain, .toast-close, .user-button, .segmented > button, .answers-one, summary",
  ".form-control, .form-select, .form-check-input, .composer-text, .palette-input, .composer-file > input, .file-drop > input, .segmented input, [name=kind]",
].join(", ");
const shapes = {};

/** What looks otherwise here than on the page before: S0-201, the same parts everywhere. */
async function strangers(page) {
  const { width } = page.viewportSize();
  const seen = await page.evaluate(
    ({ parts, shape, controls }) => {
      const visible = (e) => e.checkVisibility();
      const found = [];
      for (const [name, selector] of Object.entries(parts)) {
        for (const e of [...document.querySelectorAll(selector)].filter(visible)) {
          const style = getComputedStyle(e);
          // Nothing and "as it comes" are the same height.
          const values = shape.map((p) => style.getPropertyValue(p).replace(/^auto$/, "0px"));
          found.push([name, values.join(" "), e.outerHTML.slice(0, 100)]);
        }
      }
      const all = [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea")];
      const own = all.filter((e) => visible(e) && !e.matches(controls)).map((e) => e.outerHTML.slice(0, 100));
      return { found, own };
    },
    { parts: PARTS, shape: SHAPE, controls: CONTROLS },
  );
  const wrongs = seen.own.map((html) => `no part that other pages have: ${html}`);
  for (const [name, shape, html] of seen.found) {
    const usual = (shapes[`${width} ${name}`] ??= shape);
    if (shape !== usual) wrongs.push(`a ${name} of another shape, ${shape} for ${usual}: ${html}`);
  }
  return wrongs;
}

async function look(page) {
  const wrongs = await strangers(page);
  const wide = await page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    if (scrollWidth <= innerWidth) return null;
    const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
    return `${scrollWidth} px wide at ${innerWidth}: ${out.slice(0, 4).map((e) => e.outerHTML.slice(0, 80)).join(", ")}`;
  });
  if (wide) wrongs.push(wide);
  wrongs.push(...(await axe(page)));
  return wrongs;
}

async function examine(role, size, entry) {
  const readme = entry.readme?.[size];
  const context = await newContext(browser, desk, {
    viewport: SIZES[size],
    hasTouch: size === "phone",
    deviceScaleFactor: readme && size === "phone" ? 2 : 1,
    storageState: states[role],
  });
  try {
    context.setDefaultTimeout(15_000);
    await context.addCookies([{ name: "theme", value: THEMES[0], url: desk.url }]);
    await context.addInitScript({ content: AXE });
    const page = await context.newPage();
    const { wrongs, allowed } = watch(page);
    const path = entry.path ?? found[role][entry.find] + (entry.end ?? "");
    const status = entry.act ? 200 : (entry.status ?? 200);
    if (entry.status) allowed.add(entry.status);
    const answer = await page.goto(path, { waitUntil: "load" });
    assert.equal(answer.status(), status, `${path} answers ${answer.status()}`);
    const weight = gzipSync(await answer.body()).length;
    if (weight > HTML_AT_MOST) wrongs.push(`HTML weighs ${weight} bytes compressed`);
    if (entry.act) await entry.act(page);
    await page.evaluate(() => document.fonts.ready);
    const script = await scriptBytes(page);
    if (script.count === 0) wrongs.push("no script was loaded");
    if (script.bytes > JS_AT_MOST) wrongs.push(`JavaScript weighs ${script.bytes} bytes compressed`);
    for (const theme of THEMES) {
      await wear(page, theme);
      if (readme && theme === "light") await pictureForReadme(page, readme);
      await picture(page, `${role}-${entry.name}`);
      wrongs.push(...(await look(page)).map((wrong) => `${theme}: ${wrong}`));
    }
    for (const theme of OTHER_THEMES) {
      await wear(page, theme);
      wrongs.push(...(await axe(page, { type: "rule", values: ["color-contrast"] })).map((wrong) => `${theme}: ${wrong}`));
    }
    assert.equal(wrongs.length, 0, `\n  ${wrongs.join("\n  ")}\n`);
  } finally {
    await context.close();
  }
}

// PAGES_ONLY=tech-ticket looks at those alone, while working on one.
const only = process.env.PAGES_ONLY;

describe("pages", { concurrency: 3 }, () => {
  for (const [role, pages] of Object.entries(PAGES)) {
    for (const entry of pages) {
      if (only && !`${role}-${entry.name}`.includes(only)) continue;
      for (const size of Object.keys(SIZES)) {
        test(`${role}: ${entry.name}, ${size}, in every theme`, () => examine(role, size, entry));
      }
    }
  }
});

test("the pictures that the READMEs show are there, and are taken here", () => {
  const taken = Object.values(PAGES).flat().flatMap((entry) => Object.values(entry.readme ?? {}));
  for (const name of ["README.md", "README.pt-BR.md"]) {
    const text = readFileSync(join(HERE, "..", name), "utf8");
    const shown = [...text.matchAll(/\(docs\/images\/([^)]+)\.png\)/g)].map((match) => match[1]);
    assert.deepEqual(shown.toSorted(), taken.toSorted(), name);
    for (const image of shown) assert.ok(existsSync(join(IMAGES, `${image}.png`)), `${name}: ${image}.png is missing`);
  }
});
