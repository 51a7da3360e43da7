import { openLine, type Line, type Said } from "./line";
import type { Change } from "./page";
import type { Passed } from "./passing";

const FIRST_RETRY = 2_000;
const LAST_RETRY = 60_000;

/** What a stream tells. */
export interface Ear {
  change(change: Change): void;
  /** Something came or went that is in no log. */
  passed(passed: Passed): void;
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
  private line: Line | null = null;
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
    this.line?.close();
    this.line = null;
  }

  private open(): void {
    this.close();
    this.openedAt = performance.now();
    this.line = openLine(this.after(), {
      said: (said) => this.hear(said),
      lost: (isOver) => {
        if (isOver) this.openLater();
        this.ear.lost();
      },
    });
  }

  private hear({ event, id, data }: Said): void {
    switch (event) {
      case "reset":
        return this.ear.reset(id);
      case "here":
        this.failures = 0;
        return this.ear.here(id);
      case "change":
        return data && this.ear.change({ seq: id, ...data });
      default:
        return data && this.ear.passed(data);
    }
  }

  private openLater(): void {
    const wait = Math.min(FIRST_RETRY * 2 ** this.failures, LAST_RETRY);
    this.failures += 1;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }
}
