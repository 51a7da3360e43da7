// Canned answers in the composer: a slash, a few letters, Enter.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { apiOf, DESKTOP, HERE, launchBrowser, newContext, PHONE, signIn, startDesk } from "./desk.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TECH = "thais@sertaotec.test";
const SUPERVISOR = "supervisor";
/** Maria do Socorro Lucena. */
const CLIENT = "socorro@flordeumbu.test";
const PASSWORD = /^Pronto, Maria! A sua senha foi redefinida\.\n[^{}]*\n\nThaís$/;

let desk;
let browser;
let ticket;

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
  const call = await apiOf(desk, CLIENT);
  ticket = await call("POST", "/tickets", { title: "Esqueci a senha do ERP", description: "Desde hoje cedo." });
});

after(async () => {
  await browser?.close();
  await desk?.stop();
});

/** The ticket before the technician, with nothing written. */
async function enter(t, { who = TECH, path = `/tickets/${ticket.protocol}`, ...options } = {}) {
  const context = await newContext(browser, desk, options);
  t.after(() => context.close());
  context.setDefaultTimeout(10_000);
  await context.addInitScript({ content: AXE });
  const page = await context.newPage();
  await signIn(page, desk, who);
  await page.goto(path);
  return page;
}

const field = (page) => page.locator("#content");
const text = (page) => field(page).inputValue();
const sheet = (page) => page.locator(".answers");
const options = (page) => page.locator(".answers [role=option]:visible");
const chosen = (page) => page.locator(".answers [role=option][aria-selected=true] .answers-title");
const opened = (page) => options(page).first().waitFor();
const closed = (page) => sheet(page).waitFor({ state: "hidden" });
const open = async (page, typed) => {
  await field(page).pressSequentially(typed);
  await opened(page);
};

/** Keeps what is in the window: the list is placed by that. */
const picture = (page, name) => page.screenshot({ path: join(HERE, `../target/screenshots/pt-BR/${name}.png`) });

async function axe(page) {
  // The rules are for a page at rest: no title that fades in by scrolling.
  await page.evaluate(async () => {
    scrollTo(0, 0);
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  });
  const violations = await page.evaluate(async () => {
    const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await window.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`).join(" | ")}`);
  });
  assert.deepEqual(violations, []);
}

test("a slash, a few letters and Enter put an answer in, with the ticket's names in it", async (t) => {
  const page = await enter(t);
  await field(page).fill("Bom dia!\n");
  await open(page, "/");
  assert.equal(await options(page).count(), 6);
  await field(page).pressSequentially("REDEFiní");
  assert.deepEqual(await chosen(page).allTextContents(), ["Senha redefinida"]);
  assert.equal(await options(page).count(), 1);
  const said = page.locator("[role=status]", { hasText: "Respostas: 1" });
  await said.waitFor({ state: "attached" });
  await page.keyboard.press("Enter");
  await closed(page);
  const [first, ...rest] = (await text(page)).split("\n");
  assert.equal(first, "Bom dia!");
  assert.match(rest.join("\n"), PASSWORD);
  const caret = await field(page).evaluate((f) => f === document.activeElement && f.selectionStart === f.value.length);
  assert.ok(caret, "the caret is not at the end");

  await page.keyboard.press("Control+z");
  assert.equal(await text(page), "Bom dia!\n/REDEFiní");
  await page.keyboard.press("Control+y");
  assert.match((await text(page)).slice(9), PASSWORD);
  // The draft is kept without another key.
  await page.waitForFunction(() => Object.values(localStorage).some((draft) => draft.includes("foi redefinida")));
  await page.reload();
  assert.match((await text(page)).slice(9), PASSWORD);
});

for (const key of ["Enter", "Tab"]) {
  test(`a shortcut and ${key} need no look at the list`, async (t) => {
    const page = await enter(t);
    // The answers come after the key: it is remembered.
    let send;
    const isPressed = new Promise((done) => (send = done));
    await page.route("**/answers", (route) => isPressed.then(() => route.continue()));
    await field(page).pressSequentially("/senha");
    await page.keyboard.press(key);
    send();
    await page.waitForFunction(() => document.querySelector("#content").value.startsWith("Pronto"));
    assert.match(await text(page), PASSWORD);
    assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  });
}

