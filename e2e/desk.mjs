// A desk of its own for one test file: the binary on a free port, with a data
// directory that is gone afterwards, and a browser to look at it with.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const HERE = dirname(fileURLToPath(import.meta.url));
export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };

const READY_WITHIN = 60_000;
/** Who is in an empty desk. */
const ADMIN = { role: "admin", email: "admin@balcao.test", password: "uma-senha-bem-longa" };

export function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Starts the binary that BALCAO_BIN names (else the debug build) with its demo.
 * `tickets`: so many instead of the story's. `database`: no demo, but an empty desk
 * with an administrator at that URL; `settings`: more of its environment. Returns { url, logins, stop, crash, again }:
 * `crash` kills it without a word, `again` starts it where it was, on the same data.
 */
export async function startDesk({ tickets, database, settings } = {}) {
  const binary = resolve(process.env.BALCAO_BIN ?? join(HERE, "../target/debug/balcao"));
  const data = await mkdtemp(join(tmpdir(), "balcao-e2e-"));
  const bind = `127.0.0.1:${await freePort()}`;
  const url = `http://${bind}`;
  const { args, env } = database ? emptyDesk(data, bind, database, settings) : demo(data, bind, tickets);
  let run;

  async function again() {
    run = launch(binary, args, { cwd: data, env });
    const limit = Date.now() + READY_WITHIN;
    for (;;) {
      if (run.gone() !== null || Date.now() > limit) {
        const { said } = run;
        const why = run.gone() ?? "too slow";
        await stop();
        throw new Error(`${binary} did not become ready (${why}):\n${said()}`);
      }
      const answer = await fetch(`${url}/health`).catch(() => null);
      if (answer?.ok) break;
      await pause(100);
    }
  }

  async function stop() {
    await run.end("SIGTERM");
    await rm(data, { recursive: true, force: true });
  }

  await again();
  const logins = database ? [ADMIN] : JSON.parse(await readFile(join(data, "demo-logins.json"), "utf8"));
  return { url, logins, stop, crash: () => run.end("SIGKILL"), again };
}

/** One life of the binary. */
function launch(binary, args, options) {
  const child = spawn(binary, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let gone = null;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes) => (said = (said + bytes).slice(-20_000)));
  }
  const ended = new Promise((done) => {
    child.once("error", (error) => done((gone = error.message)));
    child.once("exit", (code, signal) => done((gone = `exit ${code ?? signal}`)));
  });
  // When the test process dies without stopping the desk, the desk goes too.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  async function end(signal) {
    process.off("exit", kill);
    if (gone === null) child.kill(signal);
    const late = setTimeout(kill, 5_000);
    await ended;
    clearTimeout(late);
  }

  return { said: () => said, gone: () => gone, end };
}

function demo(data, bind, tickets) {
  const args = ["demo", "--no-limits", "--data", data, "--bind", bind];
  if (tickets) args.push("--tickets", String(tickets));
  return { args, env: process.env };
}

/** Nothing of this process's settings reaches it. */
function emptyDesk(data, bind, database, settings) {
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: data,
    BIND: bind,
    DATABASE_URL: database,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    RATE_LIMITS: "off",
    ...settings,
  };
  return { args: ["serve"], env };
}

/** The browser of this machine; `more`: what else it is told on its command line. */
export function launchBrowser(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
}

/** The login with this role (the first one of it) or this address. */
export function loginOf(desk, who) {
  const login = desk.logins.find((l) => l.email === who) ?? desk.logins.find((l) => l.role === who);
  if (!login) throw new Error(`the demo has no ${who}`);
  return login;
}

/** A browser context as a person has it: Portuguese, one zone, nothing shared. */
export function newContext(browser, desk, options = {}) {
  return browser.newContext({
    baseURL: desk.url,
    locale: "pt-BR",
    timezoneId: "America/Fortaleza",
    viewport: DESKTOP,
    reducedMotion: "reduce",
    ...options,
  });
}

/** Signs in through the form; `who` is a role, an address, or { email, password }. */
export async function signIn(page, desk, who) {
  const login = typeof who === "string" ? loginOf(desk, who) : who;
  await page.goto("/auth/login");
  await page.locator("#email").fill(login.email);
  await page.locator("#password").fill(login.password);
  await page.locator("main form button").first().click();
  await page.waitForURL((url) => url.pathname === "/dashboard");
  return login;
}

/** Signs in to the desk's API as `who`; what calls it: (method, path, body) to the answer's JSON. */
export async function apiOf(desk, who) {
  const call = async (token, how, where, what) => {
    const answer = await fetch(`${desk.url}/api/v1${where}`, {
      method: how,
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: what && JSON.stringify(what),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${how} ${where}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  const { email, password } = loginOf(desk, who);
  const { access_token } = await call(null, "POST", "/auth/login", { email, password });
  return (method, path, body) => call(access_token, method, path, body);
}

/** One call of the desk's API as `who`; the answer's JSON. */
export async function api(desk, who, method, path, body) {
  return (await apiOf(desk, who))(method, path, body);
}
