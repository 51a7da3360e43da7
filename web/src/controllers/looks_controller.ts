import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";
import { reflect, wear } from "../looks";
import { me } from "../store";
import { toast } from "../toast";

/** One after another: of two quick choices the second stays. */
let saving = Promise.resolve();

/**
 * A form that chooses a theme or a density. What is chosen is worn at once and kept
 * at the account; of whoever has not signed in, the browser keeps it in a cookie.
 */
export default class LooksController extends Controller<HTMLFormElement> {
  static override targets = ["choice"];
  static override values = { failed: String, prefix: String };
  declare readonly failedValue: string;
  /** What the server's cookies begin with. */
  declare readonly prefixValue: string;

  override connect(): void {
    reflect(this.element);
  }

  /** data-action="submit->looks#choose change->looks#choose": a button, or a radio */
  choose(event: SubmitEvent | Event): void {
    const choice = event instanceof SubmitEvent ? event.submitter : event.target;
    if (!(choice instanceof HTMLButtonElement || choice instanceof HTMLInputElement) || !choice.name) return;
    event.preventDefault();
    const { name, value } = choice;
    wear(name, value);
    announce(choice.getAttribute("aria-label") ?? choice.textContent?.trim() ?? "");
    if (me()) saving = saving.then(() => this.save(name, value));
    else document.cookie = `${this.prefixValue}${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
  }

  private async save(name: string, value: string): Promise<void> {
    const { csrf } = Object.fromEntries(new FormData(this.element)) as Record<string, string>;
    const body = new URLSearchParams({ csrf: csrf ?? "", [name]: value });
    try {
      const answer = await fetch("/preferences", { method: "POST", body, headers: { "x-refresh": "1" } });
      // Whoever is led to sign in has not saved anything.
      if (answer.ok && !new URL(answer.url).pathname.startsWith("/auth/")) return;
    } catch {
      // The desk is out of reach.
    }
    toast(this.failedValue);
  }
}
