import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";

/**
 * Guards a length limit: a paste that does not fit is cut, and the person is
 * told what was cut; near the limit the rest is counted.
 */
export default class LimitController extends Controller<HTMLElement> {
  static override targets = ["field", "message"];
  static override values = {
    max: Number,
    cut: String,
    left: String,
  };
  declare readonly fieldTarget: HTMLInputElement | HTMLTextAreaElement;
  declare readonly messageTarget: HTMLElement;
  declare readonly maxValue: number;
  declare readonly cutValue: string;
  declare readonly leftValue: string;

  override connect(): void {
    this.fieldTarget.addEventListener("paste", this.paste as EventListener);
    this.fieldTarget.addEventListener("input", this.count);
  }

  override disconnect(): void {
    this.fieldTarget.removeEventListener("paste", this.paste as EventListener);
    this.fieldTarget.removeEventListener("input", this.count);
  }

  private get max(): number {
    return this.maxValue || this.fieldTarget.maxLength;
  }

  private paste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const field = this.fieldTarget;
    const start = field.selectionStart ?? field.value.length;
    const end = field.selectionEnd ?? start;
    const room = this.max - (field.value.length - (end - start));
    if (text.length <= room) return;
    event.preventDefault();
    field.setRangeText(text.slice(0, Math.max(room, 0)), start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    this.show(this.cutValue.replace("%n", String(this.max)));
    announce(this.messageTarget.textContent ?? "");
  };

  private count = (): void => {
    const left = this.max - this.fieldTarget.value.length;
    this.show(left <= this.max / 10 ? this.leftValue.replace("%n", String(left)) : "");
  };

  private show(message: string): void {
    this.messageTarget.textContent = message;
    this.messageTarget.hidden = message === "";
  }
}
