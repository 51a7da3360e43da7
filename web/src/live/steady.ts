interface Place {
  element: Element;
  top: number;
}

/** What stays where it is however one scrolls says nothing about the place. */
const STUCK = ".bulk";

/** What scrolls an element: a pane around it, or the page. */
function paneOf(element: Element, known: Map<Element, Element>): Element {
  const { parentElement } = element;
  if (!parentElement || parentElement === document.body) return document.scrollingElement ?? document.documentElement;
  let pane = known.get(parentElement);
  if (!pane) {
    const isPane = parentElement.scrollHeight > parentElement.clientHeight && /auto|scroll/.test(getComputedStyle(parentElement).overflowY);
    pane = isPane ? parentElement : paneOf(parentElement, known);
    known.set(parentElement, pane);
  }
  return pane;
}

function isInSight(element: Element, pane: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  const edges = pane === document.scrollingElement ? null : pane.getBoundingClientRect();
  return bottom > Math.max(edges?.top ?? 0, 0) && top < Math.min(edges?.bottom ?? Infinity, window.innerHeight);
}

/**
 * Remembers where the reader is, in each pane: at what has the focus, what the pointer
 * is on, or what comes first in sight. What it returns puts the first of these that did
 * not change itself where it was, so that nobody clicks on what has just slipped there.
 */
export function holdPlace(main: Element, rows: Element[]): (changed: Element[]) => void {
  const { activeElement } = document;
  const isPlaced = activeElement && activeElement !== main && main.contains(activeElement) && !activeElement.closest(STUCK);
  const focused = isPlaced ? [activeElement] : [];
  const pointed = rows.filter((row) => row.matches(":hover"));
  const known = new Map<Element, Element>();
  const panes = new Map<Element, Place[]>();
  const keep = (element: Element, isHere: boolean): void => {
    const pane = paneOf(element, known);
    // Whoever is at the top of a list sees what comes there.
    if ((!isHere && pane.scrollTop === 0) || !isInSight(element, pane)) return;
    panes.set(pane, [...(panes.get(pane) ?? []), { element, top: element.getBoundingClientRect().top }]);
  };
  for (const element of [...focused, ...pointed]) keep(element, true);
  for (const row of rows) keep(row, false);
  return (changed) => {
    const isStill = ({ element }: Place): boolean => element.isConnected && !changed.some((row) => row.contains(element));
    for (const [pane, places] of panes) {
      const place = places.find(isStill);
      const top = place ? place.element.getBoundingClientRect().top - place.top : 0;
      if (top) pane.scrollBy({ top, behavior: "instant" });
    }
  };
}
