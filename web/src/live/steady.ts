interface Place {
  element: Element;
  top: number;
}

function isInSight(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

/**
 * Remembers where the reader is: at what has the focus, what the pointer is on, or
 * what comes first in sight. What it returns puts the first of these that did not
 * change itself where it was, so that nobody clicks on what has just slipped there.
 */
export function holdPlace(main: Element, rows: Element[]): (changed: Element[]) => void {
  const { activeElement } = document;
  const focused = activeElement && activeElement !== main && main.contains(activeElement) ? [activeElement] : [];
  const pointed = rows.filter((row) => row.matches(":hover"));
  // Whoever is at the top of a list sees what comes there.
  const first = window.scrollY > 0 ? rows : [];
  const places: Place[] = [...focused, ...pointed, ...first]
    .filter(isInSight)
    .map((element) => ({ element, top: element.getBoundingClientRect().top }));
  return (changed) => {
    const isStill = ({ element }: Place): boolean => element.isConnected && !changed.some((row) => row.contains(element));
    const place = places.find(isStill);
    if (!place) return;
    const top = place.element.getBoundingClientRect().top - place.top;
    window.scrollBy({ top, behavior: "instant" });
  };
}
