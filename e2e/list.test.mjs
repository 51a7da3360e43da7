// The list's ways of showing, and what can be done in them: many tickets at once, a
// board, a ticket beside the list, and lists that somebody saved.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { apiOf, launchBrowser, newContext, PHONE, signIn, startDesk } from "./desk.mjs";

const TECH = "thais@sertaotec.test";
const OTHER_TECH = "romulo@sertaotec.test";
const CLIENT = "socorro@flordeumbu.test";
/** What was made last stands first. */
const NEWEST = "/tickets?view=all&sort=created";

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

async function sit(t, who, options) {
  const context = await newContext(browser, desk, options);
  t.after(() => context.close());
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  await signIn(page, desk, who);
  return page;
}

async function openTicket(who = CLIENT, more = {}) {
  number += 1;
  const title = `Lista ${number}: a balança não fala com o caixa`;
  return call(who, "POST", "/tickets", { title, description: "Desde hoje cedo, no caixa 2.", ...more });
}

async function openTickets(count) {
  const made = [];
  for (let n = 0; n < count; n += 1) made.push(await openTicket());
  // As the list has them.
  return made.reverse();
}

const path = (ticket) => `/tickets/${ticket.protocol}`;
const sees = (locator) => locator.first().waitFor({ state: "visible" });
const gone = (locator) => locator.first().waitFor({ state: "hidden" });
const toast = (page, text) => sees(page.locator(".toast-region .toast-item", { hasText: text }));
const until = (page, check, argument) => page.waitForFunction(check, argument);
const statusOf = async (ticket) => (await call(TECH, "GET", path(ticket))).status;
const comment = (who, ticket, content) => call(who, "POST", `${path(ticket)}/comments`, { content });
const focused = (page) => page.evaluate(() => document.activeElement?.closest("a, select, h1, textarea, summary")?.outerHTML ?? "");

async function assign(ticket, who) {
  const { id } = await call(who, "GET", "/auth/me");
  await call("supervisor", "PATCH", `${path(ticket)}/assign`, { assignee: id });
}

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

describe("many tickets at once", () => {
  const row = (page, ticket) => page.locator("tr[data-row]", { has: page.locator(`a[href="${path(ticket)}"]`) });
  const chosen = (page) => page.locator("[data-select]:checked").count();
  const bar = (page) => page.locator("form.bulk");

  test("by keyboard alone: three are chosen, taken, and put back", async (t) => {
    const tickets = await openTickets(3);
    const page = await sit(t, TECH);
    await page.goto(NEWEST);
    await gone(bar(page));
    for (const ticket of tickets) {
      await page.keyboard.press("j");
      assert.ok((await focused(page)).includes(path(ticket)));
      await page.keyboard.press("x");
    }
    await sees(bar(page).getByText("3 selecionados"));
    await page.evaluate(() => (window.marked = true));

    await page.keyboard.press("a");
    await sees(page.locator(".bulk-notice", { hasText: "3 chamados assumidos" }));
    for (const ticket of tickets) await sees(row(page, ticket).locator(".status", { hasText: "Em andamento" }));
    await gone(bar(page));
    assert.equal(await page.evaluate(() => window.marked), true, "the page was loaded again");
    assert.ok((await focused(page)).includes("/tickets/"), "the keyboard has no place any longer");

    await page.keyboard.press("z");
    await sees(page.locator(".bulk-notice", { hasText: "Desfeito: 3 chamados estão como antes" }));
    for (const ticket of tickets) await sees(row(page, ticket).locator(".status", { hasText: "Aberto" }));
    assert.equal(await page.getByRole("button", { name: "Desfazer" }).count(), 0);
    await page.locator(".bulk-notice").getByRole("button", { name: "Fechar" }).click();
    assert.ok(!page.url().includes("done="), "a notice that was closed comes back");

    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await sees(bar(page).getByText("1 selecionado", { exact: true }));
    await page.keyboard.press("Escape");
    await gone(bar(page));
    assert.equal(await chosen(page), 0);
  });

  test("one after another with Shift, all of the page, and the choice stays through a live change", async (t) => {
    const [first, second, third] = await openTickets(3);
    const page = await sit(t, OTHER_TECH);
    await page.goto(NEWEST);
    await listens(page);
    const boxes = page.locator("[data-select]");
    await boxes.nth(0).click();
    await boxes.nth(2).click({ modifiers: ["Shift"] });
    await sees(bar(page).getByText("3 selecionados"));
    const all = bar(page).getByRole("checkbox");
    assert.ok(await all.evaluate((box) => box.indeterminate && !box.checked));
    await boxes.nth(1).click();
    await sees(bar(page).getByText("2 selecionados"));

    const newest = await openTicket();
    await sees(row(page, newest));
    assert.ok(await row(page, first).locator("[data-select]").isChecked());
    assert.ok(!(await row(page, second).locator("[data-select]").isChecked()));
    assert.ok(await row(page, third).locator("[data-select]").isChecked());
    assert.ok(!(await row(page, newest).locator("[data-select]").isChecked()));
    await sees(bar(page).getByText("2 selecionados"));

    await all.click();
    assert.equal(await chosen(page), await boxes.count());
    await all.click();
    assert.equal(await chosen(page), 0);
    await gone(bar(page));
  });

  test("what cannot be done is told ticket by ticket; one menu stands open, and asks for what it needs", async (t) => {
    const [mine, theirs] = await openTickets(2);
    await assign(theirs, OTHER_TECH);
    const page = await sit(t, TECH);
    await page.goto(NEWEST);
    await row(page, mine).locator("[data-select]").check();
    await row(page, theirs).locator("[data-select]").check();
    await bar(page).locator("summary", { hasText: "Prioridade" }).click();
    await bar(page).locator("summary", { hasText: "Resolver" }).click();
    assert.equal(await bar(page).locator("details[open]").count(), 1);
    assert.ok((await focused(page)).includes('name="solution"'));
    await bar(page).locator("[name=act][value=resolve]").click();
    assert.ok(await page.locator("#bulk-solution").evaluate((field) => field.matches(":invalid")), "an empty solution was sent");
    await page.locator("#bulk-solution").fill("Cabo da balança trocado.");
    await bar(page).locator("[name=act][value=resolve]").click();
    const notice = page.locator(".bulk-notice", { hasText: "1 chamado resolvido" });
    await sees(notice);
    await sees(notice.getByText("1 chamado ficou como estava"));
    await sees(notice.locator(`a[href="${path(theirs)}"]`));
    assert.equal(await statusOf(mine), "resolved");
  });
});

