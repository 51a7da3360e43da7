import type { Change } from "./page";

const FIRST_RETRY = 2_000;
const LAST_RETRY = 60_000;

/** What a stream tells. */
export interface Ear {
  change(change: Change): void;
  /** More was missed than can be told; everything up to `head` may be different. */
  reset(head: number): void;
  /** The stream flows, and has told everything up to `head`. */
  here(head: number): void;
  /** It broke off. */
  lost(): void;
}

/** The stream from the server, from the change after `after` on. It comes again by itself. */
export class Source {
  private readonly after: () => number;
  private readonly ear: Ear;
  private source: EventSource | null = null;
  private timer = 0;
  private failures = 0;
  private openedAt = 0;

  constructor(after: () => number, ear: Ear) {
    this.after = after;
    this.ear = ear;
    this.open();
  }

  /** Begins anew when the last beginning is so long ago: a connection can die without anybody being told. */
  renew(after: number): void {
    if (performance.now() - this.openedAt > after) this.open();
  }

  close(): void {
    window.clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private open(): void {
    this.close();
    this.openedAt = performance.now();
    const source = new EventSource(`/live?after=${this.after()}`);
    this.source = source;
    source.addEventListener("change", (event) => {
      const what = JSON.parse(event.data) as { topic: string; id: string };
      this.ear.change({ seq: Number(event.lastEventId), ...what });
    });
    source.addEventListener("reset", (event) => this.ear.reset(Number(event.lastEventId)));
    source.addEventListener("here", (event) => {
      this.failures = 0;
      this.ear.here(Number(event.lastEventId));
    });
    source.addEventListener("error", () => {
      // A browser comes again by itself when the connection broke, not after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) this.openLater();
      this.ear.lost();
    });
  }

  private openLater(): void {
    const wait = Math.min(FIRST_RETRY * 2 ** this.failures, LAST_RETRY);
    this.failures += 1;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }
}
