const EVENT = "live:passed";

/** Something that came or went and is in no log, such as who looks at a ticket. */
export interface Passed {
  topic: string;
  id: string;
}

/** Tells the page what came or went; null when something may have while nobody listened. */
export function tellPassed(passed: Passed | null): void {
  document.dispatchEvent(new CustomEvent<Passed | null>(EVENT, { detail: passed }));
}

/** Calls `heard` whenever something came or went at the thing `id`. Returns what ends it. */
export function whenPassed(topic: string, id: string, heard: () => void): () => void {
  const hear = ({ detail }: CustomEvent<Passed | null>): void => {
    if (!detail || (detail.topic === topic && detail.id === id)) heard();
  };
  document.addEventListener(EVENT, hear as EventListener);
  return () => document.removeEventListener(EVENT, hear as EventListener);
}
