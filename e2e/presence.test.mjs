// Who else looks at a ticket, and who is writing: technicians see it of each other
// while it lasts; a requester never learns of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { apiOf, DESKTOP, launchBrowser, newContext, pause, PHONE, signIn, startDesk } from "./desk.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TECH = "thais@sertaotec.test";
const OTHER_TECH = "romulo@sertaotec.test";
const CLIENT = "socorro@flordeumbu.test";
/** From the act to the other's eyes. */
const SOON = 2_500;

let desk;
let browser;
let names;

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
  const call = async (who) => (await (await apiOf(desk, who))("GET", "/auth/me")).name;
  names = { [TECH]: await call(TECH), [OTHER_TECH]: await call(OTHER_TECH) };
});

after(async () => {
  await browser?.close();
  await desk?.stop();
});

async function enter(t, who, options) {
  const context = await newContext(browser, desk, options);
  t.after(() => context.close());
  context.setDefaultTimeout(10_000);
  await context.addInitScript({ content: AXE });
  const page = await context.newPage();
  await signIn(page, desk, who);
  return page;
}

async function openTicket() {
  const call = await apiOf(desk, CLIENT);
  return call("POST", "/tickets", { title: "O leitor de cartão apita", description: "Desde cedo." });
}

const path = (ticket) => `/tickets/${ticket.protocol}`;
const presence = (page) => page.locator(".ticket-head .presence");
const sees = (locator) => locator.first().waitFor({ state: "visible" });
const gone = (locator) => locator.first().waitFor({ state: "hidden" });
const said = (page, sentence) => presence(page).locator("[data-presence-said]", { hasText: sentence });
const looks = (page, who) => sees(said(page, `${names[who]} está vendo`));
const writes = (page, who) => sees(said(page, `${names[who]} está escrevendo uma resposta`));

async function timed(t, what, act) {
  const begun = Date.now();
  await act();
  const took = Date.now() - begun;
  t.diagnostic(`${what}: ${took} ms`);
  assert.ok(took < SOON, `${what}: ${took} ms`);
}

async function axe(page) {
  const violations = await page.evaluate(async () => {
    const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await window.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`).join(" | ")}`);
  });
  assert.deepEqual(violations, []);
}

for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`two technicians at one ticket see each other come, write and go, ${size}`, async (t) => {
    const ticket = await openTicket();
    const options = size === "phone" ? { viewport, hasTouch: true, isMobile: true } : { viewport };
    const [tech, other] = [await enter(t, TECH, options), await enter(t, OTHER_TECH, options)];
    await other.clock.install();
    await tech.goto(path(ticket));
    await tech.locator("#content").waitFor();
    assert.equal(await presence(tech).isVisible(), false, "somebody is there already");
    const top = () => tech.evaluate(() => document.querySelector("h1").getBoundingClientRect().top);
    const before = await top();

    await other.goto(path(ticket));
    await looks(tech, OTHER_TECH);
    await looks(other, TECH);
    if (size === "desktop") assert.equal(await top(), before, "the page moved when somebody came");
    await axe(tech);

    await timed(t, "from the first key to the other's eyes", async () => {
      await other.locator("#content").pressSequentially("Bom dia");
      await writes(tech, OTHER_TECH);
    });
    await sees(tech.locator(".composer .presence-note", { hasText: `${names[OTHER_TECH]} está escrevendo uma resposta` }));
    await sees(tech.locator("[role=status]", { hasText: "está escrevendo" }));
    assert.equal(await other.locator(".composer .presence-note").isVisible(), false);
    const overflow = await tech.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, "the page scrolls sideways");
    await axe(tech);

    // Whoever has only thought for a while does not write.
    await other.clock.fastForward(16_000);
    await looks(tech, OTHER_TECH);
    await gone(tech.locator(".composer .presence-note"));
    await other.locator("#content").press("!");
    await writes(tech, OTHER_TECH);

    // What is sent is no longer being written, and they are still there.
    await other.getByRole("button", { name: "Enviar", exact: true }).click();
    await sees(other.locator(".message-body", { hasText: "Bom dia!" }));
    await looks(tech, OTHER_TECH);
    await sees(tech.locator(".message-body", { hasText: "Bom dia!" }));
    await pause(600);
    assert.ok(await presence(tech).isVisible(), "the page that came after the form took them away");

    await timed(t, "from leaving to the other's eyes", async () => {
      await other.locator(".ticket-head .back").click();
      await gone(presence(tech));
    });
    await other.goBack();
    await looks(tech, OTHER_TECH);
    await looks(other, TECH);
    await other.close();
    await gone(presence(tech));
  });
}

test("an action's text counts as writing, and closing one of two tabs takes nobody away", async (t) => {
  const ticket = await openTicket();
  const [tech, other] = [await enter(t, TECH), await enter(t, OTHER_TECH)];
  await Promise.all([tech.goto(path(ticket)), other.goto(path(ticket))]);
  await looks(tech, OTHER_TECH);
  await other.locator("details.action", { has: other.locator("#escalate-reason") }).locator("summary").click();
  await other.locator("#escalate-reason").fill("Não é da minha alçada.");
  await writes(tech, OTHER_TECH);
  const second = await other.context().newPage();
  await second.goto(path(ticket));
  await looks(second, TECH);
  await other.close();
  await looks(tech, OTHER_TECH);
  await second.close();
  await gone(presence(tech));
});

test("whoever is alone at a ticket asks only every twenty seconds, and not while nobody looks", async (t) => {
  const ticket = await openTicket();
  const page = await enter(t, TECH);
  await page.clock.install();
  const asked = [];
  page.on("request", (request) => new URL(request.url()).pathname.endsWith("/presence") && asked.push(request.method()));
  const heard = page.waitForResponse((answer) => new URL(answer.url()).pathname.endsWith("/presence"));
  await page.goto(path(ticket));
  await heard;
  await pause(800);
  assert.ok(asked.length <= 2, asked.join());
  assert.equal(asked[0], "POST");
  asked.length = 0;
  for (let beat = 0; beat < 3; beat += 1) {
    const answer = page.waitForResponse((r) => new URL(r.url()).pathname.endsWith("/presence"));
    await page.clock.fastForward(20_000);
    await answer;
  }
  assert.deepEqual(asked, ["POST", "POST", "POST"]);
  assert.equal(await page.locator(".presence").isVisible(), false);

  const look = (hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await look(true);
  await page.clock.fastForward(60_000);
  await pause(300);
  assert.equal(asked.length, 3, "a page that nobody looks at says that somebody does");
  const again = page.waitForRequest((request) => request.url().endsWith("/presence"));
  await look(false);
  await again;
});

test("a requester sees nothing of it, and their page does not even ask", async (t) => {
  const ticket = await openTicket();
  const [tech, client] = [await enter(t, TECH), await enter(t, CLIENT)];
  const asked = [];
  client.on("request", (request) => request.url().includes("presence") && asked.push(request.url()));
  await client.goto(path(ticket));
  await tech.goto(path(ticket));
  await tech.locator("#content").fill("Estou escrevendo.");
  await pause(1_000);
  assert.ok(!(await client.content()).includes("presence"));
  assert.ok(!(await client.locator("main").innerText()).includes("escrevendo"));
  // Nor do technicians see the requester.
  await client.locator("#content").fill("Eu também.");
  await pause(1_000);
  assert.equal(await presence(tech).isVisible(), false);
  assert.deepEqual(asked, []);
});
