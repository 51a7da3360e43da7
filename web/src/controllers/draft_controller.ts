import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Draft = Record<string, string>;

/** Where a draft is kept: a shared computer must not show it to the next person. */
function place(key: string): string {
  return `balcao:draft:${document.body.dataset["user"] ?? ""}:${key}`;
}

function isToggle(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox");
}

/**
 * Keeps what was typed in a form until it is sent: text survives reload, crash
 * and a refused submission. Radios are kept too, so that an internal note never
 * comes back as a public reply.
 */
export default class DraftController extends Controller<HTMLFormElement> {
  static override targets = ["field", "notice"];
  static override values = { key: String };
  declare readonly fieldTargets: Field[];
  declare readonly noticeTarget: HTMLElement;
  declare readonly hasNoticeTarget: boolean;
  declare readonly keyValue: string;
  private placed = "";
  private timer = 0;

  override connect(): void {
    // Kept, because the body is another one when a page is left.
    this.placed = place(this.keyValue);
    this.element.addEventListener("input", this.later);
    this.element.addEventListener("change", this.later);
    this.element.addEventListener("turbo:submit-end", this.sent);
    window.addEventListener("pagehide", this.save);
    this.restore();
  }

  override disconnect(): void {
    this.element.removeEventListener("input", this.later);
    this.element.removeEventListener("change", this.later);
    this.element.removeEventListener("turbo:submit-end", this.sent);
    window.removeEventListener("pagehide", this.save);
    if (this.timer) this.save();
  }

  /** data-action="draft#discard" */
  discard(): void {
    this.forget();
    for (const field of this.fieldTargets) {
      if (!isToggle(field)) field.value = "";
    }
    if (this.hasNoticeTarget) this.noticeTarget.hidden = true;
    this.fieldTargets.find((field) => !isToggle(field))?.focus();
  }

  private restore(): void {
    const text = this.fieldTargets.filter((field) => !isToggle(field));
    // The server sent text back (a refused form): it is newer than the draft.
    if (text.some((field) => field.value !== "")) return;
    const draft = this.read();
    if (!draft) return;
    let restored = false;
    for (const field of this.fieldTargets) {
      const value = draft[field.name];
      if (value === undefined) continue;
      if (isToggle(field)) {
        field.checked = field.value === value;
      } else {
        field.value = value;
        restored ||= value !== "";
      }
    }
    if (!restored) return;
    this.element.dispatchEvent(new Event("change", { bubbles: true }));
    if (this.hasNoticeTarget) {
      this.noticeTarget.hidden = false;
      announce(this.noticeTarget.dataset["message"] ?? "");
    }
  }

  private later = (): void => {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(this.save, 300);
  };

  private save = (): void => {
    window.clearTimeout(this.timer);
    this.timer = 0;
    const draft: Draft = {};
    let empty = true;
    for (const field of this.fieldTargets) {
      if (isToggle(field)) {
        if (field.checked) draft[field.name] = field.value;
      } else {
        draft[field.name] = field.value;
        if (field.value.trim() !== "") empty = false;
      }
    }
    if (empty) return this.forget();
    try {
      localStorage.setItem(this.placed, JSON.stringify(draft));
    } catch {
      // Storage full or forbidden: the form works on, only without a draft.
    }
  };

  private read(): Draft | null {
    try {
      const text = localStorage.getItem(this.placed);
      return text ? (JSON.parse(text) as Draft) : null;
    } catch {
      return null;
    }
  }

  private forget(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    try {
      localStorage.removeItem(this.placed);
    } catch {
      // nothing was stored
    }
  }

  private sent = (event: Event): void => {
    if (event.target !== this.element) return;
    if ((event as CustomEvent<{ success: boolean }>).detail.success) this.forget();
  };
}