test("arrows choose, Escape leaves what was typed, and another slash is only a slash", async (t) => {
  const page = await enter(t);
  await open(page, "/");
  const [first, second] = await page.locator(".answers-title").allTextContents();
  const active = () => field(page).evaluate((f) => document.getElementById(f.getAttribute("aria-activedescendant")).innerText);
  assert.ok((await active()).startsWith(first));
  await page.keyboard.press("ArrowDown");
  assert.ok((await active()).startsWith(second));
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  const titles = await page.locator(".answers-title").allTextContents();
  assert.deepEqual(await chosen(page).allTextContents(), [titles.at(-1)]);
  await page.keyboard.press("Escape");
  await closed(page);
  assert.equal(await text(page), "/");
  assert.equal(await field(page).getAttribute("aria-activedescendant"), null);
  await field(page).pressSequentially(" é 24/7, veja em https://x.test/a");
  assert.ok(await sheet(page).isHidden());
  await field(page).fill("");
  await field(page).pressSequentially("\n/xyzxyz");
  await page.locator(".answers-note", { hasText: "Nenhuma resposta com estas palavras." }).waitFor();
  await page.keyboard.press("Enter");
  await closed(page);
  assert.equal(await text(page), "\n/xyzxyz\n");
  await field(page).fill("");
  await open(page, "/");
  await page.keyboard.press("Backspace");
  await closed(page);
  assert.equal(await text(page), "");
});

test("the button puts an answer in where the caret is", async (t) => {
  const page = await enter(t);
  await field(page).fill("Antes. Depois.");
  await field(page).evaluate((f) => f.setSelectionRange(7, 7));
  const button = page.getByRole("button", { name: "Respostas prontas ( / )" });
  await button.click();
  await opened(page);
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  await picture(page, "answers-desktop");
  await axe(page);
  // What is typed filters here, too.
  await page.keyboard.type("provisoria");
  assert.equal(await options(page).count(), 1);
  await options(page).first().click();
  await closed(page);
  assert.match(await text(page), /^Antes\. Pronto, Maria![^{}]*ThaísDepois\.$/);
  await button.click();
  await opened(page);
  await button.click();
  await closed(page);
  await button.click();
  await opened(page);
  await page.locator("#search").click();
  await closed(page);
});

test("on a phone the list is a sheet that fits", async (t) => {
  const page = await enter(t, { viewport: PHONE, hasTouch: true, isMobile: true });
  await page.getByRole("button", { name: "Respostas prontas ( / )" }).tap();
  await opened(page);
  await picture(page, "answers-phone-button");
  const { box, wide, field: where } = await page.evaluate(() => ({
    box: document.querySelector(".answers").getBoundingClientRect().toJSON(),
    wide: document.documentElement.scrollWidth,
    field: document.querySelector("#content").getBoundingClientRect().toJSON(),
  }));
  assert.equal(wide, PHONE.width);
  assert.equal(box.width, PHONE.width);
  assert.equal(box.bottom, PHONE.height);
  assert.ok(where.top >= 0 && where.top < box.top, "the sheet covers what is being written");
  await axe(page);
  for (const one of await options(page).all()) assert.ok((await one.boundingBox()).height >= 44);
  await options(page).filter({ hasText: "Senha redefinida" }).tap();
  await closed(page);
  assert.match(await text(page), PASSWORD);
  await field(page).fill("");
  await open(page, "/vis");
  await picture(page, "answers-phone-typed");
  assert.deepEqual(await chosen(page).allTextContents(), ["Visita técnica"]);
});

test("when the answers cannot be fetched it is said, and what was typed stays", async (t) => {
  const page = await enter(t);
  await page.route("**/answers", (route) => route.abort());
  await field(page).pressSequentially("/senha");
  await page.locator(".answers-note", { hasText: "Não foi possível carregar" }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await text(page), "/senha");
});

test("an answer is written with a click on a variable, and the example follows", async (t) => {
  const page = await enter(t, { who: SUPERVISOR, path: "/answers/new", viewport: DESKTOP });
  await page.locator("#title").fill("Aviso de parada");
  await page.locator("#shortcut").fill("parada");
  await page.locator("#body").fill("Olá, ");
  await page.getByRole("button", { name: "requester.first_name" }).click();
  await page.keyboard.type("! O sistema para hoje.");
  await page.locator(".answer-text", { hasText: "Olá, Ana! O sistema para hoje." }).waitFor();
  await page.keyboard.type(" {{ hora }}");
  await page.locator(".answer-wrong", { hasText: "hora" }).waitFor();
  await axe(page);
  await picture(page, "answer-new");
  for (let n = 0; n < 11; n += 1) await page.keyboard.press("Backspace");
  await page.getByRole("button", { name: "Salvar" }).click();
  await page.getByRole("link", { name: "Aviso de parada" }).click();
  await page.locator(".answer-text", { hasText: "Olá, Ana!" }).waitFor();
  const reader = await enter(t);
  await reader.locator("#content").pressSequentially("/parada");
  await opened(reader);
  await reader.keyboard.press("Tab");
  assert.equal(await text(reader), "Olá, Maria! O sistema para hoje.");
});
