import { Controller } from "@hotwired/stimulus";

/**
 * The composer under a ticket. The tint of an internal note is CSS alone
 * (:has(:checked)); here: the field's placeholder, Ctrl+Enter, growing.
 */
export default class ComposerController extends Controller<HTMLFormElement> {
  static override targets = ["field", "kind"];
  declare readonly fieldTarget: HTMLTextAreaElement;
  declare readonly kindTargets: HTMLInputElement[];

  override connect(): void {
    this.element.addEventListener("change", this.reflect);
    // A newer page brings the placeholder that is right without JavaScript.
    this.element.addEventListener("turbo:morph-element", this.reflect);
    this.fieldTarget.addEventListener("keydown", this.send);
    this.reflect();
  }

  override disconnect(): void {
    this.element.removeEventListener("change", this.reflect);
    this.element.removeEventListener("turbo:morph-element", this.reflect);
    this.fieldTarget.removeEventListener("keydown", this.send);
  }

  /** data-action="composer#write": a key or a click on the kind goes on to the text. */
  write(): void {
    this.fieldTarget.focus();
  }

  private reflect = (): void => {
    const kind = this.kindTargets.find((radio) => radio.checked);
    const placeholder = kind?.dataset["placeholder"];
    if (placeholder) this.fieldTarget.placeholder = placeholder;
  };

  private send = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.element.requestSubmit();
    }
  };
}
