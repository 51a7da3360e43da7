import { Controller } from "@hotwired/stimulus";

/** Recovery codes that are shown once: on paper, or in a file. */
export default class CodesController extends Controller {
  static override targets = ["list"];
  declare readonly listTarget: HTMLElement;

  /** data-action="codes#print" */
  print(): void {
    window.print();
  }

  /** data-action="codes#save" with the file's name in data-name */
  save(event: Event): void {
    const codes = [...this.listTarget.querySelectorAll("code")].map((code) => code.textContent);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${codes.join("\r\n")}\r\n`], { type: "text/plain" }));
    link.download = (event.currentTarget as HTMLElement).dataset["name"] ?? "";
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
