import { Controller } from "@hotwired/stimulus";

const BOX = "main input[data-select]";
const ALL = "main input[data-select-all]";
/** The number that stands in the page's words for many. */
const MANY = "987";

/**
 * The form that does one thing to all chosen tickets. Its boxes stand in the rows,
 * outside of it; that it is there while one is ticked is CSS alone (:has(:checked)).
 * Here: how many they are, all of the page, from one to another with Shift.
 */
export default class BulkController extends Controller<HTMLFormElement> {
  static override targets = ["count"];
  declare readonly countTarget: HTMLElement;
  /** The box that was clicked last, from which Shift goes on. */
  private from: HTMLInputElement | null = null;

  override connect(): void {
    document.addEventListener("click", this.range);
    document.addEventListener("change", this.changed);
    document.addEventListener("turbo:morph-element", this.morphed);
    this.element.addEventListener("click", this.ask, true);
    this.element.addEventListener("reset", this.later);
    this.count();
  }

  override disconnect(): void {
    document.removeEventListener("click", this.range);
    document.removeEventListener("change", this.changed);
    document.removeEventListener("turbo:morph-element", this.morphed);
    this.element.removeEventListener("click", this.ask, true);
    this.element.removeEventListener("reset", this.later);
  }

  private get boxes(): HTMLInputElement[] {
    return [...document.querySelectorAll<HTMLInputElement>(BOX)];
  }

  private range = (event: MouseEvent): void => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.matches(BOX)) return;
    const { boxes, from } = this;
    const ends = [from ? boxes.indexOf(from) : -1, boxes.indexOf(box)].sort((a, b) => a - b);
    const [first = -1, last = -1] = ends;
    if (event.shiftKey && first >= 0) {
      for (const between of boxes.slice(first, last + 1)) between.checked = box.checked;
    }
    this.from = box;
  };

  private changed = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.matches(ALL)) for (const box of this.boxes) box.checked = target.checked;
    else if (!target.matches(BOX)) return;
    this.count();
  };

  /** A newer page is there: rows came and went, with their ticks. */
  private morphed = ({ target }: Event): void => {
    if (target instanceof Element && target.id === "main") this.count();
  };

  /** Also those that the page came with go, and all only after the event. */
  private later = (): void => {
    window.setTimeout(() => {
      for (const box of this.boxes) box.checked = false;
      this.count();
    });
  };

  /** What a button needs is asked for by the browser; what the others need is not. */
  private ask = ({ target }: Event): void => {
    const button = target instanceof Element ? target.closest("button[name=act]") : null;
    const part = button?.closest("details");
    for (const field of this.element.querySelectorAll<HTMLSelectElement>("select, textarea")) {
      field.required = field.closest("details") === part;
    }
  };

  private count(): void {
    const { boxes } = this;
    const chosen = boxes.filter((box) => box.checked).length;
    for (const all of document.querySelectorAll<HTMLInputElement>(ALL)) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    if (chosen === 0) this.leave();
    const { one, many } = this.countTarget.dataset;
    this.countTarget.dataset["count"] = String(chosen);
    const said = (chosen === 1 ? one : many?.replace(MANY, String(chosen))) ?? "";
    if (this.countTarget.textContent !== said) this.countTarget.textContent = said;
  }

  /** It is about to go; who was in it goes on in the list. */
  private leave(): void {
    for (const menu of this.element.querySelectorAll("details")) menu.open = false;
    const near = this.from?.isConnected ? this.from : this.boxes[0];
    if (this.element.contains(document.activeElement)) near?.focus({ preventScroll: true });
  }
}
