import { visit } from "@hotwired/turbo";
import { morph } from "./morph";
import { readPage } from "./page";
import { holdsTouched, losesWork } from "./touched";

/** The first is quick; those that follow come at most once a second, and not from all tabs at once. */
const FIRST = 120;
const PACE = 1_000;
const JITTER = 300;
const PATIENCE = 10_000;
/** A form that was sent brings a page; if it brings none, this is enough waiting. */
const ANSWER = 5_000;
/** What must be answered first, what is dragged, and a part of the page that is on its way. */
const HOLDS = "dialog[open], [data-hold], turbo-frame[busy]";

/** Fetches the page again when something on it changed, once its reader can bear it. */
export class Refresher {
  private readonly changed: (rows: Element[]) => void;
  private wanted = 0;
  private timer = 0;
  private last = -Infinity;
  private isFetching = false;
  private sendingUntil = 0;

  /** `changed` is told the rows of which a refresh changed something. */
  constructor(changed: (rows: Element[]) => void) {
    this.changed = changed;
    const resume = (): void => this.resume();
    document.addEventListener("visibilitychange", resume);
    // A dialog's end does not bubble.
    document.addEventListener("close", resume, true);
    // What held the page in the reader's hands was let go.
    document.addEventListener("live:resume", resume);
    // A form in a frame brings the frame, and no page.
    document.addEventListener("turbo:frame-load", () => {
      this.sendingUntil = 0;
      resume();
    });
    document.addEventListener("turbo:submit-start", () => {
      this.sendingUntil = Infinity;
    });
    document.addEventListener("turbo:submit-end", (event) => {
      const { success } = (event as CustomEvent<{ success?: boolean }>).detail;
      // An accepted form's page is still to come, with what it changed.
      const rest = success ? ANSWER : 0;
      this.sendingUntil = performance.now() + rest;
      window.setTimeout(resume, rest);
    });
  }

  /** A page was loaded, as new as can be. */
  arrive(): void {
    this.wanted = 0;
    this.sendingUntil = 0;
  }

  /** The page must be as new as the change `seq`. */
  want(seq: number): void {
    this.wanted = Math.max(this.wanted, seq);
    this.resume();
  }

  /** Goes on with what could not be done before. */
  resume(): void {
    const page = readPage(document);
    if (this.timer || this.isFetching || page.topics.length === 0 || page.seq >= this.wanted) return;
    const rest = this.last + PACE - performance.now();
    const wait = rest > 0 ? rest + Math.random() * JITTER : Math.random() * FIRST;
    this.timer = window.setTimeout(() => void this.run(), wait);
  }

  /** Nobody looks, or they are about to leave this page, or must answer something first. */
  private get isHeld(): boolean {
    const isLeaving = document.documentElement.hasAttribute("aria-busy") || performance.now() < this.sendingUntil;
    return document.hidden || isLeaving || document.querySelector(HOLDS) !== null;
  }

  private async run(): Promise<void> {
    this.timer = 0;
    if (this.isHeld || readPage(document).seq >= this.wanted) return;
    this.isFetching = true;
    this.last = performance.now();
    const done = await this.refresh().catch(() => false);
    this.isFetching = false;
    // After a failure, whoever notices that the desk is back resumes.
    if (done) this.resume();
  }

  private async refresh(): Promise<boolean> {
    const main = document.getElementById("main");
    const url = location.href;
    const signal = AbortSignal.timeout(PATIENCE);
    // Whoever is sent elsewhere is not signed in any longer.
    const answer = await fetch(url, { headers: { accept: "text/html", "x-refresh": "1" }, redirect: "manual", signal });
    if (answer.status >= 500 || answer.status === 429) return false;
    const newer = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (main) await fillFrames(main, newer, signal);
    if (!main?.isConnected || location.href !== url || this.isHeld) return true;
    const next = newer.getElementById("main");
    const isStrange = !answer.ok || !next || readPage(newer).user !== readPage(document).user;
    if (isStrange || (looks(newer) !== looks(document) && !holdsTouched(document))) {
      this.replace();
      return false;
    }
    const rows = morph(main, next);
    this.name(newer);
    if (rows) this.changed(rows);
    return true;
  }

  /** The page's title stands in the window's and in the bar, too. */
  private name(newer: Document): void {
    document.title = newer.title;
    const [bar, newBar] = [document, newer].map((page) => page.querySelector(".topbar-title"));
    if (bar && newBar) bar.textContent = newBar.textContent;
  }

  /** The page is another one by now, and comes whole unless that would take work away. */
  replace(): void {
    if (this.isHeld || losesWork(document)) return;
    visit(location.href, { action: "replace", refresh: { scroll: "preserve" } });
  }
}

/** A frame goes on showing what it was led to, and not what the page comes with. */
async function fillFrames(main: Element, newer: Document, signal: AbortSignal): Promise<void> {
  for (const frame of main.querySelectorAll("turbo-frame[src]")) {
    const src = new URL(frame.getAttribute("src") ?? "", location.href);
    const place = newer.querySelector(`turbo-frame#${frame.id}`);
    if (!place || src.pathname + src.search === location.pathname + location.search) continue;
    const headers = { accept: "text/html", "x-refresh": "1", "turbo-frame": frame.id };
    const answer = await fetch(src, { headers, redirect: "manual", signal });
    const part = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const filled = part?.querySelector(`turbo-frame#${frame.id}`);
    if (filled) place.replaceWith(newer.adoptNode(filled));
  }
}

/** The language and the version of the front end: a part in another one does not fit. */
function looks(page: Document): string {
  const tracked = [...page.querySelectorAll("[data-turbo-track]")].map((element) => element.outerHTML);
  return [page.documentElement.lang, ...tracked].join();
}
