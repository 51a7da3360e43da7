// What somebody has around every page: how it looks, what the keys do, the palette,
// and that nothing that was typed is lost.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { apiOf, launchBrowser, newContext, PHONE, signIn, startDesk } from "./desk.mjs";

const TECH = "thais@sertaotec.test";
const OTHER_TECH = "romulo@sertaotec.test";
const CLIENT = "socorro@flordeumbu.test";
const THEMES = ["light", "dark", "roxo-escuro", "comfort"];

let desk;
let browser;
let number = 0;
const callers = new Map();

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
});

after(async () => {
  await browser?.close();
  await desk?.stop();
});

/** Calls the API as `who`, who is signed in there once. */
async function call(who, method, where, body) {
  if (!callers.has(who)) callers.set(who, apiOf(desk, who));
  return (await callers.get(who))(method, where, body);
}

async function sit(t, who, options) {
  const context = await newContext(browser, desk, options);
  t.after(() => context.close());
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  if (who) await signIn(page, desk, who);
  return page;
}

/** A ticket that nobody else's test touches. */
async function openTicket(title = "o leitor não lê a etiqueta") {
  number += 1;
  return call(CLIENT, "POST", "/tickets", { title: `Mesa ${number}: ${title}`, description: "Desde hoje cedo, no estoque." });
}

const path = (ticket) => `/tickets/${ticket.protocol}`;
const at = (page, where) => page.waitForURL((url) => url.pathname === where);
const sees = (locator) => locator.first().waitFor({ state: "visible" });
const gone = (locator) => locator.first().waitFor({ state: "hidden" });
const until = (page, check, argument) => page.waitForFunction(check, argument);
const html = (page, name) => page.locator("html").getAttribute(name);
const focused = (page) => page.evaluate(() => document.activeElement?.id);
const option = (page, text) => page.locator(".palette [role=option]", { hasText: text });
const chosen = (page) => page.locator(".palette [role=option][aria-selected=true]");
const texts = (page) => page.locator(".palette [role=option]:visible").allInnerTexts();

async function palette(page, words = "") {
  await page.keyboard.press("Control+k");
  await sees(page.locator(".palette"));
  await page.keyboard.type(words);
}

/** What is kept in this browser of texts that were not sent. */
const isKept = (page, text) => until(page, (text) => Object.keys(localStorage).some((key) => key.startsWith("balcao:draft:") && localStorage[key].includes(text)), text);
const nothingKept = (page) => until(page, () => !Object.keys(localStorage).some((key) => key.startsWith("balcao:draft:")));
const holds = (page, field, text) => until(page, ([field, text]) => document.querySelector(field)?.value === text, [field, text]);

