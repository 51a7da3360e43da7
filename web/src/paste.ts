import { toast } from "./toast";

/** What a field takes that says nothing of its own. */
const MOST = 20_000;
/** The fields that say where the cursor stands; the others take one line, and the browser cuts it. */
const WRITTEN = "textarea, input:is([type=text], [type=search], [type=password], [type=tel], [type=url], :not([type]))";

function isWritten(target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement {
  return target instanceof Element && target.matches(WRITTEN);
}

/** As it will stand in the field. */
function laid(text: string, field: HTMLElement): string {
  return field instanceof HTMLTextAreaElement ? text.replace(/\r\n?/g, "\n") : text.replace(/[\r\n]+/g, " ");
}

/** The beginning of a text, without half of a character at its end. */
function beginning(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}

/**
 * Of a text that is longer than its field takes, what fits is put in before the browser
 * lays out the whole of it, which can stand still over that (S4-263). What stood in the
 * field stays, and the page says how much came and how much fitted. Files are not touched.
 */
function take(event: ClipboardEvent): void {
  const field = event.target;
  const data = event.clipboardData;
  if (!isWritten(field) || !data || data.files.length > 0 || field.readOnly || field.disabled) return;
  const [start, end] = [field.selectionStart ?? 0, field.selectionEnd ?? 0];
  const most = field.maxLength > 0 ? field.maxLength : MOST;
  const room = Math.max(most - (field.value.length - (end - start)), 0);
  const raw = data.getData("text/plain");
  if (raw.length <= room) return;
  const text = laid(raw, field);
  if (text.length <= room) return;
  event.preventDefault();
  const fitting = beginning(text, room);
  // With nothing to put in, what is chosen in the field is not taken out either.
  if (fitting) field.setRangeText(fitting, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  tell(text.length, fitting.length);
}

/** What was said last: of several pastes, the newest counts. */
let said: Element | null = null;

function tell(came: number, fitted: number): void {
  const words = document.querySelector<HTMLElement>("template#toast")?.dataset["pasted"] ?? "";
  const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  said?.remove();
  said = toast(words.replace("%came", number.format(came)).replace("%fitted", number.format(fitted)));
}

/** Watches every field of every page, also of those that come later. */
export function guardPastes(): void {
  document.addEventListener("paste", take);
}
