// What people do at the desk, from the first click to the last, in a browser of
// their own. Every journey brings its own ticket; none needs another's.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { deflateSync } from "node:zlib";
import { api, launchBrowser, loginOf, newContext, PHONE, signIn, startDesk } from "./desk.mjs";

const TECH = "thais@sertaotec.test";
const OTHER_TECH = "romulo@sertaotec.test";
const CLIENT = "socorro@flordeumbu.test";
/** A locale key that nobody has worded. */
const RAW_KEY = /^[a-z]+(-[a-z0-9]+)+$/;

let desk;
let browser;
let number = 0;

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
});

after(async () => {
  await browser?.close();
  await desk?.stop();
});

/** A page in a new context, signed in as `who` when somebody is named. */
async function sit(t, who, options) {
  const context = await newContext(browser, desk, options);
  t.after(() => context.close());
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  if (who) await signIn(page, desk, who);
  return page;
}

/** A ticket that nobody else's journey touches. */
async function openTicket(who = CLIENT, more = {}) {
  number += 1;
  const title = `Viagem ${number}: a impressora não puxa papel`;
  return api(desk, who, "POST", "/tickets", { title, description: "Desde hoje cedo, na recepção.", ...more });
}

const path = (ticket) => `/tickets/${ticket.protocol}`;
const sees = (locator) => locator.first().waitFor({ state: "visible" });
const gone = (locator) => locator.first().waitFor({ state: "hidden" });

async function sees_text(page, text) {
  await sees(page.locator("main").getByText(text));
}

/**
 * Does `act` and waits for the answer to what it sends. Who is looking at a ticket says
 * so by itself: that is no answer to an act.
 */
async function answerTo(page, act, method = "POST") {
  const [answer] = await Promise.all([page.waitForResponse((r) => r.request().method() === method && !r.url().endsWith("/presence")), act()]);
  return answer;
}

async function status(page) {
  return (await page.locator(".ticket-line .status").innerText()).trim();
}

/** Unfolds one of the actions beside the ticket. */
async function action(page, name) {
  const details = page.locator("details.action").filter({ has: page.locator("summary", { hasText: new RegExp(`^\\s*${name}`) }) });
  await details.locator("summary").click();
  await sees(details.locator("button"));
  return details;
}

/** The word that beats in the page when it has changed: a success message. */
async function toast(page, text) {
  await sees(page.locator(".toast-item", { hasText: text }));
}

const focused = (page) => page.evaluate(() => document.activeElement?.id);
const until = (page, check, argument) => page.waitForFunction(check, argument);

// A real PNG and a real PDF, small.
function png(width, height) {
  const chunk = (type, data) => {
    const head = Buffer.concat([Buffer.from(type, "ascii"), data]);
    const whole = Buffer.alloc(head.length + 8);
    whole.writeUInt32BE(data.length, 0);
    head.copy(whole, 4);
    whole.writeUInt32BE(crc(head), head.length + 4);
    return whole;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3), 90);
  for (let y = 0; y < height; y += 1) rows[y * (1 + width * 3)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

const PDF = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
);

