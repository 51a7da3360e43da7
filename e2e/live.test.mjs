// Pages that change by themselves while somebody works on them: what changed comes,
// and nothing that the reader has in hand goes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { apiOf, DESKTOP, launchBrowser, newContext, pause, PHONE, signIn, startDesk } from "./desk.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TECH = "thais@sertaotec.test";
const OTHER_TECH = "romulo@sertaotec.test";
const CLIENT = "socorro@flordeumbu.test";
/** From the act to the other's eyes. */
const AT_ONCE = 1_000;
const LIST_TOAST = "Lista atualizada automaticamente.";
const TICKET_TOAST = "Chamado atualizado.";
const OFFLINE = "Sem conexão: o que você escreve nos chamados fica guardado.";

let desk;
let browser;
let number = 0;
const callers = new Map();

/** Calls the API as `who`, who is signed in there once. */
async function call(who, method, where, body) {
  if (!callers.has(who)) callers.set(who, apiOf(desk, who));
  return (await callers.get(who))(method, where, body);
}

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
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
  if (who) await signIn(page, desk, who);
  return page;
}

async function openTicket(who = CLIENT, more = {}) {
  number += 1;
  const title = `Ao vivo ${number}: o leitor de cartão apita sem parar`;
  return call(who, "POST", "/tickets", { title, description: "Desde hoje cedo, no caixa 1.", ...more });
}

const path = (ticket) => `/tickets/${ticket.protocol}`;
const sees = (locator) => locator.first().waitFor({ state: "visible" });
const gone = (locator) => locator.first().waitFor({ state: "hidden" });
const toast = (page, text) => sees(page.locator(".toast-region .toast-item", { hasText: text }));
const until = (page, check, argument) => page.waitForFunction(check, argument);
const comment = (who, ticket, content, internal = false) => call(who, "POST", `${path(ticket)}/comments`, { content, internal });
const message = (page, text) => page.locator(".message-body", { hasText: text });

/** Waits until the page hears what happens: its stream has begun. */
async function listens(page) {
  await page.evaluate(() => new Promise((done) => {
    const channel = new BroadcastChannel(`balcao-live:${document.body.dataset.user}`);
    channel.addEventListener("message", ({ data }) => {
      if (data.kind === "here" || (data.kind === "answer" && data.flows)) done(channel.close());
    });
    const ask = () => channel.postMessage({ kind: "asks", tab: "test", seq: Number(document.getElementById("main").dataset.liveSeq) });
    ask();
    setInterval(ask, 100);
  }));
}

/** A page that is loaded anew forgets its mark. */
const mark = (page) => page.evaluate(() => (window.marked = true));
const isMarked = (page) => page.evaluate(() => window.marked === true);

/** When `text` is painted where `where` leads. */
function painted(page, where, text) {
  const look = ([where, text]) =>
    new Promise((done) => {
      const look = () => {
        const found = [...document.querySelectorAll(where)].some((element) => element.textContent.includes(text));
        requestAnimationFrame(found ? () => done(Date.now()) : look);
      };
      look();
    });
  return page.evaluate(look, [where, text]);
}

/** Remembers when a form is sent: not when the test began to look for its button. */
const clock = (page) => page.evaluate(() => addEventListener("submit", () => (sessionStorage.sent = Date.now()), true));
const sentAt = (page) => page.evaluate(() => Number(sessionStorage.sent));

