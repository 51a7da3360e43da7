import { Controller } from "@hotwired/stimulus";
import { announce } from "../announce";

const NAMES = ["light", "dark", "auto"] as const;
type Theme = (typeof NAMES)[number];

function isTheme(value: string | null | undefined): value is Theme {
  return NAMES.includes(value as Theme);
}

/**
 * Light, dark or as the system says. The choice is kept in localStorage and in
 * the cookie "theme", from which the server renders <html data-bs-theme>.
 */
export default class ThemeController extends Controller<HTMLElement> {
  static override targets = ["choice"];
  declare readonly choiceTargets: HTMLInputElement[];

  override connect(): void {
    let stored: string | null = null;
    try {
      stored = localStorage.getItem("theme");
    } catch {
      // storage forbidden: the cookie alone remembers
    }
    const rendered = document.documentElement.dataset["bsTheme"];
    const theme = isTheme(stored) ? stored : isTheme(rendered) ? rendered : "auto";
    document.documentElement.dataset["bsTheme"] = theme;
    this.show(theme);
  }

  /** data-action="theme#set" on radios whose value is light, dark or auto */
  set(event: Event): void {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !isTheme(input.value)) return;
    const theme = input.value;
    document.documentElement.dataset["bsTheme"] = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // storage forbidden: the cookie alone remembers
    }
    const secure = window.location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    announce(input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent?.trim() ?? "");
  }

  private show(theme: Theme): void {
    for (const choice of this.choiceTargets) choice.checked = choice.value === theme;
  }
}
