import { Controller } from "@hotwired/stimulus";

/** What tells that people stopped it, or let the time run out. */
const CANCELLED = ["NotAllowedError", "AbortError"];

/** A passkey belongs to a name: browsers keep none for an address of numbers. */
function possible(): boolean {
  return "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential && !/^[\d.]+$|:/.test(location.hostname);
}

/**
 * A form that asks the device for a passkey before it is sent, and carries the answer.
 * What the device is to sign is fetched from `ask`; where that is empty, a new passkey
 * is made by `options`.
 */
export default class PasskeyController extends Controller<HTMLFormElement> {
  static override targets = ["said"];
  static override values = { ask: String, options: Object };
  declare readonly saidTarget: HTMLElement;
  declare readonly askValue: string;
  declare readonly optionsValue: PublicKeyCredentialCreationOptionsJSON;
  private asking: AbortController | null = null;

  override connect(): void {
    this.element.hidden = this.askValue !== "" && !possible();
    this.element.addEventListener("submit", this.submit);
  }

  override disconnect(): void {
    this.element.removeEventListener("submit", this.submit);
    this.asking?.abort();
  }

  private submit = (event: Event): void => {
    event.preventDefault();
    void this.go();
  };

  private async go(): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.note("");
    try {
      const made = await (this.askValue === "" ? this.make(asking.signal) : this.use(asking.signal));
      if (!(made instanceof PublicKeyCredential)) throw new TypeError();
      this.field("credential").value = JSON.stringify(made.toJSON());
      // Without the event, which would begin anew.
      this.element.submit();
    } catch (error) {
      if (this.asking !== asking) return;
      this.note(error instanceof DOMException && CANCELLED.includes(error.name) ? "cancelled" : "failed");
    }
  }

  private make(signal: AbortSignal): Promise<Credential | null> {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(this.optionsValue);
    return navigator.credentials.create({ publicKey, signal });
  }

  private async use(signal: AbortSignal): Promise<Credential | null> {
    const body = new URLSearchParams({ csrf: this.field("csrf").value });
    const answer = await fetch(this.askValue, { method: "POST", body, redirect: "error", signal });
    if (!answer.ok) throw new TypeError();
    const { challenge, options } = (await answer.json()) as { challenge: string; options: PublicKeyCredentialRequestOptionsJSON };
    this.field("challenge").value = challenge;
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), signal });
  }

  private field(name: string): HTMLInputElement {
    return this.element.elements.namedItem(name) as HTMLInputElement;
  }

  /** Says why nothing came of it: the end of a data-* name. */
  private note(why: string): void {
    this.saidTarget.textContent = this.saidTarget.dataset[why] ?? "";
    this.saidTarget.hidden = why === "";
  }
}
