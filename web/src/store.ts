// What this browser keeps for one person. Storage that is full or forbidden keeps
// nothing, and nothing fails.

type Where = "localStorage" | "sessionStorage";

/** Who reads the page; empty when nobody is signed in. */
export const me = (): string => document.body.dataset["user"] ?? "";

export function read(key: string, where: Where = "localStorage"): string | null {
  try {
    return window[where].getItem(key);
  } catch {
    return null;
  }
}

/** What was stored as JSON; null for what nobody understands any longer. */
export function parse<T>(text: string | null): T | null {
  try {
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}

export function keep(key: string, value: unknown, where: Where = "localStorage"): void {
  try {
    window[where].setItem(key, JSON.stringify(value));
  } catch {
    // The page works on, only without a memory.
  }
}

export function drop(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

export function keysLike(beginning: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(beginning));
  } catch {
    return [];
  }
}
