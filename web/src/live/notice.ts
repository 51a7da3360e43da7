import { announce } from "../announce";
import { readPage } from "./page";
import { holdPlace } from "./steady";

/** Not more often than a reader can take it in. */
const REST = 6_000;
/** So long may an act of the reader's own take to come back as news in another tab. */
const OWN = 3_000;
const TINT = 2_400;

let toldAt = -REST;
let actedAt = -OWN;
let isOffline = false;

/** The reader does something in another tab: what changes next needs no explanation. */
export function hush(): void {
  actedAt = performance.now();
}

/** Says that the page has changed by itself, and shows where. */
export function tellChange(rows: Element[]): void {
  for (const row of rows) {
    row.classList.add("is-fresh");
    window.setTimeout(() => row.classList.remove("is-fresh"), TINT);
  }
  const now = performance.now();
  if (now - toldAt < REST || now - actedAt < OWN) return;
  const template = document.querySelector<HTMLTemplateElement>("template#live-toast");
  const toast = template && document.importNode(template.content, true);
  const text = toast?.querySelector("[data-toast-text]");
  if (!toast || !text) return;
  const isOneThing = readPage(document).topics.every((topic) => topic.includes(":"));
  const { one, list } = template.dataset;
  text.textContent = (isOneThing ? one : list) ?? "";
  document.querySelector(".toast-region")?.append(toast);
  toldAt = now;
}

/** Shows the bar while the desk is out of reach; on a new page again. */
export function showOffline(now: boolean = isOffline): void {
  const bar = document.querySelector<HTMLElement>("[data-offline]");
  const main = document.getElementById("main");
  if (bar && main && bar.hidden === now) {
    const putBack = holdPlace(main, []);
    bar.hidden = !now;
    putBack([]);
  }
  if (now && !isOffline) announce(bar?.textContent?.trim() ?? "");
  isOffline = now;
}
