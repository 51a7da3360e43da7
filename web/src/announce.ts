let region: HTMLElement | null = null;

/** Says a message to screen readers, politely; the page shows its own copy. */
export function announce(message: string): void {
  if (!region?.isConnected) {
    region = document.createElement("div");
    region.className = "visually-hidden";
    region.setAttribute("role", "status");
    region.setAttribute("data-turbo-temporary", "");
    document.body.append(region);
  }
  const target = region;
  target.textContent = "";
  window.setTimeout(() => {
    target.textContent = message;
  }, 100);
}
