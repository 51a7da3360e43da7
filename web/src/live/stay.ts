import { hush, tellChange } from "./notice";
import { morph } from "./morph";
import { readPage } from "./page";

interface Rendering {
  newBody: HTMLElement;
  render: (current: HTMLElement, newer: HTMLElement) => void;
}

/** What was sent last from a form that stays, until the page that answers it is there. */
let sent: { form: HTMLFormElement; path: string } | null = null;
/** Where the page was scrolled to, until Turbo has scrolled it to its top. */
let top: number | null = null;

/** Puts what is new into the page: what changed in it, and what is said in the corner. */
function change(form: HTMLFormElement, newBody: HTMLElement, next: HTMLElement): void {
  const main = document.getElementById("main");
  if (!main) return;
  form.reset();
  // One's own act is no news; but where it changed something shows.
  hush();
  const rows = morph(main, next, form) ?? [];
  tellChange(rows);
  document.querySelector(".toast-region")?.append(...newBody.querySelectorAll(".toast-region > .toast-item"));
  const { activeElement } = document;
  if (activeElement !== document.body && activeElement?.checkVisibility()) return;
  const link = rows.find((row) => row.isConnected)?.querySelector<HTMLElement>("a[href]");
  (link ?? main).focus({ preventScroll: true });
}

/**
 * A form with data-stay that leads back to the page it stands on changes that page
 * in place, as a live update does: nobody loses their place in a list for having
 * done something in it.
 */
export function stayInPlace(): void {
  document.addEventListener("turbo:submit-end", (event) => {
    const { success } = (event as CustomEvent<{ success?: boolean }>).detail;
    const form = event.target;
    const stays = success && form instanceof HTMLFormElement && form.hasAttribute("data-stay");
    sent = stays ? { form, path: location.pathname } : null;
  });
  document.addEventListener("turbo:before-render", (event) => {
    const { detail } = event as CustomEvent<Rendering>;
    const next = detail.newBody.querySelector<HTMLElement>("#main");
    const isSame = sent?.form.isConnected && sent.path === location.pathname && next;
    const form = sent?.form;
    sent = null;
    if (!isSame || !form || detail.newBody.dataset["user"] !== readPage(document).user) return;
    detail.render = (_current, newer) => {
      change(form, newer, next);
      top = window.scrollY;
    };
  });
  document.addEventListener("turbo:load", () => {
    if (top !== null) window.scrollTo({ top, behavior: "instant" });
    top = null;
  });
}
