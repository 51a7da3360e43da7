import { Controller } from "@hotwired/stimulus";

const TYPING = "input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]";

/**
 * Keys of the page. j/k move over [data-row], Enter opens the row's first link;
 * any other key clicks (or focuses) the visible element with data-key="<key>".
 * "?" opens the sheet: a <dialog data-keys-target="sheet">.
 */
export default class KeysController extends Controller<HTMLElement> {
  static override targets = ["sheet"];
  declare readonly sheetTarget: HTMLDialogElement;
  declare readonly hasSheetTarget: boolean;

  override connect(): void {
    document.addEventListener("keydown", this.press);
  }

  override disconnect(): void {
    document.removeEventListener("keydown", this.press);
  }

  /** data-action="keys#help" */
  help(): void {
    if (this.hasSheetTarget && !this.sheetTarget.open) this.sheetTarget.showModal();
  }

  private press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target?.closest(TYPING)) {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      this.help();
    } else if (event.key === "j" || event.key === "k") {
      if (this.move(event.key === "j" ? 1 : -1)) event.preventDefault();
    } else if (event.key.length === 1) {
      if (this.act(event.key)) event.preventDefault();
    }
  };

  private move(step: number): boolean {
    const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => row.checkVisibility());
    if (rows.length === 0) return false;
    const current = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[Math.min(Math.max(current + step, 0), rows.length - 1)];
    // Enter then opens the link by itself, and a screen reader reads it.
    next?.querySelector<HTMLElement>("a[href]")?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return true;
  }

  private act(key: string): boolean {
    const element = [...document.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)].find((one) => one.checkVisibility());
    if (!element) return false;
    if (element.matches(TYPING)) {
      element.focus();
    } else {
      element.click();
      const details = element.parentElement;
      if (element.tagName === "SUMMARY" && details instanceof HTMLDetailsElement) {
        details.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select, button")?.focus();
        element.scrollIntoView({ block: "nearest" });
      }
    }
    return true;
  }
}