async function axe(page) {
  // The rules are for a page at rest: no tint that fades, no title that fades in by scrolling.
  await until(page, () => document.querySelector(".is-fresh") === null);
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

/** The requests that a page makes for itself, not because somebody went there. */
function refreshes(page, ticket) {
  const seen = [];
  page.on("request", (request) => {
    const isOwn = request.resourceType() === "fetch" && !request.headers()["x-turbo-request-id"];
    if (isOwn && new URL(request.url()).pathname === path(ticket)) seen.push(request);
  });
  return seen;
}

// One after another: these look at the clock.
describe("live pages at once", () => {
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    test(`two at one ticket: a comment comes at once, and what the other one has begun stays, ${size}`, async (t) => {
      const ticket = await openTicket();
      const options = size === "phone" ? { viewport, hasTouch: true, isMobile: true } : { viewport };
      const [tech, client] = await Promise.all([enter(t, TECH, options), enter(t, CLIENT, options)]);
      await Promise.all([tech.goto(path(ticket)), client.goto(path(ticket))]);
      await tech.locator("details.action summary", { hasText: "Prioridade" }).click();
      const text = "Bom dia! Vou até o caixa";
      await tech.locator("#files").setInputFiles({ name: "cupom.txt", mimeType: "text/plain", buffer: Buffer.from("Total: 12,50") });
      await tech.locator("#content").fill(text);
      await tech.locator("#content").evaluate((field) => field.setSelectionRange(4, 9));
      await mark(tech);
      await listens(tech);
      const top = await tech.evaluate(() => document.querySelector("#content").getBoundingClientRect().top);

      await client.locator("#content").fill("Agora a tela ficou preta.");
      await clock(client);
      const shown = painted(tech, ".message-body", "Agora a tela ficou preta.");
      await client.getByRole("button", { name: "Enviar", exact: true }).click();
      const took = (await shown) - (await sentAt(client));
      t.diagnostic(`from the click to the other's paint: ${took} ms`);
      assert.ok(took < AT_ONCE, `it took ${took} ms`);
      await toast(tech, TICKET_TOAST);

      const field = await tech.evaluate(() => {
        const { id, value, selectionStart, selectionEnd } = document.activeElement;
        return { id, value, selectionStart, selectionEnd };
      });
      assert.deepEqual(field, { id: "content", value: text, selectionStart: 4, selectionEnd: 9 });
      assert.ok(await tech.locator("details.action", { hasText: "Prioridade" }).evaluate((details) => details.open), "what was unfolded was folded");
      assert.equal(await tech.locator(".file-pick", { hasText: "cupom.txt" }).count(), 1, "the chosen file is gone");
      assert.ok(await isMarked(tech), "the page was loaded again");
      const moved = (await tech.evaluate(() => document.querySelector("#content").getBoundingClientRect().top)) - top;
      assert.ok(Math.abs(moved) <= 2, `the field under the hands moved by ${moved} px`);
      await tech.keyboard.type("Oi ");
      assert.equal(await tech.locator("#content").inputValue(), "Bom Oi Vou até o caixa", "typing goes on elsewhere");
      await axe(tech);

      // One's own act brings no toast, and the text that was kept goes out.
      await tech.getByRole("button", { name: "Enviar", exact: true }).click();
      const sent = tech.locator(".message", { hasText: "Bom Oi Vou até o caixa" });
      await sees(sent.locator(".file", { hasText: "cupom.txt" }));
      await pause(600);
      assert.equal(await sent.count(), 1);
      assert.equal(await tech.locator(".toast-item", { hasText: TICKET_TOAST }).count(), 0, "one's own act is news");
      assert.equal(await tech.locator("#content").inputValue(), "");
      await sees(message(client, "Bom Oi Vou até o caixa"));
    });
  }

  test("a list changes under the cursor: filter, scroll and focus stay, the row changes, a toast says so", async (t) => {
    const ticket = await openTicket();
    const page = await enter(t, OTHER_TECH, { viewport: { width: 1440, height: 480 } });
    const address = "/tickets?view=all&priority=normal&sort=created";
    await page.goto(address);
    await listens(page);
    const row = page.locator("[data-row]", { has: page.locator(`a[href="${path(ticket)}"]`) });
    // The second of the list, so that something can come above it.
    await page.locator(`a[href="${path(ticket)}"]`).focus();
    await page.evaluate(() => window.scrollTo(0, 120));
    await mark(page);
    const before = await page.evaluate(() => ({ y: window.scrollY, top: document.activeElement.getBoundingClientRect().top }));
    assert.equal(before.y, 120);
    assert.equal((await row.locator("td.c-status").innerText()).trim(), "Aberto");

    const me = await call(TECH, "GET", "/auth/me");
    const shown = painted(page, `[data-row]:has(a[href="${path(ticket)}"]) .c-status`, "Em andamento");
    const begun = Date.now();
    await call(TECH, "PATCH", `${path(ticket)}/assign`, { assignee: me.id });
    const took = (await shown) - begun;
    t.diagnostic(`from the call of the API to the paint of the list: ${took} ms`);
    await sees(row.locator(".status", { hasText: "Em andamento" }));
    assert.equal(await row.evaluate((tr) => tr.classList.contains("is-fresh")), true);
    await toast(page, LIST_TOAST);
    const after = await page.evaluate(() => ({ y: window.scrollY, top: document.activeElement.getBoundingClientRect().top }));
    assert.deepEqual(after, before);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), path(ticket));
    assert.equal(await page.locator("#f-priority").inputValue(), "normal");
    assert.ok(page.url().endsWith(address));

    // A row that comes above moves neither the reader nor what they point at.
    const other = await openTicket();
    await sees(page.locator(`a[href="${path(other)}"]`));
    const { top } = await page.evaluate(() => ({ top: document.activeElement.getBoundingClientRect().top }));
    assert.ok(Math.abs(top - before.top) <= 1, `the row moved by ${top - before.top} px`);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), path(ticket));
    assert.ok(await isMarked(page), "the page was loaded again");
    assert.equal(await page.locator(".toast-item").count(), 1, "each change has a toast of its own");
    await axe(page);
  });

});

