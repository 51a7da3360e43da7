// Two processes on one PostgreSQL behind a real nginx: both serve, both write, and
// either may be killed.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { apiOf, launchBrowser, newContext, pause, signIn, startDesk } from "./desk.mjs";
import { nginxProgram, startNginx } from "./nginx.mjs";
import { postgresPrograms, startPostgres } from "./postgres.mjs";

const REQUIRED = process.env.BALCAO_REQUIRE_ALL === "1";
/** From an act through one node to the page that is open on the other. */
const SEEN_WITHIN = 1_000;

test("a comment made through one node shows on the other within a second, and either may be killed", async (t) => {
  const missing = [!postgresPrograms() && "PostgreSQL", !nginxProgram() && "nginx"].filter(Boolean).join(" and ");
  if (missing) {
    assert.ok(!REQUIRED, `${missing} is not installed, and everything is required here`);
    t.skip(`${missing} is not installed`);
    return;
  }
  const uploads = await mkdtemp(join(tmpdir(), "balcao-uploads-"));
  const open = [];
  t.after(async () => {
    for (const one of open.reverse()) await one();
    await rm(uploads, { recursive: true, force: true });
  });
  const postgres = await startPostgres();
  open.push(() => postgres.remove());
  const settings = { SECRET_KEY: "one secret for both nodes, long enough", UPLOAD_DIR: uploads };
  const one = await startDesk({ database: postgres.url, settings });
  open.push(() => one.stop());
  const other = await startDesk({ database: postgres.url, settings });
  open.push(() => other.stop());
  const nginx = await startNginx([one.url, other.url]);
  open.push(() => nginx.stop());
  const browser = await launchBrowser();
  open.push(() => browser.close());

  // A page that is open on each node, and one on whichever nginx chooses.
  const write = await apiOf(one, "admin");
  const writeThere = await apiOf(other, "admin");
  const { protocol } = await write("POST", "/tickets", { title: "Dois nós", description: "Um banco." });
  const pages = [];
  for (const url of [one.url, other.url, nginx.url]) {
    const context = await newContext(browser, { url });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const heard = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/live");
    await signIn(page, one, "admin");
    assert.equal((await heard).status(), 200);
    await page.goto(`/tickets/${protocol}`);
    pages.push(page);
  }
  const shows = async (page, text) => {
    const begun = Date.now();
    await page.locator(".message-body", { hasText: text }).waitFor();
    return Date.now() - begun;
  };

  for (const [number, [from, call]] of [["um", write], ["outro", writeThere]].entries()) {
    const text = `Comentário ${number}, escrito pelo nó ${from}.`;
    // A page fetches itself again at most once a second: not right after the last time.
    await pause(1_200);
    await call("POST", `/tickets/${protocol}/comments`, { content: text });
    const waits = await Promise.all(pages.map((page) => shows(page, text)));
    t.diagnostic(`through ${from}: seen after ${waits.join(", ")} ms`);
    assert.ok(Math.max(...waits) <= SEEN_WITHIN, `seen after ${waits.join(", ")} ms`);
  }

  // Who looks through one node is seen through the other, whoever comes first.
  const colleague = { name: "Bruno do outro nó", email: "bruno@balcao.test", password: "outra-senha-bem-longa" };
  await write("POST", "/users", { ...colleague, role: "tech" });
  const context = await newContext(browser, other);
  context.setDefaultTimeout(10_000);
  const theirs = await context.newPage();
  await signIn(theirs, other, colleague);
  const begun = Date.now();
  await theirs.goto(`/tickets/${protocol}`);
  const present = (page, text) => page.locator("[data-presence-said]", { hasText: text }).waitFor();
  await Promise.all(pages.map((page) => present(page, "Bruno do outro nó está vendo")));
  t.diagnostic(`who came is seen after ${Date.now() - begun} ms`);
  await pages[0].locator("#content").fill("Um instante");
  await present(theirs, "está escrevendo uma resposta");
  await pages[0].locator("#content").fill("");
  // They leave as people do, and their browser stays: one that is torn down takes its
  // good-bye along.
  await theirs.close();
  await Promise.all(pages.map((page) => page.locator(".presence").waitFor({ state: "hidden" })));
  await context.close();

  // A socket passes through nginx as docs/guide/install.md tells it.
  const first = await pages[2].evaluate(
    () =>
      new Promise((done) => {
        const socket = new WebSocket(`ws://${location.host}/live/ws`);
        socket.addEventListener("message", ({ data }) => done(JSON.parse(data).event));
        socket.addEventListener("close", ({ code }) => done(`closed with ${code}`));
      }),
  );
  assert.equal(first, "here");

  // Killed without a word: whoever comes through nginx goes on, still signed in.
  await one.crash();
  const front = pages[2];
  assert.equal((await front.goto(`/tickets/${protocol}`)).status(), 200);
  await front.locator("#content").fill("Escrito com um nó só.");
  await front.getByRole("button", { name: "Enviar", exact: true }).click();
  await shows(front, "Escrito com um nó só.");
  await shows(pages[1], "Escrito com um nó só.");

  await one.again();
  await other.crash();
  await front.reload();
  await shows(front, "Escrito com um nó só.");
  await writeOf(one, protocol, "De volta.");
  await shows(front, "De volta.");
});

/** A comment through a node that was started again. */
async function writeOf(desk, protocol, content) {
  const call = await apiOf(desk, "admin");
  await call("POST", `/tickets/${protocol}/comments`, { content });
}