describe("journeys", { concurrency: 2 }, () => {
  test("a requester opens a ticket in three clicks from the landing page and sees its protocol", async (t) => {
    const page = await sit(t);
    let clicks = 0;
    const click = async (locator) => {
      clicks += 1;
      await locator.click();
    };
    await page.goto("/");
    await click(page.getByRole("link", { name: "Entrar" }).first());
    const { email, password } = loginOf(desk, CLIENT);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Senha").fill(password);
    await page.keyboard.press("Enter");
    await click(page.getByRole("link", { name: "Abrir chamado" }));
    await page.getByLabel("Título").fill("O leitor de código de barras não liga");
    await page.getByLabel("Descrição").fill("No caixa 3, desde a abertura da loja.");
    await click(page.getByRole("button", { name: "Abrir chamado" }));
    await page.waitForURL(/\/tickets\/TCK-\d{8}-[0-9A-F]+$/);
    const protocol = page.url().split("/").pop();
    await sees(page.locator(".ticket-line .protocol", { hasText: protocol }));
    await sees(page.getByRole("heading", { level: 1, name: "O leitor de código de barras não liga" }));
    await toast(page, "Chamado aberto.");
    assert.equal(await status(page), "Aberto");
    assert.equal(clicks, 3);
  });

  test("a ticket lives its whole life: opened, taken, talked about, solved, confirmed", async (t) => {
    const client = await sit(t, CLIENT);
    await client.goto("/tickets/create");
    await client.locator("#title").fill("O caixa 2 não imprime o cupom");
    await client.locator("#description").fill("A luz vermelha pisca.\nJá troquei a bobina.");
    await client.getByRole("button", { name: "Abrir chamado" }).click();
    await client.waitForURL(/TCK-/);
    const here = new URL(client.url()).pathname;

    const tech = await sit(t, TECH);
    await tech.goto(here);
    await tech.getByRole("button", { name: /Assumir/ }).click();
    await toast(tech, "Responsável definido.");
    assert.equal(await status(tech), "Em andamento");

    await tech.locator("#content").fill("Bom dia! Estou vendo a impressora agora.");
    await tech.getByRole("button", { name: "Enviar", exact: true }).click();
    await sees(tech.locator(".message-staff .message-body", { hasText: "Estou vendo a impressora" }));

    await tech.locator(".composer-kinds label", { hasText: "Nota interna" }).click();
    await tech.locator("#content").fill("Guilhotina gasta: pedir peça ao fornecedor.");
    await tech.getByRole("button", { name: "Enviar", exact: true }).click();
    await sees(tech.locator(".message-internal .message-body", { hasText: "Guilhotina gasta" }));

    const form = await action(tech, "Resolver");
    await form.locator("textarea").fill("Guilhotina trocada e cupom de teste impresso.");
    await form.getByRole("button").click();
    await toast(tech, "Chamado resolvido.");
    assert.equal(await status(tech), "Resolvido");

    await client.reload();
    assert.equal(await status(client), "Resolvido");
    await sees(client.locator(".message-body", { hasText: "Estou vendo a impressora" }));
    await sees(client.locator(".solution", { hasText: "Guilhotina trocada e cupom de teste impresso." }));
    assert.ok(!(await client.content()).includes("pedir peça"), "the requester reads an internal note");

    await client.getByRole("button", { name: /confirmar solução/ }).click();
    await toast(client, "Chamado fechado.");
    assert.equal(await status(client), "Fechado");
    await sees(client.getByRole("heading", { name: "Este chamado está fechado" }));
    assert.equal(await client.locator("#content").count(), 0, "a closed ticket still takes messages");
  });

  test("an invalid form comes back with its text, the message at the field and the focus on it", async (t) => {
    const page = await sit(t, CLIENT);
    await page.goto("/tickets/create");
    await page.locator("#description").fill("Tudo parado\ndesde cedo");
    const answer = await answerTo(page, () => page.getByRole("button", { name: "Abrir chamado" }).click());
    assert.equal(answer.status(), 422);
    const title = page.locator("#title[aria-invalid=true]");
    await sees(title);
    assert.equal(await page.locator("#description").inputValue(), "Tudo parado\ndesde cedo");
    const message = page.locator("#title-error");
    assert.match(await message.innerText(), /Preencha este campo/);
    assert.ok((await title.getAttribute("aria-describedby")).split(" ").includes("title-error"));
    await until(page, () => document.activeElement?.id === "title");
    // The summary above leads to the field, too.
    const link = page.locator("main [role=alert] a[href='#title']");
    await sees(link);
    // Corrected, it goes through.
    await title.fill("Tudo parado");
    await page.getByRole("button", { name: "Abrir chamado" }).click();
    await page.waitForURL(/TCK-/);
    await sees_text(page, "desde cedo");
  });

  test("a stale edit gets the conflict page with what was typed, and can be sent again", async (t) => {
    const ticket = await openTicket();
    const [first, second] = await Promise.all([sit(t, TECH), sit(t, OTHER_TECH)]);
    await Promise.all([first.goto(`${path(ticket)}/edit`), second.goto(`${path(ticket)}/edit`)]);

    await first.locator("#title").fill("O título do primeiro");
    await first.getByRole("button", { name: "Salvar" }).click();
    await first.waitForURL((url) => url.pathname === path(ticket));

    await second.locator("#description").fill("A descrição do segundo, que custou a escrever.");
    const answer = await answerTo(second, () => second.getByRole("button", { name: "Salvar" }).click());
    assert.equal(answer.status(), 409);
    await sees(second.getByRole("alert").filter({ hasText: "alterado por outra pessoa" }));
    assert.equal(await second.locator("#description").inputValue(), "A descrição do segundo, que custou a escrever.");
    await first.reload();
    assert.ok(!(await first.content()).includes("A descrição do segundo"), "the first one's change was overwritten");

    await second.getByRole("button", { name: "Salvar" }).click();
    await second.waitForURL((url) => url.pathname === path(ticket));
    await sees_text(second, "A descrição do segundo, que custou a escrever.");
  });

  test("a solution that comes too late is kept on the conflict page", async (t) => {
    const ticket = await openTicket();
    const tech = await sit(t, TECH);
    await tech.goto(path(ticket));
    const form = await action(tech, "Resolver");
    await form.locator("textarea").fill("Reiniciei o servidor de impressão.");
    await api(desk, "supervisor", "PATCH", `${path(ticket)}/assign`, {
      assignee: (await api(desk, TECH, "GET", "/auth/me")).id,
    });
    const answer = await answerTo(tech, () => form.getByRole("button").click());
    assert.equal(answer.status(), 409);
    await sees(tech.getByRole("alert").filter({ hasText: "alterado por outra pessoa" }));
    assert.equal(await tech.locator("#resolve-solution").inputValue(), "Reiniciei o servidor de impressão.");
    assert.ok(await tech.locator("#resolve-solution").isVisible(), "the kept text is folded away");
    assert.equal(await status(tech), "Em andamento");
  });

  test("a PNG and a PDF are attached, shown and downloaded byte for byte; an EXE named a.pdf is refused", async (t) => {
    const ticket = await openTicket();
    const picture = png(120, 80);
    const page = await sit(t, CLIENT);
    await page.goto(path(ticket));
    await page.locator("#content").fill("Seguem a foto e o laudo.");
    await page.locator("#files").setInputFiles([
      { name: "painel com acento é.png", mimeType: "image/png", buffer: picture },
      { name: "laudo.pdf", mimeType: "application/pdf", buffer: PDF },
    ]);
    await sees(page.locator(".file-pick", { hasText: "laudo.pdf" }));
    assert.equal(await page.locator(".file-pick").count(), 2);
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    const message = page.locator(".message", { hasText: "Seguem a foto e o laudo." });
    await sees(message);
    const image = message.locator(".file-image img");
    await image.scrollIntoViewIfNeeded();
    await until(page, () => document.querySelector(".file-image img")?.naturalWidth === 120);
    await sees(message.locator(".file", { hasText: "laudo.pdf" }));

    for (const [name, bytes] of [["painel com acento é.png", picture], ["laudo.pdf", PDF]]) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        message.locator(".file", { hasText: name }).locator(".file-get").click(),
      ]);
      assert.equal(download.suggestedFilename(), name);
      assert.ok((await readFile(await download.path())).equals(bytes), `${name} came back changed`);
    }

    await page.locator("#content").fill("E mais este.");
    await page.locator("#files").setInputFiles({ name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.from("MZ\x90\0\x03\0\0\0 not a PDF at all") });
    const answer = await answerTo(page, () => page.getByRole("button", { name: "Enviar", exact: true }).click());
    assert.equal(answer.status(), 422);
    await sees(page.locator("main [role=alert]").filter({ hasText: "a.pdf" }));
    assert.equal(await page.locator("#content").inputValue(), "E mais este.");
    await page.reload();
    assert.equal(await page.locator(".file", { hasText: "a.pdf" }).count(), 0);
  });

  test("another company's requester gets neither the ticket nor its file", async (t) => {
    const ticket = await openTicket();
    const owner = await sit(t, CLIENT);
    await owner.goto(path(ticket));
    await owner.locator("#files").setInputFiles({ name: "laudo.pdf", mimeType: "application/pdf", buffer: PDF });
    await owner.locator("#content").fill("O laudo.");
    await owner.getByRole("button", { name: "Enviar", exact: true }).click();
    const file = await owner.locator(".message .file-get").first().getAttribute("href");
    const stranger = await sit(t, "augusto@facheiro.test");
    for (const address of [path(ticket), file, `${file}/view`]) {
      const answer = await stranger.request.get(address);
      assert.equal(answer.status(), 404, address);
    }
  });

  test("a filter is in the URL, survives a reload and leaves with its chip", async (t) => {
    const page = await sit(t, TECH);
    await page.goto("/tickets");
    await page.locator("#f-status").selectOption({ label: "Fechado" });
    await page.waitForURL(/[?&]status=closed(&|$)/);
    assert.ok(!/[?&](queue|category|priority|from|to)=(&|$)/.test(page.url()), `empty filters in ${page.url()}`);
    const statuses = () => page.locator("td.c-status").allInnerTexts();
    await sees(page.locator("td.c-status", { hasText: "Fechado" }));
    assert.deepEqual([...new Set(await statuses())], ["Fechado"]);
    await page.reload();
    assert.equal(await page.locator("#f-status").inputValue(), "closed");
    assert.deepEqual([...new Set(await statuses())], ["Fechado"]);
    await page.locator("#f-priority").selectOption({ label: "Alta" });
    await page.waitForURL(/priority=high/);
    assert.match(page.url(), /status=closed/);
    await page.getByRole("link", { name: /Remover filtro Status/ }).click();
    await page.waitForURL((url) => !url.searchParams.has("status"));
    assert.match(page.url(), /priority=high/);
    assert.equal(await page.locator("#f-status").inputValue(), "");
    assert.equal(await page.locator(".chip").count(), 1);
  });

  test("the list is paged, sorted, and shown as cards", async (t) => {
    const page = await sit(t, TECH);
    await page.goto("/tickets?view=all");
    const titles = () => page.locator(".ticket-title").allInnerTexts();
    const first = await titles();
    assert.equal(first.length, 25);
    await page.getByRole("link", { name: "Próxima", exact: true }).click();
    await page.waitForURL(/page=2/);
    await sees_text(page, /Página 2 de \d/);
    const second = await titles();
    assert.equal(second.length, 25);
    await page.getByRole("link", { name: "Anterior", exact: true }).click();
    await page.waitForURL(/page=1/);
    await sees_text(page, /Página 1 de \d/);
    await page.goto("/tickets?view=all&sort=priority");
    await sees(page.locator("th[aria-sort=descending]", { hasText: "Prioridade" }));
    await page.getByRole("link", { name: "Prioridade" }).click();
    await page.waitForURL(/dir=asc/);
    await sees(page.locator("th[aria-sort=ascending]", { hasText: "Prioridade" }));
    await page.goto("/tickets?view=escalated");
    const listed = await page.locator(".ticket-title").count();
    await page.getByRole("link", { name: "Cartões" }).click();
    await page.waitForURL(/show=cards/);
    await sees(page.locator(".ticket-card"));
    assert.equal(await page.locator(".ticket-card").count(), listed);
    assert.match(page.url(), /view=escalated/);
    assert.equal(await page.locator("table").count(), 0);
  });

  test("a supervisor assigns a technician, transfers, invites and escalates", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t, "supervisor");
    await page.goto(path(ticket));
    const working = page.locator(".side-status");
    const team = page.locator("section[aria-labelledby=side-team]");

    let form = await action(page, "Atribuir");
    await form.locator("select").selectOption({ label: "Rômulo Farias" });
    await form.getByRole("button").click();
    await toast(page, "Responsável definido.");
    await sees(working.getByText("Rômulo Farias"));
    assert.equal(await status(page), "Em andamento");

    form = await action(page, "Transferir");
    await form.locator("select").selectOption({ label: "Thaís Medeiros" });
    await form.getByRole("button").click();
    await sees(working.getByText("Thaís Medeiros"));
    await sees(page.locator(".event", { hasText: "transferiu o chamado para Thaís Medeiros" }));

    await team.locator("select").selectOption({ label: "Cícero Dantas" });
    await team.getByRole("button", { name: "Convidar técnico" }).click();
    await sees(team.locator(".people").getByText("Cícero Dantas"));
    const guest = await sit(t, "cicero@sertaotec.test");
    await guest.goto(path(ticket));
    await sees(guest.locator("#content"));
    const stranger = await sit(t, OTHER_TECH);
    await stranger.goto(path(ticket));
    await sees(stranger.getByRole("heading", { name: "Em atendimento por outro técnico" }));
    assert.equal(await stranger.locator("#content").count(), 0);
    await team.getByRole("button", { name: "Remover Cícero Dantas" }).click();
    await gone(team.locator(".people").getByText("Cícero Dantas"));

    form = await action(page, "Escalonar");
    await form.locator("textarea").fill("Precisa de alguém de redes.");
    await form.getByRole("button").click();
    await toast(page, "Chamado escalonado.");
    assert.equal(await status(page), "Escalonado");
    await sees(working.getByText("Ninguém está com este chamado."));
    assert.equal(await team.locator(".people").getByText("Thaís Medeiros").count(), 0, "escalating leaves the assignee");
    await sees(page.locator(".event", { hasText: "Precisa de alguém de redes." }));
    const client = await sit(t, CLIENT);
    await client.goto(path(ticket));
    assert.ok(!(await client.content()).includes("Precisa de alguém de redes."), "the requester reads why it was escalated");
  });

  test("a draft survives a reload: a new ticket's text, and a note stays a note", async (t) => {
    const client = await sit(t, CLIENT);
    await client.goto("/tickets/create");
    await client.locator("#title").fill("Rascunho do título");
    await client.locator("#description").fill("Rascunho da descrição");
    await until(client, () => Object.keys(localStorage).some((key) => localStorage[key].includes("Rascunho da descrição")));
    await client.reload();
    assert.equal(await client.locator("#title").inputValue(), "Rascunho do título");
    assert.equal(await client.locator("#description").inputValue(), "Rascunho da descrição");
    await sees(client.getByText("Rascunho recuperado."));
    await client.getByRole("button", { name: "Abrir chamado" }).click();
    await client.waitForURL(/TCK-/);
    await client.goto("/tickets/create");
    assert.equal(await client.locator("#title").inputValue(), "", "the draft of a sent ticket came back");

    const ticket = await openTicket();
    const tech = await sit(t, TECH);
    await tech.goto(path(ticket));
    await tech.locator(".composer-kinds label", { hasText: "Nota interna" }).click();
    await tech.locator("#content").fill("Só a equipe pode ler isto.");
    await until(tech, () => Object.keys(localStorage).some((key) => localStorage[key].includes("Só a equipe pode")));
    await tech.reload();
    await until(tech, () => document.querySelector("#content").value === "Só a equipe pode ler isto.");
    assert.equal(await tech.locator("input[name=kind]:checked").inputValue(), "internal");
    await tech.getByRole("button", { name: "Enviar", exact: true }).click();
    await sees(tech.locator(".message-internal", { hasText: "Só a equipe pode ler isto." }));
    await tech.reload();
    assert.equal(await tech.locator("#content").inputValue(), "");
  });

  test("a shared computer does not show the next person the last one's draft", async (t) => {
    const page = await sit(t, CLIENT);
    await page.goto("/tickets/create");
    await page.locator("#title").fill("Meu salário veio errado");
    await until(page, () => Object.keys(localStorage).some((key) => localStorage[key].includes("salário")));
    await page.locator(".user-button").click();
    await page.getByRole("button", { name: "Sair" }).click();
    await page.waitForURL(/\/auth\/login/);
    await signIn(page, desk, "edilene@flordeumbu.test");
    await page.goto("/tickets/create");
    await page.locator("#title").click();
    assert.equal(await page.locator("#title").inputValue(), "");
    // Whose it is finds it again.
    await page.locator(".user-button").click();
    await page.getByRole("button", { name: "Sair" }).click();
    await page.waitForURL(/\/auth\/login/);
    await signIn(page, desk, CLIENT);
    await page.goto("/tickets/create");
    await until(page, () => document.querySelector("#title").value === "Meu salário veio errado");
  });

  test("a technician works by keyboard: j, k, Enter, r, n, e, c and ?", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t, TECH);
    await page.goto("/tickets?view=all");
    const titles = await page.locator(".ticket-title").allInnerTexts();
    const at = () => page.evaluate(() => document.activeElement?.textContent);
    for (const [key, row] of [["j", 0], ["j", 1], ["j", 2], ["k", 1]]) {
      await page.keyboard.press(key);
      assert.equal(await at(), titles[row], `after ${key}`);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL(/TCK-/);
    await sees(page.getByRole("heading", { level: 1, name: titles[1], exact: true }));

    await page.goto(path(ticket));
    await page.keyboard.press("a");
    await toast(page, "Responsável definido.");
    await page.keyboard.press("r");
    assert.equal(await focused(page), "content");
    assert.equal(await page.locator("input[name=kind]:checked").inputValue(), "public");
    await page.keyboard.type("cjkn?");
    assert.equal(await page.locator("#content").inputValue(), "cjkn?", "a key is taken away from the text");
    await page.locator("#content").fill("");
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    assert.equal(await focused(page), "content");
    assert.equal(await page.locator("input[name=kind]:checked").inputValue(), "internal");
    await page.keyboard.type("Nota pelo teclado");
    await page.keyboard.press("Control+Enter");
    await sees(page.locator(".message-internal", { hasText: "Nota pelo teclado" }));

    await page.goto(path(ticket));
    await page.keyboard.press("e");
    assert.equal(await focused(page), "resolve-solution");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Atalhos de teclado" });
    await sees(sheet);
    await page.keyboard.press("Escape");
    await gone(sheet);
    await page.keyboard.press("c");
    await page.waitForURL(/\/tickets\/create$/);
  });

  test("everything essential works without JavaScript", async (t) => {
    const client = await sit(t, CLIENT, { javaScriptEnabled: false });
    await client.goto("/tickets/create");
    await client.locator("#title").fill("Sem JavaScript também");
    await client.locator("#description").fill("O navegador é antigo.");
    await client.getByRole("button", { name: "Abrir chamado" }).click();
    await client.waitForURL(/TCK-/);
    const here = new URL(client.url()).pathname;
    await client.locator("#content").fill("Mais um detalhe.");
    await client.locator("#files").setInputFiles({ name: "laudo.pdf", mimeType: "application/pdf", buffer: PDF });
    await client.getByRole("button", { name: "Enviar", exact: true }).click();
    await sees(client.locator(".message-client", { hasText: "Mais um detalhe." }));
    await sees(client.locator(".file", { hasText: "laudo.pdf" }));
    await client.goto("/tickets/create");
    await client.locator("#description").fill("Sem título");
    await client.getByRole("button", { name: "Abrir chamado" }).click();
    await sees(client.locator("#title-error"));
    assert.equal(await client.locator("#description").inputValue(), "Sem título");
    assert.equal(await focused(client), "title");

    const tech = await sit(t, TECH, { javaScriptEnabled: false });
    await tech.goto("/tickets");
    await tech.locator("#f-priority").selectOption({ label: "Alta" });
    await tech.getByRole("button", { name: "Filtrar" }).click();
    await tech.waitForURL(/priority=high/);
    await sees(tech.locator(".chip", { hasText: "Alta" }));
    await tech.goto(here);
    await tech.getByRole("button", { name: /Assumir/ }).click();
    await sees(tech.locator(".side-status", { hasText: "Em andamento" }));
    await tech.locator(".composer-kinds label", { hasText: "Nota interna" }).click();
    await tech.locator("#content").fill("Nota sem JavaScript.");
    await tech.getByRole("button", { name: "Enviar", exact: true }).click();
    await sees(tech.locator(".message-internal", { hasText: "Nota sem JavaScript." }));
    const form = await action(tech, "Resolver");
    await form.locator("textarea").fill("Atualizado o navegador.");
    await form.getByRole("button").click();
    await sees(tech.locator(".solution", { hasText: "Atualizado o navegador." }));

    await client.goto(here);
    assert.ok(!(await client.content()).includes("Nota sem JavaScript."));
    await client.getByRole("button", { name: /confirmar solução/ }).click();
    await sees(client.getByRole("heading", { name: "Este chamado está fechado" }));
    await client.locator(".user-button").click();
    await client.getByRole("button", { name: "Sair" }).click();
    await client.waitForURL(/\/auth\/login/);
  });

  test("an administrator's new category and channel are in the new-ticket form", async (t) => {
    const page = await sit(t, "admin");
    await page.goto("/admin");
    await page.getByRole("link", { name: /^Categorias/ }).click();
    await page.getByRole("link", { name: "Nova categoria" }).click();
    await page.getByLabel("Nome").fill("Telefonia");
    await page.getByRole("button", { name: "Salvar" }).click();
    await sees(page.locator("table a", { hasText: "Telefonia" }));
    await page.goto("/admin/categories/new");
    await page.getByLabel("Nome").fill("Ramal mudo");
    await page.getByLabel(/^Dentro de/).selectOption({ label: "Telefonia" });
    await page.getByRole("button", { name: "Salvar" }).click();
    await sees(page.locator("tr", { hasText: "Telefonia" }).getByText("Ramal mudo"));
    await page.goto("/admin/channels/new");
    await page.getByLabel("Nome").fill("Rádio da portaria");
    await page.getByRole("button", { name: "Salvar" }).click();
    await sees(page.locator("table a", { hasText: "Rádio da portaria" }));

    await page.goto("/tickets/create");
    await page.locator("#category").selectOption({ label: "Telefonia" });
    await page.locator("#subcategory").selectOption({ label: "Ramal mudo" });
    await page.locator("#channel").selectOption({ label: "Rádio da portaria" });
    await page.locator("#title").fill("O ramal 12 está mudo");
    await page.locator("#description").fill("Não dá sinal.");
    await page.locator("#contact_name").fill("Seu Valdeci");
    await page.getByRole("button", { name: "Abrir chamado" }).click();
    await page.waitForURL(/TCK-/);
    await sees(page.locator(".facts", { hasText: "Rádio da portaria" }));
    await sees(page.locator(".facts", { hasText: /Telefonia.*Ramal mudo/ }));
    const client = await sit(t, CLIENT);
    await client.goto("/tickets/create");
    await client.locator("details.fold summary").click();
    await client.locator("#category").selectOption({ label: "Telefonia" });
  });

  test("a user whom an administrator makes can sign in, and an archived one cannot", async (t) => {
    const page = await sit(t, "admin");
    const fresh = { email: "novata@sertaotec.test", password: "uma-senha-bem-longa" };
    await page.goto("/admin/users/new");
    await page.locator("#name").fill("Zuleica Novata");
    await page.locator("#email").fill(fresh.email);
    await page.locator("#role").selectOption({ label: "Técnico" });
    await page.locator("#password").fill(fresh.password);
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.waitForURL((url) => url.pathname === "/admin/users");

    const guest = await sit(t, fresh);
    await sees(guest.getByRole("heading", { name: /Zuleica/ }));

    await page.goto("/admin/users?q=zuleica");
    await page.getByRole("link", { name: "Zuleica Novata" }).click();
    await page.locator("#active").uncheck();
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.waitForURL((url) => url.pathname === "/admin/users");
    await guest.goto("/dashboard");
    assert.match(guest.url(), /\/auth\/login/);
    await guest.locator("#email").fill(fresh.email);
    await guest.locator("#password").fill(fresh.password);
    await guest.keyboard.press("Enter");
    await sees(guest.getByRole("alert").filter({ hasText: "Credenciais inválidas" }));
  });

  test("the roles' table says who may do what, and a technician gets the 403 page", async (t) => {
    const page = await sit(t, "supervisor");
    await page.goto("/admin/roles");
    const heads = await page.locator("thead th").allInnerTexts();
    assert.deepEqual(heads.slice(1), ["Solicitante", "Técnico", "Supervisor", "Administrador"]);
    const may = async (permission) => {
      const row = page.locator("tbody tr", { has: page.locator("code", { hasText: new RegExp(`^${permission}$`) }) });
      return (await row.locator("td").allTextContents()).map((text) => /Sim/.test(text));
    };
    assert.deepEqual(await may("ticket.work"), [false, true, true, true]);
    assert.deepEqual(await may("user.manage"), [false, false, false, true]);
    assert.deepEqual(await may("ticket.open"), [true, true, true, true]);

    const tech = await sit(t, TECH);
    for (const address of ["/admin", "/admin/users", "/admin/roles", "/admin/categories"]) {
      const answer = await tech.goto(address);
      assert.equal(answer.status(), 403, address);
      await sees(tech.getByRole("heading", { level: 1, name: "Sem permissão" }));
    }
    assert.equal(await tech.locator(".nav-item", { hasText: "Administração" }).count(), 0);
  });

  test("signing out ends the session on the server: the old cookie leads to the sign-in page", async (t) => {
    const page = await sit(t, CLIENT);
    const cookies = await page.context().cookies();
    const session = cookies.find((cookie) => cookie.name === "session");
    assert.ok(session.httpOnly && session.sameSite === "Lax", "the session cookie is open to scripts or to other sites");
    await page.locator(".user-button").click();
    await page.getByRole("button", { name: "Sair" }).click();
    await page.waitForURL(/\/auth\/login/);

    const replay = await sit(t);
    await replay.context().addCookies(cookies);
    await replay.goto("/tickets");
    assert.match(replay.url(), /\/auth\/login/);
    await sees(replay.getByRole("heading", { level: 1, name: "Entrar" }));
  });

  test("who was sent to sign in comes to the page that was asked for", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t);
    await page.goto(path(ticket));
    assert.match(page.url(), /\/auth\/login/);
    const { email, password } = loginOf(desk, CLIENT);
    await page.locator("#email").fill(email);
    await page.locator("#password").fill("não é esta");
    await page.keyboard.press("Enter");
    await sees(page.getByRole("alert"));
    assert.equal(await page.locator("#email").inputValue(), email);
    await page.locator("#password").fill(password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === path(ticket));
  });

  for (const [tag, name, words] of [
    ["en", "English", { signIn: "Sign in" }],
    ["es", "Español", { signIn: "Ingresar" }],
    ["pt-BR", "Português", { signIn: "Entrar" }],
  ]) {
    test(`the pages speak ${name}, without a key left over`, async (t) => {
      const ticket = await openTicket();
      const page = await sit(t, null, { locale: tag === "pt-BR" ? "en" : "pt-BR" });
      await page.goto("/auth/login");
      await page.getByRole("button", { name }).click();
      await until(page, (lang) => document.documentElement.lang === lang, tag);
      const look = async (address) => {
        await page.goto(address);
        assert.equal(await page.locator("html").getAttribute("lang"), tag, address);
        const raw = await page.evaluate((pattern) => {
          const key = new RegExp(pattern);
          const found = [];
          const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const { parentElement, nodeValue } = walk.currentNode;
            if (!parentElement.closest("script, style, code, kbd") && key.test(nodeValue.trim())) found.push(nodeValue.trim());
          }
          for (const element of document.querySelectorAll("[aria-label], [placeholder], [title], [alt], [data-turbo-confirm], [data-message], [data-placeholder]")) {
            for (const name of ["aria-label", "placeholder", "title", "alt", "data-turbo-confirm", "data-message", "data-placeholder"]) {
              const value = element.getAttribute(name);
              if (value && key.test(value)) found.push(`${name}=${value}`);
            }
          }
          return found;
        }, RAW_KEY.source);
        assert.deepEqual(raw, [], `${address} shows keys`);
      };
      for (const address of ["/", "/auth/login", "/api/docs", "/no/such/page"]) await look(address);
      await page.goto("/auth/login");
      await sees(page.getByRole("heading", { level: 1, name: words.signIn }));
      await signIn(page, desk, "admin");
      assert.equal(await page.locator("html").getAttribute("lang"), tag);
      await page.goto(path(ticket));
      await page.getByRole("button", { name: /\ba$/ }).click();
      await page.waitForLoadState();
      for (const address of [
        "/dashboard",
        "/tickets",
        "/tickets?view=all&status=resolved&priority=high",
        "/tickets?show=cards",
        "/tickets?from=2001-01-01&to=2001-01-02",
        path(ticket),
        `${path(ticket)}/edit`,
        "/tickets/create",
        "/admin",
        "/admin/companies",
        "/admin/companies/new",
        "/admin/users",
        "/admin/users/new",
        "/admin/queues",
        "/admin/queues/new",
        "/admin/categories",
        "/admin/categories/new",
        "/admin/channels",
        "/admin/channels/new",
        "/admin/roles",
        "/tickets/TCK-20000101-0000000000",
      ]) {
        await look(address);
      }
      for (const status of ["waiting", "escalated", "resolved", "closed"]) {
        await page.goto(`/tickets?status=${status}`);
        await look(await page.locator("[data-row] a").first().getAttribute("href"));
      }
    });
  }

  test("a page that is not there answers 404 and shows the way out", async (t) => {
    const page = await sit(t, CLIENT);
    for (const address of ["/no/such/page", "/tickets/TCK-20000101-0000000000", "/tickets/%00", "/tickets/..%2f..%2fetc"]) {
      const answer = await page.goto(address);
      assert.equal(answer.status(), 404, address);
      await sees(page.getByRole("heading", { level: 1, name: "Não encontramos esta página" }));
    }
    await page.getByRole("link", { name: "Ir para o início" }).click();
    await page.waitForURL(/\/dashboard$/);
  });

  test("a theme that was chosen is kept, and comes from the server", async (t) => {
    const page = await sit(t);
    await page.goto("/");
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await ground();
    await page.locator(".public-bar summary").click();
    await page.locator(".theme-switch [value=dark]").click();
    await until(page, () => document.documentElement.dataset.theme === "dark");
    const dark = await ground();
    assert.notEqual(dark, before);
    await page.reload();
    assert.equal(await ground(), dark);
    assert.equal(await page.locator(".theme-switch [value=dark]").getAttribute("aria-pressed"), "true");
    const html = await (await page.request.get("/auth/login")).text();
    assert.match(html, /<html[^>]* data-bs-theme="dark"/);
  });

  test("a message can be taken back after a question, and says so", async (t) => {
    const ticket = await openTicket();
    const page = await sit(t, CLIENT);
    await page.goto(path(ticket));
    await page.locator("#content").fill("A senha é 1234.");
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    const message = page.locator(".message", { hasText: "A senha é 1234." });
    await message.getByRole("button", { name: "Retratar" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByRole("button", { name: "Cancelar" }).click();
    await sees(message);
    await message.getByRole("button", { name: "Retratar" }).click();
    await question.getByRole("button", { name: "Retratar" }).click();
    await sees(page.locator(".message-retracted", { hasText: "Mensagem retratada" }));
    assert.ok(!(await page.content()).includes("1234"), "the text is still there");
  });

  test("on a phone a requester opens a ticket with the bottom bar", async (t) => {
    const page = await sit(t, CLIENT, { viewport: PHONE, hasTouch: true, isMobile: true });
    await page.locator(".nav-item", { hasText: "Novo chamado" }).tap();
    await page.waitForURL(/\/tickets\/create$/);
    await page.locator("#title").fill("Pelo telefone");
    await page.locator("#description").fill("Estou no estoque.");
    await page.getByRole("button", { name: "Abrir chamado" }).tap();
    await page.waitForURL(/TCK-/);
    await page.locator(".jumps a", { hasText: "Responder" }).tap();
    await page.locator("#content").fill("Chegou mais um caso.");
    await page.getByRole("button", { name: "Enviar", exact: true }).tap();
    await sees(page.locator(".message", { hasText: "Chegou mais um caso." }));
  });
});
