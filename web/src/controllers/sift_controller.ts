import { Controller } from "@hotwired/stimulus";

/** Looks for lines by what stands in them, in a list that is all there already. */
export default class SiftController extends Controller<HTMLElement> {
  static override targets = ["box", "words", "line", "none"];
  declare readonly boxTarget: HTMLElement;
  declare readonly wordsTarget: HTMLInputElement;
  declare readonly lineTargets: HTMLElement[];
  declare readonly noneTarget: HTMLElement;

  override connect(): void {
    // A few are seen at once.
    this.boxTarget.hidden = this.lineTargets.length < 8;
  }

  look(): void {
    const words = plain(this.wordsTarget.value).split(" ").filter(Boolean);
    let shown = 0;
    for (const line of this.lineTargets) {
      const text = plain(line.textContent ?? "");
      line.hidden = !words.every((word) => text.includes(word));
      if (!line.hidden) shown += 1;
    }
    this.noneTarget.hidden = shown > 0;
  }

  /** Enter looks, and does not send the form that the box stands in. */
  stay(event: Event): void {
    event.preventDefault();
  }
}

/** Without capitals and accents: nobody types them to look for something. */
function plain(text: string): string {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();
}