describe("live pages", { concurrency: 2 }, () => {
  test("when the order of a list changes, focus and ticks go with their rows", async (t) => {
    const tickets = [];
    for (let n = 0; n < 4; n += 1) tickets.push(await openTicket());
    const [oldest, ticked, , alsoTicked] = tickets;
    const page = await enter(t, OTHER_TECH);
    await page.goto("/tickets?view=all&sort=updated");
    await listens(page);
    const row = (ticket) => page.locator("[data-row]", { has: page.locator(`a[href="${path(ticket)}"]`) });
    const places = () => page.locator("[data-row] a.ticket-title").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    const place = async (ticket) => (await places()).indexOf(path(ticket));
    await row(ticked).locator("input").check();
    await row(alsoTicked).locator("input").check();
    await row(oldest).locator("a").first().focus();
    assert.ok((await place(oldest)) > (await place(alsoTicked)));

    for (const ticket of [oldest, ticked]) await comment(CLIENT, ticket, "Ainda está assim.");
    // Other tests write on other tickets meanwhile: only the order of these is theirs.
    const above = ([moved, stayed]) => {
      const all = [...document.querySelectorAll("[data-row] a.ticket-title")].map((link) => link.getAttribute("href"));
      return moved.every((ticket) => all.includes(ticket) && all.indexOf(ticket) < all.indexOf(stayed));
    };
    await until(page, above, [[path(oldest), path(ticked)], path(alsoTicked)]);
    assert.ok((await place(oldest)) < (await place(alsoTicked)));
    const kept = await page.locator("[data-row]:has(input:checked) a.ticket-title").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    assert.deepEqual(kept.sort(), [path(ticked), path(alsoTicked)].sort());
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), path(oldest));
  });

  test("a page of long ago that is shown only now catches up", async (t) => {
    const ticket = await openTicket();
    const page = await enter(t, TECH);
    let isFirst = true;
    await page.context().route(`**${path(ticket)}`, async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      await route.fulfill({ response, body: isFirst ? body.replace(/data-live-seq="\d+"/, 'data-live-seq="1"').replaceAll("leitor", "velho") : body });
      isFirst = false;
    });
    await page.goto(path(ticket));
    await sees(page.getByRole("heading", { level: 1, name: /o leitor de cartão/ }));
    assert.ok(Number(await page.locator("#main").getAttribute("data-live-seq")) > 1);
  });

  test("three tabs share one stream; when its tab is closed another goes on and hears", async (t) => {
    const ticket = await openTicket();
    const first = await enter(t, TECH);
    await first.goto(path(ticket));
    await listens(first);
    const streams = [];
    first.context().on("request", (request) => new URL(request.url()).pathname === "/live" && streams.push(request));
    await first.reload();
    await listens(first);
    const [second, third] = [await first.context().newPage(), await first.context().newPage()];
    await Promise.all([second.goto(path(ticket)), third.goto(path(ticket))]);
    await Promise.all([listens(second), listens(third)]);
    assert.equal(streams.length, 1, "each tab has a stream");

    await comment(CLIENT, ticket, "Para os três.");
    await Promise.all([first, second, third].map((page) => sees(message(page, "Para os três."))));
    await Promise.all([second, third].map(mark));
    await first.close();
    // In the very moment in which nobody listens.
    await comment(CLIENT, ticket, "Para os dois que ficaram.");
    await Promise.all([second, third].map((page) => sees(message(page, "Para os dois que ficaram."))));
    assert.equal(streams.length, 2);
    assert.ok((await isMarked(second)) && (await isMarked(third)), "a page was loaded again");
    assert.match(streams[1].url(), /after=\d+/);
  });

  test("a client's page is not even fetched for an internal note", async (t) => {
    const ticket = await openTicket();
    // Whoever writes first takes the ticket, and that is no secret.
    const me = await call(TECH, "GET", "/auth/me");
    await call(TECH, "PATCH", `${path(ticket)}/assign`, { assignee: me.id });
    const client = await enter(t, CLIENT);
    await client.goto(path(ticket));
    await listens(client);
    const fetched = refreshes(client, ticket);
    await comment(TECH, ticket, "Só entre nós: é a fonte.", true);
    await pause(1_500);
    assert.equal(fetched.length, 0, "the client's page knows of the note");
    await comment(TECH, ticket, "Vamos trocar a fonte.");
    await sees(message(client, "Vamos trocar a fonte."));
    assert.equal(fetched.length, 1);
    assert.ok(!(await client.content()).includes("Só entre nós"));
  });

  test("a form typed in while somebody else changed the ticket gets the conflict page with its text", async (t) => {
    const ticket = await openTicket();
    const tech = await enter(t, TECH);
    await tech.goto(path(ticket));
    await listens(tech);
    const details = tech.locator("details.action", { has: tech.locator("#resolve-solution") });
    await details.locator("summary").click();
    await tech.locator("#resolve-solution").fill("Troquei o leitor.");
    const me = await call(TECH, "GET", "/auth/me");
    await call("supervisor", "PATCH", `${path(ticket)}/assign`, { assignee: me.id });
    await sees(tech.locator(".ticket-line .status", { hasText: "Em andamento" }));
    assert.equal(await tech.locator("#resolve-solution").inputValue(), "Troquei o leitor.");

    const refused = tech.waitForResponse((r) => r.request().method() === "POST");
    await details.getByRole("button").click();
    assert.equal((await refused).status(), 409);
    await sees(tech.getByRole("alert").filter({ hasText: "alterado por outra pessoa" }));
    assert.equal(await tech.locator("#resolve-solution").inputValue(), "Troquei o leitor.");
    // The refusal stays as it is, whatever happens now.
    await comment(CLIENT, ticket, "E aí?");
    await pause(1_500);
    await sees(tech.getByRole("alert").filter({ hasText: "alterado por outra pessoa" }));
    assert.equal(await tech.locator("#resolve-solution").inputValue(), "Troquei o leitor.");
    await axe(tech);

    // A form that nobody touched is as new as its page, and goes through.
    const other = await openTicket();
    await tech.goto(path(other));
    await listens(tech);
    await call("supervisor", "PATCH", `${path(other)}/assign`, { assignee: me.id });
    await sees(tech.locator(".ticket-line .status", { hasText: "Em andamento" }));
    await details.locator("summary").click();
    await tech.locator("#resolve-solution").fill("Troquei o leitor deste também.");
    await details.getByRole("button").click();
    await toast(tech, "Chamado resolvido.");
  });

  test("work in a form that the page no longer offers is not taken away", async (t) => {
    const ticket = await openTicket();
    const client = await enter(t, CLIENT);
    await client.goto(path(ticket));
    await listens(client);
    await client.locator("#content").fill("Estou escrevendo enquanto fecham.");
    const me = await call(TECH, "GET", "/auth/me");
    await call(TECH, "PATCH", `${path(ticket)}/assign`, { assignee: me.id });
    await call(TECH, "PATCH", `${path(ticket)}/resolve`, { solution: "Leitor trocado." });
    const closing = { reason: "Duplicado", classification: "other", evaluation: "Nada a fazer." };
    await call("supervisor", "PATCH", `${path(ticket)}/close`, closing);
    await sees(client.getByRole("heading", { name: "Este chamado está fechado" }));
    assert.equal(await client.locator("#content").inputValue(), "Estou escrevendo enquanto fecham.");
  });

  test("nothing changes under an open dialog or behind one's back; then it comes at once", async (t) => {
    const ticket = await openTicket();
    const page = await enter(t, TECH);
    await page.goto(path(ticket));
    await listens(page);
    const fetched = refreshes(page, ticket);
    await page.keyboard.press("?");
    await sees(page.getByRole("dialog", { name: "Atalhos de teclado" }));
    await comment(CLIENT, ticket, "Enquanto lê os atalhos.");
    await pause(700);
    assert.equal(fetched.length, 0);
    await page.keyboard.press("Escape");
    await sees(message(page, "Enquanto lê os atalhos."));
    assert.equal(fetched.length, 1);

    const look = (hidden) => page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
    await look(true);
    for (const text of ["Um.", "Dois.", "Três."]) await comment(CLIENT, ticket, text);
    await pause(700);
    assert.equal(fetched.length, 1, "a page that nobody sees is fetched");
    await look(false);
    await sees(message(page, "Três."));
    assert.equal(fetched.length, 2, "what came meanwhile was not gathered");
  });

  test("many changes at once are gathered: at most one fetch a second", async (t) => {
    const ticket = await openTicket();
    const page = await enter(t, TECH);
    await page.goto(path(ticket));
    await listens(page);
    const fetched = refreshes(page, ticket);
    const begun = Date.now();
    for (let n = 1; n <= 12; n += 1) await comment(CLIENT, ticket, `Mensagem ${n} de 12.`);
    await sees(message(page, "Mensagem 12 de 12."));
    const seconds = (Date.now() - begun) / 1_000;
    assert.ok(fetched.length <= Math.ceil(seconds) + 1, `${fetched.length} fetches in ${seconds} s`);
    t.diagnostic(`12 comments in ${seconds} s: ${fetched.length} fetches`);
  });

  test("without a stream the numbers of /sync/check do: the page still follows", async (t) => {
    const ticket = await openTicket();
    const page = await enter(t, TECH);
    await page.context().route("**/live?*", (route) => route.abort());
    const asked = [];
    page.on("request", (request) => new URL(request.url()).pathname === "/sync/check" && asked.push(request));
    await page.goto(path(ticket));
    await until(page, () => performance.getEntriesByName(`${location.origin}/sync/check`).length > 0);
    assert.equal(asked.length > 0, true, "a page that was loaded does not ask");
    await comment(CLIENT, ticket, "Sem o canal aberto.");
    // Its time comes: a page that is looked at again does not wait for it.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await sees(message(page, "Sem o canal aberto."));
  });

  test("the numbers are asked for on loading and then every 30 seconds, but not while nobody looks", async (t) => {
    const page = await enter(t, TECH);
    await page.clock.install();
    const asked = [];
    page.on("request", (request) => new URL(request.url()).pathname === "/sync/check" && asked.push(request));
    const answer = () => page.waitForResponse((answer) => new URL(answer.url()).pathname === "/sync/check");
    const [first] = await Promise.all([answer(), page.goto("/tickets")]);
    assert.equal(first.status(), 200);
    for (let round = 0; round < 3; round += 1) {
      // Once it was answered, the page's own clock runs on by a moment only.
      await pause(200);
      const before = asked.length;
      await page.clock.fastForward(27_000);
      await pause(200);
      assert.equal(asked.length, before, "it is asked before 28 seconds are over");
      const next = answer();
      await page.clock.fastForward(5_000);
      await next;
      assert.equal(asked.length, before + 1);
    }
    const look = (hidden) => page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
    await look(true);
    const before = asked.length;
    await page.clock.fastForward(120_000);
    await pause(300);
    assert.equal(asked.length, before, "a page that nobody looks at asks");
    const next = answer();
    await look(false);
    await next;
  });

  test("whoever signs out in one tab is signed out in the others, and hears nothing", async (t) => {
    const ticket = await openTicket();
    const first = await enter(t, TECH);
    await first.goto(path(ticket));
    await listens(first);
    const second = await first.context().newPage();
    await second.goto(path(ticket));
    const third = await first.context().newPage();
    await third.goto(path(ticket));
    await third.locator("#content").fill("Ainda não enviei.");
    await second.locator(".user-button").click();
    await second.getByRole("button", { name: "Sair" }).click();
    await second.waitForURL(/\/auth\/login/);
    await first.waitForURL(/\/auth\/login/);
    // Where somebody is writing nothing is taken away; but nothing new comes either.
    assert.equal(await third.locator("#content").inputValue(), "Ainda não enviei.");
    await signIn(second, desk, CLIENT);
    await second.goto(path(ticket));
    await listens(second);
    await comment(TECH, ticket, "De quem entrou depois.");
    await sees(message(second, "De quem entrou depois."));
    assert.equal(await message(third, "De quem entrou depois.").count(), 0, "another one's session fills this page");
  });
});

