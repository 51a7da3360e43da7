// What people put into fields: texts that are too long for them, and a zone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchBrowser, newContext, PHONE, signIn, startDesk } from "./desk.mjs";

const TECH = "thais@sertaotec.test";
const CLIENT = "socorro@flordeumbu.test";
const AT_ONCE = 1_000;

let desk;
let browser;

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
});

after(async () => {
  await browser?.close();
  await desk?.stop();
});

async function sit(t, who, options) {
  const context = await newContext(browser, desk, { permissions: ["clipboard-read", "clipboard-write"], ...options });
  t.after(() => context.close());
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  if (who) await signIn(page, desk, who);
  return page;
}

const said = (page) => page.locator(".toast-item");
const value = (page, field) => page.locator(field).inputValue();

/** Pastes as people do; how long it takes until the page answers again. */
async function paste(page, field, text) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.locator(field).focus();
  const begun = performance.now();
  await page.keyboard.press("Control+v");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  return performance.now() - begun;
}

describe("fields", { concurrency: 2 }, () => {
  test("of a pasted text what fits is put in, at once, and the page says how much came", async (t) => {
    const page = await sit(t, CLIENT);
    await page.goto("/tickets/create");
    await page.locator("#description").fill("Já estava aqui. ");
    const took = await paste(page, "#description", "linha do registro de erros\r\n".repeat(200_000 / 28));
    assert.ok(took < AT_ONCE, `${took} ms`);
    const text = await value(page, "#description");
    assert.equal(text.length, 20_000);
    assert.ok(text.startsWith("Já estava aqui. linha do registro de erros\nlinha"));
    await said(page).filter({ hasText: "192.834 caracteres; couberam 19.984" }).waitFor();
    // Again, into what is full: nothing is lost, and one message stands there.
    await paste(page, "#description", "x".repeat(3_000_000));
    assert.equal(await value(page, "#description"), text);
    await said(page).filter({ hasText: "3.000.000 caracteres; couberam 0" }).waitFor();
    assert.equal(await said(page).count(), 1);
    // What replaces something has its room, and half a character is none.
    await page.locator("#title").fill("some");
    await page.locator("#title").selectText();
    await paste(page, "#title", `x${"😀".repeat(150)}\nfim`);
    assert.equal(await value(page, "#title"), `x${"😀".repeat(99)}`);
    // What fits is the browser's to put in.
    await page.locator(".toast-close").click();
    await page.locator("#title").fill("");
    await paste(page, "#title", "Cabe inteiro");
    assert.equal(await value(page, "#title"), "Cabe inteiro");
    assert.equal(await said(page).count(), 0);
  });

  test("whoever has not signed in is told as well, on a phone, in their language", async (t) => {
    const page = await sit(t, null, { viewport: PHONE, locale: "en" });
    await page.goto("/auth/register");
    const took = await paste(page, "#name", "A".repeat(200_000));
    assert.ok(took < AT_ONCE, `${took} ms`);
    assert.equal((await value(page, "#name")).length, 160);
    await said(page).filter({ hasText: "200,000 characters; 160 fitted" }).waitFor();
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(sideways <= 0, `${sideways} px`);
  });

  test("whoever reads times in another zone than their browser's is offered its zone", async (t) => {
    const page = await sit(t, TECH);
    await page.goto("/preferences");
    const offer = page.locator("[data-zone-target=offer]");
    await offer.filter({ hasText: "America/Fortaleza" }).waitFor();
    await page.getByRole("button", { name: "Usar este fuso" }).click();
    assert.equal(await value(page, "#zone"), "America/Fortaleza");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "zone");
    await page.keyboard.press("Enter");
    await said(page).filter({ hasText: "Preferências salvas" }).waitFor();
    await page.goto("/preferences");
    assert.equal(await value(page, "#zone"), "America/Fortaleza");
    assert.equal(await offer.isVisible(), false);
  });

  test("a zone is chosen without JavaScript, and a wrong one is said at the field", async (t) => {
    const page = await sit(t, "supervisor", { javaScriptEnabled: false });
    await page.goto("/preferences");
    assert.equal(await page.locator("[data-zone-target=offer]").isVisible(), false);
    const save = () => page.locator("form", { has: page.locator("#zone") }).getByRole("button", { name: "Salvar" }).click();
    await page.locator("#zone").fill("Marte/Base");
    await save();
    await page.locator("#zone-error", { hasText: "Este fuso horário não existe" }).waitFor();
    assert.equal(await value(page, "#zone"), "Marte/Base");
    await page.locator("#zone").fill("America/Manaus");
    await save();
    await page.goto("/preferences");
    assert.equal(await value(page, "#zone"), "America/Manaus");
  });
});