describe("a board", () => {
  const column = (page, status) => page.locator(`.board-column[data-status=${status}]`);
  const card = (where, ticket) => where.locator(".board-card", { has: where.page().locator(`a[href="${path(ticket)}"]`) });

  /** Takes a card with the mouse and holds it over a column. */
  async function drag(page, ticket, status) {
    const from = await card(page.locator(".board"), ticket).boundingBox();
    const to = await column(page, status).boundingBox();
    await page.mouse.move(from.x + 40, from.y + 40);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 60);
    await page.mouse.move(to.x + to.width / 2, to.y + 80, { steps: 8 });
  }

  async function myTicket() {
    const ticket = await openTicket();
    await assign(ticket, TECH);
    return ticket;
  }

  test("a card is dragged to another column; one that it cannot go to sends it back", async (t) => {
    const ticket = await myTicket();
    const page = await sit(t, TECH, { viewport: { width: 1900, height: 900 } });
    await page.goto("/tickets?show=board&view=mine");
    await listens(page);
    await sees(card(column(page, "in_progress"), ticket));

    await drag(page, ticket, "open");
    await sees(page.locator(".board-lifted"));
    await sees(page.locator(".board-column.is-closed.is-over"));
    // Nothing changes under a hand.
    await comment(CLIENT, ticket, "Alguma novidade?");
    const seq = () => page.locator("#main").getAttribute("data-live-seq");
    const before = await seq();
    await page.mouse.up();
    await toast(page, "Este chamado não pode ir para esta coluna agora.");
    await gone(page.locator(".board-lifted"));
    await sees(card(column(page, "in_progress"), ticket));
    await until(page, (before) => document.getElementById("main").dataset.liveSeq !== before, before);

    await page.evaluate(() => (window.marked = true));
    await drag(page, ticket, "waiting");
    await sees(page.locator(".board-column.is-over[data-status=waiting]"));
    await page.mouse.up();
    await sees(card(column(page, "waiting"), ticket));
    await toast(page, "Chamado atualizado.");
    assert.equal(await statusOf(ticket), "waiting");
    assert.ok((await focused(page)).includes(path(ticket)), "the focus did not go along");
    assert.equal(await page.evaluate(() => window.marked), true, "the page was loaded again");
    assert.ok(page.url().includes("show=board"), "a click was left over from the drag");

    await drag(page, ticket, "in_progress");
    await page.keyboard.press("Escape");
    await gone(page.locator(".board-lifted"));
    await page.mouse.up();
    await sees(card(column(page, "waiting"), ticket));
  });

  test("without dragging: the list on the card, by keyboard; what is refused goes back and is told", async (t) => {
    const ticket = await myTicket();
    const page = await sit(t, TECH);
    await page.goto("/tickets?show=board&view=mine");
    await listens(page);
    const select = page.getByLabel(`Mover ${ticket.protocol} para outra coluna`);
    await select.focus();
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await select.inputValue(), "");
    assert.equal(await statusOf(ticket), "in_progress", "a key that only looks moved it");
    await select.selectOption({ label: "Aguardando" });
    await page.keyboard.press("Enter");
    await sees(card(column(page, "waiting"), ticket));
    await toast(page, "Chamado atualizado.");
    assert.equal(await statusOf(ticket), "waiting");
    await until(page, () => document.activeElement?.matches(".board-move select"));
    assert.equal(await select.inputValue(), "");

    // Somebody else was faster, and the page does not know yet.
    await page.evaluate(() => document.querySelector(".board").setAttribute("data-hold", ""));
    const { id } = await call(OTHER_TECH, "GET", "/auth/me");
    await call("supervisor", "POST", `${path(ticket)}/transfer`, { assignee: id });
    await select.selectOption({ label: "Em andamento" });
    await select.press("Enter");
    await sees(page.locator(".toast-region .toast-item:not(:has-text('Chamado atualizado.'))"));
    await sees(card(column(page, "waiting"), ticket));
    assert.ok(page.url().includes("show=board"));

    // What needs words first leads to where they are written.
    const other = await myTicket();
    await page.goto("/tickets?show=board&view=mine");
    await page.getByLabel(`Mover ${other.protocol} para outra coluna`).selectOption({ label: "Resolvido" });
    await card(page.locator(".board"), other).getByRole("button", { name: "Mover", exact: true }).click();
    await page.waitForURL((url) => url.pathname === path(other));
    await sees(page.locator("#resolve-solution"));
  });
});

