import { Controller } from "@hotwired/stimulus";

/**
 * The subcategory select offers only what belongs to the chosen category.
 * Without JavaScript all are there, grouped by <optgroup label="Category">.
 */
export default class SubcategoryController extends Controller<HTMLElement> {
  static override targets = ["category", "sub"];
  declare readonly categoryTarget: HTMLSelectElement;
  declare readonly subTarget: HTMLSelectElement;
  private all: HTMLOptionElement[] = [];

  override connect(): void {
    this.all = [...this.subTarget.options];
    this.categoryTarget.addEventListener("change", this.refresh);
    this.refresh();
  }

  override disconnect(): void {
    this.categoryTarget.removeEventListener("change", this.refresh);
  }

  private refresh = (): void => {
    const category = this.categoryTarget.value;
    const chosen = this.subTarget.value;
    const fitting = this.all.filter((option) => option.value === "" || option.dataset["category"] === category);
    this.subTarget.replaceChildren(...fitting);
    this.subTarget.value = fitting.some((option) => option.value === chosen) ? chosen : "";
    this.subTarget.disabled = fitting.length < 2;
  };
}
