import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";
import { whenPassed } from "../live/passing";
import { holdPlace } from "../live/steady";
import { isChanged } from "../live/touched";

/** The server forgets whom it has not heard of for a minute. */
const EVERY = 20_000;
/** Whoever has typed nothing for so long has stopped writing. */
const STILL = 15_000;
/** News come in bursts. */
const GATHER = 150;
const PATIENCE = 10_000;
/** This tab, so that closing another one on the same ticket takes nobody away. */
const TAB = `t${Math.random().toString(36).slice(2, 12)}`;

type State = "looking" | "writing" | "gone";

/** Where this tab is now. */
let place = "";
/** One after another, or coming could be heard before leaving. */
let line: Promise<unknown> = Promise.resolve();

function queue(work: () => Promise<unknown>): void {
  line = line.then(work).catch(() => undefined);
}

/** Asks who else is there; empty when nobody is, or nobody knows. */
async function ask(url: string, more: RequestInit = {}): Promise<string> {
  // Not the reader's own doing: it must not keep their session alive.
  const headers = { "x-refresh": "1" };
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(url, { headers, signal, redirect: "manual", cache: "no-store", ...more }).catch(() => null);
  return answer?.ok ? (await answer.text()).trim() : "";
}

function send(url: string, state: State): Promise<string> {
  const csrf = document.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "";
  const body = new URLSearchParams({ csrf, tab: TAB, state });
  return ask(url, { method: "POST", body, keepalive: state === "gone" });
}

function isWritten(field: Element): boolean {
  const isText = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === "text");
  return isText && isChanged(field) && field.value.trim() !== "";
}

/** Tells the desk that somebody looks at this ticket or is writing on it, and shows who else is or does. */
export default class PresenceController extends Controller<HTMLElement> {
  static override values = { url: String, ticket: String };
  declare readonly urlValue: string;
  declare readonly ticketValue: string;
  private said: State = "gone";
  private shown = "";
  private writers: string[] = [];
  private form: HTMLFormElement | null = null;
  private typedAt = -STILL;
  private rest = 0;
  private beats = 0;
  private gathered = 0;
  private deafen = (): void => undefined;

  override connect(): void {
    // A page that was kept for the way back shows who was there then.
    this.element.replaceChildren();
    this.show("");
    if (document.documentElement.hasAttribute("data-turbo-preview")) return;
    place = this.urlValue;
    document.addEventListener("input", this.typed);
    document.addEventListener("visibilitychange", this.beat);
    window.addEventListener("pagehide", this.leave);
    window.addEventListener("pageshow", this.back);
    this.deafen = whenPassed("presence", this.ticketValue, this.look);
    this.beats = window.setInterval(this.beat, EVERY);
    this.beat();
  }

  override disconnect(): void {
    document.removeEventListener("input", this.typed);
    document.removeEventListener("visibilitychange", this.beat);
    window.removeEventListener("pagehide", this.leave);
    window.removeEventListener("pageshow", this.back);
    this.deafen();
    for (const timer of [this.rest, this.beats, this.gathered]) window.clearTimeout(timer);
    this.gathered = 0;
    const left = this.urlValue;
    if (place === left) place = "";
    // The next page may be the same ticket's.
    window.setTimeout(() => {
      if (this.said !== "gone" && place !== left) queue(() => send(left, "gone"));
    });
  }

  private get state(): State {
    const isAtIt = performance.now() - this.typedAt < STILL && this.form?.isConnected;
    return isAtIt && [...(this.form?.elements ?? [])].some(isWritten) ? "writing" : "looking";
  }

  private typed = ({ target }: Event): void => {
    const form = target instanceof Element ? target.closest("form") : null;
    const ticket = this.urlValue.slice(0, this.urlValue.lastIndexOf("/"));
    if (!form?.getAttribute("action")?.startsWith(ticket)) return;
    this.form = form;
    this.typedAt = performance.now();
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(this.turn, STILL + GATHER);
    this.turn();
  };

  private turn = (): void => {
    if (this.state !== this.said) this.beat();
  };

  private beat = (): void => {
    if (document.hidden) return;
    const { state } = this;
    this.said = state;
    queue(async () => {
      // It has turned meanwhile, or is elsewhere: what comes next says so.
      if (this.said === state && place === this.urlValue) this.show(await send(this.urlValue, state));
    });
  };

  /** Somebody came, went or began to write. */
  private look = (): void => {
    if (this.gathered || document.hidden) return;
    this.gathered = window.setTimeout(() => {
      this.gathered = 0;
      queue(async () => this.show(await ask(this.urlValue)));
    }, GATHER);
  };

  /** The page is closed, and nothing more can wait its turn. */
  private leave = (): void => {
    this.said = "gone";
    void send(this.urlValue, "gone");
  };

  private back = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.beat();
  };

  private show(html: string): void {
    const main = this.element.closest("main");
    if (!main?.isConnected) return;
    const part = new DOMParser().parseFromString(html, "text/html").body;
    const writing = part.querySelector<HTMLElement>("[data-presence-state=writing]");
    const sentence = writing?.querySelector("[data-presence-said]")?.textContent ?? "";
    const writers = (writing?.dataset["presenceWho"] ?? "").split(" ").filter(Boolean);
    if (writers.some((id) => !this.writers.includes(id))) announce(sentence);
    this.writers = writers;
    const putBack = holdPlace(main, [...main.querySelectorAll(".message")]);
    if (html !== this.shown) this.element.replaceChildren(...part.children);
    this.element.hidden = html === "";
    this.shown = html;
    const note = main.querySelector<HTMLElement>("[data-presence-note]");
    if (note) {
      note.querySelector("span")?.replaceChildren(sentence);
      note.hidden = sentence === "";
    }
    putBack([]);
  }
}