describe("a ticket beside the list", () => {
  const HERE = `${NEWEST}&show=split`;
  const item = (page, ticket) => page.locator(`.split-item[data-row="${path(ticket)}"]`);
  const pane = (page) => page.locator(".split-ticket");
  const shows = (page, ticket) => sees(pane(page).locator("h1", { hasText: ticket.title }));
  const isOpen = (page, ticket) => until(page, ([row, open]) => location.search.includes(open) && document.querySelector(`.split-item[data-row="${row}"] [aria-current]`) && document.querySelectorAll(".split-item [aria-current]").length === 1, [path(ticket), `open=${ticket.protocol}`]);

  test("three are opened, one is answered, the list follows, and back leads back", async (t) => {
    const [one, two, three] = await openTickets(3);
    const page = await sit(t, TECH);
    await page.goto(HERE);
    await listens(page);
    await sees(page.getByRole("heading", { name: "Escolha um chamado na lista" }));
    await page.evaluate(() => (window.marked = true));
    for (const ticket of [one, two, three]) {
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await shows(page, ticket);
      await isOpen(page, ticket);
      await until(page, (protocol) => document.title.includes(protocol), ticket.protocol);
    }
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await shows(page, two);

    // What is begun in one is there when one comes back to it.
    await page.keyboard.press("r");
    await page.keyboard.type("Bom dia! Já olho isto.");
    await item(page, one).locator("a").click();
    await shows(page, one);
    assert.equal(await page.locator("#content").inputValue(), "");
    await page.goBack();
    await shows(page, two);
    await isOpen(page, two);
    await until(page, () => document.querySelector("#content").value === "Bom dia! Já olho isto.");

    await page.locator("#content").press("Control+Enter");
    await sees(pane(page).locator(".message-body", { hasText: "Bom dia! Já olho isto." }));
    await toast(page, "Mensagem enviada");
    await sees(item(page, two).locator(".status", { hasText: "Em andamento" }));
    assert.ok(page.url().includes(`open=${two.protocol}`));
    assert.equal(await page.locator(".toast-item", { hasText: "Lista atualizada" }).count(), 0, "one's own act is news");

    await page.goBack();
    await shows(page, three);
    await isOpen(page, three);
    await page.goForward();
    await shows(page, two);
    await sees(pane(page).locator(".message-body", { hasText: "Bom dia! Já olho isto." }));
    assert.equal(await page.evaluate(() => window.marked), true, "the page was loaded again");
  });

  test("into the ticket and back by keyboard; a refusal, a live change and a filter stay in their place", async (t) => {
    const [ticket, other] = await openTickets(2);
    const page = await sit(t, TECH, { viewport: { width: 1440, height: 640 } });
    await page.goto(`${HERE}&open=${ticket.protocol}`);
    await listens(page);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement?.matches(".split-ticket h1"));
    await page.keyboard.press("Escape");
    assert.ok((await focused(page)).includes(`open=${ticket.protocol}`));
    await page.keyboard.press("r");
    await page.keyboard.type("Um rascunho");
    await page.evaluate(() => {
      document.querySelector(".split-list").scrollTop = 200;
      document.querySelector(".split-ticket").scrollTop = 60;
    });
    await comment(CLIENT, ticket, "E agora a tela ficou preta.");
    await sees(pane(page).locator(".message-body", { hasText: "E agora a tela ficou preta." }));
    assert.equal(await page.locator("#content").inputValue(), "Um rascunho");
    const list = await page.evaluate(() => document.querySelector(".split-list").scrollTop);
    assert.ok(Math.abs(list - 200) < 90, `the list went to ${list}`);
    assert.ok((await focused(page)).includes('id="content"'));
    await page.keyboard.press("Escape");
    assert.ok((await focused(page)).includes(`open=${ticket.protocol}`));

    // An address of the conversation's own is kept through a live change.
    await pane(page).getByRole("link", { name: "Técnico" }).click();
    const client = pane(page).locator(".event[data-kind=client]");
    await gone(client);
    await comment("supervisor", ticket, "Alô?");
    await sees(pane(page).locator(".message-body", { hasText: "Alô?" }));
    assert.equal(await client.count(), 0);
    assert.equal(await page.locator("#content").inputValue(), "Um rascunho");

    // An act on others leaves the ticket open, and what is written in it.
    await item(page, other).locator("[data-select]").check();
    await page.locator("form.bulk [value=take]").click();
    await sees(item(page, other).locator(".status", { hasText: "Em andamento" }));
    await shows(page, ticket);
    await isOpen(page, ticket);
    assert.equal(await page.locator("#content").inputValue(), "Um rascunho");

    // What was refused stays refused, with its reason, whatever happens.
    await pane(page).locator("details.action", { has: page.locator("#escalate-reason") }).locator("summary").click();
    await page.locator("#escalate-reason").fill("   ");
    await page.locator("#escalate-reason").evaluate((field) => field.form.requestSubmit());
    await sees(pane(page).getByRole("alert"));
    await comment(CLIENT, other, "E este?");
    await sees(page.locator(".split-item.is-fresh, .split-item", { hasText: other.title }));
    await sees(pane(page).getByRole("alert"));
    assert.ok(page.url().includes(`open=${ticket.protocol}`));

    await pane(page).getByRole("link", { name: "Editar" }).click();
    await page.waitForURL((url) => url.pathname === `${path(ticket)}/edit`);
  });

  test("on a phone there is one of the two, and a way back", async (t) => {
    const [ticket] = await openTickets(1);
    const page = await sit(t, TECH, { viewport: PHONE, hasTouch: true, isMobile: true });
    await page.goto(HERE);
    await gone(pane(page));
    await item(page, ticket).locator("a").click();
    await shows(page, ticket);
    await gone(page.locator(".split-list"));
    await page.locator(".split-back").click();
    await sees(item(page, ticket));
    await gone(pane(page));
    await page.goBack();
    await shows(page, ticket);
    await page.goBack();
    await sees(item(page, ticket));
  });
});

