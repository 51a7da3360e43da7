// What Lighthouse says of how accessible a page of each kind is: 90 of 100 is what
// is asked (S0-201), 100 is what we have. The browser is the other tests' own; it asks
// nobody but the desk, and Lighthouse tells nobody.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { desktopConfig, snapshot } from "lighthouse";
import puppeteer from "puppeteer-core";
import { DESKTOP, PHONE, freePort, launchBrowser, newContext, signIn, startDesk } from "./desk.mjs";

const AT_LEAST = 100;

/** Who looks at which page, on a computer and, where `phone` stands, on a phone as well. */
const PAGES = [
  { who: "nobody", path: "/", phone: true },
  { who: "nobody", path: "/auth/login", phone: true },
  { who: "client", path: "/dashboard" },
  { who: "client", path: "/tickets/create", phone: true },
  { who: "tech", path: "/tickets", phone: true },
  { who: "tech", first: "/tickets?view=mine", phone: true },
  { who: "tech", path: "/meu-perfil" },
  { who: "admin", path: "/admin" },
  { who: "admin", path: "/admin/companies/new", phone: true },
];

let desk;
let browser;
let eyes;
const firsts = {};
const looks = {};

/** The browser that signs in is Playwright's; Lighthouse looks at it through Puppeteer. */
before(async () => {
  const port = await freePort();
  [desk, browser] = await Promise.all([startDesk(), launchBrowser([`--remote-debugging-port=${port}`])]);
  eyes = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
  for (const who of new Set(PAGES.map((page) => page.who))) {
    const context = await newContext(browser, desk);
    const page = await context.newPage();
    if (who !== "nobody") await signIn(page, desk, who);
    for (const { first } of PAGES.filter((p) => p.who === who && p.first)) {
      await page.goto(first);
      firsts[first] = await page.locator("main [data-row] a[href]").first().getAttribute("href");
    }
    looks[who] = await eyes.createBrowserContext();
    await looks[who].setCookie(...(await context.cookies()));
    await context.close();
  }
});

after(async () => {
  await eyes?.disconnect();
  await browser?.close();
  await desk?.stop();
});

/** How many points of 100, and what keeps it from more. */
async function judge({ who, path, first }, isPhone) {
  const url = new URL(path ?? firsts[first], desk.url).href;
  const page = await looks[who].newPage();
  await page.setViewport(isPhone ? { ...PHONE, isMobile: true, hasTouch: true } : DESKTOP);
  await page.goto(url, { waitUntil: "load" });
  assert.equal(page.url(), url, "the page that was asked for");
  const flags = { onlyCategories: ["accessibility"], screenEmulation: { disabled: true }, disableFullPageScreenshot: true, logLevel: "error" };
  const { lhr } = await snapshot(page, { flags, config: isPhone ? undefined : desktopConfig });
  await page.close();
  assert.equal(lhr.runtimeError, undefined, lhr.runtimeError?.message);
  const { score, auditRefs } = lhr.categories.accessibility;
  const audits = auditRefs.map(({ id }) => lhr.audits[id]).filter((audit) => audit.score !== null);
  assert.ok(audits.length > 10, `only ${audits.length} things were looked at`);
  const failed = audits.filter((audit) => audit.score < 1);
  const why = failed.map(({ id, details }) => `${id}: ${(details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet).join(", ")}`);
  return { points: Math.round(score * 100), why };
}

// One after the other: Lighthouse keeps marks of its run in the process.
describe("lighthouse", { concurrency: 1 }, () => {
  for (const entry of PAGES) {
    for (const isPhone of entry.phone ? [false, true] : [false]) {
      const where = `${entry.who}: ${entry.path ?? `the first of ${entry.first}`}, ${isPhone ? "phone" : "desktop"}`;
      test(`Lighthouse finds nothing that shuts somebody out of ${where}`, async () => {
        const { points, why } = await judge(entry, isPhone);
        assert.ok(points >= AT_LEAST, `${points} of 100\n  ${why.join("\n  ")}`);
      });
    }
  }
});
