import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";

/** As the style sheet has it. */
const PHONE = "(max-width: 575.98px)";
/** As much as the list ever takes, and the least that is of use. */
const TALL = 400;
const SHORT = 240;
/** Between the list and the edge of what is seen. */
const GAP = 12;
/** The share of what is seen of a phone's screen that the sheet may take. */
const SHEET = 0.55;

/** Without capitals and accents: nobody types them to find something. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Canned answers in the composer. A slash at the beginning of a line opens the list,
 * and what is typed behind it filters; a button opens it, too. The focus stays in the
 * text, which says by aria-activedescendant what Enter or Tab would put in.
 */
export default class AnswersController extends Controller<HTMLFormElement> {
  static override targets = ["field", "popover", "list", "note", "button"];
  static override values = { url: String, count: String };
  declare readonly fieldTarget: HTMLTextAreaElement;
  declare readonly popoverTarget: HTMLElement;
  declare readonly listTarget: HTMLElement;
  declare readonly noteTarget: HTMLElement;
  declare readonly buttonTarget: HTMLElement;
  declare readonly urlValue: string;
  declare readonly countValue: string;
  /** Where what is replaced begins; below zero while the list is closed. */
  private start = -1;
  /** What stands there before the words that are searched for: a slash, or nothing. */
  private lead = "";
  private typed = "";
  /** What each answer is found by. */
  private answers = new Map<HTMLElement, string>();
  private active: HTMLElement | null = null;
  private request: AbortController | null = null;
  /** The key that came before the answers did: Enter, Tab, or none. */
  private awaited = "";

  override connect(): void {
    this.fieldTarget.addEventListener("input", this.type);
    this.fieldTarget.addEventListener("keydown", this.press);
    this.fieldTarget.addEventListener("keyup", this.reread);
    this.fieldTarget.addEventListener("click", this.reread);
    this.popoverTarget.addEventListener("mousedown", this.keepFocus);
    this.buttonTarget.addEventListener("mousedown", this.keepFocus);
    this.listTarget.addEventListener("click", this.pick);
    this.element.addEventListener("focusout", this.leave);
    document.addEventListener("pointerdown", this.leave);
    document.addEventListener("turbo:before-cache", this.shut);
  }

  override disconnect(): void {
    this.fieldTarget.removeEventListener("input", this.type);
    this.fieldTarget.removeEventListener("keydown", this.press);
    this.fieldTarget.removeEventListener("keyup", this.reread);
    this.fieldTarget.removeEventListener("click", this.reread);
    this.popoverTarget.removeEventListener("mousedown", this.keepFocus);
    this.buttonTarget.removeEventListener("mousedown", this.keepFocus);
    this.listTarget.removeEventListener("click", this.pick);
    this.element.removeEventListener("focusout", this.leave);
    document.removeEventListener("pointerdown", this.leave);
    document.removeEventListener("turbo:before-cache", this.shut);
    this.close();
  }

  /** data-action="answers#toggle": the button puts in where the caret is. */
  toggle(): void {
    if (this.isOpen) return this.close();
    // On a phone the keys would cover the list, and a tap needs none of them.
    if (!window.matchMedia("(pointer: coarse)").matches) this.fieldTarget.focus();
    this.open(this.fieldTarget.selectionStart, "");
  }

  /** data-action="answers#close": what was typed stays. */
  close(): void {
    if (!this.isOpen) return;
    this.start = -1;
    this.request?.abort();
    this.request = null;
    this.awaited = "";
    this.mark(null);
    this.answers.clear();
    this.listTarget.replaceChildren();
    this.popoverTarget.hidden = true;
    this.buttonTarget.setAttribute("aria-expanded", "false");
    for (const name of ["aria-haspopup", "aria-autocomplete", "aria-controls"]) this.fieldTarget.removeAttribute(name);
    window.visualViewport?.removeEventListener("resize", this.place);
  }

  private get isOpen(): boolean {
    return this.start >= 0;
  }

