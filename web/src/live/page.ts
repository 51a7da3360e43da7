/** What the page on the screen says about itself: whose it is, how old, and about what. */
export interface LivePage {
  /** Whose page; empty when nobody is signed in. */
  user: string;
  /** The event that it was made after: what came later may have changed it. */
  seq: number;
  /** `tickets` is any ticket, `tickets:<id>` this one; none is a page that stays as it is. */
  topics: string[];
}

/** That something changed; never what it says now. */
export interface Change {
  seq: number;
  topic: string;
  id: string;
}

/** Read each time, since a refused form brings another page without any visit. */
export function readPage(page: Document): LivePage {
  const main = page.getElementById("main");
  const seq = Number(main?.dataset["liveSeq"] ?? 0);
  // The answer to a form has no number: it holds what was typed and why it was
  // refused, and nothing may take its place.
  const topics = seq > 0 ? (main?.dataset["liveTopics"] ?? "").split(" ").filter(Boolean) : [];
  return { user: page.body.dataset["user"] ?? "", seq, topics };
}

/** Whether the page shows what changed. */
export function shows(page: LivePage, change: Change): boolean {
  return page.topics.includes(change.topic) || page.topics.includes(`${change.topic}:${change.id}`);
}

/** Whether the page shows things of a kind: one, or all of them. */
export function showsKind(page: LivePage, topic: string): boolean {
  return page.topics.some((shown) => shown === topic || shown.startsWith(`${topic}:`));
}
