/** How near to an edge the pointer scrolls what is behind it, and how fast. */
const EDGE = 64;
const SPEED = 16;
const BACK = 180;

/** How far to scroll for a pointer at `at` between two edges. */
function pull(at: number, from: number, to: number): number {
  if (at < from + EDGE) return -SPEED * Math.min((from + EDGE - at) / EDGE, 1);
  return at > to - EDGE ? SPEED * Math.min((at - to + EDGE) / EDGE, 1) : 0;
}

/** A card that is dragged: its likeness under the pointer, and what scrolls below it. */
export class Lifted {
  readonly card: HTMLElement;
  at: [number, number];
  private readonly board: HTMLElement;
  private readonly likeness: HTMLElement;
  private readonly origin: [number, number];
  private readonly scrolled: (at: [number, number]) => void;
  private frame = 0;

  /** `scrolled` is told where the pointer is when something else came below it. */
  constructor(board: HTMLElement, card: HTMLElement, x: number, y: number, scrolled: (at: [number, number]) => void) {
    this.board = board;
    this.card = card;
    this.scrolled = scrolled;
    this.at = this.origin = [x, y];
    const { left, top, width } = card.getBoundingClientRect();
    this.likeness = card.cloneNode(true) as HTMLElement;
    // Neither read nor reached: the card itself is still where it was.
    this.likeness.inert = true;
    this.likeness.querySelector("form")?.remove();
    for (const row of this.likeness.querySelectorAll("[data-row]")) row.removeAttribute("data-row");
    this.likeness.classList.add("board-lifted");
    Object.assign(this.likeness.style, { left: `${left}px`, top: `${top}px`, width: `${width}px` });
    card.classList.add("is-lifted");
    board.append(this.likeness);
    this.frame = requestAnimationFrame(this.scroll);
  }

  /** The pointer is there now. */
  follow(x: number, y: number): [number, number] {
    this.at = [x, y];
    this.likeness.style.translate = `${x - this.origin[0]}px ${y - this.origin[1]}px`;
    return this.at;
  }

  /** Is put down; `isBack` where it came from. */
  end(isBack: boolean): void {
    cancelAnimationFrame(this.frame);
    const { card, likeness } = this;
    const gone = (): void => {
      likeness.remove();
      card.classList.remove("is-lifted");
    };
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!isBack || isStill) return gone();
    void likeness.animate({ translate: "0 0" }, { duration: BACK, easing: "ease-out" }).finished.then(gone, gone);
  }

  private scroll = (): void => {
    const [x, y] = this.at;
    const { left, right, top, bottom } = this.board.getBoundingClientRect();
    const along = pull(x, Math.max(left, 0), Math.min(right, window.innerWidth));
    this.board.scrollLeft += along;
    if (along) this.scrolled(this.at);
    const list = document.elementsFromPoint(x, y).find((element) => element.matches(".board-cards"));
    const down = pull(y, Math.max(top, 0), Math.min(bottom, window.innerHeight));
    if (list) list.scrollTop += down;
    this.frame = requestAnimationFrame(this.scroll);
  };
}
