import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";
import { type Draft, draftAt, draftOf, placeOf } from "../drafts";
import { drop, keep } from "../store";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
/** What is never kept: secrets, files, and what is not typed. */
const NOT_KEPT = "[type=password], [type=file], [type=hidden], [type=submit], [type=button], [data-draft-skip]";
/** A draft is written when the typing pauses for so long. */
const PAUSE = 300;

/** What the server says about an answer, as Turbo passes it on. */
interface Sent {
  success: boolean;
  fetchResponse?: { redirected: boolean; location: URL };
}

function isToggle(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox");
}

/** What a field came with from the server. */
function original(field: Field): string {
  if (!(field instanceof HTMLSelectElement)) return field.defaultValue;
  const options = [...field.options];
  return (options.findLast((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

/** The server sends lines with other ends, and without the blanks around. */
const same = (a: string, b: string): boolean => a.replace(/\r\n?/g, "\n").trim() === b.replace(/\r\n?/g, "\n").trim();

/**
 * Keeps what was typed in a form until the server has taken it: through a reload, a
 * crash, a refusal, a desk that is away, and signing in again. It comes back by
 * itself where the server's own text is still the one that it began from, and is
 * offered where that is another by now. On a form, or on what holds one.
 *
 * Its texts are the layout's template "draft-notice".
 */
export default class DraftController extends Controller<HTMLElement> {
  static override targets = ["notice", "mark"];
  declare readonly noticeTargets: HTMLElement[];
  declare readonly markTargets: HTMLElement[];
  /** Kept, because the body is another one when a page is left. */
  private place = "";
  private action = "";
  private page = "";
  private title = "";
  private timer = 0;
  /** What was last written here or read from there. */
  private known: Draft | null = null;
  /** What began from a text that the server has no longer: the reader decides. */
  private offer: Draft | null = null;
  private isFilling = false;
  /** The server has it, and nothing was typed since. */
  private isSent = false;

  override connect(): void {
    const form = this.form;
    if (!form) return;
    this.action = form.getAttribute("action") ?? location.pathname;
    this.place = placeOf(this.action);
    // A ticket may be open beside the list, on the list's page.
    this.page = /^\/tickets\/[^/]+(\/edit)?/.exec(this.action)?.[0] ?? location.pathname;
    this.title = this.around?.querySelector("h1")?.textContent?.trim() ?? document.title;
    this.element.addEventListener("input", this.later);
    this.element.addEventListener("change", this.later);
    this.element.addEventListener("focusout", this.look);
    this.element.addEventListener("submit", this.now);
    this.element.addEventListener("turbo:submit-end", this.sent);
    window.addEventListener("pagehide", this.now);
    window.addEventListener("storage", this.hear);
    document.addEventListener("visibilitychange", this.look);
    this.take(draftAt(this.place));
  }

  override disconnect(): void {
    this.element.removeEventListener("input", this.later);
    this.element.removeEventListener("change", this.later);
    this.element.removeEventListener("focusout", this.look);
    this.element.removeEventListener("submit", this.now);
    this.element.removeEventListener("turbo:submit-end", this.sent);
    window.removeEventListener("pagehide", this.now);
    window.removeEventListener("storage", this.hear);
    document.removeEventListener("visibilitychange", this.look);
    this.now();
  }

  /** data-action="draft#discard": what is offered goes; or all, and it is as the server has it. */
  discard(): void {
    const isOffer = this.offer !== null;
    this.offer = null;
    if (!isOffer) this.reset();
    this.write();
    this.tell("");
    this.fields.find((field) => !isToggle(field))?.focus();
  }

  /** data-action="draft#restore": over what the server has by now. */
  restore(): void {
    if (this.offer) this.fill(this.offer);
    this.offer = null;
    this.write();
    this.tell("restored");
    this.fields.find((field) => !isToggle(field))?.focus();
  }

  private get form(): HTMLFormElement | null {
    return this.element instanceof HTMLFormElement ? this.element : this.element.querySelector("form");
  }

  /** The part of the page that came with the form. */
  private get around(): Element | null {
    return this.element.closest("turbo-frame, main");
  }

  /** The form is as the server has it, not as it sent it back. */
  private get isFresh(): boolean {
    return Number(document.getElementById("main")?.dataset["liveSeq"]) > 0 && !this.around?.querySelector("[role=alert]");
  }

  private get fields(): Field[] {
    const all = [...(this.form?.elements ?? [])] as Field[];
    return all.filter((field) => field.name && field.matches("input, textarea, select") && !field.matches(NOT_KEPT));
  }

  /** Puts a draft into the form, or offers it. */
  private take(draft: Draft | null): void {
    this.known = draft;
    this.offer = draft?.offer ?? null;
    if (!draft) return;
    const missing = this.fields.filter((field) => !isToggle(field) && !same(field.value, draft.fields[field.name]?.now ?? field.value));
    // The server has it all. Or a refused form came back with it, and is not sent yet.
    if (missing.length === 0 && this.isFresh && !this.offer) return this.forget();
    if (missing.every((field) => same(original(field), draft.fields[field.name]?.from ?? ""))) {
      this.fill(draft);
      if (missing.length > 0) this.tell("restored");
    } else {
      this.known = null;
      this.offer = draft;
    }
    if (this.offer) this.tell("offered");
  }

  private fill(draft: Draft): void {
    this.isFilling = true;
    for (const field of this.fields) {
      const kept = draft.fields[field.name];
      if (!kept) continue;
      if (isToggle(field)) field.checked = field.value === kept.now;
      else if (!(field instanceof HTMLSelectElement) || [...field.options].some((option) => option.value === kept.now)) field.value = kept.now;
      // What depends on it follows, such as the subcategories of a category.
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.isFilling = false;
    // Nobody has it in hand here, and it is not lost with the page.
    this.form?.setAttribute("data-kept", "");
  }

  private reset(): void {
    this.isFilling = true;
    for (const field of this.fields) {
      if (isToggle(field)) continue;
      field.value = original(field);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.isFilling = false;
    this.known = null;
  }

  private later = (event: Event): void => {
    // A field that is taken off the page while it has the focus says that it
    // changed: what was just sent would be kept again, and sent twice.
    if (this.isFilling || (this.isSent && event.type === "change")) return;
    this.isSent = false;
    this.form?.removeAttribute("data-kept");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(this.now, PAUSE);
  };

  private now = (): void => {
    if (this.timer) this.write();
  };

  private write(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    const fields: Draft["fields"] = {};
    let isEmpty = true;
    for (const field of this.fields) {
      const from = this.known?.fields[field.name]?.from ?? original(field);
      if (isToggle(field)) {
        // Kept even as it came: an internal note must not come back as a reply.
        if (field.checked || field.type === "checkbox") fields[field.name] = { now: field.checked ? field.value : "", from };
      } else if (!same(field.value, from)) {
        const isChoice = field instanceof HTMLSelectElement;
        fields[field.name] = { now: field.value, from, ...(!isChoice && { typed: true }) };
        if (!isChoice) isEmpty = false;
      }
    }
    if (isEmpty && !this.offer) return this.forget();
    // What has not changed here is not written over what another tab wrote since.
    if (!this.offer && JSON.stringify(fields) === JSON.stringify(this.known?.fields)) return this.look();
    const { action: form, page, title } = this;
    this.known = { at: Date.now(), form, page, title, fields, ...(this.offer && { offer: this.offer }) };
    keep(this.place, this.known);
  }

  private forget(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.known = this.offer = null;
    drop(this.place);
  }

  /** Only what led on to a page was taken; that of signing in is none. */
  private sent = (event: Event): void => {
    const { success, fetchResponse } = (event as CustomEvent<Sent>).detail;
    const isTaken = success && fetchResponse?.redirected === true && !fetchResponse.location.pathname.startsWith("/auth/");
    if (event.target !== this.form || !isTaken) return;
    const stored = draftAt(this.place);
    // What another tab wrote meanwhile was not sent.
    const isThis = !stored || JSON.stringify(stored.fields) === JSON.stringify(this.known?.fields);
    if (isThis) this.forget();
    this.isSent = true;
  };

  /** Another tab wrote, or sent what was written. */
  private hear = (event: StorageEvent): void => {
    if (event.key === this.place) this.follow(draftOf(event.newValue));
  };

  /** A tab that slept has not heard, and what one has in hand is left alone. */
  private look = (): void => {
    if (!document.hidden) this.follow(draftAt(this.place));
  };

  private follow(draft: Draft | null): void {
    const isInHand = this.timer > 0 || (document.hasFocus() && this.element.contains(document.activeElement));
    const before = this.known ?? this.offer;
    if (isInHand || draft?.at === before?.at) return;
    if (draft) return this.take(draft);
    // What was sent over there is not sent from here again.
    const isThat = before && this.fields.every((field) => isToggle(field) || same(field.value, before.fields[field.name]?.now ?? field.value));
    if (isThat) this.reset();
    this.known = this.offer = null;
    this.tell("");
    // Something else stands here, and is kept on.
    if (!isThat) this.write();
  }

  /** Says what became of a draft: `restored`, `offered`, or nothing any more. */
  private tell(what: string): void {
    for (const mark of this.markTargets) mark.hidden = what === "";
    const [place] = this.noticeTargets;
    if (!place && !what) return;
    const template = document.querySelector<HTMLTemplateElement>("template#draft-notice");
    const notice = template && document.importNode(template.content, true).firstElementChild;
    if (!(notice instanceof HTMLElement)) return;
    notice.hidden = what === "";
    for (const part of notice.querySelectorAll<HTMLElement>("[data-when]")) part.hidden = part.dataset["when"] !== what;
    if (place) place.replaceWith(notice);
    else this.form?.prepend(notice);
    if (what) announce(notice.querySelector("[data-when]:not([hidden])")?.textContent ?? "");
  }
}
