// A technician's day without a mouse: everything from signing in to the last ticket by
// keyboard alone, on a desk and on a phone with a keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, DESKTOP, launchBrowser, loginOf, newContext, PHONE, startDesk } from "./desk.mjs";

const TECH = "thais@sertaotec.test";
const CLIENT = "socorro@flordeumbu.test";

let desk;
let browser;

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
});

after(async () => {
  await browser?.close();
  await desk?.stop();
});

const statusOf = async ({ protocol }) => (await api(desk, TECH, "GET", `/tickets/${protocol}`)).status;
const at = (page, path) => page.waitForURL((url) => url.pathname === path);
const toast = (page, text) => page.locator(".toast-region .toast-item", { hasText: text }).first().waitFor();
const open = (title) => api(desk, CLIENT, "POST", "/tickets", { title, description: "Parou hoje cedo, no caixa 2." });

/** Presses keys one after the other; a text is typed. */
async function keys(page, ...all) {
  for (const key of all) {
    if (key.startsWith("“")) await page.keyboard.type(key.slice(1, -1));
    else await page.keyboard.press(key);
  }
}

/** The focus walks on with Tab until it stands on what `selector` names. */
async function tabTo(page, selector) {
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

async function day(t, name, options) {
  const [first, second, third] = [await open(`${name}: o leitor de código falha`), await open(`${name}: a gaveta emperra`), await open(`${name}: o troco não sai`)];
  const context = await newContext(browser, desk, options);
  t.after(() => context.close());
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  // Whoever has a mouse after all fails the day.
  await page.addInitScript(() => addEventListener("mousedown", () => { document.title = "a mouse"; }, true));

  const { password } = loginOf(desk, TECH);
  await page.goto("/auth/login");
  await tabTo(page, "#email");
  await keys(page, `“${TECH}”`, "Tab", `“${password}”`, "Enter");
  await at(page, "/dashboard");

  // The ticket is looked for, opened, taken.
  await keys(page, "Control+k", `“${first.protocol}”`, "Enter");
  await at(page, `/tickets/${first.protocol}`);
  await keys(page, "a");
  await toast(page, "Responsável definido");
  assert.equal(await statusOf(first), "in_progress");

  // A reply, a note, and a canned answer with the requester's name in it.
  await keys(page, "r", "“Vou aí agora.”", "Control+Enter");
  await page.locator(".message", { hasText: "Vou aí agora." }).waitFor();
  assert.equal(await page.locator("#content").inputValue(), "", "what was sent is not offered again");
  await keys(page, "n", "“A peça está no estoque.”", "Control+Enter");
  await page.locator(".message", { hasText: "A peça está no estoque." }).first().waitFor();
  await keys(page, "r", "/");
  await page.locator(".composer [role=option]").first().waitFor();
  await keys(page, "Enter");
  const text = await page.locator("#content").inputValue();
  assert.ok(text.length > 20 && !text.includes("{{"), text);
  await keys(page, "Control+Enter");
  await page.waitForFunction(() => document.querySelector("#content")?.value === "");

  // Solved, and back to the list.
  await keys(page, "e", "“Troquei o cabo do leitor.”");
  await tabTo(page, "form[action$='/resolve'] button.btn-primary");
  await keys(page, "Enter");
  await page.locator(".solution", { hasText: "Troquei o cabo do leitor." }).waitFor();
  assert.equal(await statusOf(first), "resolved");
  await keys(page, "u");
  await at(page, "/tickets");

  // Two at once, and put back.
  await page.goto("/tickets?view=all&sort=created");
  const row = (ticket) => page.locator("[data-row]", { has: page.locator(`a[href^="/tickets/${ticket.protocol}"]`) });
  await keys(page, "j", "x", "j", "x");
  assert.ok(await row(third).locator("[data-select]").isChecked());
  assert.ok(await row(second).locator("[data-select]").isChecked());
  await keys(page, "a");
  await page.locator(".bulk-notice", { hasText: "2 chamados assumidos" }).waitFor();
  assert.equal(await statusOf(second), "in_progress");
  await keys(page, "z");
  await page.locator(".bulk-notice", { hasText: "2 chamados estão como antes" }).waitFor();
  assert.equal(await statusOf(second), "open");

  // A ticket for somebody who has called.
  await keys(page, "c");
  await at(page, "/tickets/create");
  await tabTo(page, "#title");
  await keys(page, `“${name}: ligaram da portaria”`);
  await tabTo(page, "#description");
  await keys(page, "“O portão não abre.”");
  await tabTo(page, "#contact_name");
  await keys(page, "“Seu Zé da portaria”");
  await tabTo(page, "form button.btn-primary");
  await keys(page, "Enter");
  await page.locator("h1", { hasText: "ligaram da portaria" }).waitFor();

  // The looks, and home.
  await keys(page, "Control+k", "“preferencias”", "Enter");
  await at(page, "/preferences");
  await keys(page, "g", "d");
  await at(page, "/dashboard");
  assert.notEqual(await page.title(), "a mouse");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.ok(!wide, "nothing scrolls sideways");
}

test("a day's work by keyboard alone", (t) => day(t, "Mesa", { viewport: DESKTOP }));

test("the same at 360 px", (t) => day(t, "Telefone", { viewport: PHONE }));
