import { visit } from "@hotwired/turbo";
import { Controller } from "@hotwired/stimulus";
import { keysOf, press, pressable, TYPING } from "../press";
import { linkOf, neighbour, pathOf } from "../visited";

/** The second key of two comes within so long. */
const PATIENCE = 1_500;

/** The row one was at last, and its place in the page it stood on: j and k go on from there. */
let last: { path: string; at: number; page: string } | null = null;

/**
 * Keys of the page. j/k move over [data-row], Enter opens the row's first link, x
 * ticks its input[data-select]; any other key clicks (or focuses) the visible element
 * whose data-key names it. "?" opens the sheet: a <dialog data-keys-target="sheet">.
 * Who has turned single keys off (body[data-keys-off]) has none of them.
 */
export default class KeysController extends Controller<HTMLElement> {
  static override targets = ["sheet"];
  declare readonly sheetTarget: HTMLDialogElement;
  declare readonly hasSheetTarget: boolean;
  private begun = "";
  private timer = 0;

  override connect(): void {
    document.addEventListener("keydown", this.press);
    document.addEventListener("focusin", this.remember);
  }

  override disconnect(): void {
    document.removeEventListener("keydown", this.press);
    document.removeEventListener("focusin", this.remember);
    window.clearTimeout(this.timer);
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
    if (event.key === "Escape") return this.clear();
    if (event.key.length !== 1 || document.body.hasAttribute("data-keys-off")) return;
    const typed = this.begun + event.key;
    this.wait("");
    if (this.does(typed) || (typed.length > 1 && this.does(event.key))) event.preventDefault();
  };

  /** Whether the key, or the two, are for something here. */
  private does(typed: string): boolean {
    switch (typed) {
      case "?":
        this.help();
        return true;
      case "j":
        return this.move(1);
      case "k":
        return this.move(-1);
      case "J":
        return this.turn(1);
      case "K":
        return this.turn(-1);
      case "x":
        return this.select();
      case "u":
        return this.back();
      default:
        return this.act(typed);
    }
  }

  private act(typed: string): boolean {
    const here = pressable();
    const element = here.find((one) => keysOf(one).includes(typed));
    if (element) press(element);
    else if (here.some((one) => keysOf(one).some((key) => key.startsWith(typed)))) this.wait(typed);
    else return false;
    return true;
  }

  private wait(begun: string): void {
    window.clearTimeout(this.timer);
    this.begun = begun;
    if (begun) this.timer = window.setTimeout(() => this.wait(""), PATIENCE);
  }

  private get rows(): HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>("main [data-row]")].filter((row) => row.checkVisibility());
  }

  private move(step: number): boolean {
    const { rows } = this;
    if (rows.length === 0) return false;
    const next = rows[Math.min(Math.max(this.place(rows, step) + step, 0), rows.length - 1)];
    // Enter then opens the link by itself, and a screen reader reads it.
    if (next) linkOf(next)?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return true;
  }

  /** The row with the focus; else the one that was left, or the gap that it left. */
  private place(rows: HTMLElement[], step: number): number {
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    if (focused >= 0 || !last) return focused;
    const { path, at, page } = last;
    const known = rows.findIndex((row) => pathOf(row) === path);
    if (known >= 0) return known;
    return page === location.href ? at - Math.max(step, 0) : -1;
  }

  private remember = (event: FocusEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("main [data-row]") : null;
    const path = row && pathOf(row);
    if (path) last = { path, at: this.rows.indexOf(row), page: location.href };
  };

  private select(): boolean {
    const { rows } = this;
    const box = rows[this.place(rows, 0)]?.querySelector<HTMLElement>("input[data-select]");
    box?.click();
    return !!box;
  }

  /** The next ticket of the list, without going back to it. */
  private turn(step: number): boolean {
    const path = neighbour(step);
    if (!path) return false;
    last = { path, at: -1, page: "" };
    visit(path);
    return true;
  }

  private back(): boolean {
    const link = [...document.querySelectorAll<HTMLElement>("main a.back")].find((one) => one.checkVisibility());
    link?.click();
    return !!link;
  }

  /** Nothing begun, nothing ticked. */
  private clear(): void {
    this.wait("");
    for (const box of document.querySelectorAll<HTMLInputElement>("input[data-select]:checked")) box.click();
  }
}
