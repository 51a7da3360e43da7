// What was typed and not yet taken by the server, in this browser, by person: a
// shared computer must not show it to the next one.
import { drop, keysLike, me, parse, read } from "./store";

const ALL = "balcao:draft:";
const MONTH = 30 * 24 * 3_600_000;

/** A field's value, and what the server had there when it was begun. */
export interface Kept {
  now: string;
  from: string;
  /** It is words, not a choice. */
  typed?: true;
}

export interface Draft {
  /** When it was last written. */
  at: number;
  /** Where the form is sent, the page that it stands on, and its heading. */
  form: string;
  page: string;
  title: string;
  fields: Record<string, Kept>;
  /** An earlier one, about which the reader has not decided yet. */
  offer?: Draft;
}

export function placeOf(form: string): string {
  return `${ALL}${me()}:${form}`;
}

/** A draft as it was stored; null for none, and for one of an older make. */
export function draftOf(text: string | null): Draft | null {
  const draft = parse<Draft>(text);
  return draft && draft.at > 0 && draft.fields ? draft : null;
}

export function draftAt(place: string): Draft | null {
  return draftOf(read(place));
}

/** All that was typed, one text after another. */
export function textOf(draft: Draft): string {
  const texts = Object.values(draft.fields).filter((field) => field.typed);
  return texts.map((field) => field.now.trim()).join("\n\n").trim();
}

/** The reader's own, the newest first. */
export function drafts(): Draft[] {
  const mine = keysLike(placeOf("")).flatMap((place) => draftAt(place) ?? []);
  return mine.sort((a, b) => b.at - a.at);
}

/** What nobody came back to in a month is forgotten, whosever it was. */
export function sweep(now = Date.now()): void {
  for (const place of keysLike(ALL)) {
    if (!((draftAt(place)?.at ?? 0) > now - MONTH)) drop(place);
  }
}
