import { visit } from "@hotwired/turbo";
import { Controller } from "@hotwired/stimulus";
import { drafts, textOf } from "../drafts";
import { Finder } from "../finder";
import { keysOf, press, pressable, TYPING } from "../press";
import { recent } from "../visited";

/** A protocol that is typed completely needs no search. */
const PROTOCOL = /^[a-z]+-\d{8}-[0-9a-f]{10}$/i;

/** Without accents and case. */
const fold = (text: string): string => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

/** Whether each word is the beginning of a word of the text. */
function matches(words: string[], text: string): boolean {
  const parts = fold(text).split(/[^\p{L}\p{N}]+/u);
  return words.every((word) => parts.some((part) => part.startsWith(word)));
}

/** What an element says, without its keys and drawings and what is not shown. */
function wordsOf(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const part of copy.querySelectorAll("kbd, svg, [hidden]")) part.remove();
  return element.getAttribute("aria-label") ?? (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}

/**
 * Ctrl+K: everything there is to open or to do, by typing. Its dialog stands in the
 * layout. Some groups come with the page, with their options; the others have a
 * template for theirs. A group is shown while nothing is typed, while something is,
 * or always (data-when).
 */
export default class PaletteController extends Controller<HTMLElement> {
  static override targets = ["dialog", "input", "group", "hits", "list", "status", "none", "away"];
  declare readonly dialogTarget: HTMLDialogElement;
  declare readonly hasDialogTarget: boolean;
  declare readonly inputTarget: HTMLInputElement;
  declare readonly groupTargets: HTMLElement[];
  declare readonly hitsTarget: HTMLElement;
  declare readonly listTarget: HTMLElement;
  declare readonly statusTarget: HTMLElement;
  declare readonly noneTarget: HTMLElement;
  declare readonly awayTarget: HTMLElement;
  private readonly finder = new Finder((words, part) => this.show(words, part));
  /** What an option does that is no link. */
  private readonly deeds = new WeakMap<Element, HTMLElement>();
  /** The reader chose an option by hand: an answer must not move it. */
  private hasMoved = false;
  /** Enter was pressed before the answer was there. */
  private isWanted = false;

  override connect(): void {
    document.addEventListener("keydown", this.call);
    document.addEventListener("turbo:before-cache", this.leave);
  }

  override disconnect(): void {
    document.removeEventListener("keydown", this.call);
    document.removeEventListener("turbo:before-cache", this.leave);
    this.finder.stop();
  }

  /** data-action="palette#open" */
  open(): void {
    if (!this.hasDialogTarget || this.dialogTarget.open || document.querySelector("dialog[role=alertdialog][open]")) return;
    this.collect();
    this.inputTarget.value = "";
    this.dialogTarget.showModal();
    this.type();
  }

  /** data-action="palette#close" */
  close(): void {
    this.dialogTarget.close();
  }

  /** data-action="close->palette#closed" */
  closed(): void {
    this.finder.stop();
    this.hitsTarget.replaceChildren();
  }

  /** data-action="click->palette#outside" on the dialog: its own edge is all that is not in it. */
  outside(event: Event): void {
    if (event.target === this.dialogTarget) this.close();
  }

  /** data-action="input->palette#type" */
  type(): void {
    const typed = this.inputTarget.value.trim();
    const words = fold(typed).split(/\s+/).filter(Boolean);
    this.isWanted = this.hasMoved = false;
    for (const group of this.groupTargets) this.narrow(group, typed, words);
    if (typed) this.finder.ask(typed);
    else this.closed();
    this.listTarget.setAttribute("aria-busy", String(this.finder.isBusy));
    this.awayTarget.hidden = true;
    this.choose(this.options[0]);
    this.count();
  }

