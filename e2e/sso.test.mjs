// Single sign-on against a provider of the real world (npm's oidc-provider): configured
// in the browser, tested with the button, gone through to its end, and unlinked again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { test } from "node:test";
import { DESKTOP, PHONE, freePort, launchBrowser, newContext, signIn, startDesk } from "./desk.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SECRET = "only-the-desk-and-the-provider-know-it";
/** Pictures for whoever looks at them. */
const SHOTS = process.env.SSO_SHOTS;

/** A provider that believes everybody's name; `localhost`, so that it is another site. */
async function startProvider(desk) {
  // Its warnings about a provider for development are known.
  const { default: Provider } = await import("oidc-provider");
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "balcao",
        client_secret: SECRET,
        redirect_uris: [`${desk.url}/auth/sso/acme/callback`],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    pkce: { required: () => true },
    features: { claimsParameter: { enabled: true } },
    cookies: { keys: ["a key for signing cookies in a test"] },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        name: `${id[0].toUpperCase()}${id.slice(1)} Vinda`,
        email: `${id}@acme.test`,
        email_verified: id !== "duda",
        groups: id === "vera" ? ["everybody", "helpdesk"] : ["everybody"],
      }),
    }),
  });
  const server = createServer(provider.callback());
  await new Promise((done) => server.listen(port, "localhost", done));
  return {
    issuer,
    stop() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

/** What is wrong with a page as it stands, in two themes and at two widths. */
async function examine(page, name) {
  const wrongs = [];
  for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
    await page.setViewportSize(viewport);
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (wide) wrongs.push(`${name}, ${size}: too wide`);
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${size}-${theme}.png`, fullPage: true });
      await page.evaluate(AXE);
      const found = await page.evaluate(
        async (values) => (await window.axe.run(document, { runOnly: { type: "tag", values } })).violations,
        TAGS,
      );
      for (const { id, nodes } of found) wrongs.push(`${name}, ${size}, ${theme}: ${id} at ${nodes[0].html}`);
    }
  }
  await page.setViewportSize(DESKTOP);
  assert.deepEqual(wrongs, []);
}

test("a provider is configured and tested in the browser, and its people come in by its rules", async (t) => {
  const open = [];
  t.after(async () => {
    for (const one of open.reverse()) await one();
  });
  const desk = await startDesk({ database: "sqlite:desk.db", settings: { OUTGOING_PRIVATE: "localhost" } });
  open.push(() => desk.stop());
  const provider = await startProvider(desk);
  open.push(() => provider.stop());
  const browser = await launchBrowser();
  open.push(() => browser.close());

  // The administrator describes it, and hears what is wrong before anything is kept.
  const office = await newContext(browser, desk);
  const admin = await office.newPage();
  const { password } = await signIn(admin, desk, "admin");
  await admin.goto("/admin/sso");
  await examine(admin, "empty");
  await admin.locator("a[href='/admin/sso/new']").first().click();
  await admin.locator("#name").fill("Acme ID");
  await admin.locator("#slug").fill("acme");
  await admin.locator("#issuer").fill(`${provider.issuer}/nowhere`);
  await admin.locator("#client_id").fill("balcao");
  await admin.locator("#client_secret").fill("wrong");
  const tries = admin.locator("button[name=test]");
  const found = admin.locator(".findings");
  await tries.click();
  await found.getByText("o documento de descoberta não existe lá").waitFor();
  await examine(admin, "wrong-issuer");
  await admin.locator("#issuer").fill(`${provider.issuer}/.well-known/openid-configuration`);
  await tries.click();
  await found.getByText("não aceita o ID balcao").waitFor();
  await admin.locator("#client_secret").fill(SECRET);
  await tries.click();
  await admin.getByText("O provedor responde como deve").waitFor();
  await found.getByText("PKCE com S256").waitFor();
  assert.equal(await admin.locator("#redirect").inputValue(), `${desk.url}/auth/sso/acme/callback`);
  await admin.locator("#rule_claim_1").fill("groups");
  await admin.locator("#rule_value_1").fill("helpdesk");
  await admin.locator("#rule_role_1").selectOption("tech");
  await examine(admin, "tested");
  await admin.locator("form.panel button.btn-primary").click();
  await admin.waitForURL("**/admin/sso");
  await admin.locator("tr[data-row] a").click();
  await admin.getByText("Há um segredo guardado").waitFor();
  assert.equal(await admin.locator("#client_secret").inputValue(), "");
  assert.equal(await admin.locator("#rule_value_1").inputValue(), "helpdesk");
  await admin.goto("/admin/sso");
  await examine(admin, "list");

  /** Somebody presses the button and says at the provider who they are. */
  const arrive = async (name) => {
    const context = await newContext(browser, desk);
    const page = await context.newPage();
    await page.goto("/auth/login?next=/preferences");
    await page.getByText("Entrar com Acme ID").click();
    await page.waitForURL((url) => url.origin === provider.issuer);
    await page.locator("input[name=login]").fill(name);
    await page.locator("input[name=password]").fill("anything");
    await page.locator("button[type=submit]").click();
    return page;
  };
  /** What the provider asks next: whether the desk may know. */
  const agree = (page) => page.locator("button[type=submit]").click();

  const vera = await arrive("vera");
  await agree(vera);
  await vera.waitForURL(`${desk.url}/preferences`);
  await vera.goto("/tickets?view=unassigned");
  assert.ok(await vera.getByText("Vera Vinda").count(), "her name is the provider's");
  assert.equal((await vera.goto("/admin")).status(), 403);
  await vera.goto("/meu-perfil/sso");
  await vera.getByText("vera@acme.test").waitFor();
  await examine(vera, "own");
  // Her only way in stays.
  await vera.locator(".sessions a.btn").click();
  await vera.getByText("única forma de entrar").waitFor();

  // Whoever has a password links by it, and unlinks by it.
  await admin.goto("/meu-perfil/sso");
  await admin.locator("#provider").selectOption("acme");
  await admin.locator("#password_now").fill(password);
  await admin.locator("form.panel button.btn-primary, section.profile button.btn-primary").click();
  await admin.getByText("Continuar para Acme ID").click();
  await admin.waitForURL((url) => url.origin === provider.issuer);
  await admin.locator("input[name=login]").fill("ada");
  await admin.locator("input[name=password]").fill("anything");
  await admin.locator("button[type=submit]").click();
  await agree(admin);
  await admin.getByText("ada@acme.test").waitFor();
  await admin.locator(".sessions a.btn").click();
  await admin.getByText("outras sessões serão encerradas").waitFor();
  await admin.locator("#password_now").fill("not mine");
  await admin.locator("button.btn-danger").click();
  await admin.locator(".field .invalid-feedback, .is-invalid, [aria-invalid=true]").first().waitFor();
  await examine(admin, "unlink");
  await admin.locator("#password_now").fill(password);
  await admin.locator("button.btn-danger").click();
  await admin.getByText("Nenhuma conta vinculada").waitFor();

  // Another page began it, and the way back is taken twice: refused in words.
  const before = await newContext(browser, desk);
  const late = await before.newPage();
  const refused = await late.goto("/auth/sso/acme/callback?code=x&state=" + "0".repeat(64));
  assert.equal(refused.status(), 422);
  await late.getByText("começou em outro navegador").waitFor();
  await examine(late, "refused");

  // An address that the provider has not verified makes no account; whoever cancels is told so.
  const duda = await arrive("duda");
  await agree(duda);
  await duda.getByText("não confirmou que o e-mail é seu").waitFor();
  const context = await newContext(browser, desk);
  const page = await context.newPage();
  await page.goto("/auth/sso/acme");
  await page.getByText("Cancel").click();
  await page.getByText("a entrada foi cancelada").waitFor();
  await page.getByText("Tentar de novo").click();
  await page.waitForURL((url) => url.origin === provider.issuer);

  // The administrator sees who came, by whom, and who did not.
  await admin.goto("/admin/audit");
  for (const text of ["Conta de outro lugar vinculada", "Login único recusado"]) {
    await admin.getByText(text).locator("visible=true").first().waitFor();
  }
});
