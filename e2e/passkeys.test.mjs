// Coming in with a second factor, and with a passkey alone: in a real browser, whose
// device is Chromium's virtual authenticator.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DESKTOP, HERE, launchBrowser, loginOf, newContext, PHONE, signIn, startDesk } from "./desk.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TECH = "thais@sertaotec.test";
const OTHER = "supervisor";
const SECURITY = "/meu-perfil/security";

let desk;
let browser;
/** Passkeys belong to a name: the machine's own, not its address. */
let named;

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
  named = { ...desk, url: desk.url.replace("127.0.0.1", "localhost") };
});

after(async () => {
  await browser?.close();
  await desk?.stop();
});

async function open(t, options = {}) {
  const context = await newContext(browser, named, options);
  t.after(() => context.close());
  context.setDefaultTimeout(10_000);
  await context.addInitScript({ content: AXE });
  return context.newPage();
}

/** A device that knows its owner; passkeys stay on it. */
async function device(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const call = (method, params = {}) => cdp.send(`WebAuthn.${method}`, { authenticatorId, ...params });
  return {
    keys: async () => (await call("getCredentials")).credentials,
    put: (credential) => call("addCredential", { credential }),
    forget: () => call("clearCredentials"),
    owner: (isUserVerified) => call("setUserVerified", { isUserVerified }),
  };
}

/** The code that an app with this key shows (RFC 6238), so many steps away. */
function appCode(key, away = 0) {
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replaceAll(" ", "")].map((sign) => signs.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + away));
  const mac = createHmac("sha1", secret).update(step).digest();
  const at = mac.at(-1) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const at = (page, path) => page.waitForURL((url) => url.pathname === path);
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

async function prove(page, login) {
  await page.goto(SECURITY);
  if ((await page.locator("#password_now").count()) === 0) return;
  await page.locator("#password_now").fill(login.password);
  await press(page, "Confirmar");
  await page.locator("#password_now").waitFor({ state: "detached" });
}

/** The password, which is not enough. */
async function password(page, login) {
  await page.goto("/auth/login");
  await page.locator("#email").fill(login.email);
  await page.locator("#password").fill(login.password);
  await press(page, "Entrar");
  await at(page, "/auth/otp");
}

async function signOut(page) {
  await page.context().clearCookies();
}

/** Nothing wrong with the page at two widths, in two themes; a picture of each. */
async function look(page, name) {
  for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
    await page.setViewportSize(viewport);
    // Nothing half behind the bar at the bottom, nor behind a message that leaves by itself.
    const height = await page.evaluate(() => {
      for (const toast of document.querySelectorAll(".toast-item")) toast.remove();
      return document.documentElement.scrollHeight + 120;
    });
    await page.setViewportSize({ ...viewport, height: Math.max(height, viewport.height) });
    for (const theme of ["light", "dark"]) {
      await page.evaluate((theme) => {
        document.documentElement.dataset.theme = theme;
        document.documentElement.dataset.bsTheme = theme;
      }, theme);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} ${size}: ${wide} px too wide`);
      const found = await page.evaluate(async (tags) => {
        for (const animation of document.getAnimations()) animation.finish();
        const { violations } = await window.axe.run(document, { runOnly: tags });
        return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`);
      }, TAGS);
      assert.deepEqual(found, [], `${name} ${size} ${theme}`);
      await page.screenshot({ path: join(HERE, `../target/screenshots/pt-BR/${name}-${size}-${theme}.png`) });
    }
  }
}

