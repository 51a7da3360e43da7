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

/** What a row stands for: beside an open ticket its link leads somewhere else. */
export function pathOf(row: HTMLElement): string {
  return row.dataset["row"] || (linkOf(row)?.pathname ?? "");
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
  if (!me()) return;
  noteTicket();
  if (location.pathname === "/tickets") noteList();
}

function noteTicket(): void {
  const { pathname } = location;
  const [title, protocol] = ["h1", ".protocol"].map((part) => document.querySelector(`main .ticket-head ${part}`)?.textContent?.trim() ?? "");
  const path = protocol ? `/tickets/${protocol}` : pathname;
  const others = recent().filter((visited) => visited.path !== path);
  if (title && protocol) keep(placeOfRecent(), [{ path, title, protocol }, ...others].slice(0, MOST));
  // What cannot be opened any longer is not offered again.
  else if (document.querySelector("main .error-page")) keep(placeOfRecent(), others);
}

function noteList(): void {
  const here = new URL(location.href);
  // What is open beside it, and what was done there, is not the list.
  for (const name of ["open", "done"]) here.searchParams.delete(name);
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")].map(pathOf).filter(Boolean);
  keep(placeOfList(), { path: here.pathname + here.search, rows }, "sessionStorage");
}

/** The way back to the list leads to the list as it was left, with its filter. */
function leadBack(event: Event): void {
  const link = event.target instanceof Element ? event.target.closest("a.back[href='/tickets']") : null;
  const path = list()?.path;
  if (link && path) link.setAttribute("href", path);
}

export function noteVisits(): void {
  document.addEventListener("turbo:load", note);
  document.addEventListener("turbo:frame-load", note);
  // Before anybody else acts on the click.
  document.addEventListener("click", leadBack, true);
}