test("a view is saved, shared by a supervisor, and counts by itself for somebody else", async (t) => {
  const supervisor = await sit(t, "supervisor");
  await supervisor.goto("/tickets?view=all&priority=critical&sort=created");
  await supervisor.locator("summary", { hasText: "Salvar visão" }).click();
  await until(supervisor, () => document.activeElement?.id === "view-name-new");
  await supervisor.keyboard.press("Enter");
  assert.equal(await supervisor.locator("#view-name-new").evaluate((field) => field.matches(":invalid")), true);
  await supervisor.keyboard.type("Incêndios da rua");
  await supervisor.getByLabel("Compartilhar com toda a equipe").check();
  await supervisor.getByRole("button", { name: "Salvar como nova visão" }).click();
  await toast(supervisor, "Visão salva");
  await sees(supervisor.locator(".views-saved [aria-current=page]", { hasText: "Incêndios da rua" }));

  const tech = await sit(t, TECH);
  await tech.goto("/tickets");
  await listens(tech);
  const link = tech.locator(".views-saved a", { hasText: "Incêndios da rua" });
  const count = async () => Number(await link.locator(".count").innerText());
  const before = await count();
  const ticket = await openTicket(TECH, { priority: "critical" });
  await until(tech, ([name, count]) => [...document.querySelectorAll(".views-saved a")].some((link) => link.textContent.includes(name) && link.querySelector(".count").textContent === count), ["Incêndios da rua", String(before + 1)]);
  await link.click();
  await sees(tech.locator(`a[href="${path(ticket)}"]`));
  await tech.locator("summary", { hasText: "Salvar visão" }).click();
  assert.equal(await tech.getByRole("button", { name: "Excluir esta visão" }).count(), 0, "a technician may remove what is everybody's");

  await supervisor.locator("summary", { hasText: "Salvar visão" }).click();
  await supervisor.getByRole("button", { name: "Excluir esta visão" }).click();
  await supervisor.getByRole("alertdialog").getByRole("button", { name: "Excluir esta visão" }).click();
  await toast(supervisor, "Visão excluída");
  await gone(link);
});
