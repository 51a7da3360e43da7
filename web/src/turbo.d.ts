// The part of Turbo 8 that we use (the package ships no types).
declare module "@hotwired/turbo" {
  export const config: {
    drive: { enabled: boolean; progressBarDelay: number };
    forms: {
      mode: "on" | "off" | "optin";
      confirm: (message: string, form: HTMLFormElement, submitter: HTMLElement | null) => boolean | Promise<boolean>;
    };
  };
  export const navigator: { history: { replace(location: URL): void } };
  export function visit(
    location: string | URL,
    options?: {
      action?: "advance" | "replace" | "restore";
      frame?: string;
      refresh?: { method?: "replace" | "morph"; scroll?: "reset" | "preserve" };
    },
  ): void;
  /** Makes an element what another one is, keeping what is alike; asks `turbo:before-morph-…` events. */
  export function morphElements(current: Element, newer: Element): void;
}