  /** data-action="keydown->palette#press" on the input */
  press(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { options } = this;
    const at = this.chosen ? options.indexOf(this.chosen) : -1;
    const goes: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 };
    const to = goes[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.hasMoved = true;
      this.choose(options[(to + options.length) % options.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const isAway = event.ctrlKey || event.metaKey;
      // What is found is better than the way to the search.
      if (this.finder.isBusy && !this.hasMoved && !this.isCertain(this.chosen)) this.isWanted = true;
      else if (this.chosen) this.run(this.chosen, isAway);
    }
  }

  /** data-action="click->palette#pick" on the list */
  pick(event: MouseEvent): void {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    // A new tab, as the browser does it.
    if (!option || ((event.ctrlKey || event.metaKey || event.shiftKey) && option instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    this.run(option, false);
  }

  /** data-action="mousemove->palette#point" on the list */
  point(event: Event): void {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    if (!option || option === this.chosen) return;
    this.hasMoved = true;
    this.choose(option, false);
  }

  private call = (event: KeyboardEvent): void => {
    const isIt = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
    if (!isIt || !this.hasDialogTarget) return;
    event.preventDefault();
    if (this.dialogTarget.open) this.close();
    else this.open();
  };

  private leave = (): void => {
    if (this.hasDialogTarget && this.dialogTarget.open) this.close();
  };

  private get options(): HTMLElement[] {
    return [...this.listTarget.querySelectorAll<HTMLElement>("[role=option]")].filter((option) => option.checkVisibility());
  }

  private get chosen(): HTMLElement | null {
    return this.listTarget.querySelector("[role=option][aria-selected=true]");
  }

  /** Whether it will not be another one once the desk has answered. */
  private isCertain(option: HTMLElement | null): boolean {
    const group = option?.closest<HTMLElement>("[data-palette-target=group]");
    return !!group && group.dataset["group"] !== "everything";
  }

  private group(name: string): HTMLElement | undefined {
    return this.groupTargets.find((group) => group.dataset["group"] === name);
  }

  /** What this page and this browser have to offer. */
  private collect(): void {
    const here = pressable().filter((element) => !element.matches(TYPING) && !element.closest("nav, dialog"));
    this.fill("actions", here, (option, element) => {
      const drawing = element.querySelector("svg.icon")?.cloneNode(true);
      if (drawing) option.querySelector("svg")?.replaceWith(drawing);
      this.deeds.set(option, element);
      this.word(option, wordsOf(element), "", keysOf(element)[0]);
    });
    const unsent = drafts().filter(({ page }, at, all) => page !== location.pathname && all.findIndex((other) => other.page === page) === at);
    this.fill("drafts", unsent, (option, draft) => {
      option.setAttribute("href", draft.page);
      this.word(option, draft.title, textOf(draft).slice(0, 120));
    });
    const others = recent().filter((visited) => visited.path !== location.pathname);
    this.fill("recent", others, (option, visited) => {
      option.setAttribute("href", visited.path);
      this.word(option, visited.title, visited.protocol);
    });
    for (const option of this.group("pages")?.querySelectorAll<HTMLAnchorElement>("a[role=option]") ?? []) {
      const link = pressable().find((element) => element instanceof HTMLAnchorElement && element.pathname === option.pathname);
      this.keyIn(option, link && keysOf(link)[0]);
    }
  }

  /** Options from a group's template, one for each thing. */
  private fill<T>(name: string, things: T[], make: (option: HTMLElement, thing: T) => void): void {
    const group = this.group(name);
    const template = group?.querySelector("template");
    if (!group || !template) return;
    for (const old of group.querySelectorAll("[role=option]")) old.remove();
    for (const thing of things) {
      const option = document.importNode(template.content, true).firstElementChild as HTMLElement;
      make(option, thing);
      group.append(option);
    }
  }

  private word(option: HTMLElement, title: string, about: string, key?: string): void {
    const [name, more] = ["[data-title]", "[data-about]"].map((part) => option.querySelector(part));
    if (name) name.textContent = title;
    if (more) more.textContent = about;
    this.keyIn(option, key);
  }

  private keyIn(option: HTMLElement, key = ""): void {
    const place = option.querySelector("[data-keys]");
    const letters = [...key].map((letter) => {
      const kbd = document.createElement("kbd");
      kbd.textContent = letter;
      return kbd;
    });
    place?.replaceChildren(...letters);
  }

  /** Shows of a group what fits what is typed. */
  private narrow(group: HTMLElement, typed: string, words: string[]): void {
    const { group: name, when, path, text = "" } = group.dataset;
    const isTime = !when || (when === "typed") === words.length > 0;
    const isProtocol = PROTOCOL.test(typed);
    for (const option of group.querySelectorAll<HTMLElement>("[role=option]")) {
      if (path) {
        // It leads to what is typed, as it is.
        const exact = isProtocol ? typed.toUpperCase() : typed;
        option.setAttribute("href", path + encodeURIComponent(exact));
        this.word(option, text.replace("%n", () => exact), "");
        option.hidden = !isTime || (name === "protocol") !== isProtocol;
      } else {
        option.hidden = !isTime || !matches(words, wordsOf(option));
      }
    }
    group.hidden = !group.querySelector("[role=option]:not([hidden])");
  }

  /** The desk's answer; until then the last one stays. */
  private show(words: string, part: Document | null): void {
    this.listTarget.setAttribute("aria-busy", "false");
    this.awayTarget.hidden = part !== null;
    if (part) {
      const groups = [...part.querySelectorAll<HTMLElement>("section[data-kind]")].map((section) => this.hitsOf(section));
      this.hitsTarget.replaceChildren(...groups);
    }
    const exact = this.hitsTarget.querySelector<HTMLElement>(`a[href="${CSS.escape(`/tickets/${words.toUpperCase()}`)}"]`);
    const { options } = this;
    if (!this.hasMoved || !this.chosen) this.choose(exact ?? options[0], this.hasMoved);
    else this.choose(this.chosen, false);
    this.count();
    if (this.isWanted && this.chosen) this.run(this.chosen, false);
  }

  /** A kind of hits, as a group of options. */
  private hitsOf(section: HTMLElement): HTMLElement {
    const kind = section.dataset["kind"] ?? "";
    const group = document.createElement("div");
    const head = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", `palette-hits-${kind}`);
    head.id = `palette-hits-${kind}`;
    head.className = "palette-group";
    head.setAttribute("role", "presentation");
    head.textContent = section.querySelector("[data-kind-name]")?.textContent ?? "";
    const options = [...section.querySelectorAll<HTMLElement>("a.hit")].map((hit) => {
      hit.className = "palette-option";
      hit.setAttribute("role", "option");
      hit.tabIndex = -1;
      return hit;
    });
    group.append(head, ...options);
    return group;
  }

  /** Makes an option the one that Enter opens. */
  private choose(option: HTMLElement | null | undefined, comesIntoSight = true): void {
    this.options.forEach((one, at) => {
      one.id = `palette-option-${at}`;
      one.setAttribute("aria-selected", String(one === option));
    });
    for (const hidden of this.listTarget.querySelectorAll("[role=option][hidden], [hidden] [role=option]")) {
      hidden.removeAttribute("id");
      hidden.setAttribute("aria-selected", "false");
    }
    if (option) this.inputTarget.setAttribute("aria-activedescendant", option.id);
    else this.inputTarget.removeAttribute("aria-activedescendant");
    if (option === this.options[0]) this.listTarget.scrollTop = 0;
    else if (comesIntoSight) option?.scrollIntoView({ block: "nearest" });
  }

  private count(): void {
    const { length } = this.options;
    const { one, many } = this.statusTarget.dataset;
    this.noneTarget.hidden = length > 1 || this.finder.isBusy || this.inputTarget.value.trim() === "";
    this.statusTarget.textContent = ((length === 1 ? one : many) ?? "").replace("%n", String(length));
  }

  private run(option: HTMLElement, inNewTab: boolean): void {
    const deed = this.deeds.get(option) ?? document.querySelector<HTMLElement>(option.dataset["press"] ?? "_");
    const href = option.getAttribute("href");
    if (href && inNewTab) return void window.open(href, "_blank", "noopener");
    this.close();
    if (href) visit(href);
    else if (deed) press(deed);
  }
}
