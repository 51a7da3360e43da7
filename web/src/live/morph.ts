import { morphElements } from "@hotwired/turbo";
import { holdPlace } from "./steady";
import { holdsTouched, isChanged, isTouched } from "./touched";

interface Meeting {
  currentElement: Element;
  /** Not there when the element is to go. */
  newElement?: Element;
}

/** What is a thing of its own in a list or a conversation. */
const ROWS = "[data-row], .message";
/** What differs between two looks at the same page without anything having happened. */
const RESTLESS = "time, form, template";

/** What a part says; who is typing where, and how long ago something was, is left out. */
function wordsOf(part: Element): string {
  const copy = part.cloneNode(true) as Element;
  for (const restless of copy.querySelectorAll(RESTLESS)) restless.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}

/**
 * Gives rows and forms names by what they stand for. Without, the morph would take
 * the first row for the first row, and a tick or an open form would pass to
 * another ticket or to another action.
 */
function name(main: Element): void {
  const taken = new Set([...main.querySelectorAll("[id]")].map((element) => element.id));
  const give = (element: Element, kind: string, words: string): void => {
    const id = `${kind}-${words.replace(/[^\w-]+/g, "-")}`;
    if (element.id || taken.has(id)) return;
    element.id = id;
    taken.add(id);
  };
  for (const row of main.querySelectorAll("[data-row]")) {
    const link = row.querySelector("a[href]")?.getAttribute("href");
    if (link) give(row, "row", link);
  }
  for (const form of main.querySelectorAll("form")) {
    const fixed = [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]")];
    const whose = fixed.filter((field) => field.name !== "csrf" && field.name !== "version").map((field) => field.value);
    give(form, "form", [form.getAttribute("action") ?? "", ...whose].join(" "));
  }
}

/** A form that was sent and taken: it is in nobody's hands any longer. */
let sent: HTMLFormElement | undefined;

/** What the reader has in hand is left whole, the number of its version too: a stale act is still refused. */
function keepElement(event: CustomEvent<Meeting>): void {
  const { currentElement, newElement } = event.detail;
  const isForm = currentElement instanceof HTMLFormElement && currentElement !== sent && isTouched(currentElement);
  // A frame with a refusal holds what was typed and why it was refused.
  const isInHand = isForm || (isFrame(currentElement) && currentElement.querySelector("[data-refused]") !== null);
  const goesWithWork = !newElement && holdsTouched(currentElement, sent);
  // What comes hidden is shown by a script, with words of its own.
  const isScripts = newElement?.hasAttribute("hidden") === true;
  if (isInHand || goesWithWork || isScripts) event.preventDefault();
}

/** Where a frame was led to is no matter of the page around it. */
function isFrame(element: EventTarget | null): boolean {
  return element instanceof Element && element.localName === "turbo-frame";
}

/** What is unfolded stays so, and a tick outside its form (a row's) stays with its row. */
function keepAttribute(event: CustomEvent<{ attributeName: string }>): void {
  const { attributeName } = event.detail;
  const isOfHand = attributeName === "checked" || attributeName === "value";
  const isKept = isOfHand && event.target instanceof Element && isChanged(event.target);
  if (attributeName === "open" || isKept || isFrame(event.target)) event.preventDefault();
}

function rows(main: Element): Element[] {
  return [...main.querySelectorAll(ROWS)];
}

/** Who worked by keyboard in a row that is gone goes on in the one that took its place. */
function focusNear(main: Element, at: number): void {
  if (at < 0 || document.activeElement !== document.body) return;
  const now = rows(main);
  const link = now[Math.min(at, now.length - 1)]?.querySelector<HTMLElement>("a[href]");
  (link ?? document.getElementById("main"))?.focus({ preventScroll: true });
}

/**
 * Puts a newer look of the page in place of `main`, the form that brought it too. Returns
 * the rows that say something else now; null when nothing does.
 */
export function morph(main: Element, newer: Element, form?: HTMLFormElement): Element[] | null {
  sent = form;
  name(main);
  name(newer);
  const old = rows(main);
  const said = wordsOf(main);
  const saidBy = new Map(old.map((row) => [row.id, wordsOf(row)]));
  const at = old.findIndex((row) => row.contains(document.activeElement));
  const putBack = holdPlace(main, old);
  document.addEventListener("turbo:before-morph-element", keepElement as EventListener);
  document.addEventListener("turbo:before-morph-attribute", keepAttribute as EventListener);
  try {
    morphElements(main, newer);
  } finally {
    document.removeEventListener("turbo:before-morph-element", keepElement as EventListener);
    document.removeEventListener("turbo:before-morph-attribute", keepAttribute as EventListener);
    sent = undefined;
  }
  focusNear(main, at);
  const changed = rows(main).filter((row) => row.id && saidBy.get(row.id) !== wordsOf(row));
  putBack(changed);
  return wordsOf(main) === said ? null : changed;
}
