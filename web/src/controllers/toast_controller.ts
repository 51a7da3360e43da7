import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";

/**
 * One message in .toast-region. A success leaves by itself (not while it is
 * hovered or focused); an error stays until it is closed.
 */
export default class ToastController extends Controller<HTMLElement> {
  static override values = { stay: Boolean, heard: Boolean, seconds: { type: Number, default: 8 } };
  declare readonly stayValue: boolean;
  declare readonly heardValue: boolean;
  declare readonly secondsValue: number;
  private timer = 0;

  override connect(): void {
    // A live region that is already full when the page arrives is often not read;
    // what is put into it later is read twice if we say it, too.
    if (!this.heardValue) announce(this.element.querySelector("[data-toast-text]")?.textContent?.trim() ?? "");
    if (!this.stayValue) this.start();
  }

  override disconnect(): void {
    window.clearTimeout(this.timer);
  }

  /** data-action="mouseleave->toast#start focusout->toast#start" */
  start(): void {
    window.clearTimeout(this.timer);
    if (!this.stayValue) this.timer = window.setTimeout(() => this.close(), this.secondsValue * 1000);
  }

  /** data-action="mouseenter->toast#hold focusin->toast#hold" */
  hold(): void {
    window.clearTimeout(this.timer);
  }

  /** data-action="toast#close" */
  close(): void {
    this.element.remove();
  }
}
