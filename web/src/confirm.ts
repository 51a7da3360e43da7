function button(label: string, className: string, value: string): HTMLButtonElement {
  const element = document.createElement("button");
  element.className = className;
  element.value = value;
  element.textContent = label;
  return element;
}

/**
 * Asks before a destructive form is sent. Used by Turbo for every form or
 * button with data-turbo-confirm="What will be destroyed"; the button's label
 * comes from data-confirm-ok, the other one's from data-confirm-cancel.
 */
export function askConfirmation(message: string, form: HTMLFormElement, submitter: HTMLElement | null): Promise<boolean> {
  const words = { ...form.dataset, ...submitter?.dataset };
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog-sm";
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "confirm-text");
  const inner = document.createElement("form");
  inner.method = "dialog";
  const text = document.createElement("p");
  text.id = "confirm-text";
  text.className = "dialog-text";
  text.textContent = message;
  const actions = document.createElement("div");
  actions.className = "dialog-actions";
  actions.append(
    button(words["confirmCancel"] ?? "Cancelar", "btn", "cancel"),
    button(words["confirmOk"] ?? submitter?.textContent?.trim() ?? "OK", "btn btn-danger", "ok"),
  );
  inner.append(text, actions);
  dialog.append(inner);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok");
    });
    dialog.showModal();
  });
}
