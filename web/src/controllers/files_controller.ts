import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";

/** A file's size in the page's language; a kilobyte is a thousand, as for the server. */
function size(bytes: number): string {
  const kilobytes = Math.max(bytes / 1000, 0.1);
  const [amount, unit] = kilobytes < 1000 ? [kilobytes, "kilobyte"] : [kilobytes / 1000, "megabyte"];
  const language = document.documentElement.lang || undefined;
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(amount);
}

function nameOf(file: File, pasted: string): string {
  // A pasted screenshot is always called image.png: give it its moment.
  if (file.name !== "image.png") return file.name;
  const now = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return `${pasted}-${now}.png`;
}

/**
 * Files of a form: chosen, pasted into the text or dropped on the form. The
 * file input stays the only thing that is sent, so it works without this too.
 */
export default class FilesController extends Controller<HTMLElement> {
  static override targets = ["input", "list", "message"];
  static override values = {
    maxBytes: Number,
    maxCount: Number,
    pastedName: String,
    removeLabel: String,
    tooBig: String,
    tooMany: String,
  };
  declare readonly inputTarget: HTMLInputElement;
  declare readonly listTarget: HTMLElement;
  declare readonly messageTarget: HTMLElement;
  declare readonly hasMessageTarget: boolean;
  declare readonly maxBytesValue: number;
  declare readonly maxCountValue: number;
  declare readonly pastedNameValue: string;
  declare readonly removeLabelValue: string;
  declare readonly tooBigValue: string;
  declare readonly tooManyValue: string;
  private files: File[] = [];

  override connect(): void {
    this.inputTarget.addEventListener("change", this.choose);
    this.element.addEventListener("paste", this.paste);
    this.element.addEventListener("dragover", this.over);
    this.element.addEventListener("dragleave", this.leave);
    this.element.addEventListener("drop", this.drop);
    this.files = [...(this.inputTarget.files ?? [])];
    this.render();
  }

  override disconnect(): void {
    this.inputTarget.removeEventListener("change", this.choose);
    this.element.removeEventListener("paste", this.paste);
    this.element.removeEventListener("dragover", this.over);
    this.element.removeEventListener("dragleave", this.leave);
    this.element.removeEventListener("drop", this.drop);
  }

  private choose = (): void => this.add([...(this.inputTarget.files ?? [])]);

  private paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.add(files.map((file) => new File([file], nameOf(file, this.pastedNameValue), { type: file.type })));
  };

  private over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.element.classList.add("is-dropping");
  };

  private leave = (event: DragEvent): void => {
    if (event.relatedTarget instanceof Node && this.element.contains(event.relatedTarget)) return;
    this.element.classList.remove("is-dropping");
  };

  private drop = (event: DragEvent): void => {
    this.element.classList.remove("is-dropping");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.add(files);
  };

  private add(files: File[]): void {
    const problems: string[] = [];
    for (const file of files) {
      if (this.maxBytesValue > 0 && file.size > this.maxBytesValue) {
        problems.push(`${file.name} ${this.tooBigValue} ${size(this.maxBytesValue)}`);
      } else if (this.maxCountValue > 0 && this.files.length >= this.maxCountValue) {
        problems.push(`${this.tooManyValue} ${this.maxCountValue}`);
        break;
      } else if (!this.files.some((known) => known.name === file.name && known.size === file.size)) {
        this.files.push(file);
      }
    }
    this.store();
    this.say(problems.join(". "), files.map((file) => file.name).join(", "));
  }

  private store(): void {
    const transfer = new DataTransfer();
    for (const file of this.files) transfer.items.add(file);
    this.inputTarget.files = transfer.files;
    this.render();
  }

  private say(problem: string, added: string): void {
    if (this.hasMessageTarget) {
      this.messageTarget.textContent = problem;
      this.messageTarget.hidden = problem === "";
    }
    announce(problem || added);
  }

  private render(): void {
    this.listTarget.replaceChildren(
      ...this.files.map((file, index) => {
        const item = document.createElement("li");
        item.className = "file-pick";
        const name = document.createElement("span");
        name.className = "file-pick-name";
        name.textContent = file.name;
        const weight = document.createElement("span");
        weight.className = "file-pick-size";
        weight.textContent = size(file.size);
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "file-pick-remove";
        remove.textContent = "×";
        remove.setAttribute("aria-label", `${this.removeLabelValue} ${file.name}`);
        remove.addEventListener("click", () => {
          this.files.splice(index, 1);
          this.store();
          this.inputTarget.focus();
        });
        item.append(name, weight, remove);
        return item;
      }),
    );
    this.listTarget.hidden = this.files.length === 0;
  }
}
