import { Controller } from "@hotwired/stimulus";

/** The name that this browser has for a zone, which has had others; empty for an unknown one. */
function known(name?: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return "";
  }
}

/** Offers the browser's time zone to whoever reads times in another. */
export default class ZoneController extends Controller<HTMLElement> {
  static override targets = ["field", "offer", "name"];
  static override values = { worn: String };
  declare readonly fieldTarget: HTMLInputElement;
  declare readonly offerTarget: HTMLElement;
  declare readonly nameTarget: HTMLElement;
  declare readonly wornValue: string;

  override connect(): void {
    const own = known();
    this.nameTarget.textContent = own;
    this.offerTarget.hidden = !own || own === known(this.wornValue);
  }

  /** data-action="zone#take" */
  take(): void {
    this.fieldTarget.value = this.nameTarget.textContent ?? "";
    this.fieldTarget.focus();
    this.offerTarget.hidden = true;
  }
}
