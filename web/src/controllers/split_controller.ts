import { Controller } from "@hotwired/stimulus";

/** How far each list and each ticket was scrolled, for whoever comes back to it. */
const tops = new Map<string, number>();

function withOpen(query: URLSearchParams, open: string | null): URLSearchParams {
  if (open) query.set("open", open);
  else query.delete("open");
  return query;
}

/** What is on the left does not depend on what is open on the right. */
function listHere(): string {
  return `${withOpen(new URLSearchParams(location.search), null)}`;
}

/**
 * A list with a ticket beside it. Turbo brings the ticket into its frame; here is what
 * a reader needs besides: which row is open, where they were in both, and with the
 * keyboard from the row into the ticket (Enter once more) and back (Escape).
 */
export default class SplitController extends Controller<HTMLElement> {
  static override targets = ["list", "ticket"];
  declare readonly listTarget: HTMLElement;
  declare readonly ticketTarget: HTMLElement;
  /** A row was chosen, and its ticket is on its way. */
  private isOpening = false;
  /** The part with the focus is about to be replaced. */
  private hadFocus = false;

  override connect(): void {
    document.addEventListener("turbo:load", this.mark);
    this.mark();
    this.listTarget.scrollTop = tops.get(listHere()) ?? 0;
    this.ticketTarget.scrollTop = tops.get(location.search) ?? 0;
    this.listTarget.addEventListener("scroll", this.keepPlace, { passive: true });
    this.ticketTarget.addEventListener("scroll", this.keepPlace, { passive: true });
  }

  override disconnect(): void {
    document.removeEventListener("turbo:load", this.mark);
    this.listTarget.removeEventListener("scroll", this.keepPlace);
    this.ticketTarget.removeEventListener("scroll", this.keepPlace);
  }

  /** data-action="click->split#choose" */
  choose(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (this.links.includes(link)) this.open(link, event);
    else if (this.ticketTarget.contains(link) && link.getAttribute("href")?.startsWith("#")) this.jump(link.hash, event);
  }

  /** data-action="keydown->split#leave": Escape leads from the ticket to its row. */
  leave(event: KeyboardEvent): void {
    const row = this.current;
    const isHere = event.target instanceof Node && this.ticketTarget.contains(event.target);
    if (event.key !== "Escape" || event.defaultPrevented || !isHere || !row?.checkVisibility()) return;
    event.preventDefault();
    row.focus();
  }

  /** data-action="turbo:before-frame-render->split#prepare" */
  prepare(): void {
    this.hadFocus = this.ticketTarget.contains(document.activeElement);
  }

  /** data-action="turbo:frame-render->split#arrive": once it can be seen, also when a form of it was sent. */
  arrive({ target }: Event): void {
    const hash = new URL((target as Element).getAttribute("src") ?? "", location.href).hash;
    const head = this.ticketTarget.querySelector<HTMLElement>("h1");
    if (this.isOpening) {
      this.ticketTarget.scrollTop = 0;
      // Where there is room for one of the two, the page itself was scrolled.
      if (!this.listTarget.checkVisibility()) window.scrollTo({ top: 0, behavior: "instant" });
    } else if (hash) {
      this.find(hash)?.scrollIntoView({ block: "nearest" });
    }
    const isLost = document.activeElement === document.body && (this.hadFocus || this.isOpening);
    this.isOpening = this.hadFocus = false;
    if (isLost) this.enter(head);
  }

  /** data-action="turbo:frame-missing->split#depart": what is no ticket is a page of its own. */
  depart(event: CustomEvent<{ response: Response; visit: (response: Response) => void }>): void {
    event.preventDefault();
    event.detail.visit(event.detail.response);
  }

  /** data-action="turbo:fetch-request-error->split#mark": which ticket is open. */
  mark = (): void => {
    const open = new URLSearchParams(location.search).get("open");
    this.element.classList.toggle("split-open", open !== null);
    for (const link of this.links) this.toggle(link, new URL(link.href).searchParams.get("open") === open);
    // What leads back to this list, or on in it, leads to this ticket beside it.
    for (const field of document.querySelectorAll<HTMLInputElement>("main input[name=query]")) {
      field.value = `${withOpen(new URLSearchParams(field.value), open)}`;
    }
    for (const link of this.listTarget.querySelectorAll<HTMLAnchorElement>(".pager a")) {
      link.search = `${withOpen(new URLSearchParams(link.search), open)}`;
    }
  };

  private get links(): HTMLAnchorElement[] {
    return [...this.listTarget.querySelectorAll<HTMLAnchorElement>("a[data-turbo-frame]")];
  }

  private get current(): HTMLElement | null {
    return this.listTarget.querySelector<HTMLElement>("a[aria-current]");
  }

  private open(link: HTMLAnchorElement, event: MouseEvent): void {
    if (link.href === location.href) {
      // It is open: whoever pressed Enter once more wants to be in it.
      event.preventDefault();
      if (event.detail === 0) this.enter(this.ticketTarget.querySelector<HTMLElement>("h1"));
      return;
    }
    this.isOpening = true;
    for (const other of this.links) this.toggle(other, other === link);
    this.element.classList.add("split-open");
  }

  private toggle(link: HTMLElement, isCurrent: boolean): void {
    if (isCurrent) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }

  /** A heading takes the focus for once, so that what follows is what comes next. */
  private enter(head: HTMLElement | null): void {
    head?.setAttribute("tabindex", "-1");
    head?.focus({ preventScroll: true });
  }

  /** Turbo would fetch the ticket again for a place in it. */
  private jump(hash: string, event: MouseEvent): void {
    const place = this.find(hash);
    event.preventDefault();
    place?.scrollIntoView({ block: "start" });
    if (place?.matches("input, textarea, select")) place.focus({ preventScroll: true });
  }

  private find(hash: string): HTMLElement | null {
    return document.getElementById(decodeURIComponent(hash.slice(1)));
  }

  private keepPlace = (): void => {
    tops.set(listHere(), this.listTarget.scrollTop);
    if (!this.isOpening) tops.set(location.search, this.ticketTarget.scrollTop);
  };
}
