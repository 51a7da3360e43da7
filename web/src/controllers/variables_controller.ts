import { Controller } from "@hotwired/stimulus";

/** So long after the last key the example is made anew. */
const PAUSE = 300;

/**
 * The page of a canned answer: a click writes a variable at the caret, and the
 * example beside the text follows what is being written.
 */
export default class VariablesController extends Controller<HTMLElement> {
  static override targets = ["form", "preview"];
  static override values = { url: String };
  declare readonly formTarget: HTMLFormElement;
  declare readonly previewTarget: HTMLElement;
  declare readonly urlValue: string;
  private timer = 0;
  private request: AbortController | null = null;

  override connect(): void {
    this.formTarget.addEventListener("input", this.later);
  }

  override disconnect(): void {
    this.formTarget.removeEventListener("input", this.later);
    window.clearTimeout(this.timer);
    this.request?.abort();
  }

  /** data-action="variables#insert" data-variables-text-param="{{ today }}" */
  insert({ params }: { params: { text?: string } }): void {
    const field = this.formTarget.querySelector("textarea");
    const { text } = params;
    if (!field || text === undefined) return;
    field.focus();
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private later = (event: Event): void => {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.show(), PAUSE);
  };

  private async show(): Promise<void> {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.formTarget)) {
      if (typeof value === "string") body.append(name, value);
    }
    const html = await fetch(this.urlValue, { method: "POST", body, redirect: "error", signal: request.signal })
      .then((answer) => (answer.ok ? answer.text() : null))
      .catch(() => null);
    // Without an answer the last example stays: saving says what is wrong.
    if (html === null || this.request !== request) return;
    this.previewTarget.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  }
}
