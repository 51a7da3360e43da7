import { Controller } from "@hotwired/stimulus";

/** Counts what is left near a field's limit. What is pasted over it, paste.ts cuts. */
export default class LimitController extends Controller<HTMLElement> {
  static override targets = ["field", "message"];
  static override values = { left: String };
  declare readonly fieldTarget: HTMLInputElement | HTMLTextAreaElement;
  declare readonly messageTarget: HTMLElement;
  declare readonly leftValue: string;

  override connect(): void {
    this.fieldTarget.addEventListener("input", this.count);
  }

  override disconnect(): void {
    this.fieldTarget.removeEventListener("input", this.count);
  }

  private count = (): void => {
    const most = this.fieldTarget.maxLength;
    const left = most - this.fieldTarget.value.length;
    const message = left <= most / 10 ? this.leftValue.replace("%n", String(left)) : "";
    this.messageTarget.textContent = message;
    this.messageTarget.hidden = message === "";
  };
}
