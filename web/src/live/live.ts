import { Check, type Answer } from "./check";
import { hush, showOffline, tellChange } from "./notice";
import { type Change, readPage, shows, showsKind } from "./page";
import { tellPassed } from "./passing";
import { Refresher } from "./refresh";
import { Stream } from "./stream";

/** A stream that is about to begin, or to tell the same, is given this long before the numbers are believed. */
const GRACE = 3_000;

/** One tab: keeps the page that is open in it as it is on the server. */
export class Live {
  private readonly refresher = new Refresher(tellChange);
  private readonly check = new Check((answer) => this.heed(answer));
  /** Tells other tabs who is signed in here, and nothing else. */
  private readonly who = new BroadcastChannel("balcao-who");
  private stream: Stream | null = null;
  private isHearing = false;

  start(): void {
    document.addEventListener("turbo:load", () => this.arrive());
    document.addEventListener("turbo:submit-start", (event) => {
      if (event.target instanceof HTMLFormElement && event.target.method === "post") this.stream?.act();
    });
    // What the reader opens or sends in a frame changes the page around it, and is no news.
    document.addEventListener("turbo:frame-load", hush);
    // A page that is kept for the way back must not hold the stream.
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.arrive();
    });
    window.addEventListener("offline", () => showOffline(true));
    window.addEventListener("online", () => this.check.now());
    this.who.addEventListener("message", (event: MessageEvent<string>) => this.meet(event.data));
  }

  private arrive(): void {
    const { user } = readPage(document);
    this.refresher.arrive();
    showOffline();
    if (this.stream && this.stream.user === user) this.stream.ask();
    else this.join(user);
    if (user) this.check.start();
    this.who.postMessage(user);
  }

  private join(user: string): void {
    this.leave();
    if (user) this.stream = this.open(user);
    else this.check.stop();
  }

  private leave(): void {
    this.stream?.close();
    this.stream = null;
    this.isHearing = false;
  }

  private open(user: string): Stream {
    return new Stream(user, () => readPage(document).seq, {
      changed: (changes) => this.heedChanges(changes),
      missed: (head) => this.refresher.want(head),
      passed: tellPassed,
      flows: (does) => this.heedFlow(does),
      acted: hush,
    });
  }

  /** Somebody came to a page in another tab. */
  private meet(user: string): void {
    const mine = readPage(document).user;
    if (!mine || (user === mine && this.stream)) return;
    if (user === mine) this.join(mine);
    // Somebody else sits here: what this page hears from now on would be theirs.
    else if (user) this.leave();
    // A page for everybody does not say whether one signed out; the server does.
    this.check.start();
  }

  private heedFlow(does: boolean): void {
    // What came or went before is told by nobody.
    if (does && !this.isHearing) tellPassed(null);
    this.isHearing = does;
    // What broke the stream off may have taken the desk away, too; or brought it back.
    if (does === this.check.wasGone) this.check.now();
  }

  private heedChanges(changes: Change[]): void {
    const page = readPage(document);
    const newest = changes.findLast((change) => change.seq > page.seq && shows(page, change));
    if (newest) this.refresher.want(newest.seq);
  }

  private heed(answer: Answer): void {
    showOffline(answer === "gone");
    if (answer === "gone") return;
    if (answer === "signed-out") this.leave();
    // Whoever sees this page does so no longer by right.
    if (!this.stream) return this.refresher.replace();
    this.refresher.resume();
    const numbers = answer as Record<string, number>;
    window.setTimeout(() => this.heedNumbers(numbers), GRACE);
  }

  /** Where no stream flows, the numbers alone say what is old. */
  private heedNumbers(numbers: Record<string, number>): void {
    if (!this.stream || this.stream.isFlowing) return;
    this.stream.revive();
    const page = readPage(document);
    const shown = Object.entries(numbers).filter(([topic]) => showsKind(page, topic));
    this.refresher.want(Math.max(0, ...shown.map(([, seq]) => seq)));
  }
}
