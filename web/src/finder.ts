/** The typing pauses for so long before the desk is asked. */
const PAUSE = 120;

/** Asks the desk what some words are found in: the last words alone, and once at a time. */
export class Finder {
  private readonly found: (words: string, part: Document | null) => void;
  private timer = 0;
  private asking: AbortController | null = null;

  /** `found` is told the answer, as a part of a page; null when there is none. */
  constructor(found: (words: string, part: Document | null) => void) {
    this.found = found;
  }

  /** Whether an answer is still to come. */
  get isBusy(): boolean {
    return this.timer > 0 || this.asking !== null;
  }

  ask(words: string): void {
    this.stop();
    this.timer = window.setTimeout(() => void this.fetch(words), PAUSE);
  }

  stop(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.asking?.abort();
    this.asking = null;
  }

  private async fetch(words: string): Promise<void> {
    this.timer = 0;
    const asking = new AbortController();
    this.asking = asking;
    let part: Document | null = null;
    try {
      // Whoever is sent elsewhere is not signed in any longer.
      const answer = await fetch(`/search/hits?q=${encodeURIComponent(words)}`, { headers: { accept: "text/html" }, redirect: "manual", signal: asking.signal });
      if (answer.ok) part = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      // Out of reach; or given up, and somebody else asks.
    }
    if (this.asking !== asking) return;
    this.asking = null;
    this.found(words, part);
  }
}
