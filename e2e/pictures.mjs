// Pictures of what the browser shows: of every page's state in target/screenshots,
// and those of the READMEs in docs/images when UPDATE_SCREENSHOTS=1 asks for new ones.
import { join } from "node:path";
import { HERE } from "./desk.mjs";

export const IMAGES = join(HERE, "../docs/images");
const SCREENSHOTS = join(HERE, "../target/screenshots");
const UPDATE = process.env.UPDATE_SCREENSHOTS === "1";

/** Keeps the whole page as <its language>/<name>-<width>-<theme>.png. */
export async function picture(page, name) {
  const { lang, theme } = await page.evaluate(() => {
    const { lang, dataset } = document.documentElement;
    return { lang, theme: dataset.theme };
  });
  const file = `${name}-${page.viewportSize().width}-${theme}.png`;
  await page.evaluate(bottomBar, "page");
  await page.screenshot({ path: join(SCREENSHOTS, lang || "none", file), fullPage: true, scale: "css" });
  await page.evaluate(bottomBar, "window");
}

/** A phone's bar stands at the window's bottom: across the middle of a picture of the page. */
function bottomBar(foot) {
  const bar = document.querySelector(".shell > .sidebar");
  if (!bar) return;
  const { position } = getComputedStyle(bar);
  if (foot === "page" && position === "fixed") {
    bar.parentElement.style.position = "relative";
    bar.style.position = "absolute";
  } else if (foot === "window") {
    bar.parentElement.style.position = bar.style.position = "";
  }
}

/** Replaces a picture of the READMEs by what is in the window, when that is wanted. */
export async function pictureForReadme(page, name) {
  if (UPDATE) await page.screenshot({ path: join(IMAGES, `${name}.png`) });
}
