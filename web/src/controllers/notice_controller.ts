import { navigator } from "@hotwired/turbo";
import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";

/** What an act on many tickets did. It stands there until it is closed, and does not come back then. */
export default class NoticeController extends Controller<HTMLElement> {
  static override targets = ["text"];
  declare readonly textTarget: HTMLElement;

  override connect(): void {
    // It comes full, and a live region that does is often not read.
    announce(this.textTarget.textContent?.trim() ?? "");
  }

  /** data-action="notice#close" */
  close(): void {
    this.element.remove();
    const here = new URL(location.href);
    here.searchParams.delete("done");
    navigator.history.replace(here);
    document.getElementById("main")?.focus({ preventScroll: true });
  }
}