test("a passkey is made, is a second factor, signs in alone, and is gone when it is removed", async (t) => {
  const page = await open(t);
  const login = loginOf(desk, TECH);
  const phone = await device(page);
  await signIn(page, named, login);
  await page.goto("/meu-perfil");
  await page.getByRole("link", { name: "Segurança" }).click();
  await at(page, SECURITY);
  await look(page, "security-closed");
  await prove(page, login);
  await look(page, "security-open");
  await page.locator("#passkey_name").fill("Celular de teste");
  await press(page, "Criar chave de acesso");
  await page.getByRole("heading", { name: "Criar chave de acesso" }).waitFor();
  await look(page, "passkey-new");
  await press(page, "Continuar");
  await page.locator(".codes code").first().waitFor();
  assert.equal(await page.locator(".codes code").count(), 10);
  await look(page, "recovery-codes");
  const [saved] = await Promise.all([page.waitForEvent("download"), press(page, "Baixar")]);
  assert.equal(saved.suggestedFilename(), "codigos-de-recuperacao.txt");
  await page.getByRole("link", { name: "Já guardei" }).click();
  await page.getByText("Celular de teste").waitFor();
  const [key] = await phone.keys();
  assert.equal(key.isResidentCredential, true);
  assert.equal(key.rpId, "localhost");

  // Beside the password.
  await signOut(page);
  await password(page, login);
  await look(page, "otp-passkey");
  await press(page, "Usar a chave de acesso");
  await at(page, "/dashboard");

  // Alone: no password, and no second factor is asked for.
  await signOut(page);
  await page.goto("/auth/login?next=/tickets");
  await look(page, "login-passkey");
  await press(page, "Entrar com chave de acesso");
  await at(page, "/tickets");
  await page.goto(SECURITY);
  await page.getByText(/usada/).first().waitFor();

  // A device that does not know who holds it lets nobody in.
  await signOut(page);
  await phone.owner(false);
  await page.goto("/auth/login");
  await press(page, "Entrar com chave de acesso");
  await page.locator(".passkey-said:visible").waitFor();
  assert.match(await page.locator(".passkey-said").textContent(), /\S/);
  await phone.owner(true);

  // A copy counts back, and is refused.
  const [now] = await phone.keys();
  assert.ok(now.signCount > 1);
  await phone.forget();
  await phone.put({ ...now, signCount: 0 });
  await press(page, "Entrar com chave de acesso");
  await page.getByText(/pode haver uma cópia/).waitFor();
  await phone.forget();
  await phone.put({ ...now, signCount: now.signCount + 5 });
  await press(page, "Entrar com chave de acesso");
  await at(page, "/dashboard");

  await prove(page, login);
  await press(page, "Remover Celular de teste");
  await page.getByRole("alertdialog").getByRole("button", { name: "Remover" }).click();
  await page.getByText("Verificação removida").first().waitFor();
  await signOut(page);
  await page.goto("/auth/login");
  await press(page, "Entrar com chave de acesso");
  await page.getByText(/não vale aqui/).waitFor();
  await signIn(page, named, login);
});

test("an app is turned on by its key, and its codes let in once", async (t) => {
  const page = await open(t);
  const login = loginOf(desk, OTHER);
  await signIn(page, named, login);
  await prove(page, login);
  await press(page, "Ativar aplicativo");
  const key = await page.locator(".secret-key").textContent();
  const size = await page.locator(".qr").boundingBox();
  assert.ok(size.width > 150 && Math.abs(size.width - size.height) < 2);
  await look(page, "totp");
  await page.locator("#code").fill("000000");
  await press(page, "Confirmar");
  await page.locator("#code-error").waitFor();
  await page.locator("#code").fill(appCode(key));
  await press(page, "Confirmar");
  await page.locator(".codes code").first().waitFor();
  const recovery = await page.locator(".codes code").first().textContent();
  await signOut(page);
  await password(page, login);
  await look(page, "otp-totp");
  const code = appCode(key, 1);
  await page.locator("#code").fill(code);
  await press(page, "Continuar");
  await at(page, "/dashboard");
  await signOut(page);
  await password(page, login);
  await page.locator("#code").fill(code);
  await press(page, "Continuar");
  await page.locator("#code-error").waitFor();
  await page.getByText("Usar um código de recuperação").click();
  await page.locator("#recovery").fill(recovery);
  await page.locator("#recovery").press("Enter");
  await at(page, "/dashboard");
});

test("who must have a factor sets one up before coming in", async (t) => {
  const page = await open(t);
  const admin = loginOf(desk, "admin");
  await signIn(page, named, admin);
  await page.goto("/admin/security");
  await look(page, "signin-rules");
  await page.locator("input[name=role][value=tech]").check();
  await press(page, "Salvar");
  await page.getByText("Salvo").first().waitFor();
  await page.goto("/admin/users");
  await page.locator("main [data-row] a[href]").first().click();
  await page.locator("main").getByRole("link", { name: "Segurança" }).click();
  await page.getByText("Meios ativos").waitFor();
  await look(page, "user-security");
  await signOut(page);
  const login = desk.logins.findLast((l) => l.role === "tech");
  await page.goto("/auth/login");
  await page.locator("#email").fill(login.email);
  await page.locator("#password").fill(login.password);
  await press(page, "Entrar");
  await at(page, "/auth/factor");
  await look(page, "factor-setup");
  await press(page, "Ativar aplicativo");
  await at(page, "/auth/factor/totp");
  await look(page, "factor-setup-totp");
  await page.locator("#code").fill(appCode(await page.locator(".secret-key").textContent()));
  await press(page, "Confirmar");
  await page.locator(".codes code").first().waitFor();
  await look(page, "factor-setup-codes");
  await page.getByRole("link", { name: "Já guardei" }).click();
  await at(page, "/dashboard");
});
