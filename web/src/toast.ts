/** Says something in the corner until it is closed; the words come from a page. */
export function toast(text: string): Element | null {
  const template = document.querySelector<HTMLTemplateElement>("template#toast");
  const item = template && document.importNode(template.content, true);
  const place = item?.querySelector("[data-toast-text]");
  if (!item || !place || !text) return null;
  place.textContent = text;
  const shown = place.closest(".toast-item");
  shown?.setAttribute("data-toast-stay-value", "true");
  document.querySelector(".toast-region")?.append(item);
  return shown;
}

/** A form that did not reach the desk says so: nothing else on the page would. */
export function tellUnsent(): void {
  document.addEventListener("turbo:submit-end", (event) => {
    const { success, fetchResponse } = (event as CustomEvent<{ success?: boolean; fetchResponse?: unknown }>).detail;
    const isPost = event.target instanceof HTMLFormElement && event.target.method === "post";
    if (isPost && !success && !fetchResponse) toast(document.querySelector<HTMLElement>("template#toast")?.dataset["unsent"] ?? "");
  });
}
