// The pictures of the README, from the demo: node shots.mjs
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DESKTOP, HERE, PHONE, launchBrowser, newContext, signIn, startDesk } from "./desk.mjs";

const IMAGES = join(HERE, "../docs/images");
const TECH = "thais@sertaotec.test";
const CLIENT = "ivonete@barauna.test";

/** name, who looks, at which size, and what they do to see it. */
const SHOTS = [
  {
    name: "list",
    who: TECH,
    size: DESKTOP,
    see: (page) => page.goto("/tickets"),
  },
  {
    name: "ticket",
    who: TECH,
    size: DESKTOP,
    see: (page) => openTitled(page, "/tickets?view=mine", "TV do painel"),
  },
  {
    name: "new-ticket",
    who: CLIENT,
    size: DESKTOP,
    see: async (page) => {
      await page.goto("/tickets/create");
      await page.locator("#title").fill("A impressora da recepção puxa duas folhas por vez");
      await page.locator("#description").fill(
        "Começou hoje cedo, com o papel novo. Já tirei a bandeja e coloquei de volta.\nSó acontece na impressora da recepção; a do consultório 2 está normal.",
      );
      await page.locator("#description").blur();
    },
  },
  {
    name: "phone",
    who: CLIENT,
    size: PHONE,
    see: (page) => openTitled(page, "/tickets?view=active", "TV do painel"),
  },
];

async function openTitled(page, list, title) {
  await page.goto(list);
  await page.locator("main [data-row] a", { hasText: title }).first().click();
  await page.locator(".ticket-page").waitFor();
}

mkdirSync(IMAGES, { recursive: true });
const [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
try {
  for (const { name, who, size, see } of SHOTS) {
    const context = await newContext(browser, desk, {
      viewport: size,
      hasTouch: size === PHONE,
      deviceScaleFactor: size === PHONE ? 2 : 1,
    });
    await context.addCookies([{ name: "theme", value: "light", url: desk.url }]);
    const page = await context.newPage();
    await signIn(page, desk, who);
    await see(page);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
    await context.close();
    console.log(join("docs/images", `${name}.png`));
  }
} finally {
  await browser.close();
  await desk.stop();
}
