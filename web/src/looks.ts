// How pages look: the theme and the density on <html>, where the server wrote them.

const PLAIN = ["auto", "light", "dark"];

/** Puts a theme or a density on, here and in every choice that shows it. */
export function wear(name: string, value: string): void {
  const { dataset } = document.documentElement;
  if (name === "density") dataset["density"] = value;
  if (name === "theme") {
    dataset["theme"] = value;
    // What Bootstrap's parts know; every other theme is dark.
    dataset["bsTheme"] = PLAIN.includes(value) ? value : "dark";
  }
  reflect(document);
}

/** Marks what is worn among the choices of a part of the page. */
export function reflect(part: ParentNode): void {
  const { dataset } = document.documentElement;
  for (const choice of part.querySelectorAll<HTMLButtonElement | HTMLInputElement>("[data-looks-target=choice]")) {
    const isWorn = dataset[choice.name] === choice.value;
    if (choice instanceof HTMLInputElement) choice.checked = isWorn;
    else choice.setAttribute("aria-pressed", String(isWorn));
  }
}

/** Turbo puts a new page's body in place and leaves <html>: its looks come, too. */
export function followLooks(): void {
  document.addEventListener("turbo:before-render", (event) => {
    const { newBody } = (event as CustomEvent<{ newBody: HTMLElement }>).detail;
    // A page from the cache belongs to this document already.
    const newer = newBody.ownerDocument.documentElement;
    if (newer === document.documentElement) return;
    for (const name of ["theme", "bsTheme", "density"]) {
      const value = newer.dataset[name];
      if (value) document.documentElement.dataset[name] = value;
    }
  });
}
