import type { Change } from "./page";

/** Whoever asks for more than this fetches their page again. */
const MOST = 500;

/**
 * The last changes, in every tab, so that any of them can go on when the one that
 * holds the stream is closed, and can tell a page what came since it was made.
 */
export class Log {
  /** What came after this number is all here. */
  private from: number;
  private changes: Change[] = [];
  private newest: number;

  constructor(from: number) {
    this.from = from;
    this.newest = from;
  }

  /** Up to which number everything was heard. */
  get head(): number {
    return this.newest;
  }

  /** A repeated change may come after a newer one. */
  add(change: Change): void {
    const before = this.changes.findLastIndex((known) => known.seq <= change.seq);
    if (change.seq <= this.from || this.changes[before]?.seq === change.seq) return;
    this.changes.splice(before + 1, 0, change);
    this.reach(change.seq);
    if (this.changes.length > MOST) this.from = this.changes.shift()?.seq ?? this.from;
  }

  /** Nothing that this browser may hear of lies between the newest change and `head`. */
  reach(head: number): void {
    this.newest = Math.max(this.newest, head);
  }

  /** Too much was missed to be told. */
  restart(head: number): void {
    this.changes = [];
    this.from = head;
    this.newest = head;
  }

  /** What came after `seq`; null when that lies too far back. */
  since(seq: number): Change[] | null {
    return seq < this.from ? null : this.changes.filter((change) => change.seq > seq);
  }
}
