import { Controller } from "@hotwired/stimulus";

/** Sends a GET form when a field changes and keeps empty fields out of the URL. */
export default class AutosubmitController extends Controller<HTMLFormElement> {
  override connect(): void {
    this.element.addEventListener("change", this.submit);
    this.element.addEventListener("formdata", this.dropEmpty);
  }

  override disconnect(): void {
    this.element.removeEventListener("change", this.submit);
    this.element.removeEventListener("formdata", this.dropEmpty);
  }

  private submit = (event: Event): void => {
    const field = event.target;
    // A date still being typed is empty or has a year like 0002: wait for the rest.
    if (field instanceof HTMLInputElement && field.type === "date" && field.value !== "" && field.value < "1900") return;
    if (field instanceof HTMLInputElement && field.type === "search") return;
    this.element.requestSubmit();
  };

  private dropEmpty = (event: FormDataEvent): void => {
    for (const [name, value] of [...event.formData.entries()]) {
      if (value === "") event.formData.delete(name);
    }
  };
}