describe("the palette", { concurrency: 2 }, () => {
  test("leads by keyboard to a ticket that is found by its words", async (t) => {
    const ticket = await openTicket("a gaveta emperrou de vez");
    const page = await sit(t, TECH);
    await page.goto("/tickets");
    // From within a text field, too, and back into it.
    await page.locator("#search").focus();
    await palette(page);
    await page.keyboard.press("Escape");
    await gone(page.locator(".palette"));
    assert.equal(await focused(page), "search");

    const asked = [];
    page.on("request", (request) => request.url().includes("/search/hits") && asked.push(request.url()));
    await palette(page, "gaveta emperrou");
    await sees(option(page, ticket.title));
    assert.ok(asked.length < 4, `asked ${asked.length} times for some words`);
    await until(page, () => document.querySelector("#palette").getAttribute("aria-activedescendant") === document.querySelector(".palette [aria-selected=true]")?.id);
    // What was found for the first word alone may stand there a moment longer.
    await sees(chosen(page).filter({ hasText: ticket.title }));
    await page.keyboard.press("Enter");
    await at(page, path(ticket));
    assert.equal(await page.locator(".palette").isVisible(), false);
  });

  test("opens what is found as soon as it is there, when Enter came first", async (t) => {
    const ticket = await openTicket("zunido esquisito na bancada");
    const page = await sit(t, TECH);
    await palette(page, "zunido esquisito");
    await page.keyboard.press("Enter");
    await at(page, path(ticket));
  });

  test("opens a protocol at once, without asking", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t, TECH);
    await page.route("**/search/hits*", (route) => route.abort());
    await palette(page, ticket.protocol.toLowerCase());
    await page.keyboard.press("Enter");
    await at(page, path(ticket));
  });

  test("leads to a page without accents and case, and with Ctrl+Enter in a new tab", async (t) => {
    const page = await sit(t, "admin");
    await palette(page, "USUARIOS");
    assert.match(await chosen(page).innerText(), /^Usuários/);
    const [tab] = await Promise.all([page.context().waitForEvent("page"), page.keyboard.press("Control+Enter")]);
    await tab.waitForURL((url) => url.pathname === "/admin/users");
    assert.ok(await page.locator(".palette").isVisible(), "it went away with the new tab");
    await page.keyboard.press("Enter");
    await at(page, "/admin/users");
    // Nothing that one may not open is offered.
    const tech = await sit(t, TECH);
    await palette(tech, "usuarios");
    assert.equal(await option(tech, "Usuários").filter({ visible: true }).count(), 0);
  });

  test("does what the page offers, with arrows, Home and End", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t, TECH);
    await page.goto(path(ticket));
    await palette(page);
    const offered = await texts(page);
    assert.match(offered[0], /^Responder/);
    await page.keyboard.press("ArrowDown");
    assert.match(await chosen(page).innerText(), /^Nota interna/);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    assert.equal((await chosen(page).innerText()).trim(), offered.at(-1).trim());
    await page.keyboard.press("Home");
    assert.match(await chosen(page).innerText(), /^Responder/);
    await page.keyboard.press("End");
    assert.equal((await chosen(page).innerText()).trim(), offered.at(-1).trim());
    await page.keyboard.type("escal");
    await page.keyboard.press("Enter");
    // An action without a key of its own: its form unfolds.
    await until(page, () => document.activeElement?.id === "escalate-reason");
    await palette(page, "assumir");
    await page.keyboard.press("Enter");
    await sees(page.locator(".toast-item", { hasText: "Responsável definido." }));
  });

  test("offers the last tickets and the texts that were not sent", async (t) => {
    const [first, second] = [await openTicket(), await openTicket()];
    const page = await sit(t, TECH);
    await page.goto(path(first));
    await page.locator("#content").fill("Meia resposta");
    await isKept(page, "Meia resposta");
    await page.goto(path(second));
    await page.goto("/dashboard");
    await palette(page);
    const group = (name) => page.locator(`.palette [data-group=${name}] [role=option]`);
    assert.match(await group("drafts").innerText(), /Meia resposta/);
    assert.deepEqual((await group("recent").allInnerTexts()).map((text) => text.match(/TCK-\S+/)[0]), [second.protocol, first.protocol]);
    await group("drafts").click();
    await at(page, path(first));
    await holds(page, "#content", "Meia resposta");
  });

  test("fills a phone, and says when the desk is out of reach", async (t) => {
    const page = await sit(t, TECH, { viewport: PHONE, hasTouch: true });
    await page.route("**/search/hits*", (route) => route.abort());
    await page.locator(".topbar-palette").tap();
    await page.keyboard.type("impressora");
    await sees(page.getByText("A central não respondeu: aqui está só"));
    const box = await page.locator(".palette").boundingBox();
    assert.deepEqual([box.x, box.y, box.width], [0, 0, PHONE.width]);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= PHONE.width);
    await page.locator(".palette-head button").tap();
    await gone(page.locator(".palette"));
  });
});