// Alone and last: it kills the desk under everybody's feet.
test("a draft survives a live update, a reload and a crash of the desk", async (t) => {
  const ticket = await openTicket();
  const page = await enter(t, TECH);
  await page.goto(path(ticket));
  await listens(page);
  const text = "Um rascunho que custou a escrever.";
  const kept = (value) => until(page, (value) => document.querySelector("#content")?.value === value, value);
  await page.locator(".composer-kinds label", { hasText: "Nota interna" }).click();
  await page.locator("#content").fill(text);
  await page.locator("#content").blur();
  await comment(CLIENT, ticket, "Alguma novidade?");
  await sees(message(page, "Alguma novidade?"));
  await kept(text);
  assert.equal(await page.locator("input[name=kind]:checked").inputValue(), "internal", "the note became a reply");

  await page.reload();
  await kept(text);
  await sees(page.getByText("Rascunho recuperado."));
  await listens(page);
  await comment(CLIENT, ticket, "Alô?");
  await sees(message(page, "Alô?"));
  await kept(text);
  await sees(page.getByText("Rascunho recuperado."));

  await mark(page);
  await desk.crash();
  await sees(page.locator(".offline-bar", { hasText: OFFLINE }));
  await page.locator("#content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" E mais isto.");
  await axe(page);
  await desk.again();
  await gone(page.locator(".offline-bar"));
  assert.ok(await isMarked(page), "the page was lost with the desk");
  await comment(CLIENT, ticket, "Voltou?");
  await sees(message(page, "Voltou?"));
  await kept(`${text} E mais isto.`);
  await page.reload();
  await kept(`${text} E mais isto.`);
  await page.getByRole("button", { name: "Enviar", exact: true }).click();
  await sees(page.locator(".message-internal .message-body", { hasText: "E mais isto." }));
});
