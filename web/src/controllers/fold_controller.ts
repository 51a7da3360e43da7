import { Controller } from "@hotwired/stimulus";

/**
 * A <details> that is open on wide screens and folded on phones. Newer browsers
 * do this by CSS (::details-content); this serves the others.
 */
export default class FoldController extends Controller<HTMLDetailsElement> {
  static override values = { from: { type: Number, default: 992 } };
  declare readonly fromValue: number;

  override connect(): void {
    if (CSS.supports("selector(::details-content)")) return;
    if (window.matchMedia(`(min-width: ${this.fromValue}px)`).matches) this.element.open = true;
  }
}