describe("looks", { concurrency: 2 }, () => {
  test("a theme and a density are worn at once and belong to the account", async (t) => {
    const page = await sit(t, "cicero@sertaotec.test");
    const saved = () => page.waitForResponse((r) => r.url().endsWith("/preferences") && r.request().method() === "POST");
    await page.locator(".user-button").click();
    await Promise.all([saved(), page.locator(".menu-pop [value=roxo-escuro]").click()]);
    assert.equal(await html(page, "data-theme"), "roxo-escuro");
    assert.equal(await html(page, "data-bs-theme"), "dark");
    await Promise.all([saved(), page.locator(".menu-pop [value=compact]").click()]);
    assert.equal(await page.locator(".menu-pop [value=compact]").getAttribute("aria-pressed"), "true");
    assert.equal(new URL(page.url()).pathname, "/dashboard");

    const elsewhere = await sit(t, "cicero@sertaotec.test");
    assert.equal(await html(elsewhere, "data-theme"), "roxo-escuro", "Turbo left the public page's theme");
    assert.equal(await html(elsewhere, "data-density"), "compact");
    await elsewhere.goto("/tickets?view=all");
    const { height } = await elsewhere.locator("tr[data-row]").first().boundingBox();
    assert.ok(height >= 34 && height <= 38, `a row is ${height} px high`);
    await elsewhere.goto("/preferences");
    assert.ok(await elsewhere.locator("main [value=compact]").isChecked());
    await Promise.all([elsewhere.waitForResponse((r) => r.request().method() === "POST"), elsewhere.locator("main [value=comfort]").check()]);
    assert.equal(await html(elsewhere, "data-theme"), "comfort");
    await page.reload();
    assert.equal(await html(page, "data-theme"), "comfort");
  });

  test("a choice that could not be saved says so", async (t) => {
    const page = await sit(t, OTHER_TECH);
    await page.route("**/preferences", (route) => (route.request().method() === "POST" ? route.abort() : route.fallback()));
    await page.goto("/preferences");
    await page.locator("main [value=dark]").check();
    assert.equal(await html(page, "data-theme"), "dark");
    await sees(page.locator(".toast-item", { hasText: "a mudança vale só nesta página" }));
  });

  test("without JavaScript the menu's buttons save, too", async (t) => {
    const page = await sit(t, "edilene@flordeumbu.test", { javaScriptEnabled: false });
    await page.goto("/tickets");
    await page.locator(".user-button").click();
    await page.locator(".menu-pop [value=dark]").click();
    await at(page, "/tickets");
    assert.equal(await html(page, "data-theme"), "dark");
  });

  test("in every theme what one types into, and the focus, stand out from their ground", async (t) => {
    const page = await sit(t, TECH);
    await page.goto("/preferences");
    const ratios = await page.evaluate((themes) => {
      const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      const light = (color) => {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
      return themes.flatMap((theme) => {
        document.documentElement.dataset.theme = theme;
        const probe = document.body.appendChild(document.createElement("i"));
        const resolve = (name) => {
          probe.style.color = `var(${name})`;
          return getComputedStyle(probe).color;
        };
        const found = ["--line-strong", "--focus"].flatMap((line) => ["--bg", "--surface", "--surface-2"].map((ground) => [`${theme} ${line} on ${ground}`, ratio(resolve(line), resolve(ground))]));
        probe.remove();
        return found;
      });
    }, THEMES);
    for (const [pair, ratio] of ratios) assert.ok(ratio >= 3, `${pair}: ${ratio.toFixed(2)}`);
    assert.equal(ratios.length, THEMES.length * 6);
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => (document.documentElement.dataset.theme = "roxo-escuro"));
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)", "on paper it is not light");
  });
});

