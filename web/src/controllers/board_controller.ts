import { Controller } from "@hotwired/stimulus";
import { Lifted } from "../lifted";
import { toast } from "../toast";

/** So far goes the pointer before it drags and does not click. */
const SLACK = 6;
/** So long rests a finger on a card before it takes it; sooner it scrolls. */
const REST = 400;

interface Place {
  card: HTMLElement;
  list: Element;
  before: Element | null;
}

/**
 * Columns of cards. A card is dragged to another column, or sent there with the
 * form that stands on it; both send that form. It is there at once, and goes back
 * when it is refused. Nothing of the page changes by itself while one is dragged.
 */
export default class BoardController extends Controller<HTMLElement> {
  static override targets = ["column"];
  static override values = { refused: String };
  declare readonly columnTargets: HTMLElement[];
  declare readonly refusedValue: string;
  private lifted: Lifted | null = null;
  private begun = new AbortController();
  /** Where the card of a form was that is under way. */
  private readonly places = new Map<HTMLFormElement, Place>();
  /** The list of columns was opened by pointing at it. */
  private isPointed = false;

  override disconnect(): void {
    this.drop(false);
  }

  /** data-action="pointerdown->board#take" */
  take(event: PointerEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    this.isPointed = target?.closest("select") !== null;
    const card = target?.closest<HTMLElement>(".board-card");
    if (!card || event.button !== 0 || this.lifted || target?.closest("select, button, label")) return;
    this.begun.abort();
    this.begun = new AbortController();
    const { signal } = this.begun;
    const { clientX: x, clientY: y, pointerId } = event;
    const isFinger = event.pointerType === "touch";
    const lift = (): void => this.lift(card, pointerId, x, y);
    const timer = isFinger ? window.setTimeout(lift, REST) : 0;
    const moved = (move: PointerEvent): void => {
      const isFar = Math.hypot(move.clientX - x, move.clientY - y) > SLACK;
      if (!this.lifted && isFar && isFinger) return this.begun.abort();
      if (!this.lifted && isFar) lift();
      if (this.lifted) this.over(this.lifted.follow(move.clientX, move.clientY));
    };
    signal.addEventListener("abort", () => window.clearTimeout(timer));
    document.addEventListener("pointermove", moved, { signal });
    document.addEventListener("pointerup", () => this.drop(true), { signal });
    document.addEventListener("pointercancel", () => this.drop(false), { signal });
    // A finger that holds a card does not scroll.
    document.addEventListener("touchmove", (touch) => this.lifted && touch.preventDefault(), { signal, passive: false });
    document.addEventListener("contextmenu", (menu) => this.lifted && menu.preventDefault(), { signal });
    const escape = (key: KeyboardEvent): void => {
      if (key.key !== "Escape" || !this.lifted) return;
      key.preventDefault();
      this.drop(false);
    };
    document.addEventListener("keydown", escape, { signal, capture: true });
  }

  /** data-action="dragstart->board#still": a link would be dragged by the browser. */
  still(event: Event): void {
    event.preventDefault();
  }

  /** data-action="change->board#choose": who points sends at once; a key only looks through the list. */
  choose({ target }: Event): void {
    if (target instanceof HTMLSelectElement && target.value && this.isPointed) target.form?.requestSubmit();
  }

  /** data-action="keydown->board#confirm" */
  confirm(event: KeyboardEvent): void {
    this.isPointed = false;
    const { target } = event;
    if (event.key !== "Enter" || !(target instanceof HTMLSelectElement) || !target.value) return;
    event.preventDefault();
    target.form?.requestSubmit();
  }

  /** data-action="turbo:submit-start->board#move" */
  move({ target }: Event): void {
    const form = target as HTMLFormElement;
    const card = form.closest<HTMLElement>(".board-card");
    const to = form.querySelector("select")?.value;
    const list = this.columnTargets.find((column) => column.dataset["status"] === to)?.querySelector(".board-cards");
    if (!card?.parentElement || !list || this.places.has(form)) return;
    this.places.set(form, { card, list: card.parentElement, before: card.nextElementSibling });
    this.put(card, list, list.firstElementChild);
  }

  /** data-action="turbo:before-fetch-response->board#heed": a refusal is said here, and needs no page. */
  async heed(event: CustomEvent<{ fetchResponse: { succeeded: boolean; responseHTML: Promise<string | undefined> } }>): Promise<void> {
    const { fetchResponse } = event.detail;
    if (fetchResponse.succeeded || !this.places.has(event.target as HTMLFormElement)) return;
    event.preventDefault();
    const page = new DOMParser().parseFromString((await fetchResponse.responseHTML) ?? "", "text/html");
    toast(page.querySelector("main [role=alert] :is(h2, li)")?.textContent?.trim() || this.refusedValue);
  }

  /** data-action="turbo:submit-end->board#settle" */
  settle(event: CustomEvent<{ success?: boolean }>): void {
    const form = event.target as HTMLFormElement;
    const place = this.places.get(form);
    this.places.delete(form);
    if (!place || event.detail.success) return;
    form.reset();
    this.put(place.card, place.list, place.before?.isConnected ? place.before : null);
  }

  private lift(card: HTMLElement, pointer: number, x: number, y: number): void {
    this.lifted = new Lifted(this.element, card, x, y, (at) => this.over(at));
    this.element.setPointerCapture(pointer);
    // While this is set the page does not change by itself.
    this.element.setAttribute("data-hold", "");
    for (const column of this.columnTargets) {
      column.classList.toggle("is-closed", !column.contains(card) && !this.takes(column, card));
    }
  }

  private takes(column: HTMLElement, card: HTMLElement): boolean {
    return [...(card.querySelector("select")?.options ?? [])].some((option) => option.value === column.dataset["status"]);
  }

  private over([x, y]: [number, number]): HTMLElement | undefined {
    const under = this.columnTargets.find((column) => {
      const { left, right, top, bottom } = column.getBoundingClientRect();
      return x >= left && x <= right && y >= top && y <= bottom;
    });
    for (const column of this.columnTargets) column.classList.toggle("is-over", column === under);
    return under;
  }

  private drop(isMeant: boolean): void {
    this.begun.abort();
    const { lifted } = this;
    if (!lifted) return;
    this.lifted = null;
    const { card } = lifted;
    const column = isMeant ? this.over(lifted.at) : undefined;
    const select = card.querySelector("select");
    const isMoved = column && select && !column.contains(card) && this.takes(column, card);
    for (const each of this.columnTargets) each.classList.remove("is-over", "is-closed");
    lifted.end(!isMoved);
    this.element.removeAttribute("data-hold");
    document.dispatchEvent(new Event("live:resume"));
    if (isMoved) {
      card.querySelector<HTMLElement>("a[href]")?.focus({ preventScroll: true });
      select.value = column.dataset["status"] ?? "";
      select.form?.requestSubmit();
    } else if (column && !column.contains(card)) {
      toast(this.refusedValue);
    }
  }

  /** Puts a card somewhere with the focus that is on it. */
  private put(card: HTMLElement, list: Element, before: Element | null): void {
    const { activeElement } = document;
    const had = activeElement instanceof HTMLElement && card.contains(activeElement) ? activeElement : null;
    const [from, to] = [card, list].map((element) => element.closest(".board-column")?.querySelector("h2 .count"));
    list.insertBefore(card, before);
    had?.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    for (const [count, step] of [[from, -1], [to, 1]] as const) {
      const number = Number(count?.textContent);
      if (count && Number.isInteger(number)) count.textContent = String(number + step);
    }
  }
}
