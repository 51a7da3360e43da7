import { Controller } from "@hotwired/stimulus";

/** A <details> used as a menu: closes on Escape and on a click elsewhere. */
export default class MenuController extends Controller<HTMLDetailsElement> {
  override connect(): void {
    document.addEventListener("click", this.outside);
    this.element.addEventListener("keydown", this.escape);
    this.element.addEventListener("toggle", this.begin);
  }

  override disconnect(): void {
    document.removeEventListener("click", this.outside);
    this.element.removeEventListener("keydown", this.escape);
    this.element.removeEventListener("toggle", this.begin);
    this.element.open = false;
  }

  /** What holds a form is opened to be filled in. */
  private begin = (): void => {
    if (!this.element.open || !this.element.matches(".menu-form")) return;
    this.element.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
  };

  private outside = (event: MouseEvent): void => {
    if (event.target instanceof Node && !this.element.contains(event.target)) this.element.open = false;
  };

  private escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.element.open) return;
    event.stopPropagation();
    this.element.open = false;
    this.element.querySelector<HTMLElement>("summary")?.focus();
  };
}