describe("keys", { concurrency: 2 }, () => {
  test("can be turned off, all but Ctrl+K", async (t) => {
    const page = await sit(t, "supervisor");
    await page.goto("/preferences");
    await page.locator("#keys_on").uncheck();
    await page.getByRole("button", { name: "Salvar" }).click();
    await sees(page.locator(".toast-item", { hasText: "Preferências salvas" }));
    await page.keyboard.press("c");
    await page.keyboard.press("?");
    assert.equal(await page.locator("dialog[open]").count(), 0);
    await palette(page, "teclado");
    await page.keyboard.press("Escape");
    await page.locator("#keys_on").check();
    await page.getByRole("button", { name: "Salvar" }).click();
    await until(page, () => !document.body.hasAttribute("data-keys-off"));
    await page.keyboard.press("c");
    await at(page, "/tickets/create");
  });

  test("go places, and j goes on where one was", async (t) => {
    const page = await sit(t, TECH);
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await at(page, "/tickets");
    await page.goto("/tickets?view=all");
    const titles = await page.locator(".ticket-title").allInnerTexts();
    const here = () => page.evaluate(() => document.activeElement?.textContent);
    for (const key of ["j", "j", "j", "x"]) await page.keyboard.press(key);
    const ticked = page.locator("tr[data-row] input[data-select]:checked");
    assert.equal(await ticked.count(), 1);
    assert.equal(await here(), titles[2], "x took the focus away");
    await page.keyboard.press("Escape");
    assert.equal(await ticked.count(), 0);
    await page.keyboard.press("Enter");
    await sees(page.getByRole("heading", { level: 1, name: titles[2], exact: true }));
    // The next one, without going back; and back to the list as it was.
    await page.keyboard.press("J");
    await sees(page.getByRole("heading", { level: 1, name: titles[3], exact: true }));
    await page.keyboard.press("u");
    await page.waitForURL(/view=all/);
    await sees(page.locator("html:not([aria-busy]):not([data-turbo-preview]) .ticket-title"));
    await page.keyboard.press("j");
    assert.equal(await here(), titles[4]);
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await at(page, "/dashboard");
  });

  test("are all on one sheet, for who reads it", async (t) => {
    const sheet = (page) => page.locator("dialog[open] dl").allInnerTexts();
    const page = await sit(t, TECH);
    await page.keyboard.press("?");
    const all = (await sheet(page)).join(" ");
    for (const word of ["Paleta de comandos", "Marcar ou desmarcar", "Assumir", "Nota interna", "Voltar à lista", "Chamados"]) assert.ok(all.includes(word), word);
    const client = await sit(t, CLIENT);
    await client.keyboard.press("?");
    const theirs = (await sheet(client)).join(" ");
    assert.ok(theirs.includes("Voltar à lista") && !theirs.includes("Nota interna"), theirs);
  });
});

