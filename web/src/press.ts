/** What one types into, where single keys are letters. */
export const TYPING = "input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]";

/** Does what an element with data-key is there for: it is clicked, or the text goes on in it. */
export function press(element: HTMLElement): void {
  if (element.matches(TYPING)) return element.focus();
  element.click();
  const details = element.parentElement;
  if (element.tagName !== "SUMMARY" || !(details instanceof HTMLDetailsElement)) return;
  details.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select, button")?.focus();
  element.scrollIntoView({ block: "nearest" });
}

/** Everything that can be done here by a key or from the palette, as far as one sees it. */
export function pressable(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-key]")].filter((element) => element.checkVisibility());
}

/** The keys of an element, each one letter or two that follow each other: "/ gs". */
export function keysOf(element: HTMLElement): string[] {
  return (element.dataset["key"] ?? "").split(" ").filter(Boolean);
}