  private open(start: number, lead: string): void {
    this.start = start;
    this.lead = lead;
    this.typed = "";
    this.popoverTarget.hidden = false;
    this.buttonTarget.setAttribute("aria-expanded", "true");
    this.fieldTarget.setAttribute("aria-haspopup", "listbox");
    this.fieldTarget.setAttribute("aria-autocomplete", "list");
    this.note("loading");
    this.place();
    this.reveal();
    window.visualViewport?.addEventListener("resize", this.place);
    void this.load();
  }

  private async load(): Promise<void> {
    const request = new AbortController();
    this.request = request;
    const html = await fetch(this.urlValue, { headers: { accept: "text/html" }, redirect: "error", signal: request.signal })
      .then((answer) => (answer.ok ? answer.text() : null))
      .catch(() => null);
    // Closed meanwhile, or opened anew.
    if (this.request !== request) return;
    this.request = null;
    if (html === null) {
      this.note("failed");
      announce(this.noteTarget.textContent ?? "");
      return;
    }
    const part = new DOMParser().parseFromString(html, "text/html").body;
    this.listTarget.replaceChildren(...part.childNodes);
    for (const one of this.listTarget.querySelectorAll<HTMLElement>("[role=option]")) {
      this.answers.set(one, plain(`${one.dataset["search"]} ${one.dataset["text"]}`));
    }
    const list = this.listTarget.querySelector("[role=listbox]");
    if (list) this.fieldTarget.setAttribute("aria-controls", list.id);
    this.note("");
    this.filter();
    this.reveal();
    const { awaited } = this;
    this.awaited = "";
    // What was no answer was a line that ends.
    if (awaited && !this.choose() && awaited === "Enter") this.put("\n", this.fieldTarget.selectionStart);
  }

  /** Looks again at what stands behind the slash. */
  private reread = (): void => {
    if (!this.isOpen) return;
    const { selectionStart: caret, selectionEnd, value } = this.fieldTarget;
    const begin = this.start + this.lead.length;
    const typed = value.slice(begin, caret);
    const isElsewhere = caret < begin || caret !== selectionEnd || !value.startsWith(this.lead, this.start);
    if (isElsewhere || typed.includes("\n")) return this.close();
    if (typed === this.typed) return;
    this.typed = typed;
    if (this.request) return;
    this.filter();
    // "/etc/fstab is wrong": nobody looks for that.
    if (/\s$/.test(typed) && this.shown.length === 0) this.close();
  };

  private filter(): void {
    if (this.answers.size === 0) return announce(this.listTarget.textContent ?? "");
    const words = plain(this.typed).split(/\s+/).filter(Boolean);
    for (const [one, found] of this.answers) one.hidden = !words.every((word) => found.includes(word));
    for (const group of this.listTarget.querySelectorAll<HTMLElement>("[role=group]")) {
      group.hidden = group.querySelector("[role=option]:not([hidden])") === null;
    }
    const shown = this.shown;
    this.note(shown.length === 0 ? "nothing" : "");
    this.mark(this.best(shown));
    announce(shown.length === 0 ? (this.noteTarget.textContent ?? "") : this.countValue.replace("%n", String(shown.length)));
  }

  private get shown(): HTMLElement[] {
    return [...this.answers.keys()].filter((one) => !one.hidden);
  }

  /** A shortcut that was typed whole, one that was begun, a title; then what comes first. */
  private best(shown: HTMLElement[]): HTMLElement | null {
    const typed = plain(this.typed);
    const shortcut = (one: HTMLElement): string => one.dataset["shortcut"] ?? "";
    const ways: ((one: HTMLElement) => boolean)[] = [
      (one) => shortcut(one) === typed,
      (one) => shortcut(one).startsWith(typed),
      (one) => plain(one.dataset["search"] ?? "").includes(typed),
    ];
    for (const way of typed === "" ? [] : ways) {
      const one = shown.find(way);
      if (one) return one;
    }
    return shown[0] ?? null;
  }

  private mark(one: HTMLElement | null): void {
    this.active?.setAttribute("aria-selected", "false");
    this.active = one;
    if (!one) return this.fieldTarget.removeAttribute("aria-activedescendant");
    one.setAttribute("aria-selected", "true");
    this.fieldTarget.setAttribute("aria-activedescendant", one.id);
    // Only the list scrolls, not the page under it.
    const { top, bottom } = one.getBoundingClientRect();
    const box = this.listTarget.getBoundingClientRect();
    if (top < box.top) this.listTarget.scrollTop -= box.top - top;
    else if (bottom > box.bottom) this.listTarget.scrollTop += bottom - box.bottom;
  }

