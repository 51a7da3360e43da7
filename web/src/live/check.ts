/** How often a page that is looked at asks (S4-123), and how often when the desk did not answer. */
const EVERY = 30_000;
const JITTER = 2_000;
const WHEN_GONE = 5_000;
const PATIENCE = 10_000;

/** The number of each kind's last change; or that nobody is signed in; or that the desk is out of reach. */
export type Answer = Record<string, number> | "signed-out" | "gone";

async function numbers(): Promise<Answer> {
  try {
    const answer = await fetch("/sync/check", { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) return (await answer.json()) as Record<string, number>;
    return answer.status >= 500 ? "gone" : "signed-out";
  } catch {
    return "gone";
  }
}

/** Asks again and again what the newest changes are, so that a page is kept even without a stream. */
export class Check {
  /** Whether the last answer was none. */
  wasGone = false;
  private readonly heard: (answer: Answer) => void;
  private isOn = false;
  private isAsking = false;
  private timer = 0;

  constructor(heard: (answer: Answer) => void) {
    this.heard = heard;
    document.addEventListener("visibilitychange", () => this.now());
  }

  start(): void {
    this.isOn = true;
    this.now();
  }

  stop(): void {
    this.isOn = false;
    window.clearTimeout(this.timer);
  }

  /** Asks at once, not when its time comes; a page that nobody looks at does not ask. */
  now(): void {
    window.clearTimeout(this.timer);
    if (this.isOn && !document.hidden && !this.isAsking) void this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    const answer = await numbers();
    this.isAsking = false;
    if (!this.isOn) return;
    this.wasGone = answer === "gone";
    const wait = this.wasGone ? WHEN_GONE : EVERY + JITTER * (2 * Math.random() - 1);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.now(), wait);
    this.heard(answer);
  }
}
