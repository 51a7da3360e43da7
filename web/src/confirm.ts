/**
 * Asks before a destructive form is sent. Used by Turbo for every form or
 * button with data-turbo-confirm="What will be destroyed". The dialog is the
 * layout's <template id="confirm">; the name of its button comes from
 * data-confirm-ok, else from the button that was pressed.
 */
export function askConfirmation(message: string, form: HTMLFormElement, submitter: HTMLElement | null): Promise<boolean> {
  const template = document.querySelector<HTMLTemplateElement>("template#confirm");
  const dialog = template && document.importNode(template.content, true).querySelector("dialog");
  // A page outside the layout: the browser asks, in words of its own.
  if (!dialog) return Promise.resolve(window.confirm(message));
  const text = dialog.querySelector("[data-confirm-text]");
  if (text) text.textContent = message;
  const ok = dialog.querySelector("[value=ok]");
  const label = submitter?.dataset["confirmOk"] ?? form.dataset["confirmOk"] ?? submitter?.textContent?.trim();
  if (ok && label) ok.textContent = label;
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok");
    });
    dialog.showModal();
  });
}
