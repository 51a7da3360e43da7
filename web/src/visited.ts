// Where the reader was: the last tickets, and the list that they came from.
import { keep, me, parse, read } from "./store";

const MOST = 7;

/** A page of the desk's own that was opened. */
export interface Visited {
  path: string;
  title: string;
  protocol: string;
}

/** The list that was looked at last, and the rows' links in its order. */
interface List {
  path: string;
  rows: string[];
}

const placeOfRecent = (): string => `balcao:recent:${me()}`;
const placeOfList = (): string => `balcao:list:${me()}`;

/** The last tickets that were opened, the newest first. */
export function recent(): Visited[] {
  const known = parse<Visited[]>(read(placeOfRecent()));
  return Array.isArray(known) ? known : [];
}

export function linkOf(row: Element): HTMLAnchorElement | null {
  return row.querySelector<HTMLAnchorElement>("a[href]");
}

function list(): List | null {
  return parse<List>(read(placeOfList(), "sessionStorage"));
}

/** The ticket that stands so many rows after this one in the list one came from. */
export function neighbour(step: number): string | undefined {
  const rows = list()?.rows ?? [];
  const at = rows.indexOf(location.pathname);
  return at < 0 ? undefined : rows[at + step];
}

function note(): void {
  const { pathname, search } = location;
  if (!me()) return;
  if (pathname === "/tickets") {
    const rows = [...document.querySelectorAll("main [data-row]")].flatMap((row) => linkOf(row)?.pathname ?? []);
    keep(placeOfList(), { path: pathname + search, rows }, "sessionStorage");
  } else if (/^\/tickets\/[^/]+$/.test(pathname) && pathname !== "/tickets/create") {
    const title = document.querySelector("main .ticket-head h1")?.textContent?.trim();
    const protocol = document.querySelector("main .ticket-head .protocol")?.textContent?.trim() ?? "";
    const others = recent().filter((visited) => visited.path !== pathname);
    // What cannot be opened any longer is not offered again.
    keep(placeOfRecent(), title ? [{ path: pathname, title, protocol }, ...others].slice(0, MOST) : others);
  }
  leadBack();
}

/** The way back to the list leads to the list as it was left, with its filter. */
function leadBack(): void {
  const back = document.querySelector<HTMLAnchorElement>("main a.back[href='/tickets']");
  const path = list()?.path;
  if (back && path) back.setAttribute("href", path);
}

export function noteVisits(): void {
  document.addEventListener("turbo:load", note);
}
