// What people see while the desk's database is away, and afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { api, launchBrowser, newContext, PHONE, signIn, startDesk } from "./desk.mjs";
import { picture } from "./pictures.mjs";
import { postgresPrograms, startPostgres } from "./postgres.mjs";

const REQUIRED = process.env.BALCAO_REQUIRE_ALL === "1";

test("when the database goes away the browser sees the 503 page, and works again when it is back, without a restart", async (t) => {
  if (!postgresPrograms()) {
    assert.ok(!REQUIRED, "PostgreSQL is not installed, and everything is required here");
    t.skip("PostgreSQL is not installed");
    return;
  }
  let postgres, desk, browser;
  t.after(async () => {
    await browser?.close();
    await desk?.stop();
    await postgres?.remove();
  });
  postgres = await startPostgres();
  desk = await startDesk({ database: postgres.url });
  browser = await launchBrowser();
  const context = await newContext(browser, desk);
  context.setDefaultTimeout(10_000);
  const theme = (value) => context.addCookies([{ name: "theme", value, url: desk.url }]);
  await theme("light");
  const page = await context.newPage();
  const title = "Aberto antes da queda";
  const isAway = () => page.getByRole("heading", { level: 1, name: "Voltamos em instantes" }).waitFor();
  const ticket = () => page.getByRole("link", { name: title }).waitFor();

  await signIn(page, desk, "admin");
  await api(desk, "admin", "POST", "/tickets", { title, description: "Ainda está aqui?" });
  await page.goto("/tickets");
  await ticket();

  await postgres.stop();
  await page.locator(".nav-item", { hasText: "Painel" }).click();
  await isAway();
  const answer = await page.goto("/tickets");
  assert.equal(answer.status(), 503);
  assert.ok(answer.headers()["retry-after"], "it does not say when to come back");
  await isAway();
  await page.getByRole("link", { name: "Ir para o início" }).waitFor();
  await picture(page, "503");
  await page.setViewportSize(PHONE);
  await theme("dark");
  assert.equal((await page.reload()).status(), 503);
  await isAway();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= PHONE.width, `${wide} px wide at ${PHONE.width}`);
  await picture(page, "503");

  await postgres.start();
  assert.equal((await page.reload()).status(), 200);
  await ticket();
  assert.equal(new URL(page.url()).pathname, "/tickets", "it asks to sign in again");
  // And it takes what is written.
  await page.getByRole("link", { name: title }).click();
  await page.locator("#content").fill("Escrito depois da queda.");
  await page.getByRole("button", { name: "Enviar", exact: true }).click();
  await page.locator(".message-body", { hasText: "Escrito depois da queda." }).waitFor();
});