  private move(step: number): void {
    const shown = this.shown;
    const at = this.active ? shown.indexOf(this.active) : -1;
    this.mark(shown[(at + step + shown.length) % shown.length] ?? null);
  }

  /** Puts the marked answer in; false when there is none. */
  private choose(): boolean {
    const text = this.active?.dataset["text"];
    if (text === undefined) return false;
    this.put(text, this.start);
    return true;
  }

  /** Writes from `start` to the caret as if it were typed, so that Ctrl+Z takes it back. */
  private put(text: string, start: number): void {
    const field = this.fieldTarget;
    const end = field.selectionStart;
    this.close();
    field.focus();
    field.setSelectionRange(start, end);
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private type = (event: Event): void => {
    if (this.isOpen) return this.reread();
    const { inputType } = event as InputEvent;
    const { selectionStart: caret, value } = this.fieldTarget;
    const isTyped = inputType === "insertText" || inputType === "insertCompositionText";
    // In 24/7 or in an address it is no beginning.
    const isFirst = value[caret - 1] === "/" && (caret === 1 || value[caret - 2] === "\n");
    if (isTyped && isFirst) this.open(caret - 1, "/");
  };

  private press = (event: KeyboardEvent): void => {
    const isHeld = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (!this.isOpen || isHeld || event.isComposing) return;
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" || event.key === "Tab") {
      if (this.request) this.awaited = event.key;
      else if (!this.choose()) return this.close();
    } else return;
    event.preventDefault();
  };

  private pick = (event: MouseEvent): void => {
    const one = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    if (!one) return;
    this.mark(one);
    this.choose();
  };

  /** A click on the list or the button leaves the caret where it is. */
  private keepFocus = (event: MouseEvent): void => {
    if (event.target instanceof Element && !event.target.closest("a")) event.preventDefault();
  };

  private leave = (event: FocusEvent | PointerEvent): void => {
    const to = event instanceof FocusEvent ? event.relatedTarget : event.target;
    const own = [this.fieldTarget, this.popoverTarget, this.buttonTarget];
    // Without a target the window lost the focus, or nothing took it.
    if (to instanceof Node && !own.some((element) => element.contains(to))) this.close();
  };

  /** Whoever comes back finds the page without a list that knows nothing. */
  private shut = (): void => this.close();

  /** Above the composer or, where there is more room, below it; on a phone above the keys. */
  private place = (): void => {
    const { style, dataset } = this.popoverTarget;
    const pixels = (name: string, value: number): void => style.setProperty(name, `${Math.max(0, Math.round(value))}px`);
    if (window.matchMedia(PHONE).matches) {
      const seen = window.visualViewport;
      dataset["place"] = "sheet";
      pixels("--answers-keys", seen ? window.innerHeight - seen.height - seen.offsetTop : 0);
      pixels("--answers-room", (seen?.height ?? window.innerHeight) * SHEET);
      return;
    }
    const { top, bottom } = this.element.getBoundingClientRect();
    const bar = document.querySelector(".topbar")?.getBoundingClientRect().bottom ?? 0;
    const above = top - bar - GAP;
    const below = window.innerHeight - bottom - GAP;
    const isAbove = above >= Math.min(TALL, Math.max(below, SHORT));
    dataset["place"] = isAbove ? "above" : "below";
    pixels("--answers-room", isAbove ? above : Math.max(below, SHORT));
  };

  /** Brings what is being written, or a list that does not fit under it, into sight. */
  private reveal(): void {
    if (this.popoverTarget.dataset["place"] === "sheet") return this.fieldTarget.scrollIntoView({ block: "start" });
    const isCut = this.popoverTarget.getBoundingClientRect().bottom > window.innerHeight;
    if (isCut) this.popoverTarget.scrollIntoView({ block: "nearest" });
  }

  /** Says in the list's place why there is none: the end of a data-* name. */
  private note(why: string): void {
    this.noteTarget.textContent = this.noteTarget.dataset[why] ?? "";
    this.noteTarget.hidden = why === "";
  }
}
