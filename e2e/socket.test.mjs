// REALTIME=ws: pages hear over a WebSocket and do everything else as before.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, launchBrowser, newContext, pause, signIn, startDesk } from "./desk.mjs";

const AT_ONCE = 1_500;

let desk;
let browser;

before(async () => {
  const settings = { REALTIME: "ws" };
  // A file of its own in the desk's directory.
  [desk, browser] = await Promise.all([startDesk({ database: "sqlite:socket.db", settings }), launchBrowser()]);
});

after(async () => {
  await browser?.close();
  await desk?.stop();
});

test("a list changes by itself over a WebSocket, also after the desk was gone", { timeout: 60_000 }, async (t) => {
  const call = await apiOf(desk, "admin");
  const context = await newContext(browser, desk);
  t.after(() => context.close());
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const streams = [];
  page.on("request", (request) => new URL(request.url()).pathname === "/live" && streams.push(request));
  const sockets = [];
  const told = [];
  page.on("websocket", (socket) => {
    sockets.push(socket);
    socket.on("framereceived", ({ payload }) => told.push(JSON.parse(payload).event));
  });
  /** Waits until a socket that is opened from now on has said where it stands. */
  const flows = async () => {
    while (!told.includes("here")) await pause(50);
  };

  await signIn(page, desk, "admin");
  await page.goto("about:blank");
  told.length = 0;
  await page.goto("/tickets?view=all");
  await flows();
  await page.evaluate(() => (window.marked = true));
  const shows = async (title) => {
    const begun = Date.now();
    const { protocol } = await call("POST", "/tickets", { title, description: "Pelo soquete." });
    await page.locator(`a[href="/tickets/${protocol}"]`).first().waitFor();
    return Date.now() - begun;
  };
  const took = await shows("Veio sozinho");
  t.diagnostic(`from the call to the list: ${took} ms`);
  assert.ok(took < AT_ONCE, `${took} ms`);
  assert.match(sockets.at(-1).url(), /^ws:\/\/127\.0\.0\.1:\d+\/live\/ws\?after=\d+$/);

  await desk.crash();
  await page.locator(".offline-bar").waitFor({ state: "visible" });
  told.length = 0;
  await desk.again();
  await page.locator(".offline-bar").waitFor({ state: "hidden" });
  await flows();
  await shows("Veio depois da queda");
  assert.equal(await page.evaluate(() => window.marked), true, "the page was loaded again");
  assert.deepEqual(streams, [], "Server-Sent Events are used, too");
});
