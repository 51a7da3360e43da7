import { canLead, whenLeader } from "./leader";
import { Log } from "./log";
import type { Change } from "./page";
import type { Passed } from "./passing";
import { Source } from "./source";

/** The server says something every 20 seconds: whoever is silent for so long is dead. */
const SILENCE = 45_000;

/** What a tab hears. */
export interface News {
  changed(changes: Change[]): void;
  /** Something came or went that is in no log. */
  passed(passed: Passed): void;
  /** Everything up to `head` may be different. */
  missed(head: number): void;
  /** Whether the stream flows. */
  flows(does: boolean): void;
  /** Somebody sends a form in another tab. */
  acted(): void;
}

type Message =
  | { kind: "change"; change: Change }
  | { kind: "passed"; passed: Passed }
  | { kind: "reset"; head: number }
  | { kind: "here"; head: number }
  | { kind: "lost" }
  | { kind: "acted" }
  /** A tab leads now: whoever was answered by nobody asks again. */
  | { kind: "leads" }
  | { kind: "asks"; tab: string; seq: number }
  | { kind: "answer"; tab: string; changes: Change[] | null; head: number; flows: boolean };

/**
 * What one person's tabs hear: one of them holds the stream and passes on what it
 * brings. The names carry the person, so that nobody hears another's.
 */
export class Stream {
  readonly user: string;
  private readonly page: () => number;
  private readonly news: News;
  private readonly log: Log;
  private readonly channel: BroadcastChannel | null;
  private readonly tab = Math.random().toString(36);
  private readonly resign: () => void;
  private source: Source | null = null;
  private heardAt = -SILENCE;

  /** `page` is the number of the page that is shown. */
  constructor(user: string, page: () => number, news: News) {
    this.user = user;
    this.page = page;
    this.news = news;
    this.log = new Log(page());
    const name = `balcao-live:${user}`;
    this.channel = canLead ? new BroadcastChannel(name) : null;
    this.channel?.addEventListener("message", (event: MessageEvent<Message>) => this.receive(event.data));
    this.resign = canLead ? whenLeader(name, () => this.lead()) : this.alone();
    this.ask();
  }

  /** Whether it brings what happens; if not, somebody else must look. */
  get isFlowing(): boolean {
    return performance.now() - this.heardAt < SILENCE;
  }

  /** What came since the page was made: between making it and hearing, nothing is lost. */
  ask(): void {
    const seq = this.page();
    const known = this.source && this.log.since(seq);
    if (known) this.news.changed(known);
    else if (this.source) this.news.missed(this.log.head);
    else this.post({ kind: "asks", tab: this.tab, seq });
  }

  /** The person sends a form here: other tabs will change by their own doing. */
  act(): void {
    this.post({ kind: "acted" });
  }

  /** Looks after a stream that has gone silent. */
  revive(): void {
    if (!this.isFlowing) this.source?.renew(SILENCE);
  }

  close(): void {
    this.resign();
    this.source?.close();
    this.channel?.close();
  }

  private lead(): void {
    this.source = this.open();
    this.post({ kind: "leads" });
  }

  /**
   * Every tab has a stream of its own, while it is looked at: a browser opens only
   * six connections to a desk without https, and pages need some.
   */
  private alone(): () => void {
    const look = (): void => {
      this.source?.close();
      this.source = document.hidden ? null : this.open();
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }

  private open(): Source {
    return new Source(() => this.log.head, {
      change: (change) => this.pass({ kind: "change", change }),
      passed: (passed) => this.pass({ kind: "passed", passed }),
      reset: (head) => this.pass({ kind: "reset", head }),
      here: (head) => this.pass({ kind: "here", head }),
      lost: () => this.pass({ kind: "lost" }),
    });
  }

  private pass(message: Message): void {
    this.receive(message);
    this.post(message);
  }

  private post(message: Message): void {
    this.channel?.postMessage(message);
  }

  private receive(message: Message): void {
    switch (message.kind) {
      case "change":
        this.log.add(message.change);
        this.flow();
        return this.news.changed([message.change]);
      case "passed":
        this.flow();
        return this.news.passed(message.passed);
      case "reset":
        this.log.restart(message.head);
        return this.news.missed(message.head);
      case "here":
        this.log.reach(message.head);
        return this.flow();
      case "lost":
        this.heardAt = -SILENCE;
        return this.news.flows(false);
      case "acted":
        return this.news.acted();
      case "leads":
        return this.ask();
      case "asks":
        return this.answer(message.tab, message.seq);
      case "answer":
        if (message.tab !== this.tab) return;
        if (message.flows) this.flow();
        return this.tell(message.changes, message.head);
    }
  }

  private flow(): void {
    this.heardAt = performance.now();
    this.news.flows(true);
  }

  private answer(tab: string, seq: number): void {
    if (!this.source) return;
    const { head } = this.log;
    this.post({ kind: "answer", tab, changes: this.log.since(seq), head, flows: this.isFlowing });
  }

  private tell(changes: Change[] | null, head: number): void {
    if (!changes) {
      this.log.restart(head);
      return this.news.missed(head);
    }
    for (const change of changes) this.log.add(change);
    this.log.reach(head);
    this.news.changed(changes);
  }
}
