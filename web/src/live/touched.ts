/** A choice differs from what the page came with; a list without a chosen one shows its first. */
function isChosenAnew(select: HTMLSelectElement): boolean {
  const options = [...select.options];
  if (select.multiple) return options.some((option) => option.selected !== option.defaultSelected);
  const first = Math.max(options.findLastIndex((option) => option.defaultSelected), 0);
  return options.length > 0 && select.selectedIndex !== first;
}

/** Whether a field holds something that the page did not come with. */
export function isChanged(field: Element): boolean {
  if (field instanceof HTMLSelectElement) return isChosenAnew(field);
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement)) return false;
  switch (field.type) {
    case "hidden":
    case "submit":
    case "button":
      return false;
    case "checkbox":
    case "radio":
      return field.checked !== field.defaultChecked;
    case "file":
      return (field.files?.length ?? 0) > 0;
    default:
      return field.value !== field.defaultValue;
  }
}

/** Whether the reader is at work in a form: nobody takes it out of their hands. */
export function isTouched(form: HTMLFormElement): boolean {
  const { activeElement } = document;
  if (activeElement && form.contains(activeElement)) return true;
  return [...form.elements].some((field) => field === activeElement || isChanged(field));
}

/** Whether there is such a form in a part of the page; `sent` is none any longer. */
export function holdsTouched(part: ParentNode, sent?: HTMLFormElement): boolean {
  return [...part.querySelectorAll("form")].some((form) => form !== sent && isTouched(form));
}

/** Whether a page that goes would take work along: what a draft brought is kept. */
export function losesWork(page: Document): boolean {
  return [...page.querySelectorAll("form:not([data-kept])")].some((form) => isTouched(form as HTMLFormElement));
}