describe("drafts", { concurrency: 2 }, () => {
  test("of an action survive a reload, say so where they are folded, and go when they are sent", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t, TECH);
    await page.goto(path(ticket));
    await page.keyboard.press("e");
    await page.locator("#resolve-solution").fill("Troquei a fonte.");
    await isKept(page, "Troquei a fonte.");
    await page.reload();
    await holds(page, "#resolve-solution", "Troquei a fonte.");
    const action = page.locator("details.action", { has: page.locator("#resolve-solution") });
    await sees(action.locator("summary .badge", { hasText: "Rascunho" }));
    await action.locator("summary").click();
    await action.getByRole("button", { name: "Resolver" }).click();
    await sees(page.locator(".solution", { hasText: "Troquei a fonte." }));
    await nothingKept(page);
  });

  test("survive a desk that answers 503, and one that does not answer", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t, TECH);
    await page.goto(path(ticket));
    let how = (route) => route.fulfill({ status: 503, contentType: "text/html", body: "<!doctype html><title>503</title><body><main id=main><h1>Voltamos em instantes</h1>" });
    await page.route(`**${path(ticket)}`, (route) => (route.request().method() === "POST" ? how(route) : route.fallback()));
    const send = () => page.getByRole("button", { name: "Enviar", exact: true }).click();
    await page.locator("#content").fill("A peça chega amanhã.");
    await send();
    await sees(page.getByRole("heading", { name: "Voltamos em instantes" }));
    await page.goto(path(ticket));
    await holds(page, "#content", "A peça chega amanhã.");
    how = (route) => route.abort();
    await send();
    await sees(page.locator(".toast-item", { hasText: "Nada foi enviado" }));
    await holds(page, "#content", "A peça chega amanhã.");
    how = (route) => route.fallback();
    await send();
    await sees(page.locator(".message-body", { hasText: "A peça chega amanhã." }));
    await nothingKept(page);
  });

  test("survive a session that is over", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t);
    const login = await signIn(page, desk, TECH);
    await page.goto(path(ticket));
    await page.locator("#content").fill("Escrito depois do café.");
    await page.context().clearCookies({ name: "session" });
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    await page.waitForURL(/\/auth\/login/);
    await page.locator("#email").fill(login.email);
    await page.locator("#password").fill(login.password);
    await page.keyboard.press("Enter");
    await at(page, path(ticket));
    await holds(page, "#content", "Escrito depois do café.");
    await sees(page.getByText("Rascunho recuperado."));
  });

  test("come back over the text that they began from, and are offered over another", async (t) => {
    const ticket = await openTicket();
    const [page, other] = await Promise.all([sit(t, TECH), sit(t, OTHER_TECH)]);
    const edit = `${path(ticket)}/edit`;
    await page.goto(edit);
    await page.locator("#description").fill("Começa depois do almoço.");
    await isKept(page, "depois do almoço");
    await page.reload();
    await holds(page, "#description", "Começa depois do almoço.");

    await other.goto(edit);
    await other.locator("#description").fill("Começou ontem à noite.");
    await other.getByRole("button", { name: "Salvar" }).click();
    await at(other, path(ticket));
    await page.reload();
    await holds(page, "#description", "Começou ontem à noite.");
    await sees(page.getByText("Você tinha começado a escrever isto"));
    await page.getByRole("button", { name: "Restaurar" }).click();
    await holds(page, "#description", "Começa depois do almoço.");
    await page.getByRole("button", { name: "Descartar" }).click();
    await holds(page, "#description", "Começou ontem à noite.");
    await nothingKept(page);
  });

  test("are shown where there is no form for them any longer", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t, CLIENT);
    await page.goto(path(ticket));
    await page.locator("#content").fill("Voltou a acontecer agora.");
    await isKept(page, "Voltou a acontecer");
    await page.goto("/dashboard");
    const { id } = await call(TECH, "GET", "/auth/me");
    await call(TECH, "PATCH", `${path(ticket)}/assign`, { assignee: id });
    await call(TECH, "PATCH", `${path(ticket)}/resolve`, { solution: "Peça trocada." });
    await call(CLIENT, "PATCH", `${path(ticket)}/close`);
    await page.goto(path(ticket));
    const left = page.locator(".draft-left");
    assert.equal(await left.locator("textarea").inputValue(), "Voltou a acontecer agora.");
    await left.getByRole("button", { name: "Descartar" }).click();
    await gone(left);
    await nothingKept(page);
  });

  test("are one in two tabs, and sent once", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t, TECH);
    const tab = await page.context().newPage();
    await Promise.all([page.goto(path(ticket)), tab.goto(path(ticket))]);
    await page.bringToFront();
    await page.locator("#content").fill("De uma aba.");
    await holds(tab, "#content", "De uma aba.");
    await tab.bringToFront();
    await tab.locator("#content").fill("De uma aba. E da outra, mais nova.");
    await isKept(tab, "mais nova");
    // What one has in hand is left alone, and the newer text comes when it is let go.
    assert.equal(await page.locator("#content").inputValue(), "De uma aba.");
    await page.bringToFront();
    await page.locator("h1").click();
    await holds(page, "#content", "De uma aba. E da outra, mais nova.");
    await tab.getByRole("button", { name: "Enviar", exact: true }).click();
    await sees(tab.locator(".message-body", { hasText: "mais nova" }));
    await holds(page, "#content", "");
  });
});
