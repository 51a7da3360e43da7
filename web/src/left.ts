import { drafts, placeOf, textOf } from "./drafts";
import { drop } from "./store";

/**
 * Shows what was written for a form that a ticket does not offer any longer: somebody
 * closed it meanwhile, or took it over. It is copied out, or let go.
 */
function showLeft(): void {
  const head = document.querySelector("main .ticket-head");
  const template = document.querySelector<HTMLTemplateElement>("template#draft-left");
  const protocol = head?.querySelector(".protocol")?.textContent?.trim();
  if (!head || !template || !protocol) return;
  for (const old of document.querySelectorAll("main .draft-left")) old.remove();
  for (const draft of drafts()) {
    const text = textOf(draft);
    const isHere = draft.page === `/tickets/${protocol}` && !document.querySelector(`main form[action="${CSS.escape(draft.form)}"]`);
    const note = isHere && text && document.importNode(template.content, true).firstElementChild;
    const field = note && note.querySelector("textarea");
    if (!note || !field) continue;
    field.value = text;
    note.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      drop(placeOf(draft.form));
      note.remove();
    });
    head.after(note);
  }
}

export function showWhatIsLeft(): void {
  document.addEventListener("turbo:load", showLeft);
  document.addEventListener("turbo:frame-load", showLeft);
}
